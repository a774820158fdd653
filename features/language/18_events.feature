# Why: a limit for the day of a budget is worth nothing if a misspelt event is silently never, or if next year's calendar
# was not entered and every day counts as an ordinary one.
# How it could pass vacuously: if every event were accepted, or none. Each refusal stands beside what is accepted.
Feature: 18 The desk's events

  Background:
    Given the desk's calendar
      """
      years: [2026, 2027]
      events:
        budget: [2027-02-01 11:00]
        decision: [2026-12-04 10:00, 2027-02-05 10:00]
        year-end: [2026-12-31]
      """

  Scenario Outline: <text>
    Then `<text>` is accepted

    Examples:
      | text                                                |
      | loss >= 5k and event_day('budget')                  |
      | loss >= 5k and not event_day("year-end")            |

  Scenario Outline: <text> is refused
    Then `<text>` is refused as <code> at `<spot>`

    Examples:
      | text                                  | code            | spot       |
      | loss >= 5k and event_day('budgte')    | unknown-event   | 'budgte'   |
      | loss >= 5k and event_day(budget)      | unknown-fact    | budget     |
      | loss >= 5k and event_day(5)           | type-mismatch   | 5          |
      | loss >= 5k and event_day()            | wrong-arguments | event_day() |
      | event_day('budget') >= 1              | type-mismatch   | event_day('budget') >= 1 |
      | any(event_day(p.symbol) for p in positions) | type-mismatch | p.symbol |

  Scenario: The right name is told
    Given a policy when
      """
      loss >= 5k and event_day('budgte')
      """
    Then it is refused as unknown-event at `'budgte'`
    And the hint says `did you mean 'budget'`

  Scenario Outline: <line>
    Given a policy with
      """
      <line>
      """
    Then it is refused as <code> at `<spot>`

    Examples:
      | line                                             | code               | spot     |
      | during: {event: decisions, from: -15m, to: 30m}  | unknown-event      | decisions |
      | during: {event: year-end, from: -15m, to: 30m}   | event-without-time | year-end |
      | during: {event: decision, from: 30m, to: 30m}    | empty-window       | from     |
      | during: {event: decision, from: 09:15, to: 30m}  | wrong-value        | 09:15    |
      | during: {event: decision, to: 30m}               | missing-key        | during   |
      | during: {from: -15m, to: 15:30}                  | wrong-value        | -15m     |

  Scenario: A window round an event is accepted
    Given a policy with
      """
      during: {event: decision, from: -15m, to: 30m}
      """
    Then it is accepted

  Scenario Outline: A calendar that says <calendar>
    Given the desk's calendar
      """
      <calendar>
      """
    And a policy when
      """
      loss >= 5k
      """
    Then it is refused as <code> at `<spot>`

    Examples:
      | calendar                                          | code         | spot       |
      | {years: [2026], events: {budget: [2027-02-01]}}   | year-not-held | 2027-02-01 |
      | {years: [2026], events: {budget: [2026-02-30]}}   | wrong-value  | 2026-02-30 |
      | {years: [2026], events: {budget: [1 Feb 2026]}}   | wrong-value  | 1 Feb 2026 |
      | {years: [2026], events: {budget: []}}             | empty-block  | budget     |
      | {years: [2026], events: {budget: 2026-02-01}}     | wrong-shape  | 2026-02-01 |
      | {years: [2026], events: {Budget: [2026-02-01]}}   | bad-name     | Budget     |
      | {years: [26], events: {budget: [2026-02-01]}}     | wrong-value  | 26         |
      | {events: {budget: [2026-02-01]}}                  | missing-key  | events     |
      | {years: [2026], events: {}, holidays: []}         | unknown-key  | holidays   |

  Scenario: Without a calendar there is no event
    Given the desk's calendar
      """
      {years: [2026], events: {}}
      """
    And a policy when
      """
      loss >= 5k and event_day('budget')
      """
    Then it is refused as unknown-event at `'budget'`
    And the hint says `beside the policies`
