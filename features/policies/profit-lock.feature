Feature: profit-lock keeps a part of a very good day
  Once the day has been 15,000 in profit, the book is closed before less than 9,000 of it are left.

  Background:
    Given the shipped policy profit-lock, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |

  Scenario: Up to 16,000 and back to 9,000
    When at 10:00:00 the profit is 16,000
    And that goes on until 10:00:10
    Then profit-lock is clear
    When at 11:00:00 the profit is 12,000
    Then profit-lock is clear
    When at 12:00:00 the profit is 9,000
    Then profit-lock is pending
    When at 12:00:04 nothing has changed
    Then profit-lock fires
    And it says "Peak 16,000.00 INR, now 9,000.00 INR: 9,000.00 INR were to be kept"
    And it would, in this order
      | notify telegram                                                                            |
      | block entries until the end of the session; orders from elsewhere are reported             |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | notify telegram                                                                            |

  Scenario Outline: To the paisa: a peak of <peak>, now <now>
    When at 10:00:00 the profit is <peak>
    And that goes on until 10:00:04
    And at 11:00:00 the profit is <now>
    And that goes on until 11:00:10
    Then profit-lock <verdict>

    Examples:
      | peak      | now      | verdict  |
      | 15,000    | 9,000    | fires    |
      | 15,000    | 9,000.01 | is clear |
      | 14,999.99 | 9,000    | is clear |

  Scenario: A very good day that turns into a loss within one reading
    When at 10:00:00 the profit is 16,000
    And that goes on until 10:00:04
    And at 11:00:00 the loss is 5,000
    And at 11:00:04 nothing has changed
    Then profit-lock fires

  Scenario: A spike of one reading locks nothing
    When at 10:00:00 the profit is 2,000
    And at 10:00:02 the profit is 30,000
    And at 10:00:04 the profit is 2,000
    And that goes on until 10:01:00
    Then profit-lock is clear

  Scenario: The line is fixed, while that of the trailing drawdown rises
    Given the shipped policy trailing-drawdown, enforced
    When at 10:00:00 the profit is 30,000
    And that goes on until 10:00:04
    And at 11:00:00 the profit is 25,000
    And at 11:00:04 nothing has changed
    Then trailing-drawdown fires
    And profit-lock is clear

  Scenario: One bad print
    When at 10:00:00 the profit is 16,000
    And that goes on until 10:00:04
    And at 10:00:06 the loss is 30,000
    Then profit-lock is pending
    When at 10:00:08 the profit is 16,000
    Then profit-lock is clear
    And it has acted never

  Scenario: It acts once a day
    When at 10:00:00 the profit is 16,000
    And that goes on until 10:00:04
    And at 11:00:00 the profit is 8,000
    And that goes on until 11:00:10
    And at 11:30:00 the profit is 12,000
    And at 12:00:00 the profit is 8,000
    And that goes on until 12:00:10
    Then profit-lock is latched
    And it has acted once

  Scenario: The price is gone after a very good morning
    When at 10:00:00 the profit is 16,000
    And that goes on until 10:00:04
    And at 10:00:06 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:00:30
    Then profit-lock is unknown
    And it has alerted once, at 10:00:16
    And it has acted never

  Scenario: The positions cannot be read
    When at 10:00:00 the profit is 16,000
    And that goes on until 10:00:04
    And at 10:00:06 the positions cannot be read
    Then profit-lock is unknown
    And the reason is "positions not read: the call timed out"

  Scenario: A losing day and a flat account
    When at 10:00:00 the loss is 40,000
    And that goes on until 10:00:10
    Then profit-lock is clear
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the account is flat
    When at 10:00:00 the account is read
    Then profit-lock is clear
