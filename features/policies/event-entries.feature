Feature: event-entries keeps new positions away from an announced event

  Background:
    Given the shipped policy event-entries, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100
    And the desk's calendar
      """
      years: [2026]
      events:
        budget: [2026-11-18 11:00]
      """

  Scenario: From a quarter to eleven to noon
    When at 10:44:58 the account is read
    Then event-entries is clear
    When at 10:45:00 nothing has changed
    Then event-entries fires
    And it would, in this order
      | block entries until the rule clears; orders from elsewhere are reported |
    When at 11:59:58 nothing has changed
    Then event-entries fires
    And it has acted once
    When at 12:00:00 nothing has changed
    Then event-entries is clear

  Scenario: The day before
    Given it is Tuesday, 2026-11-17
    When at 11:00:00 the account is read
    Then event-entries is clear

  Scenario: In a year nobody entered it is armed
    Given the desk's calendar
      """
      years: [2025]
      events:
        budget: [2025-02-01 11:00]
      """
    When at 14:00:00 the account is read
    Then event-entries fires
