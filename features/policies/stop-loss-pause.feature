Feature: stop-loss-pause blocks entries for half an hour from the third stop-loss on

  Background:
    Given the shipped policy stop-loss-pause, enforced
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  | 90   |
      | SENSEX26NOV84000CE | 500 @ 140 | 140  |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 110     | 09:21:00 | 09:21:00 |
      | S3 | buy  | stop | SENSEX26NOV84000CE | 500      | waiting for its trigger | 170     | 09:21:00 | 09:21:00 |

  Scenario: Two are the business, the third is a pause of half an hour
    When at 10:00:00 order S1 fills at 121
    And at 10:20:00 order S2 fills at 111
    And at 10:20:02 nothing has changed
    Then stop-loss-pause is clear
    When at 10:40:00 order S3 fills at 171
    And at 10:40:02 nothing has changed
    Then stop-loss-pause fires
    And it says "3 stop-losses today, the last on SENSEX26NOV84000CE"
    When at 11:09:58 nothing has changed
    Then stop-loss-pause fires
    When at 11:10:00 nothing has changed
    Then stop-loss-pause is clear
    And it has just cleared

  Scenario: Half of the third stop has filled
    When at 10:00:00 order S1 fills at 121
    And at 10:20:00 order S2 fills at 111
    And at 10:40:00 250 of order S3 fill at 171
    And at 10:40:10 nothing has changed
    Then stop-loss-pause is clear

  Scenario: The third was cancelled
    When at 10:00:00 order S1 fills at 121
    And at 10:20:00 order S2 fills at 111
    And at 10:40:00 order S3 is cancelled
    And at 10:40:10 nothing has changed
    Then stop-loss-pause is clear

  Scenario: The order book cannot be read
    When at 10:00:00 the orders cannot be read
    And that goes on until 10:01:10
    Then stop-loss-pause is unknown
    And it has alerted once, at 10:01:00
