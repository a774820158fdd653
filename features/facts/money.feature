Feature: What the account has made or lost today
  Carried legs count from the previous settlement, closed legs stay in the sum, charges are not part of it.

  Scenario: Open, closed and bought legs of one day
    Given the account holds
      | symbol            | carried   | sold     | bought    | last |
      | NIFTY26N2424000CE |           | 75 @ 100 |           | 180  |
      | NIFTY26N2423500PE | -150 @ 90 |          | 150 @ 120 | 131  |
      | NIFTY26N2424500CE |           |          | 75 @ 40   | 60   |
    # 75 × (100 − 180) = −6,000; 150 × (90 − 120) = −4,500, closed; 75 × (60 − 40) = +1,500
    When at 10:45:00 the account is read
    Then the facts are
      | mtm            | -9,000.00 INR |
      | loss           | 9,000.00 INR  |
      | profit         | 0.00 INR      |
      | realized_pnl   | -4,500.00 INR |
      | unrealized_pnl | -4,500.00 INR |

  Scenario: A profit is no loss
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the profit is 2,500
    Then the facts are
      | mtm    | 2,500.00 INR |
      | loss   | 0.00 INR     |
      | profit | 2,500.00 INR |

  Scenario: What was sold twice and bought back in part is settled at the averages
    Given the account holds
      | symbol            | sold              | bought   | last |
      | NIFTY26N2424000CE | 75 @ 100, 75 @ 120 | 75 @ 90 | 105  |
    # Sold 150 at 110 on average, 75 of them bought back at 90; 75 still open at 105.
    When at 11:00:00 the account is read
    Then the facts are
      | realized_pnl   | 1,500.00 INR |
      | unrealized_pnl | 375.00 INR   |
      | mtm            | 1,875.00 INR |

  Scenario: The peak is a level held for three seconds, and the drawdown counts from it
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the profit is 3,000
    And at 10:00:04 the profit is 2,800
    Then the facts are
      | mtm_peak | 2,800.00 INR |
      | drawdown | 0.00 INR     |
    When at 10:00:06 the profit is 9,000
    And at 10:00:08 the loss is 1,000
    Then the facts are
      | mtm_peak | 2,800.00 INR |
      | drawdown | 3,800.00 INR |

  Scenario: A day that never was in profit is down from zero
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the loss is 4,000
    Then the facts are
      | mtm_peak | 0.00 INR     |
      | drawdown | 4,000.00 INR |

  Scenario: A leg without a price cannot raise the peak
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the profit is 5,000
    And at 10:00:02 the price of SENSEX26NOV85000CE is missing
    And at 10:00:04 the profit is 5,000
    Then the fact mtm_peak is 0.00 INR

  Scenario: The money of the account, and what the book weighs against it
    Given the account holds
      | symbol            | sold     | bought  | last |
      | NIFTY26N2424000CE | 75 @ 100 |         | 180  |
      | NIFTY26N2424500CE |          | 75 @ 40 | 60   |
    And the capital is 900,000
    And the margin used is 360,000
    And the margin available is 540,000
    When at 10:00:00 the account is read
    Then the facts are
      | capital          | 900,000.00 INR |
      | margin_used      | 360,000.00 INR |
      | margin_available | 540,000.00 INR |
      | margin_used_pct  | 40 %           |
      | gross_exposure   | 18,000.00 INR  |
      | net_exposure     | -9,000.00 INR  |
      | leverage         | 0.02           |

  Scenario: Capital is read once and fixed for the day
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the capital is 900,000
    When at 10:00:00 the account is read
    And at 10:00:02 the broker tells a capital of 100,000
    Then the fact capital is 900,000.00 INR

  Scenario: A broker that says zero before its figures stand has told nothing
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the capital is 0
    When at 10:00:00 the account is read
    Then the fact capital is unknown (at least 0.01 INR; capital not told by the broker)

  Scenario: An overdrawn account uses more than everything
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the margin used is 500,000
    And the margin available is -600,000
    When at 10:00:00 the account is read
    Then the facts are
      | margin_available | -600,000.00 INR                                                  |
      | margin_used_pct  | unknown (at least 100 %; margin used is more than all the funds) |

  Scenario: Funds that cannot be read leave the result of the day alone
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the loss is 1,000
    And at 10:00:02 the funds cannot be read
    Then the facts are
      | loss             | 1,000.00 INR                                         |
      | margin_available | unknown (funds not read: the call timed out)         |
      | margin_used      | unknown (at least 0.00 INR; funds not read: the call timed out) |
