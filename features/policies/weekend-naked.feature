Feature: weekend-naked asks on Friday, and closes what is naked unless somebody says stop

  Background:
    Given the shipped policy weekend-naked, enforced
    And the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   | 20  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   | 20  |

  Scenario: Friday, five past three, and the put is naked
    Given it is Friday, 2026-11-20
    When at 15:04:58 the account is read
    Then weekend-naked is clear
    When at 15:05:00 nothing has changed
    And at 15:05:04 nothing has changed
    Then weekend-naked fires
    And it says "25 lots are naked before the weekend"
    And it has acted once

  Scenario: Thursday
    Given it is Thursday, 2026-11-19
    When at 15:05:00 the account is read
    And that goes on until 15:05:30
    Then weekend-naked is clear

  Scenario: All is covered
    Given it is Friday, 2026-11-20
    When at 15:00:00 the trader buys 500 SENSEX26NOV80000PE at 8
    And at 15:05:00 nothing has changed
    And that goes on until 15:05:30
    Then weekend-naked is clear

  Scenario: The positions cannot be read on Friday
    Given it is Friday, 2026-11-20
    When at 15:05:00 the positions cannot be read
    And that goes on until 15:05:40
    Then weekend-naked is unknown
    And it has alerted once, at 15:05:30
