Feature: The broker's order limits, and losses in a row

  Scenario: What is left of the day's orders, and how long it takes to get flat
    # Two working orders; 40 lots in slices of 27 (an order may carry 1,800, that is 27 whole lots of 65), 10 lots in
    # slices of 5 where the contract file names no such limit: 2 + 2 + 2 calls at 10 a second.
    Given the account is with kite
    And the account holds
      | symbol            | sold       | bought   | last |
      | NIFTY26N2424000CE | 2600 @ 100 |          | 100  |
      | NIFTY26N2424500CE |            | 650 @ 30 | 30   |
    And the contract file says that a lot of NIFTY26N2424000CE is 65
    And the contract file says that an order of NIFTY26N2424000CE may carry 1800
    And the contract file says that a lot of NIFTY26N2424500CE is 65
    And the orders of the day are also
      | id | side | type  | symbol            | quantity | status                  | placed   | updated  |
      | S1 | buy  | stop  | NIFTY26N2424000CE | 2600     | waiting for its trigger | 09:30:00 | 09:30:00 |
      | O1 | sell | limit | NIFTY26N2424500CE | 650      | resting                 | 09:31:00 | 09:31:00 |
    When at 10:00:00 the account is read
    Then the facts are
      | order_budget_left | 4996 orders |
      | time_to_flat      | 0.6s        |

  Scenario: Kotak names no limit for a day, and takes twice as long
    Given the account is with kotak
    And an account that has sold 75 NIFTY26N2424000CE at 100
    And the contract file says that a lot of NIFTY26N2424000CE is 75
    When at 10:00:00 the account is read
    Then the facts are
      | order_budget_left | unknown (at least 0 orders; how many orders a day kotak takes is not known) |
      | time_to_flat      | 0.2s                                                                        |

  Scenario: A flat book is flat at once, whoever the broker
    Given the account is flat
    When at 10:00:00 the account is read
    Then the fact time_to_flat is 0s

  Scenario: Three losses in a row, and a win that ends them
    Given an account that has sold 75 NIFTY26N2424000CE at 100
    When at 10:00:00 the trader buys 75 NIFTY26N2424000CE at 110
    And at 10:01:00 the trader buys 75 NIFTY26N2424500CE at 30
    And at 10:02:00 the trader sells 75 NIFTY26N2424500CE at 29
    And at 10:03:00 the trader sells 75 NIFTY26N2424000CE at 105
    Then the fact losing_streak is 2 positions
    When at 10:04:00 the trader buys 25 NIFTY26N2424000CE at 120
    Then the fact losing_streak is 2 positions
    When at 10:05:00 the trader buys 50 NIFTY26N2424000CE at 120
    Then the fact losing_streak is 3 positions
    And the leg NIFTY26N2424000CE has
      | trades_today | 5 trades |
    When at 10:06:00 the trader buys 75 NIFTY26N2424500CE at 30
    And at 10:07:00 the trader sells 75 NIFTY26N2424500CE at 31
    Then the fact losing_streak is 0 positions

  Scenario: Trades that cannot be read hide whether anything lost
    Given an account that has sold 75 NIFTY26N2424000CE at 100
    When at 10:00:00 the trader buys 75 NIFTY26N2424000CE at 110
    And at 10:00:02 the trades cannot be read
    Then the fact losing_streak is unknown (at least 0 positions; trades not read: the call timed out)
