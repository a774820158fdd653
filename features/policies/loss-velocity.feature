Feature: loss-velocity stops entries when the result falls too fast
  Half of the daily limit of 10,000 within five minutes.

  Background:
    Given the shipped policy loss-velocity, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100
    And the account is read every 5s

  Scenario: Five thousand in four minutes
    When at 10:00:00 the profit is 1,000
    And that goes on until 10:05:00
    And at 10:05:05 the loss is 2,000
    And that goes on until 10:07:00
    Then loss-velocity is clear
    When at 10:07:05 the loss is 4,000
    And at 10:07:10 nothing has changed
    Then loss-velocity fires
    And it says "-5,000.00 INR in five minutes, now -4,000.00 INR"
    And it would, in this order
      | block entries for 30m; orders from elsewhere are cancelled |
      | notify telegram, call                                      |

  Scenario: As much over half an hour
    When at 10:00:00 the profit is 1,000
    And that goes on until 10:06:00
    And at 10:06:05 the loss is 1,000
    And that goes on until 10:12:00
    And at 10:12:05 the loss is 3,000
    And that goes on until 10:18:00
    And at 10:18:05 the loss is 4,000
    And that goes on until 10:18:20
    Then loss-velocity is clear
    And it has acted never

  Scenario: One bad price that comes back
    When at 10:00:00 the profit is 1,000
    And that goes on until 10:05:00
    And at 10:05:05 the loss is 40,000
    And at 10:05:10 the profit is 1,000
    And that goes on until 10:05:30
    Then loss-velocity is clear

  Scenario: Started two minutes ago it cannot know what stood five minutes before
    When at 10:00:00 the profit is 1,000
    And that goes on until 10:02:00
    And at 10:02:05 the loss is 6,000
    And at 10:02:10 nothing has changed
    Then loss-velocity is unknown
