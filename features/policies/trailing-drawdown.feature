Feature: trailing-drawdown closes a good day that gives back too much
  It wakes up when the day has been 5,000 in profit and closes the book when 4,000 of the peak are given back.

  Background:
    Given the shipped policy trailing-drawdown, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |

  Scenario: Up to 9,000 and back to 5,000
    When at 10:00:00 the profit is 9,000
    And that goes on until 10:00:10
    Then trailing-drawdown is clear
    And the fact mtm_peak is 9,000.00 INR
    When at 11:00:00 the profit is 5,000
    Then trailing-drawdown is pending
    When at 11:00:04 nothing has changed
    Then trailing-drawdown fires
    And it says "Peak 9,000.00 INR, now 5,000.00 INR: gave back 4,000.00 INR"
    And it would, in this order
      | notify telegram                                                                            |
      | block entries until the end of the session; orders from elsewhere are reported             |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | notify telegram                                                                            |

  Scenario Outline: To the paisa: from 9,000 back to <profit>
    When at 10:00:00 the profit is 9,000
    And that goes on until 10:00:04
    And at 11:00:00 the profit is <profit>
    And that goes on until 11:00:10
    Then trailing-drawdown <verdict>

    Examples:
      | profit   | verdict  |
      | 5,000.01 | is clear |
      | 5,000    | fires    |

  Scenario Outline: It wakes up at 5,000 and not before: a peak of <peak>, then a loss
    When at 10:00:00 the profit is <peak>
    And that goes on until 10:00:04
    And at 11:00:00 the loss is 3,000
    And that goes on until 11:00:10
    Then trailing-drawdown <verdict>

    Examples:
      | peak     | verdict  |
      | 4,999.99 | is clear |
      | 5,000    | fires    |

  Scenario: The line rises with the peak
    When at 10:00:00 the profit is 6,000
    And that goes on until 10:00:04
    And at 10:30:00 the profit is 20,000
    And that goes on until 10:30:04
    And at 11:00:00 the profit is 17,000
    Then trailing-drawdown is clear
    When at 11:30:00 the profit is 16,000
    And at 11:30:04 nothing has changed
    Then trailing-drawdown fires

  Scenario: A spike of one reading is no peak
    When at 10:00:00 the profit is 1,000
    And at 10:00:02 the profit is 30,000
    And at 10:00:04 the profit is 1,000
    And that goes on until 10:01:00
    Then trailing-drawdown is clear
    And the fact mtm_peak is 1,000.00 INR

  Scenario: One bad print on the way down
    When at 10:00:00 the profit is 9,000
    And that goes on until 10:00:04
    And at 10:00:06 the loss is 20,000
    Then trailing-drawdown is pending
    When at 10:00:08 the profit is 9,000
    Then trailing-drawdown is clear
    And it has acted never

  Scenario: It acts once, and the day after begins without a peak
    When at 10:00:00 the profit is 9,000
    And that goes on until 10:00:04
    And at 11:00:00 the profit is 5,000
    And that goes on until 11:00:30
    Then trailing-drawdown fires
    And it has acted once
    When at 15:41:00 nothing has changed
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 10:00:00 the loss is 9,000
    And that goes on until 10:00:10
    Then trailing-drawdown is clear
    And the fact mtm_peak is 0.00 INR

  Scenario: The price is gone after a good morning
    When at 10:00:00 the profit is 9,000
    And that goes on until 10:00:04
    And at 10:00:06 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:00:30
    Then trailing-drawdown is unknown
    And it has alerted once, at 10:00:16
    And it has acted never

  Scenario: The price is gone on a day that was never good: that alone decides
    When at 10:00:00 the profit is 1,000
    And that goes on until 10:00:04
    And at 10:00:06 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:00:30
    Then trailing-drawdown is clear

  Scenario: A losing day, a rising day, a flat account
    When at 10:00:00 the loss is 40,000
    Then trailing-drawdown is clear
    When at 10:00:02 the profit is 20,000
    And that goes on until 10:00:10
    Then trailing-drawdown is clear
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the account is flat
    When at 10:00:00 the account is read
    Then trailing-drawdown is clear
