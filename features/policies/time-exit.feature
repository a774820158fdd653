Feature: time-exit closes what is naked before the day ends
  From 15:12 nothing sold may stand without cover; covered spreads and bought options stay.

  Background:
    Given the shipped policy time-exit, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |

  Scenario: A naked put beside a hedged call
    When at 15:11:58 the account is read
    Then time-exit is clear
    When at 15:12:00 nothing has changed
    Then time-exit is pending
    When at 15:12:02 nothing has changed
    Then time-exit is pending
    When at 15:12:04 nothing has changed
    Then time-exit fires
    And it says "1 of 2 sold options not wholly covered at the end of the day"
    And it would, in this order
      | block entries until the end of the session; orders from elsewhere are reported |
      | cancel working orders that open or uncover                                     |
      | square off positions where position.is_short and not position.is_covered       |
      | notify telegram                                                                |
    And an order that opens is refused by time-exit
    And an order that closes passes

  Scenario Outline: <what>
    Given the account is flat
    And the account holds
      | symbol   | sold   | bought   | carried   | product   | last |
      | <symbol> | <sold> | <bought> | <carried> | <product> | 100  |
    When at 15:12:00 the account is read
    And that goes on until 15:12:10
    Then time-exit <verdict>

    Examples:
      | what                           | symbol             | sold      | bought    | carried    | product | verdict  |
      | A call sold intraday           | SENSEX26NOV85000CE | 500 @ 100 |           |            | MIS     | fires    |
      | A call carried from yesterday  | SENSEX26DEC85000CE |           |           | -500 @ 100 | NRML    | fires    |
      | A bought call                  | SENSEX26NOV85000CE |           | 500 @ 100 |            | NRML    | is clear |
      | A sold future                  | SENSEX26NOVFUT     | 20 @ 100  |           |            | NRML    | is clear |

  Scenario: Half a hedge leaves half naked
    When at 11:00:00 the trader buys 500 SENSEX26NOV82000PE at 90
    And at 11:10:00 the trader sells 20 SENSEX26NOV87000CE at 10
    And at 15:12:00 nothing has changed
    And at 15:12:04 nothing has changed
    Then time-exit fires

  Scenario Outline: Not its hours: <clock>
    When at <clock> the account is read
    And that goes on until <until>
    Then time-exit is clear
    And it has acted never

    Examples:
      | clock    | until    |
      | 09:15:00 | 09:15:30 |
      | 15:11:50 | 15:11:58 |
      | 15:25:00 | 15:25:30 |

  Scenario: A put sold at 15:20 is not left over
    When at 11:00:00 the trader buys 500 SENSEX26NOV82000PE at 90
    And at 15:12:00 nothing has changed
    And at 15:12:10 nothing has changed
    Then time-exit is clear
    When at 15:20:00 the trader sells 100 SENSEX26NOV82000PE at 90
    And at 15:20:04 nothing has changed
    Then time-exit fires

  Scenario: Once a day
    When at 15:12:00 the account is read
    And at 15:12:04 nothing has changed
    And at 15:13:00 the trader buys 500 SENSEX26NOV82000PE at 90
    And at 15:20:00 the trader sells 100 SENSEX26NOV82000PE at 90
    And at 15:20:04 nothing has changed
    Then time-exit is latched
    And it has acted once

  Scenario: The book cannot be read at 15:12
    When at 15:12:00 the positions cannot be read
    And that goes on until 15:12:10
    Then time-exit is unknown
    And it has alerted once, at 15:12:06
    And it has acted never
    When at 15:12:12 the positions can be read again
    And at 15:12:16 nothing has changed
    Then time-exit fires

  Scenario: A flat account
    Given the account is flat
    When at 15:12:00 the account is read
    And that goes on until 15:12:10
    Then time-exit is clear
