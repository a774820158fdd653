Feature: A sold leg without a stop is closed at 130 % of what it was sold for

  Background:
    Given the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |
    And the policy
      """
      policy: leg-stop-when-unprotected
      title: Close a sold leg at 130 % of its premium when no stop stands
      severity: warning
      mode: enforce
      accounts: all
      during: market_hours
      for_each: position
      where: position.is_short and position.is_option
      when:
        all:
          - position.unprotected_quantity > 0
          - position.last_price >= 130% of position.entry_price
          - position.age > 20s
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per position per day
      then:
        - exit_position: this
        - notify: telegram
      because: "{position.symbol} at {position.last_price}, sold at {position.entry_price}, no live stop"
      """

  Scenario: The call runs away and nothing stands before it
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:04 nothing has changed
    Then leg-stop-when-unprotected fires for SENSEX26NOV85000CE
    And it says of SENSEX26NOV85000CE "SENSEX26NOV85000CE at 130.00 INR, sold at 100.00 INR, no live stop"
    And leg-stop-when-unprotected is clear for SENSEX26NOV82000PE
    And leg-stop-when-unprotected says nothing of SENSEX26NOV87000CE

  Scenario: The put runs as far, but its stop stands
    When at 10:00:00 SENSEX26NOV82000PE trades at 118
    And at 10:00:04 nothing has changed
    Then leg-stop-when-unprotected is clear for SENSEX26NOV82000PE

  Scenario: Its stop is cancelled while it is far out
    When at 10:00:00 SENSEX26NOV82000PE trades at 118
    And at 10:00:10 order S2 is cancelled
    And at 10:00:14 nothing has changed
    Then leg-stop-when-unprotected fires for SENSEX26NOV82000PE

  Scenario: One tick below the line
    When at 10:00:00 SENSEX26NOV85000CE trades at 129.95
    And that goes on until 10:00:20
    Then leg-stop-when-unprotected is clear for SENSEX26NOV85000CE

  Scenario: Sold a moment ago, its stop is on the way
    When at 10:00:00 the trader sells 500 SENSEX26NOV84000CE at 100
    And at 10:00:04 SENSEX26NOV84000CE trades at 140
    And at 10:00:20 nothing has changed
    Then leg-stop-when-unprotected is clear for SENSEX26NOV84000CE
    When at 10:00:22 nothing has changed
    And at 10:00:26 nothing has changed
    Then leg-stop-when-unprotected fires for SENSEX26NOV84000CE
