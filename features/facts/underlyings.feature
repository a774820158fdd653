Feature: One underlying, in every field
  A row for each underlying of which a leg was carried or traded today.

  Scenario: What its legs come to
    Given the account holds
      | symbol             | carried  | sold      | bought   | last |
      | NIFTY26N2424000CE  |          | 150 @ 100 |          | 120  |
      | NIFTY26N2424500CE  |          |           | 75 @ 40  | 30   |
      | NIFTY26N2423000PE  |          | 75 @ 60   | 75 @ 50  |      |
      | SENSEX26NOV85000CE | 20 @ 300 |           |          | 310  |
    And the contract file says that a lot of NIFTY26N2424000CE is 75
    And the contract file says that a lot of NIFTY26N2424500CE is 75
    When at 10:00:00 the account is read
    Then the underlyings are NIFTY, SENSEX
    And the underlying NIFTY has
      | name                   | NIFTY          |
      | mtm                    | -3,000.00 INR  |
      | loss                   | 3,000.00 INR   |
      | profit                 | 0.00 INR       |
      | realized_pnl           | 750.00 INR     |
      | unrealized_pnl         | -3,750.00 INR  |
      | short_lots             | 2 lots         |
      | long_lots              | 1 lot          |
      | naked_short_lots       | 1 lot          |
      | short_option_legs      | 1 leg          |
      | long_option_legs       | 1 leg          |
      | naked_short_legs       | 1 leg          |
      | unprotected_short_legs | 1 leg          |
      | open_positions         | 2 positions    |
      | short_calls            | 150 units      |
      | short_puts             | 0 units        |
      | short_premium_now      | 18,000.00 INR  |
      | short_call_premium_now | 18,000.00 INR  |
      | short_put_premium_now  | 0.00 INR       |
      | short_premium_received | 15,000.00 INR  |
      | gross_exposure         | 20,250.00 INR  |
      | net_exposure           | -15,750.00 INR |
      | expires_today          | no             |
      | orders_today           | 4 orders       |
      | is_blocked             | no             |
    And the underlying SENSEX has
      | mtm            | 200.00 INR |
      | profit         | 200.00 INR |
      | open_positions | 1 position |
      | orders_today   | 0 orders   |

  Scenario: An underlying whose last position is closed stays for the day, with its result
    Given an account that has sold 75 NIFTY26N2424000CE at 100
    When at 10:00:00 the trader buys 75 NIFTY26N2424000CE at 110
    Then the underlying NIFTY has
      | loss           | 750.00 INR  |
      | open_positions | 0 positions |
      | short_lots     | 0 lots      |

  Scenario: The price of the underlying itself
    Given an account that has sold 75 NIFTY26N2424000CE at 100
    When at 10:00:00 NIFTY 50 stands at 24,010.50
    Then the underlying NIFTY has
      | spot | 24,010.50 INR |

  Scenario: On the day a contract of it expires, also when it is closed already
    Given it is Tuesday, 2026-11-24
    And an account that has sold 75 NIFTY26N2424000CE at 100
    When at 10:00:00 the trader buys 75 NIFTY26N2424000CE at 110
    Then the underlying NIFTY has
      | expires_today | yes |

  Scenario Outline: A symbol that names only its month expires on the day of the exchange's rule: <day>
    Given it is today, <day>
    And an account that has sold 20 SENSEX26NOV85000CE at 100
    When at 10:00:00 the account is read
    Then the underlying SENSEX has
      | expires_today | <answer> |

    Examples:
      | day        | answer |
      | 2026-11-19 | no     |
      | 2026-11-26 | yes    |

  Scenario: A symbol that names only its month, in a year whose holidays nobody checked
    Given it is Thursday, 2027-01-28
    And an account that has sold 20 SENSEX27JAN85000CE at 100
    When at 10:00:00 the account is read
    Then the underlying SENSEX has
      | expires_today | unknown (expiry of BFO:SENSEX27JAN85000CE known only to the month) |

  Scenario: One missing price leaves the bounds of its own underlying, and no other's
    Given the account holds
      | symbol             | sold     | last |
      | NIFTY26N2424000CE  | 75 @ 100 |      |
      | SENSEX26NOV85000CE | 20 @ 300 | 310  |
    When at 10:00:00 the account is read
    Then the underlying NIFTY has
      | mtm | unknown (at most 7,500.00 INR; no last price of NFO:NIFTY26N2424000CE) |
    And the underlying SENSEX has
      | mtm | -200.00 INR |

  Scenario: A contract whose symbol does not tell its underlying may belong to any, and may make one of its own
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 120  |
      | ODDNAME           | 10 @ 100 | 150  |
    And the contract file says that a lot of NIFTY26N2424000CE is 75
    When at 10:00:00 the account is read
    Then the underlyings are NIFTY, NFO:ODDNAME
    And the underlying NIFTY has
      | mtm            | unknown (between -2,000.00 INR and -1,500.00 INR; underlying of NFO:ODDNAME not known) |
      | open_positions | unknown (between 1 position and 2 positions; underlying of NFO:ODDNAME not known)      |
      | short_lots     | unknown (at least 1 lot; underlying of NFO:ODDNAME not known; whether NFO:ODDNAME is an option is not known; lot size of NFO:ODDNAME not known) |
      | orders_today   | unknown (between 1 order and 2 orders; underlying of NFO:ODDNAME not known)            |
    And the underlying NFO:ODDNAME has
      | name | unknown (underlying of NFO:ODDNAME not known) |
      | mtm  | -500.00 INR                                   |

  Scenario: While the positions cannot be read there are no underlyings to tell of
    Given an account that has sold 75 NIFTY26N2424000CE at 100
    And the policy
      """
      policy: any-underlying
      when: any(u.short_lots > 0 for u in underlyings)
      """
    When at 10:00:00 the positions cannot be read
    Then any-underlying is unknown
    And the reason is "positions not read: the call timed out"
