Feature: A trailing drawdown that is armed only once the day was 5,000 up

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: trail-after-5k
      title: After a peak of 5k no more than 4k is given back
      severity: critical
      mode: enforce
      accounts: all
      during: market_hours
      let:
        arm_at: 5k
        give_back: 4,000 INR
      when:
        all:
          - mtm_peak >= arm_at
          - drawdown >= give_back
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then:
        - square_off: all
        - block_entries
      because: "Peak {mtm_peak}, now {mtm}: gave back {drawdown}"
      """

  Scenario: Up five, down four
    When at 10:00:00 the profit is 5,000
    And at 10:00:04 nothing has changed
    And at 11:00:00 the profit is 1,000
    Then trail-after-5k is pending
    When at 11:00:04 nothing has changed
    Then trail-after-5k fires
    And it says "Peak 5,000.00 INR, now 1,000.00 INR: gave back 4,000.00 INR"
    And it would, in this order
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | block entries until the end of the session; orders from elsewhere are reported                 |

  Scenario: A day that was never 5,000 up may lose all it likes here
    When at 10:00:00 the profit is 4,999.99
    And at 10:00:04 nothing has changed
    And at 11:00:00 the loss is 9,000
    And at 11:00:04 nothing has changed
    Then trail-after-5k is clear

  Scenario: A single reading at 6,000 is no peak
    When at 10:00:00 the profit is 6,000
    And at 10:00:02 the profit is 1,500
    And at 10:00:06 nothing has changed
    And at 10:00:10 nothing has changed
    Then trail-after-5k is clear
    And the fact mtm_peak is 1,500.00 INR

  Scenario: Given back a paisa less
    When at 10:00:00 the profit is 5,000
    And at 10:00:04 nothing has changed
    And at 11:00:00 the profit is 1,000.01
    And at 11:00:04 nothing has changed
    Then trail-after-5k is clear
