# Why: a weekly limit must not forget Monday because Tuesday began, and must not call a day it did not see a quiet one.
Feature: The trading week so far

  Background:
    Given it is Monday, 2026-11-16
    And an account that has sold 100 NIFTY26N2424000CE at 200

  Scenario: Each day's last result and today's
    When at 15:35:00 the loss is 6,000
    Then the facts are
      | week_loss | 6,000.00 INR  |
      | week_mtm  | -6,000.00 INR |
    When a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the profit is 1,500
    Then the facts are
      | week_loss | 4,500.00 INR  |
      | week_mtm  | -4,500.00 INR |
    When at 15:36:00 the profit is 1,000
    And a new day, Wednesday, 2026-11-18, begins with what is still open
    And at 09:20:00 the loss is 500
    Then the fact week_loss is 5,500.00 INR

  Scenario: A new week begins at nothing
    When at 15:35:00 the loss is 6,000
    And a new day, Monday, 2026-11-23, begins with what is still open
    And at 10:00:00 the loss is 200
    Then the fact week_loss is 200.00 INR

  Scenario: A day nobody watched
    When at 15:35:00 the loss is 6,000
    And a new day, Wednesday, 2026-11-18, begins with what is still open
    And at 10:00:00 the loss is 500
    Then the facts are
      | week_mtm  | unknown (no result of TUE 2026-11-17 is remembered)                     |
      | week_loss | unknown (at least 0.00 INR; no result of TUE 2026-11-17 is remembered) |

  Scenario: A holiday is no day nobody watched
    Given it is Monday, 2026-11-23
    When at 15:35:00 the loss is 6,000
    # The exchange is closed on Tuesday, 24 November.
    And a new day, Wednesday, 2026-11-25, begins with what is still open
    And at 10:00:00 the loss is 500
    Then the fact week_loss is 6,500.00 INR

  Scenario: A day watched till noon only, with a position open
    When at 12:00:00 the loss is 6,000
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the loss is 500
    Then the fact week_mtm is unknown (the result of MON 2026-11-16 was last read at 12:00, before its close)

  Scenario: A day that was flat by noon, and watched to its close
    When at 12:00:00 the trader buys 100 NIFTY26N2424000CE at 260
    And at 15:25:00 the account is read
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the account is read
    Then the fact week_loss is 6,000.00 INR

  Scenario: A day that was flat by noon, and not watched after that: it may have traded again
    When at 12:00:00 the trader buys 100 NIFTY26N2424000CE at 260
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the account is read
    Then the fact week_mtm is unknown (the result of MON 2026-11-16 was last read at 12:00, before its close)

  Scenario: A weekly limit that latches for the week
    Given the policy
      """
      policy: week-limit
      mode: enforce
      when: week_loss >= 10k
      confirm: at once
      on_unknown: {alert: after 10s}
      once: per account per week
      then: [square_off: all]
      because: "week {week_loss}"
      """
    When at 15:35:00 the loss is 6,000
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the loss is 3,999
    Then week-limit is clear
    When at 10:00:02 the loss is 4,000
    Then week-limit fires
    And it has acted once, at 10:00:02
