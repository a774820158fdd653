Feature: blind-with-shorts calls when the broker does not answer while options are sold

  Background:
    Given the shipped policy blind-with-shorts, enforced

  Scenario: The line goes dead with two shorts open
    Given the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  | 90   |
    When at 10:00:00 the account is read
    Given the broker's books are out of reach
    When at 10:00:02 the broker does not answer
    And that goes on until 10:00:20
    Then blind-with-shorts is pending
    When that goes on until 10:00:22
    Then blind-with-shorts fires
    And it says "No contact for 22s; 2 sold options were open"
    When that goes on until 10:06:00
    Then it has acted twice
    Given the broker's books are in reach again
    When at 10:06:02 the broker answers again
    Then blind-with-shorts is clear

  Scenario: Back within ten seconds
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the account is read
    Given the broker's books are out of reach
    When at 10:00:02 the broker does not answer
    And that goes on until 10:00:10
    Given the broker's books are in reach again
    When at 10:00:12 the broker answers again
    And that goes on until 10:00:40
    Then blind-with-shorts is clear
    And it has acted never

  Scenario: Nothing was sold
    Given the account holds
      | symbol             | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 10 | 10   |
    When at 10:00:00 the account is read
    Given the broker's books are out of reach
    When at 10:00:02 the broker does not answer
    And that goes on until 10:01:00
    Then blind-with-shorts is clear

  Scenario: Bought back before the line went dead
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the trader buys 500 SENSEX26NOV85000CE at 90
    And at 10:00:02 nothing has changed
    Given the broker's books are out of reach
    When at 10:00:04 the broker does not answer
    And that goes on until 10:01:00
    Then blind-with-shorts is clear

  Scenario: It was never seen today: it says so
    Given the broker's books are out of reach
    When at 10:00:00 the broker does not answer
    And that goes on until 10:00:40
    Then blind-with-shorts is unknown
    And it has alerted once, at 10:00:30
