Feature: net-loss counts what the broker and the state take
  Of a day's result after charges 10,000 may be lost. Then nothing new is entered; nothing is closed either.

  Background:
    Given the shipped policy net-loss, enforced
    And the account is with kite
    # The sale of 7,500.00 and the purchase of 2,250.00 cost 62.62 today.
    And the account holds
      | symbol            | sold     | bought  | last |
      | NIFTY26N2424500CE | 75 @ 100 |         | 100  |
      | NIFTY26N2425000CE |          | 75 @ 30 | 30   |

  Scenario: 9,937.50 lost in the market, 62.62 to charges
    When at 10:00:00 the loss is 9,937.50
    Then net-loss is pending
    When that goes on until 10:00:08
    Then net-loss is pending
    When that goes on until 10:00:10
    Then net-loss fires
    And it says "-10,000.12 INR after charges of 62.62 INR"
    And it would, in this order
      | block entries until the end of the session; orders from elsewhere are reported |
      | notify telegram                                                                |
    And an order that opens is refused by net-loss
    And an order that closes passes

  Scenario Outline: A loss of <loss> before charges
    When at 10:00:00 the loss is <loss>
    And that goes on until 10:00:10
    Then net-loss <verdict>

    Examples:
      | loss     | verdict  |
      | 9,937.35 | is clear |
      | 9,937.50 | fires    |

  Scenario: A day of many orders: what the market gave, the charges took
    Given the desk value net_loss_limit is 100 INR
    When at 10:00:00 the trader buys 75 NIFTY26N2424500CE at 100
    And at 10:00:02 the trader sells 75 NIFTY26N2425000CE at 30
    And that goes on until 10:00:14
    Then net-loss fires
    And the fact mtm is 0.00 INR

  Scenario: A profit is no loss, whatever it cost
    When at 10:00:00 the profit is 1,500
    And that goes on until 10:00:20
    Then net-loss is clear

  Scenario: One bad print
    When at 10:00:00 the loss is 60,000
    And at 10:00:02 the loss is 1,500
    And that goes on until 10:00:20
    Then net-loss is clear
    And it has acted never

  Scenario: Back above the line the block stays for the session
    When at 10:00:00 the loss is 10,500
    And that goes on until 10:00:10
    And at 11:00:00 the loss is 1,500
    Then net-loss is clear
    And entries are blocked by net-loss since 10:00:10

  Scenario: Where an order's price depends on the plan, only what both ends agree on counts
    Given the account is with kotak
    When at 10:00:00 the loss is 9,948
    And that goes on until 10:00:10
    Then net-loss is unknown
    And the reason is "what kotak takes for an order depends on the plan"
    When at 10:01:00 the loss is 9,990
    And that goes on until 10:01:10
    Then net-loss fires

  Scenario: The trades cannot be read: then the market's loss alone decides
    When at 10:00:00 the trades cannot be read
    And at 10:00:02 the loss is 9,000
    And that goes on until 10:05:02
    Then net-loss is unknown
    And it has alerted once, at 10:05:00
    When at 10:06:00 the loss is 10,050
    And that goes on until 10:06:10
    Then net-loss fires

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then net-loss is clear
