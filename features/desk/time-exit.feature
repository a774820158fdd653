Feature: At 15:12 what is naked is closed; covered structures stay

  Background:
    Given the policy
      """
      policy: time-exit
      title: Close what is naked at 15.12
      severity: critical
      mode: enforce
      accounts: all
      during: {from: 15:12, to: 15:28}
      when: open_positions > 0 and naked_short_legs > 0
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 5s}
      once: per account per day
      then:
        - cancel_orders: entries
        - square_off:
            where: not position.is_covered
      because: "15:12 and {naked_short_legs} short legs are naked"
      """

  Scenario: A naked put beside a hedged call
    Given the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
    When at 15:11:58 the account is read
    Then time-exit is clear
    When at 15:12:00 nothing has changed
    Then time-exit is pending
    When at 15:12:04 nothing has changed
    Then time-exit fires
    And it says "15:12 and 1 short legs are naked"

  Scenario: A condor, all covered
    Given the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    When at 15:12:00 the account is read
    And that goes on until 15:13:00
    Then time-exit is clear

  Scenario: Naked all morning is not its business
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 11:00:00 the account is read
    And that goes on until 11:00:30
    Then time-exit is clear
    And it has acted never

  Scenario: The book cannot be read at 15:12
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 15:11:58 the account is read
    And at 15:12:00 the positions cannot be read
    And that goes on until 15:12:20
    Then time-exit is unknown
    And it has alerted once, at 15:12:06
