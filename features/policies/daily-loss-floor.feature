Feature: daily-loss-floor ends the day at a deeper loss that needs no stop
  In a gap a stop-limit order triggers and rests unfilled, and a rule that waits for a filled stop stays silent. The
  floor is one and a half times the limit, asks for the loss alone, and is off until somebody turns it on.

  Background:
    Given the shipped policy daily-loss-floor, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |

  Scenario: A gap runs through the stop, which rests unfilled, and the rule with two conditions stays blind
    Given the shipped policy daily-loss-kill-switch, enforced
    When at 10:00:00 order S1 triggers
    And at 10:00:02 SENSEX26NOV85000CE trades at 132
    Then daily-loss-floor is pending
    And it says "Loss 16,000.00 INR is beyond the floor of 15,000.00 INR"
    When that goes on until 10:00:06
    Then daily-loss-floor is pending
    When that goes on until 10:00:08
    Then daily-loss-floor fires
    And it would, in this order
      | notify telegram, call                                                                      |
      | block entries until rearmed by hand; orders from elsewhere are cancelled                   |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | throw the broker's kill switch once flat is verified                                       |
      | log out after the watch                                                                    |
      | notify telegram                                                                            |
    And daily-loss-kill-switch is clear

  Scenario: As shipped it is off, and says nothing until it is turned on
    Given daily-loss-floor is off
    When at 10:00:00 the loss is 40,000
    And that goes on until 10:01:00
    Then daily-loss-floor gives no verdict
    When daily-loss-floor is now enforced
    And that goes on until 10:01:02
    Then daily-loss-floor is pending

  Scenario Outline: To the paisa: a loss of <loss>
    When at 10:00:00 the loss is <loss>
    And that goes on until 10:00:10
    Then daily-loss-floor <verdict>

    Examples:
      | loss      | verdict  |
      | 10,000    | is clear |
      | 14,999.99 | is clear |
      | 15,000    | fires    |

  Scenario: The floor moves with the limit
    Given the desk value loss_limit is 20,000 INR
    When at 10:00:00 the loss is 29,999.99
    And that goes on until 10:00:10
    Then daily-loss-floor is clear
    And the distance to its line is 0.01 INR
    When at 10:00:12 the loss is 30,000
    And that goes on until 10:00:18
    Then daily-loss-floor fires

  Scenario: Two bad prints are not enough
    When at 10:00:00 the loss is 40,000
    And at 10:00:02 nothing has changed
    And at 10:00:04 the loss is 3,000
    Then daily-loss-floor is clear
    And it has acted never

  Scenario: It acts once a day
    When at 10:00:00 the loss is 16,000
    And that goes on until 10:00:30
    And at 10:01:00 the loss is 3,000
    And at 10:02:00 the loss is 16,000
    And that goes on until 10:02:30
    Then daily-loss-floor is latched
    And it has acted once

  Scenario: The prices are gone
    When at 10:00:00 the loss is 16,000
    And at 10:00:02 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:00:40
    Then daily-loss-floor is unknown
    And it has alerted once, at 10:00:12
    And it has blocked entries for want of data once, at 10:00:22
    And it has acted never

  Scenario: Nobody offers the sold call, and its bid alone is beyond the floor
    Given the market of SENSEX26NOV85000CE is 140 bid, nothing offered, 131 traded
    And the market of SENSEX26NOV87000CE is 9.95 bid, 10.05 offered, 10 traded
    When at 10:00:00 the account is read
    And that goes on until 10:00:06
    Then daily-loss-floor fires

  Scenario: A lonely trade far outside bid and offer is not believed
    Given the market of SENSEX26NOV85000CE is 99.95 bid, 100.05 offered, 180 traded
    And the market of SENSEX26NOV87000CE is 9.95 bid, 10.05 offered, 10 traded
    When at 10:00:00 the account is read
    And that goes on until 10:00:10
    Then daily-loss-floor is clear

  Scenario: The first minute, and a day in profit
    When at 09:15:30 the loss is 40,000
    Then daily-loss-floor is clear
    When at 10:00:00 the profit is 8,000
    Then daily-loss-floor is clear

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    And that goes on until 10:00:10
    Then daily-loss-floor is clear
