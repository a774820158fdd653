Feature: The orders and trades of the day

  Background:
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 120  |
    And the orders of the day are also
      | id | side | type   | symbol            | quantity | status                  | filled | trigger | placed           | updated          |
      | S1 | buy  | stop   | NIFTY26N2424000CE | 75       | waiting for its trigger |        | 175     | 09:21:00         | 09:21:00         |
      | R1 | sell | limit  | NIFTY26N2424100CE | 150      | rejected                |        |         | 09:30:00         | 09:30:01         |
      | C1 | sell | limit  | NIFTY26N2424100CE | 150      | cancelled               |        |         | 09:31:00         | 09:35:00         |
      | P1 | sell | limit  | NIFTY26N2424200CE | 150      | partly filled           | 75     |         | 09:32:00         | 09:33:00         |
      | Y1 | buy  | limit  | NIFTY26N2424300CE | 75       | cancelled               |        |         | 2026-11-17 15:20 | 2026-11-17 15:29 |

  Scenario: Counting them: yesterday's do not count, the filled entry does
    When at 10:00:00 the account is read
    Then the facts are
      | open_orders  | 2 orders |
      | orders_today | 5 orders |
      | rejections   | 1 order  |
      | order_rate   | 0 orders |
    And there are 5 orders

  Scenario: An order in an unheard-of state may still work
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | status     | status_text | placed   | updated  |
      | U1 | sell | limit | NIFTY26N2424400CE | 75       | unheard-of | on hold     | 09:40:00 | 09:40:00 |
    When at 10:00:00 the account is read
    Then the facts are
      | open_orders | unknown (between 2 orders and 3 orders; status of order U1 is not known (on hold)) |
      | rejections  | unknown (between 1 order and 2 orders; status of order U1 is not known (on hold))  |
    And the order U1 has
      | status     | unknown (status of order U1 is not known (on hold)) |
      | is_working | unknown (status of order U1 is not known (on hold)) |

  Scenario: One order, in every field
    Given order C1 carries
      | price        | 88.50            |
      | reason       | Order cancelled  |
      | lot_size     | 75               |
      | tag          | desk7            |
      | cancelled_by | trader           |
    When at 10:00:00 the account is read
    Then the order C1 has
      | id              | C1                                              |
      | symbol          | NIFTY26N2424100CE                               |
      | underlying      | NIFTY                                           |
      | side            | SELL                                            |
      | type            | LIMIT                                           |
      | status          | CANCELED                                        |
      | quantity        | 150 units                                       |
      | lots            | 2 lots                                          |
      | filled_quantity | 0 units                                         |
      | price           | 88.50 INR                                       |
      | trigger_price   | unknown (trigger price of order C1 not told)    |
      | product         | NRML                                            |
      | was_stop        | no                                              |
      | is_working      | no                                              |
      | is_option       | yes                                             |
      | cancelled_by    | trader                                          |
      | reason          | Order cancelled                                 |
      | tag             | desk7                                           |
      | placed_at       | 2026-11-18 09:31:00                             |
      | updated_at      | 2026-11-18 09:35:00                             |
      | age             | 29m                                             |
    And the order S1 has
      | type          | STOP       |
      | trigger_price | 175.00 INR |
      | was_stop      | yes        |
      | is_working    | yes        |

  Scenario: One trade, in every field
    When at 10:00:00 the account is read
    Then the trade T1 has
      | id         | T1                  |
      | order_id   | E1                  |
      | symbol     | NIFTY26N2424000CE   |
      | underlying | NIFTY               |
      | side       | SELL                |
      | quantity   | 75 units            |
      | price      | 100.00 INR          |
      | product    | NRML                |
      | filled_at  | 2026-11-18 09:20:00 |
      | is_option  | yes                 |

  Scenario: Orders and trades that cannot be read
    When at 10:00:00 the orders cannot be read
    And at 10:00:02 the trades cannot be read
    Then the facts are
      | open_orders  | unknown (at least 0 orders; orders not read: the call timed out) |
      | orders_today | unknown (at least 0 orders; orders not read: the call timed out) |
    And the orders are unknown because "orders not read: the call timed out"
    And the trades are unknown because "trades not read: the call timed out"
