Feature: Modes, and rules beside each other

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      """

  Scenario: A policy that is off gives no verdict
    Given rule is off
    When the readings are T0 T2 T4 U6…U20
    Then rule gives no verdict
    And it has acted never
    And it has alerted never

  Scenario: A policy that says no mode is a dry run: it decides, and the decision says so
    When the readings are T0 T2 T4
    Then it fires
    And the decision is in dry run

  Scenario: Enforced it decides the same, and the decision says so
    Given rule is enforced
    When the readings are T0 T2 T4
    Then it fires
    And the decision is enforced

  Scenario: Turned on while it is true, it confirms anew
    Given rule is off
    When the readings are T0 T2 T4
    And rule is now enforced
    And the readings go on with T0
    Then it is pending
    When the readings go on with T0 T2
    Then it fires
    And the decision is enforced

  Scenario: A policy for other accounts says nothing of this one
    Given the policy
      """
      policy: elsewhere
      accounts: [B7]
      when: loss >= 10k
      """
    When the readings are T0 T2 T4
    Then nothing is said of elsewhere
    And rule fires

  Scenario: One policy that breaks cannot silence the others, and is not silent itself
    Given the fact leverage is broken
    And another policy
      """
      policy: broken-one
      when: leverage > 5
      on_unknown: {alert: after 4s}
      """
    And another policy
      """
      policy: alert-too
      when: loss >= 10k
      """
    When the readings are T0
    Then broken-one is unknown
    And the note is "this policy could not be evaluated: RuntimeError: a fact of ours has a bug"
    # That it broke is told at once, and its own on_unknown goes on deciding.
    And broken-one would alert
    When the readings go on with T0 T2
    Then alert-too fires
    And broken-one would alert

  Scenario: A text that cannot be filled in costs no verdict
    Given the fact leverage is broken
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      because: "Loss {loss} at {leverage} times the capital"
      """
    When the readings are T0
    Then rule fires
    And it says "Loss 10,500.00 INR at unknown times the capital"

  Scenario: Rules do not hear each other
    Given another policy
      """
      policy: patient
      when: loss >= 10k
      confirm: {samples: 2, at_least: 10s, max_gap: 10s}
      """
    When the readings are T0 T2 T4
    Then rule fires
    And patient is pending

  Scenario: Turned off and on again, a rule goes on counting its episodes
    Given rule is enforced
    When the readings are T0 T2 T4
    Then it fires
    When rule is now off
    And the readings go on with T0 T2
    Then rule gives no verdict
    When rule is now enforced
    And the readings go on with T0 T2 T4
    Then it fires
    And it has acted twice
    And every decision so far has its own key
