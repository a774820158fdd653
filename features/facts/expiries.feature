Feature: One expiry, in every field
  A row for each underlying and expiry date of which a leg is open.

  Scenario: A short strangle with a far hedge
    Given the account holds
      | symbol             | sold      | bought   | last |
      | NIFTY26N2424500CE  | 150 @ 100 |          | 130  |
      | NIFTY26N2423500PE  | 75 @ 90   |          | 60   |
      | NIFTY26D0124500CE  |           | 75 @ 120 | 110  |
    And the contract file says that a lot of NIFTY26N2424500CE is 75
    And the contract file says that a lot of NIFTY26N2423500PE is 75
    And the contract file says that a lot of NIFTY26D0124500CE is 75
    When at 10:00:00 the account is read
    Then the expiries are NIFTY:2026-11-24, NIFTY:2026-12-01
    And the expiry NIFTY:2026-11-24 has
      | underlying             | NIFTY          |
      | date                   | 2026-11-24     |
      | days_to_expiry         | 6 days         |
      | short_calls            | 150 units      |
      | short_puts             | 75 units       |
      | short_lots             | 3 lots         |
      | long_lots              | 0 lots         |
      | naked_short_lots       | 2 lots         |
      | naked_short_legs       | 2 legs         |
      | short_option_legs      | 2 legs         |
      | long_option_legs       | 0 legs         |
      | unprotected_short_legs | 2 legs         |
      | open_positions         | 2 positions    |
      | short_premium_now      | 24,000.00 INR  |
      | short_call_premium_now | 19,500.00 INR  |
      | short_put_premium_now  | 4,500.00 INR   |
      | short_premium_received | 21,750.00 INR  |
      | mtm                    | -2,250.00 INR  |
      | loss                   | 2,250.00 INR   |
      | profit                 | 0.00 INR       |
      | realized_pnl           | 0.00 INR       |
      | unrealized_pnl         | -2,250.00 INR  |
      | gross_exposure         | 24,000.00 INR  |
      | net_exposure           | -24,000.00 INR |
    And the expiry NIFTY:2026-12-01 has
      | long_lots        | 1 lot       |
      | short_calls      | 0 units     |
      | naked_short_lots | 0 lots      |
      | mtm              | -750.00 INR |

  Scenario: An expiry is there while a leg of it is open, and its result holds the closed ones too
    Given the account holds
      | symbol            | sold     | bought  | last |
      | NIFTY26N2424500CE | 75 @ 100 |         | 130  |
      | NIFTY26N2424000PE | 75 @ 100 | 75 @ 90 |      |
      | NIFTY26D0124000PE | 75 @ 100 | 75 @ 90 |      |
    When at 10:00:00 the account is read
    Then the expiries are NIFTY:2026-11-24
    And the expiry NIFTY:2026-11-24 has
      | mtm            | -1,500.00 INR |
      | open_positions | 1 position    |

  Scenario: A monthly symbol names no day; the exchange's rule does, and so it is one expiry with what names the day
    Given the account holds
      | symbol             | sold     | last |
      | NIFTY26DEC24000CE  | 75 @ 100 | 120  |
      | NIFTY26D2923000PE  | 75 @ 100 | 100  |
      | SENSEX26NOV85000CE | 20 @ 100 | 100  |
    When at 10:00:00 the account is read
    Then the expiries are NIFTY:2026-12-29, SENSEX:2026-11-26
    And the expiry NIFTY:2026-12-29 has
      | short_calls | 75 units      |
      | short_puts  | 75 units      |
      | mtm         | -1,500.00 INR |

  Scenario: Monthly contracts of a year whose rule is not held have one row for their month
    Given an account that has sold 20 SENSEX27JAN85000CE at 100
    When at 10:00:00 the account is read
    Then the expiries are SENSEX:2027-01
    And the expiry SENSEX:2027-01 has
      | underlying     | SENSEX                                                                                         |
      | date           | unknown (expiry of BFO:SENSEX27JAN85000CE known only to the month)                             |
      | days_to_expiry | unknown (between 44 days and 74 days; expiry of BFO:SENSEX27JAN85000CE known only to the month) |

  Scenario: What a carried option was sold for is not known where the broker tells the settlement only
    Given the account holds
      | symbol            | carried   | last |
      | NIFTY26N2424500CE | -75 @ 100 | 130  |
    When at 10:00:00 the account is read
    Then the expiry NIFTY:2026-11-24 has
      | short_premium_now      | 9,750.00 INR                                                                   |
      | short_premium_received | unknown (at least 0.00 INR; entry price of NFO:NIFTY26N2424500CE not known) |

  Scenario: A contract whose symbol does not tell when it expires may belong to any expiry
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424500CE | 75 @ 100 | 130  |
      | NIFTYODDCE        | 50 @ 10  | 8    |
    When at 10:00:00 the account is read
    Then the expiries are NIFTY:2026-11-24, NFO:NIFTYODDCE
    And the expiry NIFTY:2026-11-24 has
      | short_premium_now | unknown (between 9,750.00 INR and 10,150.00 INR; underlying of NFO:NIFTYODDCE not known) |
      | short_calls       | unknown (between 75 units and 125 units; underlying of NFO:NIFTYODDCE not known)         |
