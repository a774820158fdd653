Feature: entry-while-blocked cancels what is entered past Rekha while entries are blocked
  A trader's terminal knows nothing of Rekha's block. Its entry is found at the next reading and cancelled.

  Background:
    Given the shipped policy entry-while-blocked, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |

  Scenario: An entry from a terminal after the block
    When at 10:00:00 somebody halts the account
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV85500CE | 100      | resting | 10:05:00 | 10:05:00 |
    When at 10:05:01 the account is read
    Then entry-while-blocked fires for O1
    And it says of O1 "SELL 100 SENSEX26NOV85500CE came while entries are blocked"
    And it would, in this order
      | cancel this order |
      | notify telegram   |

  Scenario Outline: <what>
    Given the orders of the day are also
      | id | side   | type   | symbol   | quantity | status  | placed   | updated  |
      | O1 | <side> | <type> | <symbol> | <units>  | resting | <placed> | <placed> |
    When at 10:00:00 somebody halts the account
    Then entry-while-blocked <verdict>

    Examples: cancelled
      | what                                | side | type   | symbol             | units | placed   | verdict      |
      | More of a short                     | sell | limit  | SENSEX26NOV85000CE | 100   | 09:59:50 | fires for O1 |
      | The bought call that covers is sold | sell | limit  | SENSEX26NOV87000CE | 500   | 09:59:50 | fires for O1 |
      | Placed a second short of a minute   | sell | limit  | SENSEX26NOV85500CE | 100   | 09:59:01 | fires for O1 |

    Examples: left alone
      | what                         | side | type  | symbol             | units | placed   | verdict            |
      | An order a minute old        | sell | limit | SENSEX26NOV85500CE | 100   | 09:59:00 | says nothing of O1 |
      | The short is bought back     | buy  | limit | SENSEX26NOV85000CE | 500   | 09:59:50 | says nothing of O1 |
      | The stop of the short        | buy  | stop  | SENSEX26NOV85000CE | 500   | 09:59:50 | says nothing of O1 |
      | The hedge of the naked put   | buy  | limit | SENSEX26NOV80000PE | 500   | 09:59:50 | says nothing of O1 |

  Scenario: While all is allowed entries are nobody's business
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV85500CE | 100      | resting | 09:59:59 | 09:59:59 |
    When at 10:00:00 the account is read
    Then entry-while-blocked is clear for O1

  Scenario: The block of another policy
    Given the shipped policy loss-ladder, enforced
    When at 10:00:00 the loss is 8,000
    And at 10:00:04 nothing has changed
    Then entries are blocked by loss-ladder/block since 10:00:04
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV85500CE | 100      | resting | 10:00:05 | 10:00:05 |
    When at 10:00:06 the account is read
    Then entry-while-blocked fires for O1

  Scenario: A block in dry run forbids nothing
    Given the shipped policy loss-ladder
    And the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV85500CE | 100      | resting | 10:00:00 | 10:00:00 |
    When at 10:00:00 the loss is 9,000
    And that goes on until 10:00:10
    Then loss-ladder/block fires
    And entry-while-blocked is clear for O1

  Scenario: A block of NIFTY alone does not take entries in SENSEX
    Given the shipped policy short-lots-cap, enforced
    And the account holds
      | symbol            | sold       | last | lot |
      | NIFTY26N2424500CE | 1575 @ 100 | 100  | 75  |
    And the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV85500CE | 100      | resting | 10:00:00 | 10:00:00 |
    When at 10:00:00 the account is read
    And that goes on until 10:00:10
    Then short-lots-cap fires for NIFTY
    And an order in NIFTY that opens is refused by short-lots-cap
    And entry-while-blocked is clear for O1

  Scenario: Each order once, however long it takes to go
    Given the orders of the day are also
      | id | side | type  | symbol             | quantity | status  | placed   | updated  |
      | O1 | sell | limit | SENSEX26NOV85500CE | 100      | resting | 09:59:59 | 09:59:59 |
    When at 10:00:00 somebody halts the account
    And that goes on until 10:00:20
    Then entry-while-blocked fires for O1
    And it has acted once, at 10:00:00

  Scenario: The orders cannot be read
    When at 10:00:00 somebody halts the account
    And at 10:00:02 the orders cannot be read
    And that goes on until 10:01:04
    Then entry-while-blocked is unknown
    And it has alerted once, at 10:01:02

  Scenario: A halted account without orders
    Given the account is flat
    When at 10:00:00 somebody halts the account
    Then entry-while-blocked is clear
