Feature: Rest after acting
  `cooldown` lets a rule act again in an episode that does not end, but not at once.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      cooldown: 1m
      """

  Scenario: It rests, then confirms anew and acts again without having cleared
    When at 10:00:00 the loss is 10,500
    And that goes on until 10:00:04
    Then it fires
    And it acts now
    When that goes on until 10:00:06
    Then it is cooling
    When that goes on until 10:01:02
    Then it is cooling
    And it has acted once
    When that goes on until 10:01:06
    Then it is pending
    When that goes on until 10:01:08
    Then it fires
    And it has acted twice, at 10:00:04 and 10:01:08
    And every decision so far has its own key

  Scenario: A new episode within the rest does not act before the rest is over
    When the readings are T0 T2 T4 F6 T8 T10 T12
    Then it is cooling
    And it has acted once
    When that goes on until 10:01:02
    Then it is cooling
    When that goes on until 10:01:08
    Then it fires
    And it has acted twice

  Scenario: It clears while it rests
    When the readings are T0 T2 T4 T6 F8
    Then it is clear
    When at 10:02:00 the loss is 10,500
    And that goes on until 10:02:04
    Then it fires
    And it has acted twice

  Scenario: Unknown while it rests changes nothing
    When the readings are T0 T2 T4 T6 U8
    Then it is cooling
    And it has acted once
