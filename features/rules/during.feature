Feature: When a rule runs
  Hours are the exchange's. From `from` on a rule runs, at `to` it does not any more; a day without a session has none.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario Outline: <during> at <clock>
    Given the policy
      """
      policy: rule
      during: <during>
      when: loss >= 10k
      confirm: at once
      """
    When at <clock> the loss is 10,500
    Then it <verdict>

    Examples: the derivatives session of 18 November 2026 is 09:15 to 15:40
      | during                   | clock    | verdict  |
      | market_hours             | 09:14:59 | is clear |
      | market_hours             | 09:15:00 | fires    |
      | market_hours             | 15:39:59 | fires    |
      | market_hours             | 15:40:00 | is clear |
      | settled_hours            | 09:15:59 | is clear |
      | settled_hours            | 09:16:00 | fires    |
      | settled_hours            | 15:38:59 | fires    |
      | settled_hours            | 15:39:00 | is clear |
      | {from: 14:45, to: 15:30} | 14:44:59 | is clear |
      | {from: 14:45, to: 15:30} | 14:45:00 | fires    |
      | {from: 14:45, to: 15:30} | 15:29:59 | fires    |
      | {from: 14:45, to: 15:30} | 15:30:00 | is clear |
      | {from: 09:00, to: 23:00} | 09:14:59 | is clear |
      | {from: 09:00, to: 23:00} | 15:40:00 | is clear |

  Scenario Outline: Hours change, and the calendar knows since when: <day> at <clock>
    Given it is Wednesday, <day>
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      """
    When at <clock> the loss is 10,500
    Then it <verdict>

    Examples:
      | day        | clock    | verdict  |
      | 2026-07-15 | 15:29:59 | fires    |
      | 2026-07-15 | 15:30:00 | is clear |
      | 2026-08-05 | 15:30:00 | fires    |
      | 2026-12-09 | 15:44:59 | fires    |
      | 2026-12-09 | 15:45:00 | is clear |

  Scenario: Without `during` a rule runs in market hours
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      """
    When at 08:00:00 the loss is 10,500
    Then it is clear
    And it has acted never
    And the note is "outside market hours (Wed 08:00:00)"

  Scenario Outline: A day without a session: <what>
    Given it is <weekday>, <day>
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      """
    When at 10:00:00 the loss is 10,500
    Then it is clear
    And it has acted never

    Examples:
      | what                | weekday  | day        |
      | a Saturday          | Saturday | 2026-11-21 |
      | a Sunday            | Sunday   | 2026-11-22 |
      | a holiday           | Tuesday  | 2026-11-24 |
      | Christmas, a Friday | Friday   | 2026-12-25 |

  Scenario: A Sunday with a session
    Given it is Sunday, 2026-02-01
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      """
    When at 10:00:00 the loss is 10,500
    Then it fires

  Scenario Outline: Where the calendar does not know, every rule is armed, also one that only tells: <what>
    Given it is <weekday>, <day>
    And the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      then: [<action>]
      """
    When at 18:30:00 the loss is 10,500
    Then it <verdict>

    Examples:
      | what                               | weekday | day        | action           | verdict  |
      | a year nobody has checked          | Monday  | 2031-01-06 | block_entries    | fires    |
      | a year nobody has checked          | Monday  | 2031-01-06 | notify: telegram | fires    |
      | a special session, hours not known | Sunday  | 2026-11-08 | block_entries    | fires    |
      | a special session, hours not known | Sunday  | 2026-11-08 | notify: telegram | fires    |

  Scenario Outline: A time window needs no calendar: in a year nobody has checked, at <clock>
    Given it is Monday, 2031-01-06
    And the policy
      """
      policy: rule
      during: {from: 15:12, to: 15:28}
      when: open_positions > 0
      confirm: at once
      """
    When at <clock> the account is read
    Then it <verdict>

    Examples:
      | clock    | verdict  |
      | 09:20:00 | is clear |
      | 15:12:00 | fires    |
      | 15:28:00 | is clear |

  Scenario: A pending rule is dropped at `to`
    Given the policy
      """
      policy: rule
      during: {from: 14:45, to: 15:30}
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 15:29:58 the loss is 10,500
    Then it is pending
    When at 15:30:02 nothing has changed
    Then it is clear
    And it has acted never

  Scenario: What is true before `from` is confirmed from `from` on
    Given the policy
      """
      policy: rule
      during: {from: 14:45, to: 15:30}
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      """
    When at 14:44:50 the loss is 10,500
    And that goes on until 14:44:58
    Then it is clear
    When at 14:45:00 nothing has changed
    Then it is pending
    And it has been pending since 14:45:00

  Scenario: At `to` a firing rule ends, and what it holds until cleared ends with it
    Given the policy
      """
      policy: rule
      during: {from: 14:45, to: 15:30}
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When at 15:29:58 the loss is 10,500
    Then it fires
    When at 15:30:00 nothing has changed
    Then it is clear
    And it has just cleared

  Scenario: A latch outlives its window
    Given the policy
      """
      policy: rule
      during: settled_hours
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      once: per account per day
      """
    When the readings are T0 T2 T4
    Then it fires
    When at 15:39:30 nothing has changed
    Then it is clear
    When the policy is now
      """
      policy: rule
      during: market_hours
      when: loss >= 10k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      once: per account per day
      """
    And at 15:39:40 nothing has changed
    And at 15:39:44 nothing has changed
    Then it is latched

  Scenario: Nothing grows stale while the exchange is closed, and nothing fires either
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      on_unknown: {alert: after 10s}
      """
    When at 15:40:10 the loss is 10,500
    And no new reading comes until 15:42:00
    Then it is clear
    And it has alerted never
