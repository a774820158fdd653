Feature: naked-short tells when a sold option is not covered
  For a desk that sells options only against bought ones. It blocks new entries until the book is covered again.

  Background:
    Given the shipped policy naked-short, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
      | SENSEX26NOV80000PE |           | 500 @ 8  | 8    |

  Scenario: A covered condor is quiet all day
    When at 10:00:00 the account is read
    And that goes on until 10:01:00
    Then naked-short is clear

  Scenario: The call's hedge is sold, and bought back after a while
    When at 10:00:00 the trader sells 500 SENSEX26NOV87000CE at 12
    Then naked-short is pending
    And it says "1 of 2 sold options not wholly covered"
    When that goes on until 10:00:18
    Then naked-short is pending
    When that goes on until 10:00:20
    Then naked-short fires
    And it would, in this order
      | notify telegram                                                      |
      | block entries until the rule clears; orders from elsewhere are reported |
    When that goes on until 10:01:00
    Then naked-short fires
    And it has acted once
    When at 10:01:02 the trader buys 500 SENSEX26NOV87000CE at 12
    Then naked-short is clear
    And it has just cleared

  Scenario: Legging in, the short first and its hedge ten seconds later
    When at 10:00:00 the trader sells 500 SENSEX26NOV84000CE at 140
    Then naked-short is pending
    When at 10:00:10 the trader buys 500 SENSEX26NOV88000CE at 6
    Then naked-short is clear
    And it has acted never

  Scenario: Half a hedge is no hedge for the other half
    When at 10:00:00 the trader sells 200 SENSEX26NOV87000CE at 12
    And that goes on until 10:00:20
    Then naked-short fires

  Scenario Outline: What covers a sold call and what does not: <what>
    Given the account is flat
    And the account holds
      | symbol             | sold      | bought    | last |
      | SENSEX26D0385000CE | 500 @ 100 |           | 100  |
      | <long>             |           | 500 @ 50  | 50   |
    When at 10:00:00 the account is read
    And that goes on until 10:00:20
    Then naked-short <verdict>

    Examples:
      | what                                                 | long               | verdict    |
      | a bought call of a higher strike                     | SENSEX26D0387000CE | is clear   |
      | a bought call of a lower strike                      | SENSEX26D0383000CE | is clear   |
      | a bought call that expires later                     | SENSEX26D1087000CE | is clear   |
      | a bought call that expires before                    | SENSEX26N1987000CE | fires      |
      | a bought put                                         | SENSEX26D0380000PE | fires      |
      | a bought call on another underlying                  | BANKEX26DEC66000CE | fires      |
      | a bought future                                      | SENSEX26DECFUT     | fires      |
      | a bought call of that month's last expiry            | SENSEX26DEC87000CE | is clear   |

  Scenario: On expiry day the hedge of today does not cover the short of next week
    Given it is Thursday, 2026-11-19
    And the account is flat
    And the account holds
      | symbol             | carried   | last |
      | SENSEX26D0385000CE | -500 @ 90 | 100  |
      | SENSEX26N1985500CE | 500 @ 20  | 3    |
    When at 14:00:00 the account is read
    And that goes on until 14:00:20
    Then naked-short fires

  Scenario: Where the symbols do not tell which expires first, it is unknown and not naked
    Given the account is flat
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26DEC85000CE | 500 @ 100 |          | 100  |
      | SENSEX26D1787000CE |           | 500 @ 50 | 50   |
    When at 10:00:00 the account is read
    And that goes on until 10:00:20
    Then naked-short is unknown
    And the reason is "whether BFO:SENSEX26D1787000CE covers BFO:SENSEX26DEC85000CE is not known"

  Scenario: Bought options alone are nobody's risk here
    Given the account is flat
    And the account holds
      | symbol             | bought   | last |
      | SENSEX26NOV87000CE | 500 @ 10 | 10   |
    When at 10:00:00 the account is read
    And that goes on until 10:00:30
    Then naked-short is clear

  Scenario: The positions cannot be read
    When at 10:00:00 the positions cannot be read
    And that goes on until 10:01:00
    Then naked-short is unknown
    And it has alerted once, at 10:00:30
    And it has acted never

  Scenario: The position book fills up in the first minute
    Given the account is flat
    And the account holds
      | symbol             | carried   | last |
      | SENSEX26NOV85000CE | -500 @ 90 | 100  |
    When at 09:15:05 the account is read
    And that goes on until 09:15:59
    Then naked-short is clear
    And it has acted never

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then naked-short is clear
