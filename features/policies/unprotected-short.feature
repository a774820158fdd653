Feature: unprotected-short tells when a sold option stands without a stop
  Each sold leg is asked for itself. A stop is placed after its sale, so the first minute is left to the trader.

  Background:
    Given the shipped policy unprotected-short, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |

  Scenario: The call has its stop, the put has none, and the bought call needs none
    When at 10:00:00 the account is read
    Then unprotected-short is clear for SENSEX26NOV85000CE
    And unprotected-short is pending for SENSEX26NOV82000PE
    And unprotected-short says nothing of SENSEX26NOV87000CE
    When that goes on until 10:00:10
    Then unprotected-short fires for SENSEX26NOV82000PE
    And it says of SENSEX26NOV82000PE "500 units of SENSEX26NOV82000PE have no working stop"
    And it has acted once

  Scenario: It tells again after a quarter of an hour
    When at 10:00:00 the account is read
    And that goes on until 10:15:08
    Then unprotected-short is cooling for SENSEX26NOV82000PE
    And it has acted once
    When that goes on until 10:15:30
    Then it has acted twice

  Scenario: Sold a moment ago
    Given the orders of the day are also
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S2 | buy  | stop | SENSEX26NOV82000PE | 500      | waiting for its trigger | 130     | 09:21:00 | 09:21:00 |
    When at 10:00:00 the trader sells 500 SENSEX26NOV84000CE at 140
    And that goes on until 10:00:50
    Then unprotected-short is clear for SENSEX26NOV84000CE
    When at 10:00:52 a stop order S3 to buy 500 SENSEX26NOV84000CE is placed
    And that goes on until 10:02:00
    Then unprotected-short is clear for SENSEX26NOV84000CE
    And it has acted never

  Scenario: The stop is cancelled, whoever did it
    When at 10:00:00 order S1 is cancelled
    And that goes on until 10:00:10
    Then unprotected-short fires for SENSEX26NOV85000CE

  Scenario: A stop that is moved by cancelling and placing it anew
    When at 10:00:00 order S1 is cancelled
    Then unprotected-short is pending for SENSEX26NOV85000CE
    When at 10:00:04 a stop order S7 to buy 500 SENSEX26NOV85000CE is placed
    Then unprotected-short is clear for SENSEX26NOV85000CE

  Scenario Outline: What stands before the put: <what>
    Given the orders of the day are also
      | id | side   | type   | symbol             | quantity   | status   | product   | placed   | updated  |
      | X1 | <side> | <type> | SENSEX26NOV82000PE | <quantity> | <status> | <product> | 09:30:00 | 09:59:00 |
    When at 10:00:00 the account is read
    And that goes on until 10:00:10
    Then unprotected-short <verdict> for SENSEX26NOV82000PE

    Examples:
      | what                                    | side | type        | quantity | status                  | product | verdict    |
      | a stop for all of it                    | buy  | stop        | 500      | waiting for its trigger | NRML    | is clear   |
      | a stop-market for all of it             | buy  | stop-market | 500      | waiting for its trigger | NRML    | is clear   |
      | a stop that is being changed            | buy  | stop        | 500      | being changed           | NRML    | is clear   |
      | a stop that has triggered and rests     | buy  | stop        | 500      | triggered, resting      | NRML    | is clear   |
      | a stop for more than is sold            | buy  | stop        | 600      | waiting for its trigger | NRML    | is clear   |
      | a stop for a part of it                 | buy  | stop        | 300      | waiting for its trigger | NRML    | fires      |
      | a stop in another product               | buy  | stop        | 500      | waiting for its trigger | MIS     | fires      |
      | a limit order to buy back               | buy  | limit       | 500      | resting                 | NRML    | fires      |
      | a stop to sell                          | sell | stop        | 500      | waiting for its trigger | NRML    | fires      |
      | a rejected stop                         | buy  | stop        | 500      | rejected                | NRML    | fires      |
      | a stop whose status nobody has heard of | buy  | stop        | 500      | unheard-of              | NRML    | is unknown |

  Scenario: The order book cannot be read
    When at 10:00:00 the orders cannot be read
    And that goes on until 10:00:40
    Then unprotected-short is unknown for SENSEX26NOV85000CE
    And it has acted never

  Scenario: The positions cannot be read
    When at 10:00:00 the positions cannot be read
    And that goes on until 10:00:28
    Then unprotected-short is unknown
    And it has acted never

  Scenario: A carried leg, in the first minutes of the day
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:16:00 | 09:16:00 |
    When at 09:15:30 the account is read
    And that goes on until 09:16:00
    Then unprotected-short is clear for SENSEX26NOV82000PE
    When that goes on until 09:16:12
    Then unprotected-short fires for SENSEX26NOV82000PE
    And unprotected-short is clear for SENSEX26NOV85000CE

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then unprotected-short is clear
