Feature: intraday-exit closes an intraday position before the broker does
  Kite squares options off at 15:25. Ten minutes before, the desk does it itself, stops in place and at its own price.

  Background:
    Given the shipped policy intraday-exit, enforced
    And the account is with kite
    And the account holds
      | symbol            | sold     | last | product |
      | NIFTY26N2424500CE | 75 @ 100 | 120  | MIS     |
      | NIFTY26N2423500PE | 75 @ 50  | 40   | NRML    |

  Scenario: A quarter past three
    When at 15:14:58 the account is read
    Then intraday-exit is clear for NIFTY26N2424500CE
    When at 15:15:00 nothing has changed
    Then intraday-exit is pending for NIFTY26N2424500CE
    When at 15:15:04 nothing has changed
    Then intraday-exit fires for NIFTY26N2424500CE
    And it says of NIFTY26N2424500CE "NIFTY26N2424500CE (MIS), -75 units: the broker's own square-off is near"
    And intraday-exit says nothing of NIFTY26N2423500PE
    And it would, in this order
      | exit this position |
      | notify telegram    |

  Scenario: Kotak squares off at 15:20
    Given the account is with kotak
    When at 15:09:58 the account is read
    Then intraday-exit is clear for NIFTY26N2424500CE
    When at 15:10:00 nothing has changed
    And at 15:10:04 nothing has changed
    Then intraday-exit fires for NIFTY26N2424500CE

  Scenario: Closed, and sold once more at 15:20: that is another position
    When at 15:15:00 the account is read
    And at 15:15:04 nothing has changed
    And at 15:16:00 the trader buys 75 NIFTY26N2424500CE at 120
    Then intraday-exit says nothing of NIFTY26N2424500CE
    When at 15:20:00 the trader sells 75 NIFTY26N2424500CE at 121
    And at 15:20:04 nothing has changed
    Then intraday-exit fires for NIFTY26N2424500CE
    And it has acted twice

  Scenario Outline: Open at 15:15:00 as <product>
    Given the account is flat
    And the account holds
      | symbol   | bought    | last | product   |
      | <symbol> | 75 @ 100  | 100  | <product> |
    When at 15:15:00 the account is read
    And at 15:15:04 nothing has changed
    Then intraday-exit <verdict>

    Examples:
      | symbol            | product | verdict  |
      | NIFTY26N2424500CE | MIS     | fires    |
      | NIFTY26N2424500CE | CO      | fires    |
      | NIFTY26N2424500CE | NRML    | is clear |

  Scenario: Once for each position and day
    When at 15:15:00 the account is read
    And that goes on until 15:16:00
    Then intraday-exit fires for NIFTY26N2424500CE
    And it has acted once, at 15:15:04

  Scenario: A commodity is squared off late in the evening
    Given the account is flat
    And the account holds
      | symbol           | bought     | last | product |
      | CRUDEOIL26DECFUT | 100 @ 5000 | 5000 | MIS     |
    When at 15:16:00 the account is read
    And at 15:16:04 nothing has changed
    Then intraday-exit is clear

  Scenario: A broker whose time nobody looked up
    Given the account is with a broker nobody looked up
    When at 15:15:00 the account is read
    And that goes on until 15:17:02
    Then intraday-exit is unknown for NIFTY26N2424500CE
    And the reason is "when the broker squares off intraday positions is not known"
    And it has alerted once, at 15:17:00
    And it has acted never

  Scenario: The positions cannot be read
    When at 15:15:00 the positions cannot be read
    And that goes on until 15:17:02
    Then intraday-exit is unknown
    And it has alerted once, at 15:17:00
    And it has acted never

  Scenario: A flat account
    Given the account is flat
    When at 15:20:00 the account is read
    Then intraday-exit is clear
