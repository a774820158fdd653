Feature: short-lots-cap stops selling when an underlying has its lots
  20 lots of NIFTY or SENSEX, 10 of BANKNIFTY, 2 of anything else; beyond that no more of it until it is back.

  Background:
    Given the shipped policy short-lots-cap, enforced
    And the account holds
      | symbol             | sold       | bought    | last | lot |
      | NIFTY26N2424500CE  | 750 @ 100  |           | 100  | 75  |
      | NIFTY26N2423500PE  | 750 @ 90   |           | 90   | 75  |
      | NIFTY26N2425000CE  |            | 750 @ 10  | 10   | 75  |
      | SENSEX26NOV85000CE | 100 @ 100  |           | 100  | 20  |

  Scenario: One lot too many, and bought back
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then short-lots-cap is clear for NIFTY
    When at 10:10:00 the trader sells 75 NIFTY26N2424500CE at 101
    Then short-lots-cap is pending for NIFTY
    When at 10:10:04 nothing has changed
    Then short-lots-cap fires for NIFTY
    And it says of NIFTY "21 lots of NIFTY are sold; the most is 20"
    And short-lots-cap is clear for SENSEX
    And an order in NIFTY that opens is refused by short-lots-cap
    And an order in NIFTY that closes passes
    And an order in SENSEX that opens passes
    When at 10:20:00 the trader buys 75 NIFTY26N2423500PE at 91
    Then short-lots-cap is clear for NIFTY
    And entries are not blocked

  Scenario: What is done, in this order
    Given the account is flat
    And the account holds
      | symbol            | sold     | last | lot |
      | RELIANCE26NOV1500CE | 1500 @ 20 | 20 | 500 |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then short-lots-cap fires
    And it says "3 lots of RELIANCE are sold; the most is 2"
    And it would, in this order
      | block entries of this underlying until the rule clears; orders from elsewhere are reported |
      | notify telegram                                                                            |

  Scenario Outline: Its own cap for each underlying: <units> of <symbol>
    Given the account is flat
    And the account holds
      | symbol   | sold         | last | lot   |
      | <symbol> | <units> @ 20 | 20   | <lot> |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then short-lots-cap <verdict>

    Examples:
      | symbol              | units | lot | verdict  |
      | BANKNIFTY26NOV60000CE | 350 | 35  | is clear |
      | BANKNIFTY26NOV60000CE | 385 | 35  | fires    |
      | SENSEX26NOV85000CE  | 400   | 20  | is clear |
      | SENSEX26NOV85000CE  | 420   | 20  | fires    |
      | RELIANCE26NOV1500CE | 1000  | 500 | is clear |
      | RELIANCE26NOV1500CE | 1500  | 500 | fires    |

  Scenario: Bought options and futures are not counted, hedged shorts are
    Given the account holds
      | symbol            | bought    | last  | lot |
      | NIFTY26N2426000CE | 3000 @ 2  | 2     | 75  |
      | NIFTY26NOVFUT     | 75 @ 24000 | 24000 | 75 |
    When at 10:00:00 the account is read
    And at 10:00:10 nothing has changed
    Then short-lots-cap is clear for NIFTY

  Scenario: It tells once of each time, and again the next time
    When at 10:00:00 the trader sells 75 NIFTY26N2424500CE at 101
    And that goes on until 10:01:00
    Then short-lots-cap fires for NIFTY
    And it has acted once, at 10:00:04
    When at 10:02:00 the trader buys 75 NIFTY26N2424500CE at 101
    And at 10:03:00 the trader sells 150 NIFTY26N2424500CE at 101
    And at 10:03:04 nothing has changed
    Then it has acted twice

  Scenario: A sale and its reversal between two readings
    When at 10:00:00 the trader sells 75 NIFTY26N2424500CE at 101
    And at 10:00:02 the trader buys 75 NIFTY26N2424500CE at 101
    And at 10:00:10 nothing has changed
    Then short-lots-cap is clear for NIFTY
    And it has acted never

  Scenario: Without the day's contract file nobody knows how many lots 1,500 units are
    Given the account is flat
    And the account holds
      | symbol            | sold       | last |
      | NIFTY26N2424500CE | 1500 @ 100 | 100  |
    When at 10:00:00 the account is read
    And that goes on until 10:01:02
    Then short-lots-cap is unknown
    And the reason is "lot size of NFO:NIFTY26N2424500CE not known"
    And it has alerted once, at 10:01:00

  Scenario: The positions cannot be read
    When at 10:00:00 the positions cannot be read
    And that goes on until 10:01:02
    Then short-lots-cap is unknown
    And it has alerted once, at 10:01:00
    And it has acted never

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then short-lots-cap is clear
