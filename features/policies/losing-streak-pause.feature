Feature: losing-streak-pause blocks entries after three losing positions in a row

  Background:
    Given the shipped policy losing-streak-pause, enforced
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  | 90   |
      | SENSEX26NOV84000CE | 500 @ 140 | 140  |

  Scenario: The third loser in a row
    When at 10:00:00 the trader buys 500 SENSEX26NOV85000CE at 121
    And at 10:10:00 the trader buys 500 SENSEX26NOV82000PE at 111
    And at 10:10:04 nothing has changed
    Then losing-streak-pause is clear
    When at 10:20:00 the trader buys 500 SENSEX26NOV84000CE at 171
    And at 10:20:02 nothing has changed
    Then losing-streak-pause fires
    And it says "3 losing positions in a row"
    And it has acted once

  Scenario: A winner between them ends the row
    When at 10:00:00 the trader buys 500 SENSEX26NOV85000CE at 121
    And at 10:10:00 the trader buys 500 SENSEX26NOV82000PE at 60
    And at 10:20:00 the trader buys 500 SENSEX26NOV84000CE at 171
    And at 10:20:04 nothing has changed
    Then losing-streak-pause is clear

  Scenario: What is still open does not count
    When at 10:00:00 the trader buys 500 SENSEX26NOV85000CE at 121
    And at 10:10:00 the trader buys 500 SENSEX26NOV82000PE at 111
    And at 10:20:00 SENSEX26NOV84000CE trades at 300
    And at 10:20:10 nothing has changed
    Then losing-streak-pause is clear

  Scenario: The trades cannot be read
    When at 09:50:00 the trader buys 500 SENSEX26NOV85000CE at 121
    And at 09:51:00 the trader buys 500 SENSEX26NOV82000PE at 111
    And at 09:52:00 the trader buys 500 SENSEX26NOV84000CE at 100
    And at 10:00:00 the trades cannot be read
    And that goes on until 10:02:10
    Then losing-streak-pause is unknown
    And it has alerted once, at 10:02:00

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then losing-streak-pause is clear
