# Why: a language is tried by what its makers did not think of. These ten were written as a risk manager would, before
# anybody looked which words there are.
Feature: Ten policies more, as risk managers ask for them

  Scenario: One side of a strangle costs three times the other
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the policy
      """
      policy: lopsided-strangle
      title: One side of a strangle costs three times the other
      severity: warning
      mode: enforce
      accounts: all
      during: market_hours
      for_each: expiry
      where: expiry.short_calls > 0 and expiry.short_puts > 0
      when:
        any:
          - expiry.short_call_premium_now >= 3 * expiry.short_put_premium_now
          - expiry.short_put_premium_now >= 3 * expiry.short_call_premium_now
      confirm: {samples: 3, at_least: 1m, max_gap: 20s}
      then:
        - notify: telegram
      because: "{expiry.underlying} {expiry.date}: calls {expiry.short_call_premium_now}, puts {expiry.short_put_premium_now}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 299
    And that goes on until 10:01:10
    Then lopsided-strangle is clear
    When at 10:02:00 SENSEX26NOV85000CE trades at 300
    And that goes on until 10:03:00
    Then lopsided-strangle fires

  Scenario: Eight thousand in five minutes
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the account is read every 5s
    And the policy
      """
      policy: fast-loss
      title: Eight thousand lost in five minutes
      severity: critical
      mode: enforce
      accounts: all
      when: change(mtm, 5m) <= -8k
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      cooldown: 10m
      then:
        - block_entries: {until: 30m}
        - notify: [telegram, call]
      because: "{change(mtm, 5m)} in five minutes, now {mtm}"
      """
    When at 10:00:00 the loss is 0
    And that goes on until 10:05:00
    And at 10:05:05 the loss is 7,999.50
    And that goes on until 10:05:20
    Then fast-loss is clear
    When at 10:05:25 the loss is 8,000
    And at 10:05:30 nothing has changed
    Then fast-loss fires

  Scenario: NIFTY runs while shorts are naked
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the account is read every 5s
    And the policy
      """
      policy: index-runs-while-naked
      title: NIFTY moves one percent in ten minutes while shorts are naked
      severity: critical
      mode: enforce
      accounts: all
      when:
        all:
          - naked_short_lots > 0
          - move('NIFTY', 10m) >= 1% or move('NIFTY', 10m) <= -1%
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 30s}
      cooldown: 15m
      then:
        - square_off:
            where: position.underlying == 'NIFTY' and not position.is_covered
        - notify: call
      because: "NIFTY moved {move('NIFTY', 10m)} with {naked_short_lots} naked"
      """
    When at 10:00:00 NIFTY 50 stands at 24,000
    And that goes on until 10:10:00
    Then index-runs-while-naked is clear
    When at 10:10:05 NIFTY 50 stands at 23,760
    And at 10:10:10 nothing has changed
    Then index-runs-while-naked fires

  Scenario: Nothing naked over the weekend
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And it is Friday, 2026-11-20
    And the policy
      """
      policy: no-naked-weekend
      title: Nothing naked over the weekend
      severity: warning
      mode: enforce
      accounts: all
      during: {from: 15:05, to: 15:25}
      when:
        all:
          - weekday == FRI
          - naked_short_lots > 0
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 10s, block_entries: after 20s}
      once: per account per day
      then:
        - notify: telegram
        - ask: {text: "Close the naked shorts before the weekend?", wait: 2m, unanswered: go on}
        - square_off:
            where: position.is_short and not position.is_covered
      because: "{naked_short_lots} naked before the weekend"
      """
    When at 15:04:58 the account is read
    Then no-naked-weekend is clear
    When at 15:05:00 nothing has changed
    And at 15:05:04 nothing has changed
    Then no-naked-weekend fires

  Scenario: An order far beyond what we ever send
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the orders of the day are also
      | id | side | type  | symbol             | quantity | lot | status  | placed   | updated  |
      | L1 | sell | limit | SENSEX26NOV84000CE | 2000     | 20  | resting | 09:59:00 | 09:59:00 |
      | L2 | sell | limit | SENSEX26NOV84000CE | 400      | 20  | resting | 09:59:00 | 09:59:00 |
      | L3 | buy  | limit | SENSEX26NOV85000CE | 500      | 20  | resting | 09:59:00 | 09:59:00 |
    And the policy
      """
      policy: fat-finger
      title: An order far beyond what we ever send
      severity: critical
      mode: enforce
      accounts: all
      for_each: order
      where: order.is_working and order.effect == opens
      when: order.lots > lots_cap(order.underlying)
      confirm: at once
      on_unknown: {alert: after 5s}
      once: per order
      then:
        - cancel_orders: this
        - notify: call
      because: "{order.side} {order.lots} of {order.symbol}, the most is {lots_cap(order.underlying)}"
      """
    When at 10:00:00 the account is read
    Then fat-finger fires for L1
    And fat-finger is clear for L2
    And fat-finger says nothing of L3

  Scenario: A stop stands too far away
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the orders of the day are also
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 170     | 09:21:00 | 09:21:00 |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 160     | 09:21:00 | 09:21:00 |
    And the policy
      """
      policy: stop-too-far
      title: A stop stands further away than sixty percent of the premium
      severity: warning
      mode: enforce
      accounts: all
      for_each: position
      where: position.is_short and position.is_option and position.unprotected_quantity == 0
      when: position.stop_price > 160% of position.entry_price
      confirm: {samples: 2, at_least: 1m, max_gap: 10s}
      cooldown: 30m
      then:
        - notify: telegram
      because: "{position.symbol}: sold at {position.entry_price}, stop only at {position.stop_price}"
      """
    When at 10:00:00 the account is read
    And that goes on until 10:01:00
    Then stop-too-far fires for SENSEX26NOV85000CE
    And stop-too-far is clear for SENSEX26NOV82000PE

  Scenario: One lakh in a week
    Given it is Monday, 2026-11-16
    And an account that has sold 5,000 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: week-limit
      title: One lakh in a week is enough
      severity: critical
      mode: enforce
      accounts: all
      when: week_loss >= 1 lakh
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 30s}
      once: per account per week
      then:
        - notify: [telegram, call]
        - block_entries: {until: end of week, foreign_orders: cancel}
        - square_off: all
      because: "{week_loss} lost this week"
      """
    When at 10:00:00 the loss is 99,999.50
    And at 10:00:10 nothing has changed
    Then week-limit is clear
    When at 10:01:00 the loss is 100,000
    And at 10:01:04 nothing has changed
    Then week-limit fires

  Scenario: Flat and green before lunch
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the policy
      """
      policy: walk-away-green
      title: Flat and green before lunch - done for the day
      severity: info
      mode: enforce
      accounts: all
      during: {from: 11:00, to: 15:30}
      when:
        all:
          - open_positions == 0
          - at(open_positions, 11:00) > 0
          - realized_pnl >= 20k
      then:
        - block_entries: {until: end of session, foreign_orders: report}
        - notify: telegram
      because: "Flat with {realized_pnl}; enough for today"
      """
    When at 10:59:58 the account is read
    And at 11:10:00 the trader buys 500 SENSEX26NOV85000CE at 70
    And at 11:20:00 the trader buys 500 SENSEX26NOV82000PE at 80
    And at 11:20:02 nothing has changed
    Then walk-away-green fires
    And it says "Flat with 25,000.00 INR; enough for today"

  Scenario: Three rejections in five minutes
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the policy
      """
      policy: margin-rejections
      title: Three rejections in five minutes - somebody or something keeps trying
      severity: warning
      mode: enforce
      accounts: all
      when: count_over(rejections, 5m) >= 3
      then:
        - block_entries: {until: 15m}
        - notify: call
      because: "{count_over(rejections, 5m)} rejected in five minutes"
      """
    When at 10:00:00 the account is read
    And that goes on until 10:05:00
    Then margin-rejections is clear
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status   | placed   | updated  |
      | R1 | sell | limit | SENSEX26NOV84000CE | 500      | rejected | 10:05:01 | 10:05:01 |
      | R2 | sell | limit | SENSEX26NOV84000CE | 500      | rejected | 10:05:01 | 10:05:01 |
      | R3 | sell | limit | SENSEX26NOV84000CE | 500      | rejected | 10:05:01 | 10:05:01 |
    When at 10:05:02 nothing has changed
    And at 10:05:04 nothing has changed
    Then margin-rejections fires

  Scenario: Fewer lots when India VIX is high
    Given the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  | 20  |
    And the policy
      """
      policy: calm-lots
      title: Fewer lots when India VIX is high
      severity: warning
      mode: enforce
      accounts: all
      let:
        most:
          default: 30
          cases:
            - if: spot('INDIA VIX') >= 25
              use: 8
            - if: spot('INDIA VIX') >= 18
              use: 15
      for_each: underlying
      when: underlying.short_lots > most
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      then:
        - block_entries: {underlying: this, until: cleared}
        - notify: telegram
      because: "{underlying.short_lots} short on {underlying.name}, VIX {spot('INDIA VIX')} allows {most}"
      """
    When at 10:00:00 INDIA VIX stands at 17
    And at 10:00:04 nothing has changed
    Then calm-lots fires for SENSEX
    And it says of SENSEX "50 short on SENSEX, VIX 17.00 INR allows 30"
    When at 10:01:00 the trader buys 500 SENSEX26NOV85000CE at 100
    Then calm-lots is clear for SENSEX
    When at 10:02:00 INDIA VIX stands at 18.5
    And at 10:02:04 nothing has changed
    Then calm-lots fires for SENSEX

