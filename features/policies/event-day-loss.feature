Feature: event-day-loss ends a marked day at a smaller loss
  The ordinary limit is 10,000; on the day of the budget it is 3,000.

  Background:
    Given the shipped policy event-day-loss, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100
    And the desk's calendar
      """
      years: [2026]
      events:
        budget: [2026-11-18 11:00]
      """

  Scenario Outline: <day>: a loss of <loss>
    Given it is <day>
    When at 10:00:00 the loss is <loss>
    And at 10:00:04 nothing has changed
    Then event-day-loss <verdict>

    Examples:
      | day                   | loss     | verdict  |
      | Wednesday, 2026-11-18 | 2,999.99 | is clear |
      | Wednesday, 2026-11-18 | 3,000    | fires    |
      | Thursday, 2026-11-19  | 9,999.99 | is clear |
      | Thursday, 2026-11-19  | 10,000   | fires    |

  Scenario: It says which limit holds
    When at 10:00:00 the loss is 3,500
    And at 10:00:04 nothing has changed
    Then event-day-loss fires
    And it says "Loss 3,500.00 INR; today's limit is 3,000.00 INR"

  Scenario: In a year nobody entered it goes by what both limits say
    Given the desk's calendar
      """
      years: [2025]
      events:
        budget: [2025-02-01 11:00]
      """
    When at 10:00:00 the loss is 2,000
    And at 10:00:04 nothing has changed
    Then event-day-loss is clear
    When at 10:01:00 the loss is 5,000
    And that goes on until 10:01:20
    Then event-day-loss is unknown
    When at 10:02:00 the loss is 10,000
    And at 10:02:04 nothing has changed
    Then event-day-loss fires
