Feature: trades-per-contract stops trading one contract over and over

  Background:
    Given the shipped policy trades-per-contract, enforced
    And the desk value trades_most is 2
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  | 90   |

  Scenario: Out and in again, and once more
    When at 10:00:00 the trader buys 100 SENSEX26NOV85000CE at 100
    And at 10:00:04 nothing has changed
    Then trades-per-contract is clear for SENSEX26NOV85000CE
    When at 10:05:00 the trader sells 100 SENSEX26NOV85000CE at 101
    And at 10:05:04 nothing has changed
    Then trades-per-contract fires for SENSEX26NOV85000CE
    And it says of SENSEX26NOV85000CE "3 orders have filled in SENSEX26NOV85000CE today; 2 are the most"
    And trades-per-contract is clear for SENSEX26NOV82000PE

  Scenario: The trades cannot be read
    When at 10:00:00 the trades cannot be read
    And that goes on until 10:05:10
    Then trades-per-contract is unknown for SENSEX26NOV85000CE
