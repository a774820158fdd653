Feature: leverage-limit holds new entries while the book is large for the account
  Five times a capital of 10,000 are premiums and futures worth 50,000.

  Background:
    Given the shipped policy leverage-limit, enforced
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
    And the capital is 10,000

  Scenario: Above five times
    When at 10:00:00 SENSEX26NOV85000CE trades at 101
    And at 10:00:06 nothing has changed
    And at 10:00:12 nothing has changed
    Then leverage-limit fires
    And it says "5.05 times the capital of 10,000.00 INR; the most is 5"
    When at 10:01:00 SENSEX26NOV85000CE trades at 99
    Then leverage-limit is clear
    And it has just cleared

  Scenario: Exactly five times
    When at 10:00:00 the account is read
    And that goes on until 10:00:20
    Then leverage-limit is clear

  Scenario: One reading
    When at 10:00:00 SENSEX26NOV85000CE trades at 400
    And at 10:00:02 SENSEX26NOV85000CE trades at 99
    And that goes on until 10:00:20
    Then leverage-limit is clear

  Scenario: The funds cannot be read
    When at 10:00:00 the funds cannot be read
    And that goes on until 10:01:10
    Then leverage-limit is unknown
    And it has alerted once, at 10:01:00

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    And that goes on until 10:00:20
    Then leverage-limit is clear
