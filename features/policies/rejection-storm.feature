Feature: rejection-storm stops who goes on sending what is rejected

  Background:
    Given the shipped policy rejection-storm, enforced
    And the desk value rejections_most is 2
    And an account that has sold 500 SENSEX26NOV85000CE at 100
    And the orders of the day are
      | id | side | type  | symbol             | quantity | status   | placed   | updated  |
      | R1 | sell | limit | SENSEX26NOV84000CE | 500      | rejected | 09:30:00 | 09:30:00 |
      | R2 | sell | limit | SENSEX26NOV84000CE | 500      | rejected | 09:59:30 | 09:59:30 |

  Scenario: The third today, and it is fresh
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status   | placed   | updated  |
      | R3 | sell | limit | SENSEX26NOV84000CE | 500      | rejected | 09:59:50 | 09:59:50 |
    When at 10:00:00 the account is read
    And at 10:00:02 nothing has changed
    Then rejection-storm fires
    And it says "3 orders were rejected today; 2 are let pass"
    When at 10:02:00 nothing has changed
    Then rejection-storm is clear
    And it has acted once

  Scenario: Two are let pass
    When at 10:00:00 the account is read
    And at 10:00:10 nothing has changed
    Then rejection-storm is clear

  Scenario: Three of this morning are over
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status   | placed   | updated  |
      | R3 | sell | limit | SENSEX26NOV84000CE | 500      | rejected | 09:40:00 | 09:40:00 |
    When at 11:00:00 the account is read
    And at 11:00:10 nothing has changed
    Then rejection-storm is clear

  Scenario: Cancelled is not rejected
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status    | placed   | updated  |
      | C1 | sell | limit | SENSEX26NOV84000CE | 500      | cancelled | 09:59:50 | 09:59:50 |
    When at 10:00:00 the account is read
    And at 10:00:10 nothing has changed
    Then rejection-storm is clear

  Scenario: The order book cannot be read
    When at 10:00:00 the orders cannot be read
    And that goes on until 10:01:10
    Then rejection-storm is unknown
    And it has alerted once, at 10:01:00
