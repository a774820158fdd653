Feature: early-entries keeps the first quarter of an hour free of new positions

  Background:
    Given the shipped policy early-entries, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario: From the open to half past nine
    When at 09:15:00 the account is read
    Then early-entries fires
    And it says "Open for 0 minutes; entries from 15 minutes on"
    And it would, in this order
      | block entries until the rule clears; orders from elsewhere are reported |
    When at 09:29:58 nothing has changed
    Then early-entries fires
    And it has acted once
    When at 09:30:00 nothing has changed
    Then early-entries is clear
    And it has just cleared

  Scenario: Before the open there is nothing to enter
    When at 09:10:00 the account is read
    Then early-entries is clear

  Scenario: In the middle of the day
    When at 12:00:00 the account is read
    Then early-entries is clear

  Scenario: Started at twenty past nine it blocks for the rest of the time
    When at 09:20:00 the account is read
    Then early-entries fires
