Feature: order-storm blocks entries when orders come faster than this desk ever sends them

  Background:
    Given the shipped policy order-storm, enforced
    And the desk value orders_per_minute is 2
    And an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario: Three within a minute
    Given the orders of the day are
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV84000CE | 20       | resting | 09:59:40 | 09:59:40 |
      | O2 | sell | limit | SENSEX26NOV84000CE | 20       | resting | 09:59:45 | 09:59:45 |
      | O3 | sell | limit | SENSEX26NOV84000CE | 20       | resting | 09:59:50 | 09:59:50 |
    When at 10:00:00 the account is read
    And at 10:00:02 nothing has changed
    Then order-storm fires
    And it says "3 orders in a minute; 2 are usual at most"
    And it would, in this order
      | block entries for 5m; orders from elsewhere are cancelled |
      | notify telegram, call                                     |
    When at 10:01:00 nothing has changed
    Then order-storm is clear

  Scenario: As many over ten minutes
    Given the orders of the day are
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV84000CE | 20       | resting | 09:51:00 | 09:51:00 |
      | O2 | sell | limit | SENSEX26NOV84000CE | 20       | resting | 09:55:00 | 09:55:00 |
      | O3 | sell | limit | SENSEX26NOV84000CE | 20       | resting | 09:59:50 | 09:59:50 |
    When at 10:00:00 the account is read
    And at 10:00:10 nothing has changed
    Then order-storm is clear

  Scenario: The order book cannot be read
    When at 10:00:00 the orders cannot be read
    And that goes on until 10:00:40
    Then order-storm is unknown
    And it has alerted once, at 10:00:30
    And it has acted never
