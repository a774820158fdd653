Feature: stale-data calls a person when the account is out of sight
  What is not known is neither safe nor flat. Ten seconds of it are enough for a call; nothing is closed on a guess.

  Background:
    Given the shipped policy stale-data, enforced
    And the account holds
      | symbol             | sold      | bought   | bid   | ask    | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 99.95 | 100.05 | 100  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 9.95  | 10.05  | 10   |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |

  Scenario: All is seen
    When at 10:00:00 the loss is 3,000
    And that goes on until 10:01:00
    Then stale-data is clear

  Scenario Outline: The <part> cannot be read
    When at 10:00:00 the account is read
    And at 10:00:02 the <part> cannot be read
    Then stale-data is pending
    When that goes on until 10:00:10
    Then stale-data is pending
    When that goes on until 10:00:12
    Then stale-data fires
    And it would, in this order
      | notify telegram, call                                                |
      | block entries until the rule clears; orders from elsewhere are reported |
    When at 10:00:14 the <part> can be read again
    Then stale-data is clear
    And it has just cleared

    Examples:
      | part      |
      | positions |
      | orders    |
      | prices    |

  Scenario: The broker does not answer
    When at 10:00:00 the broker does not answer
    And that goes on until 10:00:10
    Then stale-data fires
    And it says "Out of sight: broker answers no; last reading 0s ago; open: 2 positions, 1 orders; loss 0.00 INR"
    When at 10:00:12 the broker answers again
    Then stale-data is clear

  Scenario: The readings have stopped
    When at 10:00:00 the account is read
    And no new reading comes until 10:00:06
    Then stale-data is clear
    When no new reading comes until 10:00:08
    Then stale-data is pending
    When no new reading comes until 10:00:18
    Then stale-data fires

  Scenario: An account that is read only every ten seconds is not out of sight in between
    Given the account is read every 10s
    When at 10:00:00 the account is read
    And at 10:00:09 no new reading has come
    Then stale-data is clear
    When at 10:00:10 nothing has changed
    And at 10:00:19 no new reading has come
    Then stale-data is clear
    And it has acted never

  Scenario: Frozen prices
    When at 10:00:00 the account is read
    And at 10:00:34 the prices are 34s old
    And that goes on until 10:00:44
    Then stale-data fires
    And the reason it gives is "quote of BFO:SENSEX26NOV85000CE is 44s old (limit 10s)"

  Scenario: One reading that failed is no call
    When at 10:00:00 the positions cannot be read
    And at 10:00:02 the positions can be read again
    Then stale-data is clear
    And it has acted never

  Scenario: It calls again every five minutes while it lasts
    When at 10:00:00 the positions cannot be read
    And that goes on until 10:05:08
    Then stale-data is cooling
    And it has acted once
    When that goes on until 10:05:30
    Then it has acted twice

  Scenario: A hedge nobody bids for any more is no alarm
    When at 10:00:00 nobody bids for SENSEX26NOV87000CE
    And that goes on until 10:00:30
    Then stale-data is clear

  Scenario: A sold option nobody offers is one, for its loss has no bound
    When at 10:00:00 nobody offers SENSEX26NOV85000CE
    And that goes on until 10:00:10
    Then stale-data fires

  Scenario Outline: A future without a price is an alarm, bought or sold: <what>
    Given the account holds
      | symbol         | sold   | bought   | bid   | ask   | last  |
      | SENSEX26NOVFUT | <sold> | <bought> | 84995 | 85005 | 85000 |
    When at 10:00:00 the account is read
    And that goes on until 10:00:10
    Then stale-data is clear
    When at 10:00:12 the price of SENSEX26NOVFUT is missing
    And that goes on until 10:00:22
    Then stale-data fires

    Examples:
      | what   | sold       | bought     |
      | bought |            | 20 @ 85000 |
      | sold   | 20 @ 85000 |            |

  Scenario: A contract that has not traded for an hour is quoted all the same
    Given the market of SENSEX26NOV85000CE is 99.95 bid, 100.05 offered, 60 traded
    When at 10:00:00 the account is read
    And that goes on until 10:00:30
    Then stale-data is clear

  Scenario: The trade book and the funds are not what it watches
    When at 10:00:00 the trades cannot be read
    And at 10:00:02 the funds cannot be read
    And that goes on until 10:00:30
    Then stale-data is clear

  Scenario: A flat account that is seen, and one that is not
    Given the account is flat
    When at 10:00:00 the account is read
    And that goes on until 10:00:30
    Then stale-data is clear
    When at 10:00:32 the positions cannot be read
    And that goes on until 10:00:42
    Then stale-data fires

  Scenario: After the close nothing has to be seen
    When at 15:41:00 the positions cannot be read
    And that goes on until 15:42:00
    Then stale-data is clear
