Feature: The account itself
  For a rule that names it; what the account holds and earns are the facts.

  Scenario: What is known of it without asking the broker
    Given the account is flat
    When at 10:00:00 the account is read
    Then the account A1 has
      | id         | A1   |
      | broker     | none |
      | exchange   | NSE  |
      | currency   | INR  |
      | mark_basis | last |
      | poll       | 2s   |
