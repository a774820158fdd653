Feature: What a leg is worth now
  The last trade if it lies inside the market, else the nearer side. A side that is missing leaves bounds, and so does a
  price that cannot be believed; a sum with one such leg still decides where both ends agree.

  Scenario Outline: <what>
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 100  |
    And the market of NIFTY26N2424000CE is <bid> bid, <ask> offered, <last> traded
    When at 10:00:00 the account is read
    Then the position NIFTY26N2424000CE has
      | mark | <mark> |
      | mtm  | <mtm>  |

    Examples:
      | what                                       | bid     | ask     | last    | mark                                                                      | mtm                                                                                |
      | the last trade lies inside                 | 119     | 121     | 120     | 120.00 INR                                                                | -1,500.00 INR                                                                      |
      | the last trade is the bid                  | 119     | 121     | 119     | 119.00 INR                                                                | -1,425.00 INR                                                                      |
      | the market has run away upwards            | 139     | 141     | 120     | 139.00 INR                                                                | -2,925.00 INR                                                                      |
      | the market has fallen away                 | 79      | 81      | 120     | 81.00 INR                                                                 | 1,425.00 INR                                                                       |
      | nobody bids: it may be worth nothing       | nothing | 121     | 120     | unknown (between 0.00 INR and 121.00 INR; no bid for NFO:NIFTY26N2424000CE) | unknown (between -1,575.00 INR and 7,500.00 INR; no bid for NFO:NIFTY26N2424000CE) |
      | nobody offers: it may cost anything        | 119     | nothing | 120     | unknown (at least 119.00 INR; no offer for NFO:NIFTY26N2424000CE)         | unknown (at most -1,425.00 INR; no offer for NFO:NIFTY26N2424000CE)                |
      | nobody is there                            | nothing | nothing | 120     | unknown (at least 0.00 INR; no bid and no offer for NFO:NIFTY26N2424000CE) | unknown (at most 7,500.00 INR; no bid and no offer for NFO:NIFTY26N2424000CE)      |
      | it has not traded today                    | 119     | 121     | nothing | unknown (between 119.00 INR and 121.00 INR; no trade of NFO:NIFTY26N2424000CE today) | unknown (between -1,575.00 INR and -1,425.00 INR; no trade of NFO:NIFTY26N2424000CE today) |
      | a bid above the offer is no market         | 121     | 119     | 120     | unknown (at least 0.00 INR; bid above offer for NFO:NIFTY26N2424000CE)    | unknown (at most 7,500.00 INR; bid above offer for NFO:NIFTY26N2424000CE)          |

  Scenario: One leg without a bid makes the sum an interval, and a closed leg needs no price at all
    Given the account holds
      | symbol            | sold     | bought   | last | bid | ask |
      | NIFTY26N2424000CE | 75 @ 100 |          | 120  |     | 122 |
      | NIFTY26N2423500PE | 75 @ 90  | 75 @ 110 |      |     |     |
    # Open: 75 × (100 − 122) = −1,650 up to 75 × 100 = 7,500; closed: 75 × (90 − 110) = −1,500.
    When at 10:00:00 the account is read
    Then the facts are
      | mtm    | unknown (between -3,150.00 INR and 6,000.00 INR; no bid for NFO:NIFTY26N2424000CE) |
      | loss   | unknown (between 0.00 INR and 3,150.00 INR; no bid for NFO:NIFTY26N2424000CE)      |

  Scenario: Without depth the last trade of the row counts
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 120  |
    When at 10:00:00 the account is read
    Then the position NIFTY26N2424000CE has
      | mark       | 120.00 INR                                                |
      | last_price | 120.00 INR                                                |
      | bid        | unknown (at least 0.00 INR; quotes not read: not in the file) |

  Scenario: Quotes of half a minute ago are no prices
    Given the account holds
      | symbol            | sold     | last | bid | ask |
      | NIFTY26N2424000CE | 75 @ 100 | 120  | 119 | 121 |
    When at 10:00:30 the prices are 30s old
    Then the position NIFTY26N2424000CE has
      | quote_age | 30s                                                                                            |
      | mark      | unknown (at least 0.00 INR; quote of NFO:NIFTY26N2424000CE is 30s old (limit 10s)) |
    And the fact mtm is unknown (at most 7,500.00 INR; quote of NFO:NIFTY26N2424000CE is 30s old (limit 10s))

  Scenario: Positions of a minute ago are no positions, yet nothing grows stale after the close
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 120  |
    When at 10:00:00 the account is read
    And at 10:01:00 no new reading has come
    Then the fact mtm is unknown (positions are 1m old (limit 6s))
    When at 16:00:00 no new reading has come
    Then the fact mtm is -1,500.00 INR

  Scenario: Positions read a minute before the orders are no reading at all
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 120  |
    When at 10:01:00 the positions are 1m old
    Then the fact mtm is unknown (positions not read: read 60.0 s before the other books; not believed until two readings agree)
