Feature: market-run stops entries when the index runs and something is naked

  Background:
    Given the shipped policy market-run, enforced
    And the account is read every 5s
    And the account holds
      | symbol             | sold      | last | lot |
      | NIFTY26D0124000CE  | 750 @ 100 | 100  | 75  |

  Scenario: NIFTY rises by one per cent in ten minutes
    When at 10:00:00 NIFTY 50 stands at 24,000
    And at 10:00:00 SENSEX stands at 80,000
    And that goes on until 10:10:00
    Then market-run is clear
    When at 10:10:05 NIFTY 50 stands at 24,240
    And at 10:10:10 nothing has changed
    Then market-run fires
    And it says "In ten minutes NIFTY moved 1 %, SENSEX 0 %; 10 lots are naked"

  Scenario: It falls as far
    When at 10:00:00 NIFTY 50 stands at 24,000
    And at 10:00:00 SENSEX stands at 80,000
    And that goes on until 10:10:00
    And at 10:10:05 NIFTY 50 stands at 23,760
    And at 10:10:10 nothing has changed
    Then market-run fires

  Scenario: A point less
    When at 10:00:00 NIFTY 50 stands at 24,000
    And at 10:00:00 SENSEX stands at 80,000
    And that goes on until 10:10:00
    And at 10:10:05 NIFTY 50 stands at 24,239
    And that goes on until 10:10:20
    Then market-run is clear

  Scenario: All is covered
    Given the account holds
      | symbol             | bought   | last | lot |
      | NIFTY26D0125000CE  | 750 @ 20 | 20   | 75  |
    When at 10:00:00 NIFTY 50 stands at 24,000
    And at 10:00:00 SENSEX stands at 80,000
    And that goes on until 10:10:00
    And at 10:10:05 NIFTY 50 stands at 24,900
    And that goes on until 10:10:20
    Then market-run is clear
