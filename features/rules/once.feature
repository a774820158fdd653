Feature: Acting once
  `once` is a durable latch: an irrevocable sequence must not start a second time because a price came back to its line,
  because the engine was restarted or because somebody renamed a file.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: kill
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{square_off: all}, kill_switch]
      """
    And kill is enforced

  Scenario: Within its episode the rule goes on firing and acts once
    When the readings are T0 T2 T4 T6 T8 U10 T12
    Then kill fires
    And it has acted once, at 10:00:04

  Scenario: A second episode on the same day is latched
    When the readings are T0 T2 T4 F6 T8 T10 T12
    Then kill is latched
    And it has acted once
    When the readings go on with U0
    Then kill is latched
    When the readings go on with F0
    Then kill is clear

  Scenario: A second episode shows that it is being confirmed before it shows the latch
    When the readings are T0 T2 T4 F6 T8
    Then kill is pending

  Scenario: The next trading day fires again
    When at 15:38:00 the loss is 10,500
    And at 15:38:04 nothing has changed
    Then kill fires
    And it has acted once
    When at 15:41:00 nothing has changed
    Then kill is clear
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:20:00 the loss is 10,500
    Then kill is pending
    When at 09:20:04 nothing has changed
    Then kill fires
    And it has acted twice
    And every decision so far has its own key

  Scenario: The next trading day fires again though the engine was off when the session ended
    When at 15:38:00 the loss is 10,500
    And at 15:38:04 nothing has changed
    Then kill fires
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:20:00 the loss is 10,500
    Then kill is pending
    When at 09:20:04 nothing has changed
    Then kill fires
    And it has acted twice

  Scenario: Latched at the close and the engine off, the next trading day fires again
    When the readings are T0 T2 T4 F6 T8 T10 T12
    Then kill is latched
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:20:00 the loss is 10,500
    And at 09:20:04 nothing has changed
    Then kill fires
    And it has acted twice

  Scenario: A latch for the week holds until the week ends
    Given the policy
      """
      policy: kill
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per week
      then: [{square_off: all}, kill_switch]
      """
    When the readings are T0 T2 T4
    Then kill fires
    When at 15:41:00 nothing has changed
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:20:00 the loss is 10,500
    And at 09:20:04 nothing has changed
    Then kill is latched
    When at 15:41:00 nothing has changed
    Given a new day, Monday, 2026-11-23, begins with what is still open
    When at 09:20:00 the loss is 10,500
    And at 09:20:04 nothing has changed
    Then kill fires
    And it has acted twice

  Scenario: A dry run never disarms what is enforced later
    Given kill is in dry run
    When the readings are T0 T2 T4 F6 T8 T10 T12
    Then kill is latched
    When kill is now enforced
    And the readings go on with T0
    Then kill is pending
    When the readings go on with T0 T2
    Then kill fires
    And it has acted twice
    And every decision so far has its own key

  Scenario: Turning it to dry run and back does not forget what was enforced
    When the readings are T0 T2 T4
    Then kill fires
    When kill is now in dry run
    And the readings go on with T0 T2 T4
    Then kill fires
    When kill is now enforced
    And the readings go on with T0 T2 T4
    Then kill is latched

  Scenario: Turning it off and on again does not forget either
    When the readings are T0 T2 T4
    Then kill fires
    When kill is now off
    And the readings go on with T0 T2
    Then kill gives no verdict
    When kill is now enforced
    And the readings go on with T0 T2 T4
    Then kill is latched
    And it has acted once

  Scenario: A rename that says `was` keeps the latch
    When the readings are T0 T2 T4
    Then kill fires
    When the policy kill is renamed to daily-kill
    And the readings go on with F0 T2 T4 T6
    Then daily-kill is latched
    And it has acted never

  Scenario: A new name without `was` is a new policy
    When the readings are T0 T2 T4 F6
    Given another policy
      """
      policy: other-kill
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{square_off: all}, kill_switch]
      """
    And other-kill is enforced
    When the readings go on with T0 T2 T4
    Then kill is latched
    And other-kill fires

  Scenario: Another condition keeps the latch, for it is the same policy on the same day
    When the readings are T0 T2 T4
    Then kill fires
    When the policy is now
      """
      policy: kill
      when: loss >= 9k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{square_off: all}, kill_switch]
      """
    And the readings go on with T0 T2 T4
    Then kill is latched

  Scenario: `once: per episode` lets the next episode act
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per episode
      then: [{square_off: all}]
      """
    When the readings are T0 T2 T4 T6 F8 T10 T12 T14 T16
    Then rule fires
    And it has acted twice, at 10:00:04 and 10:00:14
    And every decision so far has its own key
