Feature: kotak-kill ends the day on Kotak Neo and logs out at once
  The same two conditions as daily-loss-kill-switch, with the owner's definitive logout.

  Background:
    Given the shipped policy kotak-kill, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    And the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:21:00 | 09:21:00 |
      | X1 | buy  | stop | SENSEX26NOV86000CE | 500      | waiting for its trigger | 60      | 09:30:00 | 09:30:00 |
      | X2 | sell | stop | SENSEX26NOV87000CE | 500      | waiting for its trigger | 5       | 09:30:00 | 09:30:00 |

  Scenario: The stop fills and the loss is beyond the limit
    When at 10:30:00 order S1 fills at 121
    Then kotak-kill is pending
    When at 10:30:04 nothing has changed
    Then kotak-kill fires
    And it has acted once
    And it would, in this order
      | notify telegram, call                                                                      |
      | block entries until rearmed by hand; orders from elsewhere are cancelled                   |
      | start the same sequence on every linked account (none is linked here)                        |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | throw the broker's kill switch once flat is verified                                       |
      | log out at once                                                                            |
      | notify telegram                                                                            |

  Scenario: A loss without a stop
    When at 10:00:00 the loss is 10,500
    And that goes on until 10:01:00
    Then kotak-kill is clear

  Scenario: A stop without the loss
    When at 10:00:00 order S1 fills at 110
    And that goes on until 10:01:00
    Then kotak-kill is clear

  Scenario Outline: To the paisa: a loss of <loss> with a filled stop
    When at 10:00:00 order S1 fills at 105
    And at 10:01:00 the loss is <loss>
    And at 10:01:04 nothing has changed
    Then kotak-kill <verdict>

    Examples:
      | loss     | verdict  |
      | 9,999.99 | is clear |
      | 10,000   | fires    |

  Scenario Outline: <what> is no stop-loss on a sold option
    When at 10:00:00 order <order> fills at <price>
    And at 10:00:02 the loss is 12,000
    And at 10:00:06 nothing has changed
    Then kotak-kill is clear

    Examples:
      | what                       | order | price |
      | A stop-buy that opened     | X1    | 60    |
      | A sell-stop on a hedge     | X2    | 5     |

  Scenario: A stop filled in part and then cancelled is no hit
    When at 10:00:00 200 of order S1 fill at 121
    And at 10:00:02 order S1 is cancelled
    And at 10:00:04 the loss is 12,000
    And at 10:00:08 nothing has changed
    Then kotak-kill is clear

  Scenario: With the daily loss kill in force too, both decide and neither waits for the other
    Given the shipped policy daily-loss-kill-switch, enforced
    When at 10:30:00 order S1 fills at 121
    And at 10:30:04 nothing has changed
    Then kotak-kill fires
    And daily-loss-kill-switch fires
    And every decision so far has its own key

  Scenario: Nothing can be read
    When at 10:00:00 the positions cannot be read
    And at 10:00:02 the orders cannot be read
    And that goes on until 10:00:30
    Then kotak-kill is unknown
    And it has alerted once, at 10:00:12
    And it has blocked entries for want of data once, at 10:00:22
    And it has acted never

  Scenario: A day in profit
    When at 10:00:00 the profit is 8,000
    And that goes on until 10:00:10
    Then kotak-kill is clear

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then kotak-kill is clear
