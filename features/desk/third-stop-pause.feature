Feature: The third stop-loss of a day, and each later one, pauses the desk for half an hour

  Background:
    Given the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  | 90   |
      | SENSEX26NOV84000CE | 500 @ 140 | 140  |
      | SENSEX26NOV83000PE | 500 @ 130 | 130  |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 110     | 09:21:00 | 09:21:00 |
      | S3 | buy  | stop | SENSEX26NOV84000CE | 500      | waiting for its trigger | 170     | 09:21:00 | 09:21:00 |
      | S4 | buy  | stop | SENSEX26NOV83000PE | 500      | waiting for its trigger | 160     | 09:21:00 | 09:21:00 |
    And the policy
      """
      policy: third-stop-pause
      title: Half an hour's pause after the third stop-loss, and after each one more
      severity: warning
      mode: enforce
      accounts: all
      during: market_hours
      when:
        all:
          - stop_loss_hits >= 3
          - since(stop_loss.filled_at) < 30m
      then:
        - block_entries:
            until: cleared
        - notify: telegram
      because: "{stop_loss_hits} stop-losses today, last on {stop_loss.symbol}"
      """

  Scenario: Two are the business, the third is a pause
    When at 10:00:00 order S1 fills at 121
    And at 10:20:00 order S2 fills at 111
    And at 10:20:02 nothing has changed
    Then third-stop-pause is clear
    When at 10:40:00 order S3 fills at 171
    And at 10:40:02 nothing has changed
    Then third-stop-pause fires
    And it says "3 stop-losses today, last on SENSEX26NOV84000CE"
    When at 11:09:59 nothing has changed
    Then third-stop-pause fires
    When at 11:10:00 nothing has changed
    Then third-stop-pause is clear
    And it has just cleared

  Scenario: The fourth begins the half hour anew
    When at 10:00:00 order S1 fills at 121
    And at 10:20:00 order S2 fills at 111
    And at 10:40:00 order S3 fills at 171
    And at 10:40:02 nothing has changed
    And at 11:00:00 order S4 fills at 161
    And at 11:29:00 nothing has changed
    Then third-stop-pause fires
    And it has acted once
    When at 11:30:00 nothing has changed
    Then third-stop-pause is clear

  Scenario: A fourth after the pause is a pause of its own
    When at 10:00:00 order S1 fills at 121
    And at 10:20:00 order S2 fills at 111
    And at 10:40:00 order S3 fills at 171
    And at 10:40:02 nothing has changed
    And at 11:10:00 nothing has changed
    And at 12:00:00 order S4 fills at 161
    And at 12:00:02 nothing has changed
    Then third-stop-pause fires
    And it has acted twice
