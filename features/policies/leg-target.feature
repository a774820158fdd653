Feature: leg-target takes what a sold option has earned
  Sold at 100, it is closed at 20 or below: the rest is not worth the risk.

  Background:
    Given the shipped policy leg-target, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |

  Scenario: The call melts
    When at 10:00:00 SENSEX26NOV85000CE trades at 20
    And at 10:00:06 nothing has changed
    Then leg-target is pending for SENSEX26NOV85000CE
    When at 10:00:12 nothing has changed
    Then leg-target fires for SENSEX26NOV85000CE
    And it says of SENSEX26NOV85000CE "SENSEX26NOV85000CE at 20.00 INR, sold at 100.00 INR"

  Scenario Outline: At <price>
    When at 10:00:00 SENSEX26NOV85000CE trades at <price>
    And at 10:00:06 nothing has changed
    And at 10:00:12 nothing has changed
    Then leg-target <verdict> for SENSEX26NOV85000CE

    Examples:
      | price | verdict  |
      | 20.05 | is clear |
      | 20    | fires    |

  Scenario: The bought option that melts is a hedge, not a target
    When at 10:00:00 SENSEX26NOV87000CE trades at 1
    And that goes on until 10:00:20
    Then leg-target says nothing of SENSEX26NOV87000CE

  Scenario: One print at a tenth is a bad price
    When at 10:00:00 SENSEX26NOV85000CE trades at 5
    And at 10:00:02 SENSEX26NOV85000CE trades at 90
    And at 10:00:20 nothing has changed
    Then leg-target is clear for SENSEX26NOV85000CE

  Scenario: In the last half hour of the day it is left alone
    When at 15:05:00 SENSEX26NOV85000CE trades at 2
    And that goes on until 15:05:30
    Then leg-target is clear for SENSEX26NOV85000CE
    And it has acted never
