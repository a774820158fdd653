Feature: order-size-limit cancels an order far larger than any the desk sends
  The desk never sends more than 50 lots of NIFTY or SENSEX in one order, nor more than 10 of a stock.

  Background:
    Given the shipped policy order-size-limit, enforced
    And the account holds
      | symbol            | sold       | bought    | last | lot |
      | NIFTY26N2424500CE | 4500 @ 100 |           | 100  | 75  |
      | NIFTY26N2425000CE |            | 4500 @ 10 | 10   | 75  |
      | NIFTY26N2423500PE | 4500 @ 90  |           | 90   | 75  |

  Scenario: 510 lots instead of 51
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | lot | status  | placed   | updated  |
      | O1 | sell | limit | NIFTY26N2424600CE | 38250    | 75  | resting | 09:59:59 | 09:59:59 |
      | O2 | sell | limit | NIFTY26N2424600CE | 3750     | 75  | resting | 09:59:59 | 09:59:59 |
    When at 10:00:00 the account is read
    Then order-size-limit fires for O1
    And it says of O1 "SELL 510 lots of NIFTY26N2424600CE; the most is 50"
    And order-size-limit is clear for O2
    And it acts now

  Scenario: What is done, in this order
    Given the account is flat
    And the orders of the day are
      | id | side | type  | symbol              | quantity | lot | status  | placed   | updated  |
      | O1 | sell | limit | RELIANCE26NOV1500CE | 5500     | 500 | resting | 09:59:59 | 09:59:59 |
    When at 10:00:00 the account is read
    Then order-size-limit fires
    And it says "SELL 11 lots of RELIANCE26NOV1500CE; the most is 10"
    And it would, in this order
      | cancel this order     |
      | notify telegram, call |

  Scenario Outline: <what>
    Given the orders of the day are also
      | id | side   | type   | symbol   | quantity | lot   | status   | placed   | updated  |
      | O1 | <side> | <type> | <symbol> | <units>  | <lot> | <status> | 09:59:59 | 09:59:59 |
    When at 10:00:00 the account is read
    Then order-size-limit <verdict>

    Examples: to the lot
      | what                                | side | type  | symbol                | units | lot | status  | verdict         |
      | 51 lots of NIFTY                    | sell | limit | NIFTY26N2424600CE     | 3825  | 75  | resting | fires for O1    |
      | 50 lots of NIFTY                    | sell | limit | NIFTY26N2424600CE     | 3750  | 75  | resting | is clear for O1 |
      | 31 lots of BANKNIFTY                | sell | limit | BANKNIFTY26NOV60000CE | 1085  | 35  | resting | fires for O1    |
      | 30 lots of BANKNIFTY                | sell | limit | BANKNIFTY26NOV60000CE | 1050  | 35  | resting | is clear for O1 |
      | A purchase where nothing is naked   | buy  | limit | NIFTY26N2425500CE     | 4500  | 75  | resting | fires for O1    |
      | A stop to enter that waits          | sell | stop  | NIFTY26N2424600CE     | 4500  | 75  | waiting for its trigger | fires for O1 |

    Examples: not its business
      | what                                | side | type  | symbol            | units | lot | status                  | verdict               |
      | 60 lots bought back                 | buy  | limit | NIFTY26N2424500CE | 4500  | 75  | resting                 | says nothing of O1    |
      | The stop of 60 lots                 | buy  | stop  | NIFTY26N2424500CE | 4500  | 75  | waiting for its trigger | says nothing of O1    |
      | The hedge of 60 naked lots          | buy  | limit | NIFTY26N2423000PE | 4500  | 75  | resting                 | says nothing of O1    |
      | The bought call that covers is sold | sell | limit | NIFTY26N2425000CE | 4500  | 75  | resting                 | says nothing of O1    |
      | An order that has filled            | sell | limit | NIFTY26N2424600CE | 4500  | 75  | filled                  | says nothing of O1    |
      | An order that was cancelled         | sell | limit | NIFTY26N2424600CE | 4500  | 75  | cancelled               | says nothing of O1    |

  Scenario: An exit of more than there is, is an entry
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | lot | status  | placed   | updated  |
      | O1 | buy  | limit | NIFTY26N2424500CE | 45000    | 75  | resting | 09:59:59 | 09:59:59 |
    When at 10:00:00 the account is read
    Then order-size-limit fires for O1

  Scenario: Each order once, however long it takes to go
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | lot | status  | placed   | updated  |
      | O1 | sell | limit | NIFTY26N2424600CE | 38250    | 75  | resting | 09:59:59 | 09:59:59 |
    When at 10:00:00 the account is read
    And that goes on until 10:00:20
    Then order-size-limit fires for O1
    And it has acted once, at 10:00:00
    When at 10:00:22 order O1 is cancelled
    Then order-size-limit says nothing of O1

  Scenario: Without a lot size, and without the positions, it cannot be told
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | lot | status  | placed   | updated  |
      | O1 | sell | limit | NIFTY26N2424600CE | 38250    |     | resting | 09:59:59 | 09:59:59 |
    When at 10:00:00 the account is read
    Then order-size-limit is unknown for O1
    When at 10:00:02 the positions cannot be read
    And that goes on until 10:00:32
    Then order-size-limit is unknown for O1
    And it has alerted once, at 10:00:30
    And it has acted never

  Scenario: A day without orders
    Given the account is flat
    When at 10:00:00 the account is read
    Then order-size-limit is clear
