Feature: When a rule runs round a desk's event, and what a limit is on its day
  A year the calendar does not hold is no year without events: a window is open all the time, a limit is one of several.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the desk's calendar
      """
      years: [2026]
      events:
        decision: [2026-11-18 10:00, 2026-11-18 15:30]
        review: [2026-11-18]
      """

  Scenario Outline: A quarter of an hour before to half an hour after: at <clock>
    Given the policy
      """
      policy: rule
      during: {event: decision, from: -15m, to: 30m}
      when: loss >= 10k
      confirm: at once
      """
    When at <clock> the loss is 10,500
    Then it <verdict>

    Examples: the session of that day is 09:15 to 15:40
      | clock    | verdict  |
      | 09:44:59 | is clear |
      | 09:45:00 | fires    |
      | 10:29:59 | fires    |
      | 10:30:00 | is clear |
      | 15:15:00 | fires    |
      | 15:39:59 | fires    |
      | 15:40:00 | is clear |

  Scenario Outline: Another day of a year the calendar holds, and one of a year it does not: <day>
    Given it is Wednesday, <day>
    And the policy
      """
      policy: rule
      during: {event: decision, from: -15m, to: 30m}
      when: loss >= 10k
      confirm: at once
      """
    When at 10:00 the loss is 10,500
    Then it <verdict>

    Examples:
      | day        | verdict  |
      | 2026-11-19 | is clear |
      | 2025-11-19 | fires    |

  Scenario Outline: A limit on the day of an event, at a loss of <loss> on <day>
    Given it is Wednesday, <day>
    And the policy
      """
      policy: rule
      let: {limit: {default: 20k, cases: [{if: event_day('review'), use: 10k}]}}
      when: loss >= limit
      confirm: at once
      """
    When at 10:00 the loss is <loss>
    Then it <verdict>

    Examples:
      | day        | loss   | verdict    |
      | 2026-11-18 | 10,500 | fires      |
      | 2026-11-19 | 10,500 | is clear   |
      | 2026-11-19 | 20,500 | fires      |
      | 2025-11-19 | 9,500  | is clear   |
      | 2025-11-19 | 10,500 | is unknown |
      | 2025-11-19 | 20,500 | fires      |
