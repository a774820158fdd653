Feature: open-positions-limit holds new entries while more positions are open than somebody can look after

  Background:
    Given the shipped policy open-positions-limit, enforced
    And the desk value positions_most is 2
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |

  Scenario: A third position
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then open-positions-limit is clear
    When at 10:00:06 the trader sells 500 SENSEX26NOV84000CE at 140
    And at 10:00:10 nothing has changed
    Then open-positions-limit fires
    And it says "3 positions are open; the most is 2"
    When at 10:01:00 the trader buys 500 SENSEX26NOV84000CE at 140
    Then open-positions-limit is clear
    And it has just cleared

  Scenario: The same contract once more is the same position
    When at 10:00:00 the trader sells 500 SENSEX26NOV85000CE at 100
    And at 10:00:10 nothing has changed
    Then open-positions-limit is clear

  Scenario: A roll is open for a moment
    When at 10:00:00 the trader sells 500 SENSEX26NOV84000CE at 140
    And at 10:00:02 the trader buys 500 SENSEX26NOV85000CE at 100
    And at 10:00:10 nothing has changed
    Then open-positions-limit is clear
    And it has acted never

  Scenario: The positions cannot be read
    When at 10:00:00 the positions cannot be read
    And that goes on until 10:01:10
    Then open-positions-limit is unknown
    And it has alerted once, at 10:01:00

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then open-positions-limit is clear
