Feature: What a rule does while it cannot know
  Unknown is not false. A policy says itself what it does while its condition is unknown, each step after its time.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario: Alert and block after their times, once in a spell
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s, block_entries: after 20s}
      """
    When at 10:00:00 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:00:18
    Then it is unknown
    And it has alerted once, at 10:00:10
    And it has blocked entries for want of data never
    When that goes on until 10:00:40
    Then it is unknown
    And it has alerted once, at 10:00:10
    And it has blocked entries for want of data once, at 10:00:20
    And it has acted never

  Scenario: A reading that knows ends the spell, and the time runs anew
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s}
      """
    When the readings are U0…U8 F10 U12…U20
    Then it is unknown
    And it has alerted never
    When the readings go on with U0
    Then it has alerted once, at 10:00:22

  Scenario: A second spell alerts again
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s}
      """
    When the readings are U0…U10 F12 U14…U24
    Then it has alerted twice

  Scenario: Time also passes without a new reading
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s}
      """
    When at 10:00:00 the loss is 5,000
    Then it is clear
    When no new reading comes until 10:00:06
    Then it is clear
    When no new reading comes until 10:00:18
    Then it is unknown
    And the reason is "positions are 18s old (limit 6s)"
    And it has alerted once, at 10:00:18

  Scenario: With `wait` nothing is done, and the verdict says so
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: wait
      """
    When at 10:00:00 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:02:00
    Then it is unknown
    And it has alerted never
    And it has blocked entries for want of data never
    And it has acted never

  Scenario: `fire` acts on a missing price while positions and orders are known
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 140     | 09:21:00 | 09:21:00 |
    And the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s, fire: after 20s}
      """
    When at 10:00:00 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:00:18
    Then it is unknown
    And it has acted never
    When that goes on until 10:00:40
    Then it fires
    And it has acted once, at 10:00:20

  Scenario Outline: `fire` closes nothing on a guess: with unknown <book> it becomes block and alert
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {fire: after 20s}
      """
    When at 10:00:00 the price of SENSEX26NOV85000CE is missing
    And at 10:00:02 the <book> cannot be read
    And that goes on until 10:00:30
    Then it is unknown
    And it has acted never
    And it has alerted once
    And it has blocked entries for want of data once

    Examples:
      | book      |
      | positions |
      | orders    |

  Scenario: When the books come back and the price does not, `fire` still acts in its time
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {fire: after 20s}
      """
    When at 10:00:00 the price of SENSEX26NOV85000CE is missing
    And at 10:00:02 the orders cannot be read
    And that goes on until 10:00:30
    Then it has acted never
    When at 10:00:32 the orders can be read again
    And that goes on until 10:01:00
    Then it fires
    And it has acted once

  Scenario: `fire` obeys the latch
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s}
      on_unknown: {fire: after 20s}
      once: per account per day
      """
    When the readings are T0 T2 T4 F6
    Then it is clear
    And it has acted once
    When the readings go on with U0…U30
    Then it is latched
    And it has acted once

  Scenario: A rule that fired on unknown clears when the price is back and harmless
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {fire: after 4s}
      """
    When the readings are U0 U2 U4
    Then it fires
    When the readings go on with F0
    Then it is clear
    And it has acted once

  Scenario: Outside the session nothing is counted
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s}
      """
    When at 09:14:50 the price of SENSEX26NOV85000CE is missing
    And that goes on until 09:15:08
    Then it has alerted never
    When that goes on until 09:15:10
    Then it has alerted once

  Scenario: Last night's unknown does not count this morning
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s}
      """
    When at 15:39:56 the positions cannot be read
    Then it is unknown
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:15:00 nothing has changed
    Then it is unknown
    And it has alerted never

  Scenario: What is decided all the same is not unknown
    Given the policy
      """
      policy: rule
      when: loss >= 10k and stop_loss_hit
      """
    When at 10:00:00 the orders cannot be read
    Then it is clear
    When at 10:00:02 the loss is 10,500
    Then it is unknown
    And the reason is "orders not read: the call timed out"
