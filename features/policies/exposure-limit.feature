Feature: exposure-limit holds new entries while the book, or one position, is worth too much
  The whole may be worth 50 lakh, one position 10 lakh.

  Background:
    Given the shipped policy exposure-limit, enforced
    And the account holds
      | symbol             | sold        | bought       | last |
      | SENSEX26NOV85000CE | 5000 @ 100  |              | 100  |
      | SENSEX26NOV82000PE | 5000 @ 100  |              | 100  |

  Scenario: One position is worth 10 lakh and a bit
    When at 10:00:00 SENSEX26NOV85000CE trades at 200.05
    And at 10:00:06 nothing has changed
    And at 10:00:12 nothing has changed
    Then exposure-limit fires
    And it says "The book is worth 1,500,250.00 INR, the largest position 1,000,250.00 INR"
    When at 10:01:00 SENSEX26NOV85000CE trades at 150
    Then exposure-limit is clear

  Scenario: Exactly 10 lakh
    When at 10:00:00 SENSEX26NOV85000CE trades at 200
    And that goes on until 10:00:20
    Then exposure-limit is clear

  Scenario: Many positions, none too large, and the whole is
    Given the account holds
      | symbol             | sold       | last |
      | SENSEX26NOV84000CE | 5000 @ 190 | 190  |
      | SENSEX26NOV83500CE | 5000 @ 190 | 190  |
      | SENSEX26NOV83000CE | 5000 @ 190 | 190  |
      | SENSEX26NOV83000PE | 5000 @ 190 | 190  |
      | SENSEX26NOV82500PE | 5000 @ 190 | 190  |
    When at 10:00:00 the account is read
    And at 10:00:06 nothing has changed
    And at 10:00:12 nothing has changed
    Then exposure-limit fires

  Scenario: A price is missing, and the rest is far below
    When at 10:00:00 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:01:10
    Then exposure-limit is unknown
    And it has alerted once, at 10:01:00

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then exposure-limit is clear
