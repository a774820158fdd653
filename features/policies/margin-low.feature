Feature: margin-low keeps a cushion of margin free

  Background:
    Given the shipped policy margin-low, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario Outline: <free> are free
    Given the margin available is <free>
    When at 10:00:00 the account is read
    And at 10:00:12 nothing has changed
    Then margin-low <verdict>

    Examples:
      | free      | verdict  |
      | 50,000    | is clear |
      | 49,999.99 | fires    |
      | -20,000   | fires    |

  Scenario: It says so, and ends when the cushion is there again
    Given the margin available is 30,000
    When at 10:00:00 the account is read
    And at 10:00:12 nothing has changed
    Then margin-low fires
    And it says "30,000.00 INR of margin is free; 50,000.00 INR are to be kept"
    Given the margin available is 60,000
    When at 10:01:00 nothing has changed
    Then margin-low is clear
    And it has just cleared

  Scenario: The funds cannot be read
    When at 10:00:00 the funds cannot be read
    And that goes on until 10:02:10
    Then margin-low is unknown
    And it has alerted once, at 10:02:00
    And it has acted never
