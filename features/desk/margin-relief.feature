Feature: Above 90 % margin the largest short is halved

  Background:
    Given the account holds
      | symbol             | sold       | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100  |          | 100  | 20  |
      | SENSEX26NOV82000PE | 1000 @ 90  |          | 90   | 20  |
      | SENSEX26NOV87000CE |            | 500 @ 10 | 10   | 20  |
    And the policy
      """
      policy: margin-relief
      title: Halve the largest short when margin runs out
      severity: warning
      mode: enforce
      accounts: all
      during: market_hours
      when: margin_used_pct >= 90%
      confirm: {samples: 3, at_least: 10s, max_gap: 15s}
      clear_when: margin_used_pct <= 80%
      on_unknown: {alert: after 30s}
      cooldown: 3m
      then:
        - block_entries:
            until: cleared
        - reduce:
            pick: largest margin
            where: position.is_short and position.is_option
            by: 50%
        - notify: telegram
      because: "Margin {margin_used_pct}"
      """
    And the margin used is 910,000
    And the margin available is 90,000

  Scenario: Three readings over ten seconds
    When at 10:00:00 the account is read
    And at 10:00:06 nothing has changed
    Then margin-relief is pending
    When at 10:00:12 nothing has changed
    Then margin-relief fires
    And it says "Margin 91 %"

  Scenario: 85 % after it fired keeps the block, 80 % ends it
    When at 10:00:00 the account is read
    And at 10:00:06 nothing has changed
    And at 10:00:12 nothing has changed
    Given the margin used is 850,000
    And the margin available is 150,000
    When at 10:01:00 nothing has changed
    Then margin-relief fires
    Given the margin used is 800,000
    And the margin available is 200,000
    When at 10:02:00 nothing has changed
    Then margin-relief is clear
    And it has just cleared

  Scenario: Still above 90 % three minutes later: it may halve once more
    When at 10:00:00 the account is read
    And at 10:00:06 nothing has changed
    And that goes on until 10:02:00
    Then margin-relief is cooling
    When that goes on until 10:04:00
    Then it has acted twice

  Scenario: 89.99 % is not 90 %
    Given the margin used is 899,900
    And the margin available is 100,100
    When at 10:00:00 the account is read
    And that goes on until 10:00:30
    Then margin-relief is clear
