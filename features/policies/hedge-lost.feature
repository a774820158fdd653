Feature: hedge-lost calls when a hedge went and its short stayed
  What was a spread this morning is naked now. Twenty seconds of it are enough for a call, and nothing more is sold.

  Background:
    Given the shipped policy hedge-lost, enforced
    And the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   | 20  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   | 20  |

  Scenario: The call's hedge is sold, and the call stays
    When at 10:00:00 the account is read
    Then hedge-lost is clear
    When at 10:00:02 the trader sells 500 SENSEX26NOV87000CE at 12
    Then hedge-lost is pending
    And it says "Lots covered earlier today and not now: 25"
    When that goes on until 10:00:20
    Then hedge-lost is pending
    When that goes on until 10:00:22
    Then hedge-lost fires
    And it would, in this order
      | notify telegram, call                                                   |
      | block entries until the rule clears; orders from elsewhere are reported |
    And an order that opens is refused by hedge-lost
    And an order that covers passes
    When that goes on until 10:05:00
    Then it has acted once

  Scenario Outline: It is over when <what>
    When at 10:00:00 the account is read
    And at 10:00:02 the trader sells 500 SENSEX26NOV87000CE at 12
    And that goes on until 10:00:22
    Then hedge-lost fires
    When at 10:01:00 the trader buys 500 <symbol> at <price>
    Then hedge-lost is clear
    And it has just cleared
    And entries are not blocked

    Examples:
      | what                      | symbol             | price |
      | the hedge is bought again | SENSEX26NOV87000CE | 14    |
      | another hedge is bought   | SENSEX26NOV88000CE | 6     |
      | the short is bought back  | SENSEX26NOV85000CE | 105   |

  Scenario: One lot of the hedge is enough
    When at 10:00:00 the account is read
    And at 10:00:02 the trader sells 20 SENSEX26NOV87000CE at 12
    And that goes on until 10:00:22
    Then hedge-lost fires
    And it says "Lots covered earlier today and not now: 1"

  Scenario: A spread closed hedge first, its short ten seconds later
    When at 10:00:00 the account is read
    And at 10:00:02 the trader sells 500 SENSEX26NOV87000CE at 12
    And at 10:00:12 the trader buys 500 SENSEX26NOV85000CE at 101
    And that goes on until 10:00:40
    Then hedge-lost is clear
    And it has acted never

  Scenario: A put that never had a hedge, and more calls sold than are hedged, are naked-short's business
    When at 10:00:00 the account is read
    And at 10:00:02 the trader sells 100 SENSEX26NOV85000CE at 101
    And that goes on until 10:00:40
    Then hedge-lost is clear

  Scenario: The hedge of yesterday is sold in the morning
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:16:00 the account is read
    And at 09:20:00 the trader sells 500 SENSEX26NOV87000CE at 12
    And that goes on until 09:20:20
    Then hedge-lost fires

  Scenario: What was lost before the first reading is not known to have been there
    When at 10:00:00 the trader sells 500 SENSEX26NOV87000CE at 12
    And that goes on until 10:00:40
    Then hedge-lost is clear

  Scenario: A reading that shows nothing is no lost hedge
    When at 10:00:00 the account is read
    And at 10:00:02 the position book comes back empty
    And that goes on until 10:00:10
    Then hedge-lost is unknown
    When at 10:00:12 the position book is whole again
    Then hedge-lost is clear
    And it has acted never

  Scenario: The positions cannot be read
    When at 10:00:00 the account is read
    And at 10:00:02 the positions cannot be read
    And that goes on until 10:01:04
    Then hedge-lost is unknown
    And it has alerted once, at 10:01:02
    And it has acted never

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then hedge-lost is clear
