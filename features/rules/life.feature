Feature: The life of a rule
  Every poll of an account evaluates every rule. T is a reading at which the rule's condition is true, F one at which it
  is false, U one at which it is unknown; the number is the second it was taken at.

  Scenario Outline: <readings>, poll 2 s, `confirm: {samples: 2, at_least: 3s, max_gap: 10s}`
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      """
    When the account lives through <readings>
    Then at the end: <at the end>

    Examples:
      | readings                                     | at the end                       |
      | T0 T2                                        | pending                          |
      | T0 T2 T4                                     | fires at 4 s                     |
      | T0 T2 T4 T6, with `once`                     | fires (acted once, at 4 s)       |
      | T0 U2 T4                                     | fires at 4 s                     |
      | T0 U2…U10 T12                                | pending from 12 s                |
      | T0 F2 T4 T6                                  | pending                          |
      | U0…U10, alert after 10s                      | unknown, alert at 10 s           |
      | U0…U8 F9 U10…U14                             | unknown, no alert                |
      | firing, U                                    | fires                            |
      | latched in dry_run; mode → enforce; T0 T2 T4 | fires                            |

  Scenario Outline: What else can happen within a few readings: <readings>
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      """
    When the account lives through <readings>
    Then at the end: <at the end>

    Examples:
      | readings                 | at the end              |
      | F0                       | clear                   |
      | T0                       | pending                 |
      | U0                       | unknown                 |
      | T0 F2                    | clear                   |
      | T0 U2                    | pending                 |
      | U0 T2 T4                 | pending from 2 s        |
      | U0 T2 T4 T6              | fires at 6 s            |
      | T0 T10                   | fires at 10 s           |
      | T0 T11                   | pending from 11 s       |
      | T0 T11 T13 T15           | fires at 15 s           |
      | T0 U2 F4 T6 U8 T10       | fires at 10 s           |
      | T0 T2 T4 F6              | clear                   |
      | T0 T2 T4 U6…U20 T22      | fires at 4 s            |
      | T0 T2 T4 F6 T8 T10       | pending from 8 s        |
      | firing, F0 T2 T4 T6      | fires                   |
      | U0…U8 T9 U10…U18         | pending, no alert       |

  Scenario: Without `once` a rule acts once in each episode
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When the readings are T0 T2 T4 T6 T8
    Then it fires
    And it has acted once, at 10:00:04
    And it has been firing since 10:00:04
    When the readings go on with F0
    Then it is clear
    And it has just cleared
    When the readings go on with T0 T2 T4 T6
    Then it fires
    And it has acted twice, at 10:00:04 and 10:00:16
    And every decision so far has its own key

  Scenario: A decision is data, and the same evaluation gives the same one
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s}
      once: per account per day
      """
    When the readings are T0 T2 T4
    Then it fires
    And it acts now
    And the same evaluation once more gives the same decision with the same key
    When the readings go on with T0
    Then it fires
    And it does not act now

  Scenario: Without `confirm` two readings are asked for
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      """
    When the readings are T0
    Then it is pending
    When the readings go on with T0
    Then it fires

  Scenario: Every rule says how far it is from its line and why it fired
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      because: "Loss {loss}, and {stop_loss.order_id} filled"
      """
    When at 10:00:00 the loss is 5,820
    Then it is clear
    And the distance to its line is 4,180.00 INR
    When at 10:00:02 the loss is 10,500
    Then it is pending
    And the distance to its line is -500.00 INR
    And it says "Loss 10,500.00 INR, and unknown filled"

  Scenario: A limit changed while a rule is pending counts from the next reading, and the confirmation goes on
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= loss_limit
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 10:00:00 the loss is 5,000
    Then it is clear
    When the desk value loss_limit is now 4,500 INR
    And at 10:00:02 nothing has changed
    Then it is pending
    When at 10:00:06 nothing has changed
    Then it fires

  Scenario: Another condition is another rule: what was being confirmed is dropped
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When the readings are T0 T2
    And the policy is now
      """
      policy: rule
      when: loss >= 9k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    And the readings go on with T0
    Then it is pending
    And it has been pending since 10:00:04
