Feature: What stands in the book, what covers it and what protects it
  A sold option is covered by a bought one of the same underlying and right that expires no earlier, each unit once. It
  is protected by a working buy stop on the same contract and product.

  Scenario: A covered condor
    Given the account holds
      | symbol            | sold     | bought   | last |
      | NIFTY26N2424500CE | 75 @ 100 |          | 100  |
      | NIFTY26N2423500PE | 75 @ 90  |          | 90   |
      | NIFTY26N2425000CE |          | 75 @ 30  | 30   |
      | NIFTY26N2423000PE |          | 75 @ 25  | 25   |
    When at 10:00:00 the account is read
    Then the facts are
      | open_positions    | 4 positions |
      | short_option_legs | 2 legs      |
      | long_option_legs  | 2 legs      |
      | naked_short_legs  | 0 legs      |
      | naked_short_lots  | 0 lots      |
    And the position NIFTY26N2424500CE has
      | is_covered     | yes     |
      | naked_quantity | 0 units |
    And the position NIFTY26N2423000PE has
      | is_covered | yes |

  Scenario: The same condor after its bought call has been sold
    Given the account holds
      | symbol            | sold     | bought   | last |
      | NIFTY26N2424500CE | 75 @ 100 |          | 100  |
      | NIFTY26N2423500PE | 75 @ 90  |          | 90   |
      | NIFTY26N2425000CE | 75 @ 35  | 75 @ 30  | 30   |
      | NIFTY26N2423000PE |          | 75 @ 25  | 25   |
    And the contract file says that a lot of NIFTY26N2424500CE is 75
    When at 10:00:00 the account is read
    Then the facts are
      | open_positions   | 3 positions |
      | naked_short_legs | 1 leg       |
      | naked_short_lots | 1 lot       |
    And the position NIFTY26N2424500CE has
      | is_covered     | no       |
      | naked_quantity | 75 units |

  Scenario: A hedge that was there this morning and is gone
    Given the account holds
      | symbol            | sold      | bought   | last |
      | NIFTY26N2424500CE | 150 @ 100 |          | 100  |
      | NIFTY26N2425000CE |           | 150 @ 30 | 30   |
    And the contract file says that a lot of NIFTY26N2424500CE is 75
    And the contract file says that a lot of NIFTY26N2425000CE is 75
    When at 10:00:00 the account is read
    Then the facts are
      | hedge_lost_lots | 0 lots |
      | hedge_ratio     | 100 %  |
    When at 10:00:02 the trader sells 75 NIFTY26N2425000CE at 28
    Then the facts are
      | hedge_lost_lots | 1 lot |
      | hedge_ratio     | 50 %  |
    And the position NIFTY26N2424500CE has
      | hedge_lost | yes |
    And the position NIFTY26N2425000CE has
      | hedge_lost | no |
    When at 10:00:04 the trader buys 75 NIFTY26N2424500CE at 101
    Then the facts are
      | hedge_lost_lots | 0 lots |
      | hedge_ratio     | 100 %  |

  Scenario: A short that was never covered has lost no hedge, and without a short there is no ratio
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424500CE | 75 @ 100 | 100  |
    And the contract file says that a lot of NIFTY26N2424500CE is 75
    When at 10:00:00 the account is read
    Then the facts are
      | hedge_lost_lots | 0 lots |
      | hedge_ratio     | 0 %    |
    When at 10:00:02 the trader buys 75 NIFTY26N2424500CE at 101
    Then the fact hedge_ratio is unknown (at least 0 %; no option is sold)

  Scenario: A put covers no call
    Given the account holds
      | symbol            | sold     | bought  | last |
      | NIFTY26N2424500CE | 75 @ 100 |         | 100  |
      | NIFTY26N2424500PE |          | 75 @ 90 | 90   |
    When at 10:00:00 the account is read
    Then the fact naked_short_legs is 1 leg

  Scenario: A future covers no call
    Given the account holds
      | symbol            | sold     | bought     | last  |
      | NIFTY26N2424500CE | 75 @ 100 |            | 100   |
      | NIFTY26NOVFUT     |          | 75 @ 24450 | 24460 |
    When at 10:00:00 the account is read
    Then the facts are
      | naked_short_legs | 1 leg       |
      | open_positions   | 2 positions |
      | long_option_legs | 0 legs      |

  Scenario: A calendar: the later bought option covers the nearer sold one
    Given the account holds
      | symbol            | sold     | bought   | last |
      | NIFTY26N2424500CE | 75 @ 100 |          | 100  |
      | NIFTY26D0124500CE |          | 75 @ 180 | 180  |
    When at 10:00:00 the account is read
    Then the fact naked_short_legs is 0 legs

  Scenario: A calendar the wrong way round covers nothing
    Given the account holds
      | symbol            | sold     | bought   | last |
      | NIFTY26D0124500CE | 75 @ 180 |          | 180  |
      | NIFTY26N2424500CE |          | 75 @ 100 | 100  |
    When at 10:00:00 the account is read
    Then the fact naked_short_legs is 1 leg
    And the position NIFTY26N2424500CE has
      | is_covered | no |

  Scenario: Each bought unit covers once
    Given the account holds
      | symbol            | sold      | bought  | last |
      | NIFTY26N2424500CE | 150 @ 100 |         | 100  |
      | NIFTY26N2424600CE | 75 @ 80   |         | 80   |
      | NIFTY26N2425000CE |           | 75 @ 30 | 30   |
    When at 10:00:00 the account is read
    Then the fact naked_short_legs is 2 legs
    And the position NIFTY26N2424500CE has
      | naked_quantity | 75 units |
    And the position NIFTY26N2424600CE has
      | naked_quantity | 75 units |

  Scenario: Of the sold option only the month is known: whether the long outlives it cannot be told
    Given the account holds
      | symbol            | sold     | bought   | last |
      | NIFTY26NOV24500CE | 75 @ 100 |          | 100  |
      | NIFTY26N2425000CE |          | 75 @ 30  | 30   |
    When at 10:00:00 the account is read
    Then the fact naked_short_legs is unknown (between 0 legs and 1 leg; whether NFO:NIFTY26N2425000CE covers NFO:NIFTY26NOV24500CE is not known)

  Scenario: Positions that cannot be read are never none
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 the positions cannot be read
    Then the facts are
      | open_positions   | unknown (at least 0 positions; positions not read: the call timed out) |
      | naked_short_legs | unknown (at least 0 legs; positions not read: the call timed out)      |
      | mtm              | unknown (positions not read: the call timed out)                       |
    And the positions are unknown because "positions not read: the call timed out"

  Scenario: A sold option without a stop, with one, and with one for half of it
    Given the account holds
      | symbol            | sold      | last |
      | NIFTY26N2424500CE | 150 @ 100 | 100  |
      | NIFTY26N2424600CE | 75 @ 80   | 80   |
      | NIFTY26N2424700CE | 75 @ 60   | 60   |
    And the orders of the day are
      | id | side | type | symbol            | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | NIFTY26N2424500CE | 75       | waiting for its trigger | 180     | 09:21:00 | 09:21:00 |
      | S2 | buy  | stop | NIFTY26N2424600CE | 75       | being changed           | 140     | 09:21:00 | 09:40:00 |
    When at 10:00:00 the account is read
    Then the fact unprotected_short_legs is 2 legs
    And the position NIFTY26N2424500CE has
      | unprotected_quantity | 75 units |
    And the position NIFTY26N2424600CE has
      | unprotected_quantity | 0 units    |
      | stop_price           | 140.00 INR |
    And the position NIFTY26N2424700CE has
      | unprotected_quantity | 75 units                                                                    |
      | stop_price           | unknown (at least 0.00 INR; no working stop stands for NFO:NIFTY26N2424700CE) |

  Scenario Outline: What does not protect: <what>
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424500CE | 75 @ 100 | 100  |
    And the orders of the day are
      | id | side   | type   | symbol   | quantity | status   | trigger   | product   | placed   | updated  |
      | S1 | <side> | <type> | <symbol> | 75       | <status> | <trigger> | <product> | 09:21:00 | 09:21:00 |
    When at 10:00:00 the account is read
    Then the fact unprotected_short_legs is 1 leg

    Examples:
      | what                      | side | type  | symbol            | status                  | trigger | product |
      | a limit order to buy      | buy  | limit | NIFTY26N2424500CE | resting                 |         | NRML    |
      | a stop on another strike  | buy  | stop  | NIFTY26N2424600CE | waiting for its trigger | 180     | NRML    |
      | a stop in another product | buy  | stop  | NIFTY26N2424500CE | waiting for its trigger | 180     | MIS     |
      | a stop to sell            | sell | stop  | NIFTY26N2424500CE | waiting for its trigger | 180     | NRML    |
      | a stop that was cancelled | buy  | stop  | NIFTY26N2424500CE | cancelled               | 180     | NRML    |
      | a stop that was rejected  | buy  | stop  | NIFTY26N2424500CE | rejected                | 180     | NRML    |

  Scenario: A stop in an unheard-of state may protect or not
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424500CE | 75 @ 100 | 100  |
    And the orders of the day are
      | id | side | type | symbol            | quantity | status     | status_text | trigger | placed   | updated  |
      | S1 | buy  | stop | NIFTY26N2424500CE | 75       | unheard-of | on hold     | 180     | 09:21:00 | 09:21:00 |
    When at 10:00:00 the account is read
    Then the position NIFTY26N2424500CE has
      | unprotected_quantity | unknown (between 0 units and 75 units; status of order S1 is not known (on hold)) |
    And the fact unprotected_short_legs is unknown (between 0 legs and 1 leg; status of order S1 is not known (on hold))
