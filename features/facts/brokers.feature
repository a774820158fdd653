Feature: The same day at two brokers
  Kite tells each leg's last price and its own day figure; Kotak tells amounts only, and the prices come from the quotes.

  Scenario: Kite, a day with carried, closed and fresh legs
    When at 11:00:00 Kite's position book is
      | symbol                | carried | close | sold     | bought   | last  |
      | NIFTY26N2424000CE     |         |       | 75 @ 112 |          | 96.5  |
      | NIFTY26N2423500PE     | -150    | 88.4  |          | 150 @ 61 | 58    |
      | BANKNIFTY26NOV52000CE | -30     | 210   |          |          | 233.1 |
      | NIFTY26N2424500CE     | 75      | 40    | 75 @ 35  |          | 34    |
    # 75 × 15.50 = 1,162.50; 150 × 27.40 = 4,110; 30 × −23.10 = −693; 75 × −5 = −375
    Then the facts are
      | mtm            | 4,204.50 INR |
      | realized_pnl   | 3,735.00 INR |
      | unrealized_pnl | 469.50 INR   |
      | open_positions | 2 positions  |
    And the leg NIFTY26N2423500PE has
      | mtm          | 4,110.00 INR |
      | net_quantity | 0 units      |
    And the position BANKNIFTY26NOV52000CE has
      | mtm            | -693.00 INR |
      | day_base_price | 210.00 INR  |
      | realized_pnl   | 0.00 INR    |
    And the broker agrees to the paisa

  Scenario: Kite, a contract with a multiplier
    When at 11:00:00 Kite's position book is
      | symbol         | sold      | bought | last   | multiplier |
      | USDINR26NOVFUT |           | 2 @ 88 | 87.405 | 1000       |
    Then the fact mtm is -1,190.00 INR

  Scenario: Kotak, the same carried short bought back: no price is needed
    When at 11:00:00 Kotak's position book and quotes are
      | symbol            | carried | settled | bought   | sold | bid | ask | last |
      | NIFTY26NOV23500PE | -250    | 29.15   | 250 @ 17 |      |     |     |      |
    # 250 × (29.15 − 17) = 3,037.50
    Then the facts are
      | mtm            | 3,037.50 INR |
      | realized_pnl   | 3,037.50 INR |
      | unrealized_pnl | 0.00 INR     |

  Scenario: Kotak, a carried short is marked inside its market, and its entry price is not known
    When at 11:00:00 Kotak's position book and quotes are
      | symbol            | carried | settled | bought | sold | bid   | ask   | last  |
      | NIFTY26NOV24500CE | -75     | 30      |        |      | 35.25 | 36.00 | 34.00 |
    Then the position NIFTY26NOV24500CE has
      | mark           | 35.25 INR                                                                          |
      | mtm            | -393.75 INR                                                                        |
      | day_base_price | 30.00 INR                                                                          |
      | entry_price    | unknown (at least 0.00 INR; entry price of nse_fo:NIFTY26NOV24500CE not known) |

  Scenario: Kotak, an open leg without a quote has no result, but its bounds
    When at 11:00:00 Kotak's position book and quotes are
      | symbol            | carried | settled | bought  | sold    | bid   | ask   | last  |
      | NIFTY26NOV24500CE |         |         | 75 @ 40 |         | 41.00 | 42.00 | 41.50 |
      | NIFTY26NOV23500PE |         |         |         | 75 @ 60 |       |       |       |
    # The long has made 112.50; the short cannot have made more than 75 × 60 = 4,500, and may have lost anything.
    Then the fact mtm is unknown (at most 4,612.50 INR; no quote for nse_fo:NIFTY26NOV23500PE)

  Scenario: A figure of the broker's that differs is reported, and ours stands
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 180  |
    And the broker's own figure for NIFTY26N2424000CE is -5,900
    When at 10:00:00 the account is read
    Then the fact mtm is -6,000.00 INR
    And the broker differs by -100 on NFO:NIFTY26N2424000CE (NRML)
