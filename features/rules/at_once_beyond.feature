Feature: A crash does not wait for a second reading
  `at_once_beyond` is the line past which one reading is enough: on known quotes with a bid and an offer, and on nothing
  less, because one bad price looks the same as a crash.

  Background:
    Given the account holds
      | symbol             | sold      | bought   | bid   | ask    | last  |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 99.95 | 100.05 | 100   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 9.95  | 10.05  | 10    |
    And the policy
      """
      policy: rule
      when: loss >= loss_limit
      confirm: {samples: 2, at_least: 3s, max_gap: 10s, at_once_beyond: 200% of loss_limit}
      """

  Scenario Outline: One reading at a loss of <loss>
    When at 10:00:00 the loss is <loss>
    Then it <verdict>

    Examples:
      | loss      | verdict    |
      | 9,999.99  | is clear   |
      | 10,000    | is pending |
      | 19,999.99 | is pending |
      | 20,000    | fires      |
      | 60,000    | fires      |

  Scenario: A rule already pending fires as soon as the loss is beyond the line
    When at 10:00:00 the loss is 10,500
    Then it is pending
    When at 10:00:01 the loss is 25,000
    Then it fires

  Scenario: A leg nobody offers is no basis, though its bid alone decides that the limit is hit
    Given the market of SENSEX26NOV85000CE is 150 bid, nothing offered, 150 traded
    When at 10:00:00 the account is read
    Then it is pending
    When at 10:00:04 nothing has changed
    Then it fires

  Scenario: A leg of small weight nobody bids for is no basis either
    Given the market of SENSEX26NOV85000CE is 150 bid, 150.10 offered, 150 traded
    And the market of SENSEX26NOV87000CE is nothing bid, 10 offered, 10 traded
    When at 10:00:00 the account is read
    Then it is pending

  Scenario: The line is for the loss, not for another amount in the condition
    Given the margin available is 500,000
    And the policy
      """
      policy: rule
      when:
        all:
          - loss >= loss_limit
          - margin_available < 1 crore
      confirm: {samples: 2, at_least: 3s, max_gap: 10s, at_once_beyond: 200% of loss_limit}
      """
    When at 10:00:00 the loss is 10,500
    Then it is pending
    And it has acted never
    When at 10:00:02 the loss is 20,000
    Then it fires

  Scenario: A high peak does not stand in for the drawdown
    Given the policy
      """
      policy: rule
      when:
        all:
          - mtm_peak >= 15k
          - drawdown >= 5k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s, at_once_beyond: 12k}
      """
    When at 10:00:00 the profit is 20,000
    And at 10:00:04 nothing has changed
    And at 10:00:06 the profit is 14,500
    Then it is pending
