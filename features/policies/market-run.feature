Feature: market-run stops entries in an underlying that runs while options on it are naked

  Background:
    Given the shipped policy market-run, enforced
    And the account is read every 5s
    And the account holds
      | symbol             | sold      | last | lot |
      | NIFTY26D0124000CE  | 750 @ 100 | 100  | 75  |

  Scenario: NIFTY rises by one per cent in ten minutes
    When at 10:00:00 NIFTY 50 stands at 24,000
    And that goes on until 10:10:00
    Then market-run is clear for NIFTY
    When at 10:10:05 NIFTY 50 stands at 24,240
    And at 10:10:10 nothing has changed
    Then market-run fires for NIFTY
    And it says of NIFTY "NIFTY moved 1 % in ten minutes; 10 lots on it are naked"

  Scenario: It falls as far
    When at 10:00:00 NIFTY 50 stands at 24,000
    And that goes on until 10:10:00
    And at 10:10:05 NIFTY 50 stands at 23,760
    And at 10:10:10 nothing has changed
    Then market-run fires for NIFTY

  Scenario: A point less
    When at 10:00:00 NIFTY 50 stands at 24,000
    And that goes on until 10:10:00
    And at 10:10:05 NIFTY 50 stands at 24,239
    And that goes on until 10:10:20
    Then market-run is clear for NIFTY

  Scenario: All is covered
    Given the account holds
      | symbol             | bought   | last | lot |
      | NIFTY26D0125000CE  | 750 @ 20 | 20   | 75  |
    When at 10:00:00 NIFTY 50 stands at 24,000
    And that goes on until 10:10:00
    And at 10:10:05 NIFTY 50 stands at 24,900
    And that goes on until 10:10:20
    Then market-run is clear
    And market-run says nothing of NIFTY

  Scenario: Its quote is not read
    When at 10:00:00 the account is read
    And that goes on until 10:15:10
    Then market-run is unknown for NIFTY
    And it has alerted once, at 10:15:00
