Feature: underlying-loss closes one underlying that has lost its share of the day
  Of the desk's 10,000 one underlying may lose 6,000. It is closed for the session; the others go on.

  Background:
    Given the shipped policy underlying-loss, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | NIFTY26N2424500CE  | 750 @ 100 |          | 100  |
      | NIFTY26N2425000CE  |           | 750 @ 10 | 10   |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |

  Scenario: NIFTY has lost 6,000, SENSEX nothing
    When at 10:00:00 NIFTY26N2424500CE trades at 108
    Then underlying-loss is pending for NIFTY
    When at 10:00:02 nothing has changed
    Then underlying-loss is pending for NIFTY
    When at 10:00:04 nothing has changed
    Then underlying-loss fires for NIFTY
    And it says of NIFTY "NIFTY has lost 6,000.00 INR today"
    And underlying-loss is clear for SENSEX
    And an order in NIFTY that opens is refused by underlying-loss
    And an order in SENSEX that opens passes

  Scenario: What is done, in this order
    Given the account is flat
    And an account that has sold 500 SENSEX26NOV85000CE at 100
    When at 10:00:00 SENSEX26NOV85000CE trades at 112
    And at 10:00:04 nothing has changed
    Then underlying-loss fires
    And it would, in this order
      | block entries of this underlying until the end of the session; orders from elsewhere are reported |
      | square off positions where position.underlying == underlying.name                                 |
      | notify telegram, call                                                                             |

  Scenario Outline: To the tick: the call trades at <call>, its hedge at <hedge>
    When at 10:00:00 NIFTY26N2425000CE trades at <hedge>
    And at 10:00:02 NIFTY26N2424500CE trades at <call>
    And at 10:00:06 nothing has changed
    Then underlying-loss <verdict> for NIFTY

    Examples:
      | call   | hedge | verdict  |
      | 107.95 | 10    | is clear |
      | 108    | 10    | fires    |
      | 112    | 14.05 | is clear |
      | 112    | 14    | fires    |

  Scenario: Two underlyings together are loss-ladder's business
    When at 10:00:00 NIFTY26N2424500CE trades at 107
    And at 10:00:02 SENSEX26NOV85000CE trades at 111
    And at 10:00:10 nothing has changed
    Then underlying-loss is clear for NIFTY
    And underlying-loss is clear for SENSEX
    And the fact loss is 10,750.00 INR

  Scenario: What is closed already counts
    When at 10:00:00 the trader buys 750 NIFTY26N2424500CE at 105
    And at 10:30:00 the trader sells 750 NIFTY26N2424000PE at 50
    And at 11:00:00 NIFTY26N2424000PE trades at 53
    And at 11:00:04 nothing has changed
    Then underlying-loss fires for NIFTY

  Scenario: One bad print
    When at 10:00:00 NIFTY26N2424500CE trades at 160
    And at 10:00:02 NIFTY26N2424500CE trades at 101
    And at 10:00:10 nothing has changed
    Then underlying-loss is clear for NIFTY
    And it has acted never

  Scenario: Each underlying has its own day
    When at 10:00:00 NIFTY26N2424500CE trades at 108
    And at 10:00:04 nothing has changed
    And at 10:30:00 NIFTY26N2424500CE trades at 100
    And at 11:00:00 NIFTY26N2424500CE trades at 110
    And at 11:00:04 SENSEX26NOV85000CE trades at 112
    And at 11:00:08 nothing has changed
    Then underlying-loss is latched for NIFTY
    And underlying-loss fires for SENSEX
    And it has acted twice

  Scenario: A missing price leaves its own underlying open, and no other
    When at 10:00:00 the price of NIFTY26N2424500CE is missing
    And that goes on until 10:00:12
    Then underlying-loss is unknown for NIFTY
    And it has alerted once, at 10:00:10
    And underlying-loss is clear for SENSEX

  Scenario: A contract nobody can assign may belong to any of them
    Given the account holds
      | symbol     | sold      | last |
      | NIFTYODDCE | 300 @ 100 | 121  |
    When at 10:00:00 the account is read
    And that goes on until 10:00:12
    Then underlying-loss is unknown for NIFTY
    And underlying-loss is unknown for SENSEX
    And it has acted never

  Scenario: The positions cannot be read
    When at 10:00:00 the positions cannot be read
    And that goes on until 10:00:12
    Then underlying-loss is unknown
    And it has alerted once, at 10:00:10

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then underlying-loss is clear
    And the note is "no underlyings"
