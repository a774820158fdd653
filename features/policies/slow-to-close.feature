Feature: slow-to-close holds new entries while the book could not be closed in time

  Background:
    Given the shipped policy slow-to-close, enforced
    And the account is with kite
    And the account holds
      | symbol             | sold       | last | lot |
      | SENSEX26NOV85000CE | 2000 @ 100 | 100  | 20  |

  Scenario: Twenty orders of five lots each, ten a second
    Given the desk value flat_within is 1s
    When at 10:00:00 the account is read
    And at 10:00:06 nothing has changed
    And at 10:00:12 nothing has changed
    Then slow-to-close fires
    And it says "Closing all would take 2s at least; 1s is the most"

  Scenario: Fast enough
    When at 10:00:00 the account is read
    And that goes on until 10:00:20
    Then slow-to-close is clear

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    And that goes on until 10:00:20
    Then slow-to-close is clear
