Feature: loss-ladder takes the day's loss in three steps
  The desk's limit is 10,000: people are told at 6,000, entries are blocked at 8,000, the book is closed at 10,000.

  Background:
    Given the shipped policy loss-ladder, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |

  Scenario: Down the ladder, step by step
    When at 10:00:00 the loss is 6,000
    And at 10:00:02 nothing has changed
    Then loss-ladder/warn fires
    And it says "Loss 6,000.00 INR of 10,000.00 INR"
    And it would, in this order
      | notify telegram |
    And entries are not blocked
    When at 11:00:00 the loss is 8,000
    And at 11:00:04 nothing has changed
    Then loss-ladder/block fires
    And it would, in this order
      | notify telegram                                                         |
      | block entries until the rule clears; orders from elsewhere are reported |
    And an order that opens is refused by loss-ladder/block
    And an order that closes passes
    And loss-ladder/square-off is clear
    When at 12:00:00 the loss is 10,000
    Then loss-ladder/square-off is pending
    When at 12:00:04 nothing has changed
    Then loss-ladder/square-off fires
    And it says "Loss 10,000.00 INR of 10,000.00 INR"
    And the decision is enforced
    And it would, in this order
      | notify telegram, call                                                                          |
      | block entries until the end of the session; orders from elsewhere are cancelled                |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | notify telegram                                                                                |
    And loss-ladder/warn has acted once

  Scenario Outline: To the paisa: a loss of <loss>
    When at 10:00:00 the loss is <loss>
    And at 10:00:04 nothing has changed
    Then loss-ladder/warn <warn>
    And loss-ladder/block <block>
    And loss-ladder/square-off <square off>

    Examples:
      | loss     | warn     | block    | square off |
      | 5,999.99 | is clear | is clear | is clear   |
      | 6,000    | fires    | is clear | is clear   |
      | 7,999.99 | fires    | is clear | is clear   |
      | 8,000    | fires    | fires    | is clear   |
      | 9,999.99 | fires    | fires    | is clear   |
      | 10,000   | fires    | fires    | fires      |

  Scenario: The desk's limit is another one
    Given the desk value loss_limit is 20,000 INR
    When at 10:00:00 the loss is 11,999.99
    And at 10:00:04 nothing has changed
    Then loss-ladder/warn is clear

  Scenario: The block is lifted well below its step, and comes again
    When at 10:00:00 the loss is 8,000
    And at 10:00:04 nothing has changed
    And at 10:10:00 the loss is 7,000.01
    Then loss-ladder/block fires
    When at 10:11:00 the loss is 7,000
    Then loss-ladder/block is clear
    And it has just cleared
    And entries are not blocked
    When at 10:20:00 the loss is 8,500
    And at 10:20:04 nothing has changed
    Then loss-ladder/block fires
    And it has acted twice

  Scenario: The book is closed once a day
    When at 10:00:00 the loss is 10,000
    And at 10:00:04 nothing has changed
    And at 10:30:00 the profit is 1,000
    And at 11:00:00 the loss is 12,000
    And at 11:00:04 nothing has changed
    Then loss-ladder/square-off is latched
    And it has acted once, at 10:00:04
    And loss-ladder/warn has acted twice

  Scenario: One bad print closes nothing and blocks nothing
    When at 10:00:00 the loss is 30,000
    And at 10:00:02 the loss is 1,000
    And at 10:00:10 nothing has changed
    Then loss-ladder/square-off is clear
    And it has acted never
    And loss-ladder/block has acted never

  Scenario: The last step is kept in dry run until it is trusted
    Given loss-ladder/square-off is in dry run
    When at 10:00:00 the loss is 11,000
    And at 10:00:04 nothing has changed
    Then loss-ladder/square-off fires
    And the decision is in dry run
    And an order that opens is refused by loss-ladder/block

  Scenario: The price of a sold option is missing
    When at 10:00:00 the loss is 5,000
    And at 10:00:02 the price of SENSEX26NOV85000CE is missing
    And that goes on until 10:00:30
    Then loss-ladder/square-off is unknown
    And it has alerted once, at 10:00:12
    And it has blocked entries for want of data once, at 10:00:22
    And it has acted never
    And loss-ladder/block is unknown
    And it has alerted once, at 10:00:18
    And it has acted never

  Scenario: A good day
    When at 10:00:00 the profit is 12,000
    And at 10:00:10 nothing has changed
    Then loss-ladder/warn is clear

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then loss-ladder/warn is clear
    And loss-ladder/block is clear
    And loss-ladder/square-off is clear
