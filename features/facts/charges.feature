# Why: an option seller's small gains are largely eaten by charges; a limit on the result after them must rest on rates
# that are dated and on trades that are all told, and say so where they are not.
Feature: The result after charges
  Charges are estimated from today's trades by the rates of their exchange and segment on the trading date: transaction
  tax, stamp duty, the exchange's charge, the regulator's fee, brokerage for each executed order, tax on services.

  Background:
    Given the account holds
      | symbol            | sold     | bought  | last |
      | NIFTY26N2424000CE | 75 @ 100 |         | 90   |
      | NIFTY26N2424500CE |          | 75 @ 30 | 28   |

  Scenario: At Kite each executed order costs 20
    # The sale of 7,500.00: 11.25 tax, 2.66475 + 0.0075 exchange and regulator, 20 brokerage, 18 % on the last three.
    # The purchase of 2,250.00: 0.0675 stamp, 0.799425 + 0.00225, 20, 18 %.
    Given the account is with kite
    When at 10:00:00 the account is read
    Then the facts are
      | mtm     | 600.00 INR |
      | charges | 62.62 INR  |
      | mtm_net | 537.38 INR |

  Scenario: At Kotak an order costs up to 20, and a comparison is decided where both ends agree
    Given the account is with kotak
    When at 10:00:00 the account is read
    Then the fact charges is unknown (between 15.42 INR and 62.62 INR; what kotak takes for an order depends on the plan)
    And the fact mtm_net is unknown (between 537.38 INR and 584.58 INR; what kotak takes for an order depends on the plan)

  Scenario: An order that fills in parts pays its brokerage once
    Given the account is with kite
    And the orders of the day are also
      | id | side | type  | symbol            | quantity | status  | placed   | updated  |
      | O1 | buy  | limit | NIFTY26N2424000CE | 75       | resting | 09:30:00 | 09:30:00 |
    When at 10:00:00 25 of order O1 fill at 90
    And at 10:00:02 50 of order O1 fill at 90
    # 6,750.00 bought: 0.2025 stamp, 2.398275 + 0.00675, 20, 18 %: 26.6403…
    Then the fact charges is 89.26 INR

  Scenario: A day without trades costs nothing
    Given the account is with kite
    And it is Thursday, 2026-11-19
    And a new day, Thursday, 2026-11-19, begins with what is still open
    When at 10:00:00 the account is read
    Then the facts are
      | charges | 0.00 INR |
      | mtm_net | 0.00 INR |

  Scenario: Trades that cannot be read: the result after charges is at most the one before
    Given the account is with kite
    When at 10:00:00 the trades cannot be read
    Then the facts are
      | charges | unknown (at least 0.00 INR; trades not read: the call timed out)  |
      | mtm_net | unknown (at most 600.00 INR; trades not read: the call timed out) |

  Scenario: A broker whose brokerage nobody looked up: the rest of the charges is certain
    When at 10:00:00 the account is read
    Then the fact charges is unknown (at least 15.42 INR; no brokerage is known for none)

  Scenario: A day before the table begins
    Given the account is with kite
    And it is Wednesday, 2024-09-25
    And a new day, Wednesday, 2024-09-25, begins with what is still open
    When at 10:00:00 the trader buys 75 NIFTY26N2424000CE at 91
    Then the fact charges is unknown (at least 0.00 INR; no charges are known for NFO:NIFTY26N2424000CE on 2024-09-25)

  Scenario: Charges turn a small profit into a loss, and the policy sees it
    Given the account is with kite
    And the policy
      """
      policy: charges-eat-it
      mode: enforce
      when: mtm > 0 and mtm_net < 0
      confirm: at once
      then: [notify: telegram]
      because: "{mtm} before charges of {charges}"
      """
    When at 10:00:00 the profit is 60
    Then charges-eat-it fires
