Feature: Which stop-losses have filled
  Lineage, not status: a buy order that was a stop at some time, on a contract that was sold when it was placed, and
  that bought it back today.

  Background:
    Given the account holds
      | symbol            | sold     | bought | last |
      | NIFTY26N2424000CE | 75 @ 100 |        | 120  |
    And the orders of the day are also
      | id | side | type | symbol            | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | NIFTY26N2424000CE | 75       | waiting for its trigger | 175     | 09:21:00 | 09:21:00 |

  Scenario: A stop that waits has not been hit
    When at 10:00:00 the account is read
    Then the facts are
      | stop_loss_hit           | no                                      |
      | stop_loss_hits          | 0 orders                                |
      | stop_loss_partial       | 0 orders                                |
      | stop_triggered_unfilled | no                                      |
      | stop_loss.order_id      | unknown (no stop-loss has filled today) |

  Scenario: It fills
    When at 10:40:00 order S1 fills at 176.50
    Then the facts are
      | stop_loss_hit           | yes                 |
      | stop_loss_hits          | 1 order             |
      | stop_loss_partial       | 0 orders            |
      | stop_loss.order_id      | S1                  |
      | stop_loss.symbol        | NIFTY26N2424000CE   |
      | stop_loss.filled_at     | 2026-11-18 10:40:00 |
      | stop_loss.quantity      | 75 units            |
      | stop_loss.price         | 176.50 INR          |
      | stop_triggered_unfilled | no                  |
    And the fact mtm is -5,737.50 INR

  Scenario: Once hit it stays hit for the day, also when the order book has lost its orders
    When at 10:40:00 order S1 fills at 176.50
    And at 10:40:02 the orders cannot be read
    Then the fact stop_loss_hit is yes

  Scenario: It triggers and rests unfilled while the market runs through it
    When at 10:40:00 order S1 triggers
    Then the facts are
      | stop_loss_hit           | no  |
      | stop_triggered_unfilled | yes |
    And the position NIFTY26N2424000CE has
      | stop_triggered_unfilled | yes |

  Scenario: A part of it fills
    When at 10:40:00 25 of order S1 fill at 176.50
    Then the facts are
      | stop_loss_hit     | no       |
      | stop_loss_partial | 1 order  |
      | stop_loss_hits    | 0 orders |

  Scenario: A desk that takes half a fill as a hit
    Given the stop-loss share is 50%
    When at 10:40:00 50 of order S1 fill at 176.50
    Then for the policy the facts are
      | stop_loss_hit     | yes      |
      | stop_loss_hits    | 1 order  |
      | stop_loss_partial | 0 orders |

  Scenario: Without the trades the order's own stamps decide
    Given the broker tells no trades
    When at 10:00:00 the account is read
    And at 10:40:00 order S1 fills at 176.50
    Then the fact stop_loss_hit is yes

  Scenario Outline: Look-alikes that are no stop-loss: <what>
    Given the account holds
      | symbol            | sold     | bought  | last |
      | NIFTY26N2425000CE |          | 75 @ 30 | 30   |
    And the orders of the day are also
      | id | side   | type   | symbol   | quantity | status   | filled   | trigger   | average | placed   | updated  |
      | L1 | <side> | <type> | <symbol> | 75       | <status> | <filled> | <trigger> | 36      | 10:10:00 | 10:20:00 |
    When at 10:30:00 the account is read
    Then the fact stop_loss_hit is no

    Examples:
      | what                                  | side | type  | symbol            | status    | filled | trigger |
      | a stop that sells a bought hedge      | sell | stop  | NIFTY26N2425000CE | cancelled |        | 20      |
      | a stop that was cancelled             | buy  | stop  | NIFTY26N2424000CE | cancelled |        | 175     |
      | a stop that was rejected              | buy  | stop  | NIFTY26N2424000CE | rejected  |        | 175     |
      | a limit order that waits              | buy  | limit | NIFTY26N2424000CE | resting   |        |         |

  Scenario: A stop that buys into a flat contract is an entry
    When at 10:00:00 a stop order E9 to buy 75 NIFTY26N2425000CE is placed
    And at 10:10:00 order E9 fills at 36
    Then the fact stop_loss_hit is no

  Scenario: A limit order that buys the short back is no stop
    When at 10:10:00 the trader buys 75 NIFTY26N2424000CE at 90
    Then the fact stop_loss_hit is no

  Scenario: A limit order that was a stop before it was changed, by its history
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | status  | trigger | placed   | updated  |
      | S2 | buy  | limit | NIFTY26N2424000CE | 75       | resting |         | 09:25:00 | 10:20:00 |
    And the history of order S2 was read
      | status          | type  | at       |
      | TRIGGER_PENDING | STOP  | 09:25:00 |
      | NEW             | LIMIT | 10:20:00 |
    When at 10:21:00 order S2 fills at 181
    Then the facts are
      | stop_loss_hit      | yes |
      | stop_loss.order_id | S2  |

  Scenario: Orders that cannot be read are never none
    When at 10:00:00 the orders cannot be read
    Then the facts are
      | stop_loss_hit           | unknown (orders not read: the call timed out)                       |
      | stop_loss_hits          | unknown (at least 0 orders; orders not read: the call timed out) |
      | stop_triggered_unfilled | unknown (orders not read: the call timed out)                       |
