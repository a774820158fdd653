Feature: When a rule clears
  By default a rule clears when its condition is false. `clear_when` gives it a second, lower line, so that it does not
  flicker at the first one.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the policy
      """
      policy: rule
      when: loss >= 8k
      clear_when: loss <= 7k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """

  Scenario: Between the lines it stays as it is
    When at 10:00:00 the loss is 7,500
    Then it is clear
    When at 10:00:02 the loss is 8,000
    Then it fires
    When at 10:00:04 the loss is 7,500
    Then it fires
    When at 10:00:06 the loss is 8,500
    Then it fires
    And it has acted once
    When at 10:00:08 the loss is 7,000
    Then it is clear
    And it has just cleared
    When at 10:00:10 the loss is 7,500
    Then it is clear
    When at 10:00:12 the loss is 8,000
    Then it fires
    And it has acted twice
    And every decision so far has its own key

  Scenario: Unknown keeps the state, above and below
    When at 10:00:00 the loss is 8,000
    And at 10:00:02 the price of SENSEX26NOV85000CE is missing
    Then it fires
    When at 10:00:04 the loss is 7,000
    Then it is clear
    When at 10:00:06 the price of SENSEX26NOV85000CE is missing
    Then it is unknown

  Scenario: Where both hold, `when` wins
    Given the policy
      """
      policy: rule
      when: loss >= 8k
      clear_when: open_positions > 0
      confirm: at once
      """
    When at 10:00:00 the loss is 8,000
    Then it fires
    When at 10:00:02 nothing has changed
    Then it fires
    And it has acted once
    When at 10:00:04 the loss is 7,999.99
    Then it is clear

  Scenario: A pending rule needs no second line to be dropped
    Given the policy
      """
      policy: rule
      when: loss >= 8k
      clear_when: loss <= 7k
      confirm: {samples: 2, at_least: 3s}
      """
    When at 10:00:00 the loss is 8,000
    Then it is pending
    When at 10:00:02 the loss is 7,500
    Then it is clear
    When at 10:00:04 the loss is 8,000
    Then it is pending
    And it has been pending since 10:00:04
