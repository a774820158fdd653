Feature: One underlying that lost 15,000 is closed, the others go on

  Background:
    Given the account holds
      | symbol             | sold      | bought   | last |
      | NIFTY26NOV24000CE  | 750 @ 100 |          | 100  |
      | NIFTY26NOV26000CE  |           | 750 @ 10 | 10   |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
    And the policy
      """
      policy: underlying-loss
      title: An underlying that lost its limit is closed for the day
      severity: critical
      mode: enforce
      accounts: all
      during: market_hours
      let:
        limit: 15k
      for_each: underlying
      when: underlying.loss >= limit
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per underlying per day
      then:
        - square_off:
            where: position.underlying == underlying.name
        - block_entries:
            underlying: this
      because: "{underlying.name} lost {underlying.loss} today"
      """

  Scenario: NIFTY loses 15,000, SENSEX does not
    When at 10:00:00 NIFTY26NOV24000CE trades at 120
    And at 10:00:04 nothing has changed
    Then underlying-loss fires for NIFTY
    And it says of NIFTY "NIFTY lost 15,000.00 INR today"
    And underlying-loss is clear for SENSEX

  Scenario: What the hedge won counts
    When at 10:00:00 NIFTY26NOV26000CE trades at 15
    And at 10:00:02 NIFTY26NOV24000CE trades at 122
    And at 10:00:10 nothing has changed
    Then underlying-loss is clear for NIFTY
    When at 10:00:12 NIFTY26NOV24000CE trades at 125
    And at 10:00:16 nothing has changed
    Then underlying-loss fires for NIFTY

  Scenario: Two underlyings together are not one
    When at 10:00:00 NIFTY26NOV24000CE trades at 112
    And at 10:00:02 SENSEX26NOV85000CE trades at 118
    And at 10:00:10 nothing has changed
    Then underlying-loss is clear for NIFTY
    And underlying-loss is clear for SENSEX
    And the fact loss is 18,000.00 INR

  Scenario: Each has its own latch
    When at 10:00:00 NIFTY26NOV24000CE trades at 125
    And at 10:00:04 nothing has changed
    And at 11:00:00 SENSEX26NOV85000CE trades at 140
    And at 11:00:04 nothing has changed
    Then underlying-loss fires for SENSEX
    And it has acted twice
