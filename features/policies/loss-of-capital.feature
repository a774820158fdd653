Feature: loss-of-capital ends the day at a share of the account's capital
  Two per cent of 10 lakh are 20,000.

  Background:
    Given the shipped policy loss-of-capital, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100
    And the capital is 1,000,000

  Scenario: Two per cent are gone
    When at 10:00:00 the loss is 20,000
    And at 10:00:04 nothing has changed
    Then loss-of-capital fires
    And it says "Loss 20,000.00 INR is 2 % of the capital of 1,000,000.00 INR"
    And it would, in this order
      | notify telegram, call                                                                          |
      | block entries until rearmed by hand; orders from elsewhere are cancelled                       |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | notify telegram                                                                                |

  Scenario: A paisa less
    When at 10:00:00 the loss is 19,999.99
    And that goes on until 10:00:20
    Then loss-of-capital is clear

  Scenario: A smaller account has a smaller line
    Given the capital is 400,000
    When at 10:00:00 the loss is 8,000
    And at 10:00:04 nothing has changed
    Then loss-of-capital fires

  Scenario: One bad price
    When at 10:00:00 the loss is 90,000
    And at 10:00:02 the loss is 1,000
    And at 10:00:10 nothing has changed
    Then loss-of-capital is clear

  Scenario: The capital of the morning counts, not what is left of it
    When at 09:20:00 the loss is 0
    Given the capital is 500,000
    When at 10:00:00 the loss is 15,000
    And at 10:00:04 nothing has changed
    Then loss-of-capital is clear

  Scenario: The capital was never read
    When at 10:00:00 the funds cannot be read
    And that goes on until 10:00:10
    Then loss-of-capital is clear
    When at 10:00:12 the loss is 25,000
    And that goes on until 10:01:20
    Then loss-of-capital is unknown
    And it has alerted once, at 10:00:22
    And it has acted never
