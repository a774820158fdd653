Feature: A ladder of losses: told at 60 %, blocked at 80 %, squared off at the whole
  The desk's limit is 10,000. Each rung is a rule of its own, with its own latch.

  Background:
    Given the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  | 90   |
    And the policy
      """
      policy: loss-ladder
      title: Warn, block, square off, as the day's loss nears the limit
      severity: critical
      mode: enforce
      accounts: all
      during: market_hours
      levels:
        - name: warn
          when: loss >= 60% of loss_limit
          then:
            - notify: telegram
        - name: block
          when: loss >= 80% of loss_limit
          clear_when: loss <= 70% of loss_limit
          then:
            - block_entries:
                until: cleared
        - name: square-off
          when: loss >= loss_limit
          confirm: {samples: 2, at_least: 3s, max_gap: 10s}
          on_unknown: {alert: after 10s}
          once: per account per day
          then:
            - square_off: all
      because: "Loss {loss} of {loss_limit}"
      """

  Scenario: Down the ladder rung by rung
    When at 10:00:00 the loss is 6,000
    And at 10:00:02 nothing has changed
    Then loss-ladder/warn fires
    And it says "Loss 6,000.00 INR of 10,000.00 INR"
    And loss-ladder/block is clear
    And loss-ladder/square-off is clear
    When at 10:30:00 the loss is 8,000
    And at 10:30:02 nothing has changed
    Then loss-ladder/block fires
    And it would, in this order
      | block entries until the rule clears; orders from elsewhere are reported |
    And loss-ladder/square-off is clear
    When at 11:00:00 the loss is 10,000
    Then loss-ladder/square-off is pending
    When at 11:00:04 nothing has changed
    Then loss-ladder/square-off fires
    And it has acted once, at 11:00:04
    And loss-ladder/warn has acted once

  Scenario Outline: To the paisa: a loss of <loss>
    When at 10:00:00 the loss is <loss>
    And at 10:00:04 nothing has changed
    Then loss-ladder/warn <warn>
    And loss-ladder/block <block>
    And loss-ladder/square-off <square off>

    Examples:
      | loss      | warn     | block    | square off |
      | 5,999.99  | is clear | is clear | is clear   |
      | 6,000     | fires    | is clear | is clear   |
      | 7,999.99  | fires    | is clear | is clear   |
      | 8,000     | fires    | fires    | is clear   |
      | 9,999.99  | fires    | fires    | is clear   |
      | 10,000    | fires    | fires    | fires      |

  Scenario: The block stays until the loss is well below its rung
    When at 10:00:00 the loss is 8,000
    And at 10:00:02 nothing has changed
    And at 10:10:00 the loss is 7,000.01
    Then loss-ladder/block fires
    When at 10:11:00 the loss is 7,000
    Then loss-ladder/block is clear
    And it has just cleared

  Scenario: One bad price is no rung
    When at 10:00:00 the loss is 30,000
    And at 10:00:02 the loss is 1,000
    And at 10:00:10 nothing has changed
    Then loss-ladder/square-off is clear
    And it has acted never
    And loss-ladder/block has acted never

  Scenario: The square-off happens once a day, the warning each time
    When at 10:00:00 the loss is 10,000
    And at 10:00:04 nothing has changed
    And at 10:30:00 the profit is 1,000
    And at 11:00:00 the loss is 12,000
    And at 11:00:04 nothing has changed
    Then loss-ladder/square-off is latched
    And it has acted once
    And loss-ladder/warn has acted twice
