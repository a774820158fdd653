# Why: a row is what a latch and a confirmation belong to; a rule about an underlying must not be held back by another
# underlying, nor an order's by the order before it.
# How it could pass vacuously: with one row only. So every scenario holds two.
Feature: A rule for each order, trade, underlying, expiry or account

  Background:
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26D0385000CE | 500 @ 200 |          | 200  | 20  |
      | NIFTY26NOV24000CE  | 750 @ 100 |          | 100  | 75  |

  Scenario: Each order by itself, once
    Given the policy
      """
      policy: large-order
      for_each: order
      where: order.is_working
      when: order.quantity > 1_000
      confirm: at once
      on_unknown: wait
      once: per order
      then: [{cancel_orders: this}]
      because: "{order.side} {order.quantity} {order.symbol}"
      """
    And the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | L1 | sell | limit | SENSEX26NOV84000CE | 2000     | resting | 09:59:00 | 09:59:00 |
      | L2 | sell | limit | SENSEX26NOV84000CE | 500      | resting | 09:59:00 | 09:59:00 |
    When at 10:00:00 the account is read
    Then large-order fires for L1
    And it says of L1 "SELL 2000 SENSEX26NOV84000CE"
    And large-order is clear for L2
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | L3 | sell | limit | SENSEX26NOV84000CE | 3000     | resting | 10:00:01 | 10:00:01 |
    When at 10:00:02 nothing has changed
    Then large-order fires for L3
    And it has acted twice
    When at 10:00:04 order L1 is cancelled
    Then large-order says nothing of L1
    And it has acted twice

  Scenario: Each trade
    Given the policy
      """
      policy: dear-buy
      for_each: fill
      where: fill.side == BUY
      when: fill.price > 150
      confirm: at once
      once: per fill
      then: [{notify: telegram}]
      because: "{fill.quantity} {fill.symbol} bought at {fill.price}"
      """
    When at 10:00:00 the trader buys 100 SENSEX26NOV85000CE at 160
    And at 10:00:02 the trader buys 100 SENSEX26NOV85000CE at 120
    And at 10:00:04 the trader buys 100 SENSEX26NOV85000CE at 170
    And at 10:00:06 nothing has changed
    Then it has acted twice

  Scenario: Each underlying has its own confirmation and its own latch
    Given the policy
      """
      policy: underlying-stop
      for_each: underlying
      when: underlying.loss >= 5k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per underlying per day
      then:
        - square_off: {where: position.underlying == underlying.name}
      because: "{underlying.name} lost {underlying.loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 110
    And at 10:00:02 NIFTY26NOV24000CE trades at 107
    And at 10:00:04 nothing has changed
    Then underlying-stop fires for SENSEX
    And underlying-stop is pending for NIFTY
    When at 10:00:06 nothing has changed
    Then underlying-stop fires for NIFTY
    And it has acted twice
    When at 10:01:00 SENSEX26NOV85000CE trades at 100
    And at 10:02:00 SENSEX26NOV85000CE trades at 130
    And at 10:02:04 nothing has changed
    Then underlying-stop is latched for SENSEX

  Scenario: Two expiries of one underlying are two rows
    Given the policy
      """
      policy: dear-premium
      for_each: expiry
      where: expiry.short_calls > 0
      when: expiry.short_premium_now >= 140% of expiry.short_premium_received
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per expiry per day
      then:
        - square_off: {where: position.underlying == expiry.underlying and position.expiry == expiry.date}
      because: "{expiry.underlying}: {expiry.short_premium_now} against {expiry.short_premium_received}"
      """
    When at 10:00:00 SENSEX26D0385000CE trades at 280
    And at 10:00:04 nothing has changed
    Then dear-premium fires for 2026-12-03
    And dear-premium is clear for SENSEX:2026-11
    When at 10:00:10 the trader buys 500 SENSEX26D0385000CE at 280
    Then dear-premium says nothing of 2026-12-03

  Scenario: The account is a row too
    Given the policy
      """
      policy: whole-account
      for_each: account
      when: loss >= 5k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{square_off: all}]
      because: "{account.id} lost {loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 110
    And at 10:00:04 nothing has changed
    Then whole-account fires
    And it says "A1 lost 5,000.00 INR"

  Scenario: While the order book cannot be read no order is forgotten, and none acts twice
    Given the policy
      """
      policy: large-order
      for_each: order
      where: order.is_working
      when: order.quantity > 1_000
      confirm: at once
      on_unknown: wait
      once: per order
      then: [{cancel_orders: this}]
      because: "{order.quantity}"
      """
    And the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | L1 | sell | limit | SENSEX26NOV84000CE | 2000     | resting | 09:59:00 | 09:59:00 |
    When at 10:00:00 the account is read
    Then large-order fires for L1
    When at 10:00:02 the orders cannot be read
    Then large-order fires for L1
    When at 10:00:04 the orders can be read again
    Then large-order fires for L1
    And it has acted once

  Scenario: Vanished and back, an order's latch still stands
    Given the policy
      """
      policy: large-order
      for_each: order
      where: order.status == NEW
      when: order.quantity > 1_000
      confirm: at once
      on_unknown: wait
      once: per order
      then: [{cancel_orders: this}]
      because: "{order.quantity}"
      """
    And the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | L1 | sell | limit | SENSEX26NOV84000CE | 2000     | resting | 09:59:00 | 09:59:00 |
    When at 10:00:00 the account is read
    And at 10:00:02 order L1 is being changed
    Then large-order says nothing of L1
    When at 10:00:04 order L1 triggers
    Then large-order is latched for L1
    And it has acted once
