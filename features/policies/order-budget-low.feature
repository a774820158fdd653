Feature: order-budget-low keeps the last orders of the day for exits

  Background:
    Given the shipped policy order-budget-low, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario: Kite accepts 5,000 a day; with one sent, 4,999 are left
    Given the account is with kite
    And the desk value order_reserve is 5000
    When at 10:00:00 the account is read
    And at 10:00:02 nothing has changed
    Then order-budget-low fires
    And it says "4999 orders are left today; 5000 are kept for exits"

  Scenario: Plenty are left
    Given the account is with kite
    When at 10:00:00 the account is read
    And that goes on until 10:00:10
    Then order-budget-low is clear

  Scenario: A broker whose limit is not known
    When at 10:00:00 the account is read
    And that goes on until 10:10:10
    Then order-budget-low is unknown
    And it has alerted once, at 10:10:00
