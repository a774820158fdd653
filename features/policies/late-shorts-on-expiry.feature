Feature: late-shorts-on-expiry tells of what is sold after a quarter to three on what expires today

  Background:
    Given the shipped policy late-shorts-on-expiry, enforced
    And it is Thursday, 2026-11-19
    And the account holds
      | symbol             | sold      | last | lot |
      | SENSEX26N1985000CE | 400 @ 100 | 100  | 20  |
      | NIFTY26D0124000CE  | 750 @ 100 | 100  | 75  |

  Scenario: One lot more at ten to three
    When at 14:44:58 the account is read
    And that goes on until 14:45:10
    Then late-shorts-on-expiry is clear for SENSEX
    And late-shorts-on-expiry says nothing of NIFTY
    When at 14:50:00 the trader sells 20 SENSEX26N1985000CE at 60
    And at 14:50:04 nothing has changed
    Then late-shorts-on-expiry fires for SENSEX
    And it says of SENSEX "21 lots of SENSEX are sold, 20 were at 14:45"

  Scenario: Closed and sold again, no more than before
    When at 14:44:58 the account is read
    And at 14:50:00 the trader buys 100 SENSEX26N1985000CE at 60
    And at 14:51:00 the trader sells 100 SENSEX26N1985000CE at 60
    And at 14:51:10 nothing has changed
    Then late-shorts-on-expiry is clear for SENSEX

  Scenario: Another strike of the same day counts
    When at 14:44:58 the account is read
    And at 14:50:00 the trader sells 20 SENSEX26N1984000CE at 60
    And at 14:50:02 nothing has changed
    Given the contract file says that a lot of SENSEX26N1984000CE is 20
    When at 14:50:10 nothing has changed
    And at 14:50:14 nothing has changed
    Then late-shorts-on-expiry fires for SENSEX

  Scenario: Nothing was read at a quarter to three
    When at 14:30:00 the account is read
    And at 14:50:00 the account is read
    And that goes on until 14:52:10
    Then late-shorts-on-expiry is unknown for SENSEX
    And it has alerted once, at 14:52:00
