Feature: daily-loss-kill-switch ends the day when a loss is confirmed by a stop-loss
  A desk sells SENSEX strangles against wings, with a stop on each sold leg. Its line is a day's loss of 10,000 that a
  filled stop-loss confirms. Neither half alone ends the day.

  Background:
    Given the shipped policy daily-loss-kill-switch, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
      | SENSEX26NOV80000PE |           | 500 @ 8  | 8    |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 140     | 09:21:00 | 09:21:00 |

  # --- the day that fires it

  Scenario: The market runs through the sold call, its stop fills, and the day is over
    When at 10:29:58 SENSEX26NOV85000CE trades at 119
    Then daily-loss-kill-switch is clear
    And the distance to its line is 500.00 INR
    When at 10:30:00 order S1 fills at 121
    Then daily-loss-kill-switch is pending
    When at 10:30:02 nothing has changed
    Then daily-loss-kill-switch is pending
    When at 10:30:04 nothing has changed
    Then daily-loss-kill-switch fires
    And it says "Loss 10,500.00 INR is beyond 10,000.00 INR; stop-loss S1 on SENSEX26NOV85000CE filled"
    And it would, in this order
      | notify telegram, call                                                                      |
      | block entries until rearmed by hand; orders from elsewhere are cancelled                   |
      | start the same sequence on every linked account (none is linked here)                        |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | throw the broker's kill switch once flat is verified                                       |
      | log out after the watch                                                                    |
      | notify telegram                                                                            |
    And the decision is enforced

  Scenario: First the stop, much later the loss
    When at 10:00:00 order S1 fills at 110
    Then daily-loss-kill-switch is clear
    And the fact loss is 5,000.00 INR
    And the fact stop_loss_hit is yes
    When at 14:00:00 the loss is 10,500
    And at 14:00:04 nothing has changed
    Then daily-loss-kill-switch fires

  Scenario: First the loss, later the stop
    When at 10:00:00 the loss is 12,000
    And that goes on until 10:01:00
    Then daily-loss-kill-switch is clear
    When at 10:01:02 order S2 fills at 90
    And at 10:01:06 nothing has changed
    Then daily-loss-kill-switch fires

  Scenario Outline: To the paisa: a loss of <loss> with a filled stop
    When at 10:00:00 order S1 fills at 105
    And at 10:01:00 the loss is <loss>
    And at 10:01:04 nothing has changed
    Then daily-loss-kill-switch <verdict>

    Examples:
      | loss      | verdict  |
      | 9,999.99  | is clear |
      | 10,000    | fires    |
      | 10,000.01 | fires    |

  Scenario: It acts once, whatever the price does for the rest of the day
    When at 10:30:00 order S1 fills at 121
    And that goes on until 10:31:00
    Then daily-loss-kill-switch fires
    And it has acted once, at 10:30:04
    When at 11:00:00 the loss is 4,000
    Then daily-loss-kill-switch is clear
    When at 11:30:00 the loss is 30,000
    And at 11:30:04 nothing has changed
    Then daily-loss-kill-switch is latched
    And it has acted once

  Scenario: The next day begins clean, though yesterday's orders may still be shown
    When at 10:30:00 order S1 fills at 121
    And at 10:30:04 nothing has changed
    Then daily-loss-kill-switch fires
    When at 15:41:00 nothing has changed
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the orders of the day are
      | id | side | type | symbol             | quantity | filled | status | trigger | placed              | updated             |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | 500    | filled | 120     | 2026-11-18 09:21:00 | 2026-11-18 10:30:00 |
    When at 09:16:00 the loss is 12,000
    And at 09:16:04 nothing has changed
    Then daily-loss-kill-switch is clear
    And the fact stop_loss_hit is no

  Scenario: A limit tightened in the middle of the day acts within two readings
    When at 10:00:00 order S1 fills at 110
    And at 10:00:02 nothing has changed
    Then daily-loss-kill-switch is clear
    When the desk value loss_limit is now 4,500 INR
    And at 10:00:04 nothing has changed
    Then daily-loss-kill-switch is pending
    When at 10:00:08 nothing has changed
    Then daily-loss-kill-switch fires
    And it says "Loss 5,000.00 INR is beyond 4,500.00 INR; stop-loss S1 on SENSEX26NOV85000CE filled"

  Scenario: As shipped it is a dry run
    Given the shipped policy daily-loss-kill-switch
    And daily-loss-kill-switch is in dry run
    When at 10:30:00 order S1 fills at 121
    And at 10:30:04 nothing has changed
    Then daily-loss-kill-switch fires
    And the decision is in dry run

  # --- each half alone

  Scenario: A loss of 10,500 for a whole minute and no stop filled
    When at 10:00:00 the loss is 10,500
    And that goes on until 10:01:00
    Then daily-loss-kill-switch is clear
    And it has acted never

  Scenario: A stop filled and the day's loss is small
    When at 10:00:00 order S1 fills at 110
    And that goes on until 10:01:00
    Then daily-loss-kill-switch is clear
    And the distance to its line is 5,000.00 INR

  # --- look-alikes: each stands beside a loss of 12,000, and none is a stop-loss on a sold option

  Scenario: A stop-buy that opened another option
    Given the orders of the day are also
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | X1 | buy  | stop | SENSEX26NOV86000CE | 500      | waiting for its trigger | 60      | 09:30:00 | 09:30:00 |
    When at 10:00:00 order X1 fills at 60
    And at 10:00:02 the loss is 12,000
    And at 10:00:06 nothing has changed
    Then daily-loss-kill-switch is clear
    And the fact stop_loss_hit is no

  Scenario: A sell-stop on a hedge
    Given the orders of the day are also
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | X1 | sell | stop | SENSEX26NOV87000CE | 500      | waiting for its trigger | 5       | 09:30:00 | 09:30:00 |
    When at 10:00:00 order X1 fills at 5
    And at 10:00:02 the loss is 12,000
    And at 10:00:06 nothing has changed
    Then daily-loss-kill-switch is clear
    And the fact stop_loss_hit is no

  Scenario: Yesterday's completed stop, which the broker still shows
    Given the orders of the day are also
      | id | side | type | symbol             | quantity | filled | status | trigger | placed              | updated             |
      | Y1 | buy  | stop | SENSEX26NOV85000CE | 500      | 500    | filled | 150     | 2026-11-17 09:21:00 | 2026-11-17 14:10:00 |
    When at 10:00:00 the loss is 12,000
    And at 10:00:04 nothing has changed
    Then daily-loss-kill-switch is clear
    And the fact stop_loss_hit is no

  Scenario Outline: A stop that <what>
    When at 10:00:00 order S1 <what>
    And at 10:00:02 the loss is 12,000
    And at 10:00:06 nothing has changed
    Then daily-loss-kill-switch is clear
    And the fact stop_loss_hit is no

    Examples:
      | what             |
      | is cancelled     |
      | is rejected      |
      | is being changed |
      | triggers         |

  Scenario: A stop filled in part and then cancelled is a warning, not a hit
    When at 10:00:00 200 of order S1 fill at 121
    And at 10:00:02 order S1 is cancelled
    And at 10:00:04 the loss is 12,000
    And at 10:00:08 nothing has changed
    Then daily-loss-kill-switch is clear
    And the fact stop_loss_hit is no
    And the fact stop_loss_partial is 1 order

  Scenario: The trader buys the call back himself with a limit order
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | L1 | buy  | limit | SENSEX26NOV85000CE | 500      | resting | 09:59:00 | 09:59:00 |
    When at 10:00:00 order L1 fills at 121
    And at 10:00:04 nothing has changed
    Then daily-loss-kill-switch is clear
    And the fact stop_loss_hit is no

  Scenario: A stop-buy on the same contract in another product, where nothing is sold
    Given the orders of the day are also
      | id | side | type | symbol             | quantity | status                  | trigger | product | placed   | updated  |
      | X1 | buy  | stop | SENSEX26NOV86000CE | 500      | waiting for its trigger | 60      | MIS     | 09:30:00 | 09:30:00 |
    When at 10:00:00 order X1 fills at 60
    And at 10:00:02 the loss is 12,000
    And at 10:00:06 nothing has changed
    Then daily-loss-kill-switch is clear

  Scenario: All the look-alikes together leave it silent, and then the real stop fills
    Given the orders of the day are also
      | id | side | type | symbol             | quantity | filled | status                  | trigger | placed              | updated             |
      | Y1 | buy  | stop | SENSEX26NOV85000CE | 500      | 500    | filled                  | 150     | 2026-11-17 09:21:00 | 2026-11-17 14:10:00 |
      | X1 | buy  | stop | SENSEX26NOV86000CE | 500      |        | waiting for its trigger | 60      | 09:30:00            | 09:30:00            |
      | X2 | sell | stop | SENSEX26NOV87000CE | 500      |        | waiting for its trigger | 5       | 09:30:00            | 09:30:00            |
      | X3 | buy  | stop | SENSEX26NOV85000CE | 500      |        | cancelled               | 130     | 09:22:00            | 09:40:00            |
    When at 10:00:00 order X1 fills at 60
    And at 10:00:02 order X2 fills at 5
    And at 10:00:04 200 of order S2 fill at 92
    And at 10:00:06 order S2 is cancelled
    And at 10:00:08 the loss is 12,000
    And that goes on until 10:00:20
    Then daily-loss-kill-switch is clear
    When at 10:00:22 order S1 fills at 124
    And at 10:00:24 the loss is 12,000
    And at 10:00:28 nothing has changed
    Then daily-loss-kill-switch fires

  # --- what looks different and is a stop-loss

  Scenario: A stop that filled in two parts
    When at 10:00:00 200 of order S1 fill at 121
    And at 10:00:02 nothing has changed
    Then daily-loss-kill-switch is clear
    When at 10:00:04 300 of order S1 fill at 121
    And at 10:00:08 nothing has changed
    Then daily-loss-kill-switch fires

  Scenario: A stop-market order
    Given the orders of the day are also
      | id | side | type        | symbol             | quantity | status                  | trigger | placed   | updated  |
      | M1 | buy  | stop-market | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:25:00 | 09:25:00 |
    When at 10:00:00 order M1 fills at 121
    And at 10:00:04 nothing has changed
    Then daily-loss-kill-switch fires

  Scenario: A stop on an option sold yesterday
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S3 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:16:00 | 09:16:00 |
    When at 10:00:00 order S3 fills at 121
    And at 10:00:04 nothing has changed
    Then daily-loss-kill-switch fires
    And the fact loss is 10,500.00 INR

  # --- false alarms

  Scenario: One bad print
    When at 10:00:00 order S1 fills at 105
    And at 10:00:02 the loss is 40,000
    Then daily-loss-kill-switch is pending
    When at 10:00:04 the loss is 2,500
    Then daily-loss-kill-switch is clear
    When at 10:00:06 the loss is 40,000
    Then daily-loss-kill-switch is pending
    And it has acted never

  Scenario: The wild first minute of the session
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S3 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:15:00 | 09:15:00 |
    When at 09:15:10 order S3 fills at 130
    And that goes on until 09:15:58
    Then daily-loss-kill-switch is clear
    When that goes on until 09:16:00
    Then daily-loss-kill-switch is pending
    When that goes on until 09:16:04
    Then daily-loss-kill-switch fires

  Scenario: A day in profit, with a stop filled on the way
    When at 10:00:00 order S1 fills at 121
    And at 10:00:02 the profit is 8,000
    And that goes on until 10:01:00
    Then daily-loss-kill-switch is clear
    And it has acted never

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then daily-loss-kill-switch is clear
    And the distance to its line is 10,000.00 INR

  # --- what is not known

  Scenario: A stop has filled, and the positions cannot be read
    When at 10:00:00 order S1 fills at 110
    And at 10:00:02 the positions cannot be read
    And that goes on until 10:00:30
    Then daily-loss-kill-switch is unknown
    And the reason is "positions not read: the call timed out"
    And it has alerted once, at 10:00:12
    And it has blocked entries for want of data once, at 10:00:22
    And it has acted never

  Scenario: No stop has filled: that decides, though the positions cannot be read
    When at 10:00:00 the positions cannot be read
    And that goes on until 10:00:30
    Then daily-loss-kill-switch is clear

  Scenario: A failed read is never an empty one: positions and orders both unread
    When at 10:00:00 the positions cannot be read
    And at 10:00:02 the orders cannot be read
    Then daily-loss-kill-switch is unknown

  Scenario: A book that is empty from one reading to the next is not believed
    When at 10:00:00 order S1 fills at 121
    And at 10:00:02 the position book comes back empty
    Then daily-loss-kill-switch is pending
    And it has acted never
    When at 10:00:04 the position book is whole again
    Then daily-loss-kill-switch fires

  Scenario: The order book cannot be read beside a small loss: the small loss decides
    When at 10:00:00 the loss is 5,000
    And at 10:00:02 the orders cannot be read
    Then daily-loss-kill-switch is clear

  Scenario: The order book cannot be read beside a loss beyond the limit
    When at 10:00:00 the loss is 10,500
    And at 10:00:02 the orders cannot be read
    And that goes on until 10:00:30
    Then daily-loss-kill-switch is unknown
    And it has alerted once, at 10:00:12
    And it has acted never
    When at 10:00:32 the orders can be read again
    Then daily-loss-kill-switch is clear

  Scenario: A stop once seen filled is not forgotten when the order book goes dark
    When at 10:00:00 order S1 fills at 110
    And at 10:00:02 the orders cannot be read
    And at 10:00:04 the loss is 12,000
    And at 10:00:08 nothing has changed
    Then daily-loss-kill-switch fires

  Scenario: The trade book cannot be read: the order book proves the stop
    When at 10:00:00 the trades cannot be read
    And at 10:00:02 order S1 fills at 121
    And at 10:00:06 nothing has changed
    Then daily-loss-kill-switch fires

  Scenario: A sold leg without a price
    When at 10:00:00 order S1 fills at 121
    And at 10:00:02 the price of SENSEX26NOV82000PE is missing
    Then daily-loss-kill-switch is pending
    When that goes on until 10:01:00
    Then daily-loss-kill-switch is unknown
    And the reason is "no last price of BFO:SENSEX26NOV82000PE"
    And it has acted never

  Scenario: Stale prices
    Given the market of SENSEX26NOV85000CE is 99.95 bid, 100.05 offered, 100 traded
    And the market of SENSEX26NOV82000PE is 89.95 bid, 90.05 offered, 90 traded
    And the market of SENSEX26NOV87000CE is 9.95 bid, 10.05 offered, 10 traded
    And the market of SENSEX26NOV80000PE is 7.95 bid, 8.05 offered, 8 traded
    When at 10:00:00 order S1 fills at 105
    Then daily-loss-kill-switch is clear
    When at 10:00:40 the prices are 34s old
    Then daily-loss-kill-switch is unknown
    And the reason is "quote of BFO:SENSEX26NOV82000PE is 34s old (limit 10s)"
    And it has acted never

  Scenario: Without a price a bought leg cannot lose more than it cost, so the limit is decided all the same
    When at 10:00:00 order S1 fills at 105
    And at 10:00:02 the price of SENSEX26NOV80000PE is missing
    Then daily-loss-kill-switch is clear
