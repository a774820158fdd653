Feature: stop-triggered-unfilled calls a person when a stop has triggered and rests
  A stop-limit order that the market jumps over stays in the book: the sold option is open, unprotected, and losing.

  Background:
    Given the shipped policy stop-triggered-unfilled, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 130     | 09:21:00 | 09:21:00 |

  Scenario: The stop of the call triggers and rests
    When at 10:00:00 SENSEX26NOV85000CE trades at 132
    Then stop-triggered-unfilled is clear for SENSEX26NOV85000CE
    When at 10:00:02 order S1 triggers
    Then stop-triggered-unfilled is pending for SENSEX26NOV85000CE
    When that goes on until 10:00:06
    Then stop-triggered-unfilled fires for SENSEX26NOV85000CE
    And stop-triggered-unfilled is clear for SENSEX26NOV82000PE
    And stop-triggered-unfilled says nothing of SENSEX26NOV87000CE
    And it has acted once

  Scenario: The message names the option and what is open
    Given the account holds
      | symbol             | sold       | last |
      | SENSEX26NOV83000PE | 1000 @ 150 | 180  |
    And the orders of the day are also
      | id | side | type | symbol             | quantity | status             | trigger | placed   | updated  |
      | S3 | buy  | stop | SENSEX26NOV83000PE | 1000     | triggered, resting | 170     | 09:21:00 | 09:59:58 |
    When at 10:00:00 the account is read
    Then stop-triggered-unfilled is pending for SENSEX26NOV83000PE
    And it says of SENSEX26NOV83000PE "The stop on SENSEX26NOV83000PE has triggered and rests unfilled; -1000 units open, last traded at 180.00 INR"

  Scenario: It calls again every two minutes while that lasts, and stops when the order fills
    When at 10:00:00 order S1 triggers
    And that goes on until 10:00:04
    Then stop-triggered-unfilled fires for SENSEX26NOV85000CE
    When that goes on until 10:02:02
    Then stop-triggered-unfilled is cooling for SENSEX26NOV85000CE
    When that goes on until 10:02:08
    Then stop-triggered-unfilled fires for SENSEX26NOV85000CE
    And it has acted twice
    When at 10:02:10 order S1 fills at 140
    Then stop-triggered-unfilled says nothing of SENSEX26NOV85000CE

  Scenario: A stop that triggers and fills at once is no alarm
    When at 10:00:00 order S1 triggers
    Then stop-triggered-unfilled is pending for SENSEX26NOV85000CE
    When at 10:00:02 order S1 fills at 121
    Then stop-triggered-unfilled says nothing of SENSEX26NOV85000CE
    And it has acted never

  Scenario: A stop that filled in part and rests with the remainder is an alarm
    When at 10:00:00 200 of order S1 fill at 121
    And that goes on until 10:00:04
    Then stop-triggered-unfilled fires for SENSEX26NOV85000CE

  Scenario: At the open, when gaps happen, it does not wait for the market to settle
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the orders of the day are
      | id | side | type | symbol             | quantity | status             | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | triggered, resting | 120     | 09:15:00 | 09:15:00 |
    When at 09:15:00 SENSEX26NOV85000CE trades at 160
    And that goes on until 09:15:04
    Then stop-triggered-unfilled fires for SENSEX26NOV85000CE

  Scenario Outline: <what> is no triggered stop
    Given the orders of the day are also
      | id | side   | type   | symbol             | quantity | status   | placed   | updated  |
      | X1 | <side> | <type> | SENSEX26NOV85000CE | 500      | <status> | 09:30:00 | 09:59:00 |
    When at 10:00:00 the account is read
    And that goes on until 10:00:10
    Then stop-triggered-unfilled is clear for SENSEX26NOV85000CE
    And it has acted never

    Examples:
      | what                           | side | type  | status                  |
      | A limit order to buy back      | buy  | limit | resting                 |
      | A second stop that waits       | buy  | stop  | waiting for its trigger |
      | A cancelled stop               | buy  | stop  | cancelled               |
      | A sell-stop that has triggered | sell | stop  | resting                 |

  Scenario: A stop being changed while it waits is no alarm
    When at 10:00:00 order S1 waits again
    And at 10:00:02 nothing has changed
    Then stop-triggered-unfilled is clear for SENSEX26NOV85000CE

  Scenario: The order book cannot be read
    When at 10:00:00 the orders cannot be read
    And that goes on until 10:00:28
    Then stop-triggered-unfilled is unknown for SENSEX26NOV85000CE
    And it has acted never
    And it has alerted never

  Scenario: A status word nobody has heard of is not taken for rest
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status     | status_text | trigger | placed   | updated  |
      | S9 | buy  | stop | SENSEX26NOV85000CE | 500      | unheard-of | AMO REQ RCD | 120     | 09:22:00 | 09:22:00 |
    When at 10:00:00 the account is read
    Then stop-triggered-unfilled is unknown for SENSEX26NOV85000CE
    And stop-triggered-unfilled is clear for SENSEX26NOV82000PE

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then stop-triggered-unfilled is clear
    And the note is "no positions"
