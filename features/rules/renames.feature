# Why: a policy file that is given a better name must not lose its latch, its block or its place in a confirmation.
# How it could pass vacuously: if nothing were there to be lost. Each scenario has something under the old name first.
Feature: Renaming a policy
  `was:` names what a policy was called before. What is remembered under that name, for the account and for each row,
  belongs to the new one: latches, what is being confirmed, a cooldown, live blocks, the count of episodes.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: kill
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{block_entries: {until: rearmed}}, {square_off: all}]
      """
    And kill is enforced

  Scenario: It fires on and does not act again
    When the readings are T0 T2 T4
    And the policy kill is renamed to daily-kill
    And the readings go on with T0
    Then daily-kill fires
    And it has been firing since 10:00:04
    And daily-kill has acted never
    And entries are blocked by daily-kill since 10:00:04
    When the readings go on with F0 T2 T4 T6
    Then daily-kill is latched

  Scenario: What was being confirmed goes on being confirmed
    When the readings are T0 T2
    And the policy kill is renamed to daily-kill
    And the readings go on with T0
    Then daily-kill fires
    And it has acted once, at 10:00:04

  Scenario: Renamed with another condition, what was being confirmed starts anew
    When the readings are T0 T2
    And the policy kill is taken out
    And another policy
      """
      policy: daily-kill
      was: kill
      when: loss >= 9k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{square_off: all}]
      """
    And daily-kill is enforced
    And the readings go on with T0
    Then daily-kill is pending
    And it has been pending since 10:00:04

  Scenario: Two names later, with the engine running under the one between, nothing is lost
    When the readings are T0 T2 T4
    And the policy kill is renamed to daily-kill
    And the readings go on with T0 F2
    Then daily-kill is clear
    When the policy daily-kill is renamed to day-loss-kill
    And the readings go on with F0 T2 T4 T6
    Then day-loss-kill is latched
    And entries are blocked by day-loss-kill since 10:00:04

  Scenario: A name that never ran in between is not known
    When the readings are T0 T2 T4 F6
    And the policy kill is renamed to daily-kill
    And the policy daily-kill is renamed to day-loss-kill
    And the readings go on with T0 T2 T4
    Then day-loss-kill fires

  Scenario: A latch of a dry run disarms nothing that is enforced, under the new name neither
    Given kill is in dry run
    When the readings are T0 T2 T4
    Then the decision is in dry run
    When the policy kill is renamed to daily-kill
    And daily-kill is now enforced
    And the readings go on with F0 T2 T4 T6
    Then daily-kill fires
    And the decision is enforced
    When the readings go on with F0 T2 T4 T6
    Then daily-kill is latched

  Scenario: A latch for the week, and one that was rearmed
    Given the policy
      """
      policy: kill
      when: loss >= 10k
      confirm: {samples: 2}
      on_unknown: {alert: after 10s}
      once: per account per week
      then: [{square_off: all}]
      """
    When the readings are T0 T2 F4
    And kill is rearmed
    And the policy kill is renamed to weekly-kill
    And the readings go on with T0 T2
    Then weekly-kill fires
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:20:00 the loss is 0
    And at 09:20:02 the loss is 10,500
    And at 09:20:04 nothing has changed
    Then weekly-kill is latched

  Scenario: Each row keeps its own
    Given the account holds
      | symbol             | sold     | last |
      | SENSEX26NOV82000PE | 500 @ 90 | 90   |
    And kill is off
    And the policy
      """
      policy: leg
      mode: enforce
      for_each: position
      when: position.loss >= 10k
      confirm: {samples: 2}
      on_unknown: {alert: after 10s}
      once: per position per day
      then: [{block_entries: {until: cleared}}, {exit_position: this}]
      because: "{position.loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:02 SENSEX26NOV82000PE trades at 120
    Then leg fires for SENSEX26NOV85000CE
    And leg is pending for SENSEX26NOV82000PE
    When the policy leg is renamed to leg-loss
    And at 10:00:04 nothing has changed
    Then leg-loss fires for SENSEX26NOV82000PE
    And leg-loss has acted once
    When at 10:00:06 SENSEX26NOV85000CE trades at 100
    And at 10:00:08 SENSEX26NOV85000CE trades at 130
    And at 10:00:10 nothing has changed
    Then leg-loss is latched for SENSEX26NOV85000CE
    And entries are blocked by leg-loss since 10:00:04

  Scenario: A block that waits for the rule to clear waits for the renamed one
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When the readings are T0
    And kill is off
    And the policy rule is renamed to block-on-loss
    And the readings go on with T0
    Then entries are blocked by block-on-loss since 10:00:00
    When the readings go on with F0
    Then entries are not blocked

  Scenario: `was` may stay in the file, and what is done under the new name counts
    When the readings are T0 T2 T4
    And the policy kill is renamed to daily-kill
    And the readings go on with F0 T2 F4
    And the engine is started again
    And the readings go on with T0 T2 T4
    Then daily-kill is latched
