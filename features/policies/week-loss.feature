Feature: week-loss ends the week when the week's limit is lost
  A week may lose 30,000. Days are added up as they ended; what is lost on Thursday ends Friday too.

  Background:
    Given the shipped policy week-loss, enforced
    And it is Monday, 2026-11-16
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26D0385000CE | 500 @ 200 |          | 200  |
      | SENSEX26D0387000CE |           | 500 @ 10 | 10   |

  Scenario: 20,000 on Monday and 10,000 on Tuesday
    When at 15:35:00 the loss is 20,000
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the loss is 10,000
    Then week-loss is pending
    When at 10:00:04 nothing has changed
    Then week-loss fires
    And it says "30,000.00 INR lost this week; the limit is 30,000.00 INR"
    And it would, in this order
      | notify telegram, call                                                                          |
      | block entries until the end of the week; orders from elsewhere are cancelled                   |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
    And an order that opens is refused by week-loss

  Scenario Outline: After 20,000 on Monday, <loss> on Tuesday
    When at 15:35:00 the loss is 20,000
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the loss is <loss>
    And at 10:00:04 nothing has changed
    Then week-loss <verdict>

    Examples:
      | loss     | verdict  |
      | 9,999.99 | is clear |
      | 10,000   | fires    |

  Scenario: A good Monday pays for a bad Tuesday
    When at 15:35:00 the profit is 5,000
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the loss is 34,999.99
    And at 10:00:04 nothing has changed
    Then week-loss is clear

  Scenario: It stays blocked for the rest of the week, and acts once in it
    When at 10:00:00 the loss is 30,000
    And at 10:00:04 nothing has changed
    Then week-loss fires
    When at 15:35:00 the loss is 30,000
    And a new day, Tuesday, 2026-11-17, begins with what is still open
    And at 10:00:00 the loss is 500
    And at 10:00:04 nothing has changed
    Then week-loss is latched
    And it has acted once
    And entries are blocked by week-loss since 10:00:04 the day before

  Scenario: A new week begins at nothing
    When at 15:35:00 the loss is 29,000
    And a new day, Monday, 2026-11-23, begins with what is still open
    And at 10:00:00 the loss is 2,000
    And at 10:00:04 nothing has changed
    Then week-loss is clear
    And entries are not blocked

  Scenario: One bad print
    When at 10:00:00 the loss is 60,000
    And at 10:00:02 the loss is 1,000
    And at 10:00:10 nothing has changed
    Then week-loss is clear
    And it has acted never

  Scenario: First watched on Wednesday: what Monday lost is not known, and it says so once
    Given it is Wednesday, 2026-11-18
    When at 10:00:00 the loss is 40,000
    And that goes on until 10:05:02
    Then week-loss is unknown
    And the reason is "no result of MON 2026-11-16 is remembered"
    And it has alerted once, at 10:05:00
    And it has acted never

  Scenario: The price of a sold option is missing
    When at 10:00:00 the price of SENSEX26D0385000CE is missing
    And that goes on until 10:05:02
    Then week-loss is unknown
    And it has alerted once, at 10:05:00

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then week-loss is clear
