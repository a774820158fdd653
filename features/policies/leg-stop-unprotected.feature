Feature: leg-stop-unprotected closes a sold option that runs without a stop
  The line is 130 % of what the leg was sold for. A leg whose stop stands is left to its stop.

  Background:
    Given the shipped policy leg-stop-unprotected, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |

  Scenario: The call runs away and nothing stands before it
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    Then leg-stop-unprotected is pending for SENSEX26NOV85000CE
    When at 10:00:04 nothing has changed
    Then leg-stop-unprotected fires for SENSEX26NOV85000CE
    And it says of SENSEX26NOV85000CE "SENSEX26NOV85000CE at 130.00 INR, sold at 100.00 INR, 500 units without a stop"
    And leg-stop-unprotected is clear for SENSEX26NOV82000PE
    And leg-stop-unprotected says nothing of SENSEX26NOV87000CE
    And it has acted once

  Scenario: The put runs as far, and its stop stands
    When at 10:00:00 SENSEX26NOV82000PE trades at 118
    And at 10:00:10 nothing has changed
    Then leg-stop-unprotected is clear for SENSEX26NOV82000PE

  Scenario: Its stop stands for half of it only
    Given the orders of the day are also
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 250      | waiting for its trigger | 150     | 09:21:00 | 09:21:00 |
    When at 10:00:00 SENSEX26NOV85000CE trades at 131
    And at 10:00:04 nothing has changed
    Then leg-stop-unprotected fires for SENSEX26NOV85000CE

  Scenario Outline: At <price>
    When at 10:00:00 SENSEX26NOV85000CE trades at <price>
    And at 10:00:10 nothing has changed
    Then leg-stop-unprotected <verdict> for SENSEX26NOV85000CE

    Examples:
      | price  | verdict  |
      | 129.95 | is clear |
      | 130    | fires    |

  Scenario: One bad price is no reason
    When at 10:00:00 SENSEX26NOV85000CE trades at 400
    And at 10:00:02 SENSEX26NOV85000CE trades at 101
    And at 10:00:10 nothing has changed
    Then leg-stop-unprotected is clear for SENSEX26NOV85000CE

  Scenario: Sold a moment ago, its stop is on the way
    When at 10:00:00 the trader sells 500 SENSEX26NOV84000CE at 100
    And at 10:00:04 SENSEX26NOV84000CE trades at 140
    And at 10:00:18 nothing has changed
    Then leg-stop-unprotected is clear for SENSEX26NOV84000CE

  Scenario: The order book cannot be read while the call runs
    When at 10:00:00 SENSEX26NOV85000CE trades at 140
    And at 10:00:02 the orders cannot be read
    And that goes on until 10:00:40
    Then leg-stop-unprotected is unknown for SENSEX26NOV85000CE
    And leg-stop-unprotected is clear for SENSEX26NOV82000PE
