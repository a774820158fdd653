Feature: expiry-day-loss sets a smaller limit for the days an index expires
  On an ordinary day the desk may lose 10,000, on the day NIFTY or SENSEX expires 6,000.

  Background:
    Given the shipped policy expiry-day-loss, enforced
    And it is Thursday, 2026-11-19
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26N1985000CE | 500 @ 100 |          | 100  |
      | SENSEX26N1987000CE |           | 500 @ 10 | 10   |

  Scenario: SENSEX expires, and the account has lost 6,000
    When at 10:00:00 the loss is 6,000
    Then expiry-day-loss is pending
    When at 10:00:04 nothing has changed
    Then expiry-day-loss fires
    And it says "Loss 6,000.00 INR; today's limit is 6,000.00 INR"
    And it would, in this order
      | notify telegram, call                                                                          |
      | block entries until the end of the session; orders from elsewhere are cancelled                |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |

  Scenario Outline: On <day>, a loss of <loss>
    Given it is today, <day>
    And the account is flat
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26D1085000CE | 500 @ 100 | 100  |
    When at 10:00:00 the loss is <loss>
    And at 10:00:04 nothing has changed
    Then expiry-day-loss <verdict>

    Examples: on an expiry day, whatever the account holds
      | day        | loss     | verdict  |
      | 2026-11-19 | 6,000    | fires    |
      | 2026-11-19 | 5,999.99 | is clear |
      | 2026-11-17 | 6,000    | fires    |

    Examples: NIFTY's Tuesday is a holiday, so its Monday counts
      | day        | loss  | verdict |
      | 2026-11-23 | 6,000 | fires   |

    Examples: on another day
      | day        | loss     | verdict  |
      | 2026-11-18 | 6,000    | is clear |
      | 2026-11-18 | 9,999.99 | is clear |
      | 2026-11-18 | 10,000   | fires    |

  Scenario: A stock's expiry is no index's
    Given it is Monday, 2026-11-30
    And the account is flat
    And the account holds
      | symbol              | sold       | last |
      | RELIANCE26NOV1500CE | 1000 @ 100 | 100  |
    When at 10:00:00 the loss is 6,000
    And at 10:00:04 nothing has changed
    Then expiry-day-loss is clear

  Scenario: A year of which no expiry is known: between the two limits it cannot be told
    Given it is Tuesday, 2027-01-05
    And the account is flat
    And the account holds
      | symbol           | sold      | last |
      | BANKEX27JAN66000CE | 500 @ 100 | 100 |
    When at 10:00:00 the loss is 5,999.99
    Then expiry-day-loss is clear
    When at 10:00:02 the loss is 6,000
    Then expiry-day-loss is unknown
    When at 10:00:04 the loss is 10,000
    And at 10:00:08 nothing has changed
    Then expiry-day-loss fires

  Scenario: One bad print
    When at 10:00:00 the loss is 30,000
    And at 10:00:02 the loss is 1,000
    And at 10:00:10 nothing has changed
    Then expiry-day-loss is clear
    And it has acted never

  Scenario: Once a day
    When at 10:00:00 the loss is 6,000
    And at 10:00:04 nothing has changed
    And at 10:30:00 the loss is 2,000
    And at 11:00:00 the loss is 8,000
    And at 11:00:04 nothing has changed
    Then expiry-day-loss is latched
    And it has acted once

  Scenario: The price of a sold option is missing
    When at 10:00:00 the price of SENSEX26N1985000CE is missing
    And that goes on until 10:00:30
    Then expiry-day-loss is unknown
    And it has alerted once, at 10:00:10
    And it has blocked entries for want of data once, at 10:00:20
    And it has acted never

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then expiry-day-loss is clear
