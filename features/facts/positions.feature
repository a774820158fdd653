Feature: One position, in every field

  Scenario: Its contract and its size
    Given the account holds
      | symbol            | sold      | last | product |
      | NIFTY26N2424000CE | 150 @ 100 | 120  | MIS     |
    And the contract file says that a lot of NIFTY26N2424000CE is 75
    When at 10:00:00 the account is read
    Then the position NIFTY26N2424000CE has
      | symbol         | NIFTY26N2424000CE |
      | exchange       | NFO               |
      | underlying     | NIFTY             |
      | expiry         | 2026-11-24        |
      | strike         | 24,000.00 INR     |
      | right          | CALL              |
      | product        | MIS               |
      | net_quantity   | -150 units        |
      | lots           | 2 lots            |
      | is_short       | yes               |
      | is_option      | yes               |
      | is_future      | no                |
      | days_to_expiry | 6 days            |

  Scenario: Its prices and its result
    Given the account holds
      | symbol            | carried  | bought   | last | bid | ask |
      | NIFTY26N2424000CE | 75 @ 100 | 75 @ 110 | 120  | 119 | 121 |
    When at 10:00:00 the account is read
    Then the position NIFTY26N2424000CE has
      | day_base_price | 105.00 INR   |
      | entry_price    | unknown (at least 0.00 INR; entry price of NFO:NIFTY26N2424000CE not known) |
      | mark           | 120.00 INR   |
      | last_price     | 120.00 INR   |
      | bid            | 119.00 INR   |
      | ask            | 121.00 INR   |
      | spread_pct     | 1.6667 %     |
      | quote_age      | 0s           |
      | trade_age      | unknown (at least 0s; time of the last trade of NFO:NIFTY26N2424000CE not told) |
      | mtm            | 2,250.00 INR |
      | profit         | 2,250.00 INR |
      | loss           | 0.00 INR     |
      | realized_pnl   | 0.00 INR     |
      | unrealized_pnl | 2,250.00 INR |

  Scenario: How long it has stood: since its trade, since the open for a carried one
    Given the account holds
      | symbol            | carried  | sold     | last |
      | NIFTY26N2424000CE |          | 75 @ 100 | 120  |
      | NIFTY26N2424500CE | 75 @ 100 |          | 120  |
    When at 10:00:00 the account is read
    Then the position NIFTY26N2424000CE has
      | age         | 40m        |
      | entry_price | 100.00 INR |
    And the position NIFTY26N2424500CE has
      | age | 45m |

  Scenario: A position that was closed and opened again is a new one
    Given an account that has sold 75 NIFTY26N2424000CE at 100
    When at 10:00:00 the trader buys 75 NIFTY26N2424000CE at 90
    Then there are 0 positions
    And there is 1 leg
    When at 10:10:00 the trader sells 75 NIFTY26N2424000CE at 95
    And at 10:10:30 the account is read
    Then the position NIFTY26N2424000CE has
      | age         | 30s       |
      | entry_price | 95.00 INR |

  Scenario: A monthly symbol tells the month; the exchange's rule tells the day, and nobody has told the lot
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26DEC24000CE | 75 @ 100 | 120  |
    When at 10:00:00 the account is read
    Then the position NIFTY26DEC24000CE has
      | expiry         | 2026-12-29                                                             |
      | days_to_expiry | 41 days                                                                |
      | lots           | unknown (at least 0 lots; lot size of NFO:NIFTY26DEC24000CE not known) |

  Scenario: Where no rule is held for the year, the month is all there is
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY27JAN24000CE | 75 @ 100 | 120  |
    When at 10:00:00 the account is read
    Then the position NIFTY27JAN24000CE has
      | expiry         | unknown (expiry of NFO:NIFTY27JAN24000CE known only to the month)                              |
      | days_to_expiry | unknown (between 44 days and 74 days; expiry of NFO:NIFTY27JAN24000CE known only to the month) |

  Scenario: A future is no option, and has neither strike nor right
    Given the account holds
      | symbol        | bought     | last  |
      | NIFTY26NOVFUT | 75 @ 24450 | 24460 |
    When at 10:00:00 the account is read
    Then the position NIFTY26NOVFUT has
      | is_option            | no                                               |
      | is_future            | yes                                              |
      | is_covered           | no                                               |
      | naked_quantity       | 0 units                                          |
      | unprotected_quantity | 0 units                                          |
      | strike               | unknown (strike of NFO:NIFTY26NOVFUT not known) |
      | right                | unknown (right of NFO:NIFTY26NOVFUT not known)  |
      | mtm                  | 750.00 INR                                       |
