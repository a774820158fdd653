# Why: what a day's readings have said is a value of its own: it says when it began, where it has gaps, and what still
# follows from it. A window that reaches further than the history never answers as if nothing had happened there.
# How it could pass vacuously: if every window were unknown, or every one the value now. Both occur below, beside others.
Feature: What the day's readings have said

  Background:
    Given the account holds
      | symbol             | sold      | last |
      | NIFTY26NOV24000CE  | 500 @ 100 | 100  |

  Scenario: A change over a window, and what it is before the window is filled
    Given the policy
      """
      policy: quick-fall
      when: change(mtm, 10s) <= -2k
      confirm: at once
      because: "{change(mtm, 10s)} in ten seconds, since the top {max_over(mtm, 10s)}"
      """
    When at 10:00:00 the loss is 1,000
    Then it is unknown
    And the reason is "history of mtm is kept since 10:00:00"
    When at 10:00:05 the loss is 1,500
    And at 10:00:10 the loss is 2,500
    Then it is clear
    When at 10:00:15 the loss is 3,500
    Then it fires
    And it says "-2,000.00 INR in ten seconds, since the top -1,500.00 INR"

  Scenario: At the open a window begins at the open
    Given the policy
      """
      policy: quick-fall
      when: change(mtm, 1h) <= -2k
      confirm: at once
      """
    When at 09:15:02 the loss is 1,000
    And at 09:15:04 the loss is 3,000
    Then it fires

  Scenario: A gap between readings leaves a window open, unless the rest decides
    Given the policy
      """
      policy: few-legs
      when: max_over(short_option_legs, 20s) < 2
      confirm: {samples: 1, max_gap: 5s}
      cooldown: 1s
      """
    When at 10:00:00 the account is read
    And at 10:00:05 the account is read
    And at 10:00:10 the account is read
    And at 10:00:15 the account is read
    Then it is unknown
    And the reason is "history of short_option_legs is kept since 10:00:00"
    When at 10:00:20 the account is read
    Then it fires
    When at 10:00:30 the trader sells 500 NIFTY26NOV24500CE at 50
    Then it is clear

  Scenario: A gap between readings
    Given the policy
      """
      policy: few-legs
      when: max_over(short_option_legs, 20s) < 2
      confirm: {samples: 1, max_gap: 5s}
      """
    When at 10:00:00 the account is read
    And at 10:00:15 the account is read
    And at 10:00:20 the account is read
    Then it is unknown
    And the reason is "no reading between 10:00:00 and 10:00:15"

  Scenario: The account at a time of day
    Given the policy
      """
      policy: late-shorts
      when: short_option_legs > at(short_option_legs, 14:45)
      confirm: at once
      """
    When at 14:44:58 the account is read
    Then it is unknown
    And the reason is "14:45 is still to come"
    When at 14:45:02 the account is read
    Then it is clear
    When at 14:50:00 the trader sells 500 NIFTY26NOV24500CE at 50
    Then it fires

  Scenario: No reading shortly before that time
    Given the policy
      """
      policy: late-shorts
      when: short_option_legs > at(short_option_legs, 14:45)
      confirm: at once
      """
    When at 14:44:50 the account is read
    And at 14:45:02 the account is read
    Then it is unknown
    And the reason is "no reading between 14:44:50 and 14:45:00"

  Scenario: A row that was not there had nothing of what is counted
    Given the policy
      """
      policy: new-lots
      for_each: position
      when: position.lots > at(position.lots, 14:45)
      confirm: at once
      because: "{position.symbol}"
      """
    And the contract file says that a lot of NIFTY26NOV24000CE is 50
    When at 14:44:58 the account is read
    And at 14:45:02 the account is read
    Then it is clear

  Scenario: The broker no longer answers, and the last that was known still counts
    Given the policy
      """
      policy: blind-with-shorts
      when:
        all:
          - not broker_connected
          - last_known(short_option_legs) > 0
      confirm: {at_least: 20s, max_gap: 15s}
      because: "No contact for {unknown_for(open_positions)}; {last_known(short_option_legs)} short legs were open"
      """
    When at 10:00:00 the account is read
    And at 10:00:02 the broker does not answer
    And at 10:00:04 the positions cannot be read
    Then it is pending
    When at 10:00:14 the account is read
    And at 10:00:24 the account is read
    Then it fires
    And it says "No contact for 22s; 1 short legs were open"

  Scenario: What was never known says since when
    Given the policy
      """
      policy: never-seen
      when: unknown_for(open_positions) > 30s
      confirm: at once
      """
    When at 10:00:00 the positions cannot be read
    Then it is unknown
    When at 10:00:31 the account is read
    Then it fires
    When at 10:00:33 the positions can be read again
    Then it is clear

  Scenario: How many were added
    Given the policy
      """
      policy: rejected-often
      when: count_over(rejections, 10s) >= 2
      confirm: at once
      """
    When at 10:00:00 the account is read
    Then it is clear
    When at 10:00:05 the account is read
    Then it is clear

  Scenario: How far an underlying has moved
    Given the policy
      """
      policy: fast-market
      when: move('NIFTY', 10s) <= -1%
      confirm: at once
      because: "NIFTY {move('NIFTY', 10s)}"
      """
    When at 10:00:00 NIFTY 50 stands at 24,000
    And at 10:00:05 NIFTY 50 stands at 23,800
    And at 10:00:10 NIFTY 50 stands at 23,760
    Then it fires
    And it says "NIFTY -1 %"

  Scenario: A new day begins with no history
    Given the policy
      """
      policy: quick-fall
      when: change(mtm, 10s) <= -2k
      confirm: at once
      """
    When at 10:00:00 the loss is 1,000
    And at 10:00:05 the loss is 1,000
    And at 10:00:10 the loss is 1,000
    Then it is clear
    When a new day, Thursday, 2026-11-19, begins with what is still open
    And at 10:00:00 the account is read
    Then it is unknown
    And the reason is "history of mtm is kept since 10:00:00"
