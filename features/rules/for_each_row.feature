# Why: a limit for each underlying, each expiry or each order is one policy; written per account it would add up what
# has nothing to do with each other, or act on one row for what another did.
# What must not happen: a row that cannot be told counted in or left out in silence, an order of this morning that fires
# when the engine starts, a row that comes back and acts under its old latch as if nothing had been.
Feature: A rule for each underlying, expiry, order, fill or account
  The row is named in the singular in `where`, `when`, `then` and `because`. What holds for positions holds for all rows.

  Background:
    Given the account holds
      | symbol             | sold     | last |
      | NIFTY26N2424000CE  | 75 @ 100 | 100  |
      | SENSEX26NOV85000CE | 20 @ 300 | 300  |

  Scenario: Each underlying is confirmed by its own readings, and has its own latch
    Given the policy
      """
      policy: of-underlying
      for_each: underlying
      when: underlying.loss >= 1k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      once: per underlying per day
      because: "{underlying.name} has lost {underlying.loss}"
      """
    When at 10:00:00 NIFTY26N2424000CE trades at 120
    And at 10:00:02 SENSEX26NOV85000CE trades at 360
    And at 10:00:04 nothing has changed
    Then of-underlying fires for NIFTY
    And it says of NIFTY "NIFTY has lost 1,500.00 INR"
    And of-underlying is pending for SENSEX
    When at 10:00:06 nothing has changed
    Then of-underlying fires for SENSEX
    And it has acted twice
    And every decision so far has its own key
    When at 10:00:08 NIFTY26N2424000CE trades at 100
    And at 10:00:10 NIFTY26N2424000CE trades at 130
    And at 10:00:14 nothing has changed
    Then of-underlying is latched for NIFTY

  Scenario: An underlying whose positions are closed goes on being judged: what it lost today it has lost
    Given the policy
      """
      policy: of-underlying
      for_each: underlying
      when: underlying.loss >= 1k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the trader buys 75 NIFTY26N2424000CE at 120
    And at 10:00:04 nothing has changed
    Then of-underlying fires for NIFTY

  Scenario: A contract that does not tell its underlying leaves open which one has lost, and alerts
    Given the account holds
      | symbol  | sold     | last |
      | ODDNAME | 10 @ 500 | 500  |
    And the policy
      """
      policy: of-underlying
      for_each: underlying
      when: underlying.loss >= 1k
      confirm: at once
      on_unknown: {alert: after 4s}
      """
    When at 10:00:00 nothing has changed
    Then of-underlying is clear for NIFTY
    And of-underlying is clear for NFO:ODDNAME
    When at 10:00:02 ODDNAME trades at 620
    Then of-underlying is unknown for NIFTY
    And of-underlying is unknown for NFO:ODDNAME
    And it has acted never
    When at 10:00:04 NIFTY26N2424000CE trades at 114
    Then of-underlying fires for NIFTY
    And of-underlying is unknown for SENSEX

  Scenario: The one contract there is makes an underlying of its own, whatever it is called
    Given the account is flat
    And the account holds
      | symbol  | sold     | last |
      | ODDNAME | 10 @ 500 | 500  |
    And the policy
      """
      policy: of-underlying
      for_each: underlying
      when: underlying.loss >= 1k
      confirm: at once
      """
    When at 10:00:00 ODDNAME trades at 620
    Then of-underlying fires for NFO:ODDNAME

  Scenario: While the positions cannot be read no underlying forgets what it was about to do
    Given the policy
      """
      policy: of-underlying
      for_each: underlying
      when: underlying.loss >= 1k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      """
    When at 10:00:00 NIFTY26N2424000CE trades at 120
    And at 10:00:02 the positions cannot be read
    And at 10:00:04 the positions can be read again
    Then of-underlying fires for NIFTY
    And it has acted once

  Scenario: What an underlying has blocked until it clears ends with its last leg of the day
    Given the policy
      """
      policy: of-underlying
      for_each: underlying
      when: underlying.short_lots > 0
      confirm: at once
      once: per underlying per day
      then: [{block_entries: {until: cleared, underlying: this}}]
      mode: enforce
      """
    And the contract file says that a lot of NIFTY26N2424000CE is 75
    And the contract file says that a lot of SENSEX26NOV85000CE is 20
    When at 10:00:00 nothing has changed
    Then of-underlying fires for NIFTY
    When at 10:00:10 the trader buys 75 NIFTY26N2424000CE at 100
    Then of-underlying is clear for NIFTY
    And of-underlying fires for SENSEX
    When at 10:00:20 the trader sells 75 NIFTY26N2424000CE at 100
    Then of-underlying is latched for NIFTY

  Scenario: An expiry that is closed is gone, and is another episode under the same latch when it comes back
    Given the policy
      """
      policy: of-expiry
      for_each: expiry
      where: expiry.underlying == 'NIFTY'
      when: expiry.short_premium_now >= 120% of expiry.short_premium_received
      confirm: at once
      once: per expiry per day
      because: "{expiry.underlying} {expiry.date}"
      """
    When at 10:00:00 NIFTY26N2424000CE trades at 120
    Then of-expiry fires for NIFTY:2026-11-24
    And it says of NIFTY:2026-11-24 "NIFTY 2026-11-24"
    And of-expiry says nothing of SENSEX
    When at 10:00:10 the trader buys 75 NIFTY26N2424000CE at 120
    Then of-expiry is clear
    And the note is "no expiries that match `where`"
    When at 10:00:20 the trader sells 75 NIFTY26N2424000CE at 50
    And at 10:00:30 NIFTY26N2424000CE trades at 120
    Then of-expiry is latched for NIFTY:2026-11-24
    And it has acted once

  Scenario: With a latch for the week an expiry stays as it is the next day
    Given the policy
      """
      policy: of-expiry
      for_each: expiry
      when: expiry.loss >= 1k
      confirm: at once
      once: per expiry per week
      """
    When at 10:00:00 NIFTY26N2424000CE trades at 120
    Then of-expiry fires for NIFTY:2026-11-24
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 10:00:00 NIFTY26N2424000CE trades at 150
    Then of-expiry is latched for NIFTY:2026-11-24

  Scenario: A rule about orders that does not ask how old they are fires for those of this morning
    Given the policy
      """
      policy: of-order
      for_each: order
      where: order.side == SELL
      when: order.quantity >= 75
      confirm: at once
      once: per order
      because: "{order.quantity} {order.symbol}"
      """
    When at 10:00:00 nothing has changed
    Then it has acted once
    When at 10:00:10 nothing has changed
    Then it has acted once

  Scenario: An order is judged while it is young, once, and each order by itself
    Given the policy
      """
      policy: of-order
      for_each: order
      where: order.is_working and order.age < 1m
      when: order.quantity > 100
      confirm: at once
      once: per order
      then: [{cancel_orders: this}]
      on_unknown: wait
      because: "{order.id}: {order.quantity} {order.symbol}"
      """
    When at 10:00:00 nothing has changed
    Then of-order is clear
    And the note is "no orders that match `where`"
    When at 10:00:10 a stop order S1 to buy 150 NIFTY26N2424000CE is placed
    Then of-order fires for S1
    And it says of S1 "S1: 150 NIFTY26N2424000CE"
    When at 10:00:20 a stop order S2 to buy 75 NIFTY26N2424000CE is placed
    Then of-order is clear for S2
    When at 10:00:30 a stop order S3 to buy 200 NIFTY26N2424000CE is placed
    Then of-order fires for S3
    And it has acted twice
    And every decision so far has its own key
    When at 10:02:00 nothing has changed
    Then of-order says nothing of S1

  Scenario: While the order book cannot be read nothing is said of any order, and it is told once
    Given the policy
      """
      policy: of-order
      for_each: order
      where: order.age < 1m
      when: order.quantity > 100
      on_unknown: {alert: after 4s}
      """
    When at 10:00:00 the orders cannot be read
    Then of-order is unknown
    When that goes on until 10:00:10
    Then it has alerted once, at 10:00:04

  Scenario: Each trade by itself
    Given the policy
      """
      policy: of-fill
      for_each: fill
      where: fill.side == BUY and since(fill.filled_at) < 1m
      when: fill.price >= 150
      confirm: at once
      once: per fill
      because: "{fill.quantity} {fill.symbol} at {fill.price}"
      """
    When at 10:00:00 the trader buys 25 NIFTY26N2424000CE at 140
    Then it has acted never
    When at 10:00:10 the trader buys 50 NIFTY26N2424000CE at 155
    Then it has acted once
    When at 10:00:20 nothing has changed
    Then it has acted once

  Scenario: The account as a row
    Given the policy
      """
      policy: of-account
      for_each: account
      where: account.broker == 'none' and account.exchange == 'NSE'
      when: loss >= 1k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{square_off: all}]
      because: "{account.id} has lost {loss}"
      """
    When at 10:00:00 NIFTY26N2424000CE trades at 120
    And at 10:00:04 nothing has changed
    Then of-account fires for A1
    And it says of A1 "A1 has lost 1,500.00 INR"
