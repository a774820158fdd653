Feature: A short strangle that costs 40 % more than was received for it is closed, expiry by expiry

  Background:
    Given the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
      | SENSEX26D0385000CE | 500 @ 200 |          | 200  |
    And the policy
      """
      policy: strangle-premium
      title: Close a strangle whose premium has grown by 40 %
      severity: critical
      mode: enforce
      accounts: all
      during: market_hours
      for_each: expiry
      where: expiry.short_calls > 0 and expiry.short_puts > 0
      when: expiry.short_premium_now >= 140% of expiry.short_premium_received
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per expiry per day
      then:
        - square_off:
            where: position.underlying == expiry.underlying and position.expiry == expiry.date
      because: "{expiry.underlying} {expiry.date}: premium {expiry.short_premium_now} against {expiry.short_premium_received}"
      """

  Scenario: Call and put together cost 140 where 100 was received
    When at 10:00:00 SENSEX26NOV85000CE trades at 180
    And at 10:00:04 nothing has changed
    Then strangle-premium fires for SENSEX
    And it has acted once

  Scenario: The call doubles while the put melts: the strangle does not
    When at 10:00:00 SENSEX26NOV82000PE trades at 40
    And at 10:00:02 SENSEX26NOV85000CE trades at 200
    And at 10:00:10 nothing has changed
    Then strangle-premium is clear for SENSEX

  Scenario: A sold call alone is no strangle, however dear
    When at 10:00:00 SENSEX26D0385000CE trades at 900
    And at 10:00:10 nothing has changed
    Then strangle-premium is clear for SENSEX
    And it has acted never

  Scenario: A missing price of one leg leaves it open, unless the other alone is enough
    When at 10:00:00 the price of SENSEX26NOV82000PE is missing
    Then strangle-premium is unknown for SENSEX
    When at 10:00:02 SENSEX26NOV85000CE trades at 280
    And at 10:00:06 nothing has changed
    Then strangle-premium fires for SENSEX
