Feature: The day's limit: 50k, on Tuesday and Thursday 35k, on expiry 25k, on budget day 15k

  Background:
    Given an account that has sold 5,000 SENSEX26NOV85000CE at 100
    And the desk's calendar
      """
      years: [2026, 2027]
      events:
        budget: [2026-11-18 11:00]
      """
    And the policy
      """
      policy: daily-loss-by-day
      title: The day's loss has the limit of its day
      severity: critical
      mode: enforce
      accounts: all
      during: market_hours
      let:
        limit:
          default: 50k
          cases:
            - if: event_day('budget')
              use: 15k
            - if: expires_today('NIFTY') or expires_today('SENSEX')
              use: 25k
            - if: weekday in [TUE, THU]
              use: 35k
      when: loss >= limit
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per account per day
      then:
        - square_off: all
      because: "Loss {loss} of today's limit {limit}"
      """

  Scenario Outline: <day>: <what>
    Given it is <day>
    When at 10:00:00 the loss is <below>
    And at 10:00:04 nothing has changed
    Then daily-loss-by-day is clear
    When at 10:00:10 the loss is <limit>
    And at 10:00:14 nothing has changed
    Then daily-loss-by-day fires

    Examples:
      | day                   | what                          | below     | limit  |
      | Wednesday, 2026-11-18 | budget day, as the desk wrote | 14,999.99 | 15,000 |
      | Thursday, 2026-11-19  | SENSEX expires                | 24,999.99 | 25,000 |
      | Friday, 2026-11-20    | an ordinary day               | 49,999.99 | 50,000 |
      | Monday, 2026-11-23    | the Monday before the holiday | 24,999.99 | 25,000 |
