Feature: Confirmation
  One bad price must not close a book. A rule fires when enough true readings have come over enough time.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario: Samples count new readings; the same snapshot twice is one reading
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the loss is 10,500
    And at 10:00:02 no new reading has come
    And at 10:00:04 no new reading has come
    Then it is pending
    When at 10:00:05 nothing has changed
    Then it fires

  Scenario: Every part the rule uses must be read anew
    Given the policy
      """
      policy: rule
      when: loss >= 10k and open_orders == 0
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the loss is 10,500
    And at 10:00:04 the positions are 4s old
    Then it is pending
    When at 10:00:05 the positions can be read again
    Then it fires

  Scenario: A part the rule does not use may stand still
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the loss is 10,500
    And at 10:00:04 the funds are 4s old
    Then it fires

  Scenario: The capital is read once a day, so a limit in percent of it does not wait for new funds
    Given the funds were read at 09:10:00 and not since
    And the policy
      """
      policy: rule
      when: loss >= 1% of capital
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When the readings are T0 T2 T4
    Then it fires

  Scenario: Both samples and time are asked for
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 4, at_least: 3s, max_gap: 10s}
      """
    When the readings are T0 T2 T4
    Then it is pending
    When the readings go on with T0
    Then it fires

  Scenario: Two true readings further apart than `max_gap` start anew
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 5s}
      """
    When the readings are T0 T6
    Then it is pending
    And it has been pending since 10:00:06
    When the readings go on with T0 T3
    Then it fires

  Scenario Outline: Without `max_gap` the pause may be three polls
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s}
      """
    When the readings are <readings>
    Then it <verdict>

    Examples:
      | readings | verdict    |
      | T0 T6    | fires      |
      | T0 T7    | is pending |

  Scenario: `at once` acts on the first true reading
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      """
    When the readings are T0
    Then it fires
    And it acts now

  Scenario: `at once` is no licence to act on what is not known
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      """
    When the readings are U0
    Then it is unknown
    And it has acted never

  Scenario: Where quotes carry no depth no loss is so large that one reading is enough
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s, at_once_beyond: 20k}
      """
    When at 10:00:00 the loss is 60,000
    Then it is pending
    When at 10:00:04 nothing has changed
    Then it fires

  Scenario: A sentence about the clock takes each slot of the account as a reading
    Given the policy
      """
      policy: rule
      when: time >= 10:00
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the loss is 0
    And no new reading comes until 10:00:04
    Then it fires

  Scenario: A sentence about the STOP file takes each slot as a reading
    Given the policy
      """
      policy: rule
      when: stop_file
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the STOP file appears
    Then it is pending
    When no new reading comes until 10:00:04
    Then it fires

  Scenario: A sentence about age takes each slot as a reading, for a reading that has stopped cannot come anew
    Given the policy
      """
      policy: rule
      when: snapshot_age > 5s
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the loss is 0
    And no new reading comes until 10:00:08
    Then it is pending
    When no new reading comes until 10:00:10
    Then it fires

  Scenario: A sentence about what is known takes each slot as a reading
    Given the policy
      """
      policy: rule
      when: not known(open_positions)
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the positions cannot be read
    Then it is pending
    When no new reading comes until 10:00:04
    Then it fires

  Scenario: A sentence about the clock beside one about the loss does not make one price two readings
    Given the policy
      """
      policy: rule
      when:
        all:
          - loss >= 10k
          - time >= 10:00
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the loss is 10,500
    And no new reading comes until 10:00:04
    Then it is pending
    When at 10:00:06 nothing has changed
    Then it fires
