Feature: strangle-premium closes a strangle that costs two fifths more than it was sold for
  The sum of call and put counts, expiry by expiry; one leg may run while the other melts.

  Background:
    Given the shipped policy strangle-premium, enforced
    And the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26D0385000CE | 500 @ 100 |          | 100  |
      | SENSEX26D0382000PE | 500 @ 100 |          | 100  |
      | SENSEX26D0387000CE |           | 500 @ 10 | 10   |
      | SENSEX26D1085000CE | 500 @ 200 |          | 200  |

  Scenario: Call and put together cost 280 where 200 was received
    When at 10:00:00 SENSEX26D0385000CE trades at 180
    Then strangle-premium is pending for 2026-12-03
    When at 10:00:04 nothing has changed
    Then strangle-premium fires for 2026-12-03
    And it says of 2026-12-03 "SENSEX 2026-12-03: premium 140,000.00 INR against 100,000.00 INR"
    And it has acted once, at 10:00:04

  Scenario: What is done, in this order
    Given the account is flat
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26D0385000CE | 500 @ 100 | 100  |
      | SENSEX26D0382000PE | 500 @ 100 | 100  |
    When at 10:00:00 SENSEX26D0382000PE trades at 190
    And at 10:00:04 nothing has changed
    Then strangle-premium fires
    And it would, in this order
      | square off positions where position.underlying == expiry.underlying and position.expiry == expiry.date |
      | notify telegram, call                                                                                  |

  Scenario Outline: To the tick: <what>
    When at 10:00:00 SENSEX26D0382000PE trades at <put>
    And at 10:00:02 SENSEX26D0385000CE trades at <call>
    And at 10:00:06 nothing has changed
    Then strangle-premium <verdict> for 2026-12-03

    Examples:
      | what                                  | call   | put   | verdict  |
      | two fifths more                       | 180    | 100   | fires    |
      | a tick less                           | 179.95 | 100   | is clear |
      | the call doubles while the put melts  | 200    | 79.95 | is clear |
      | the call doubles, the put holds on    | 200    | 80    | fires    |
      | both melt                             | 40     | 30    | is clear |

  Scenario: A dearer hedge changes nothing
    When at 10:00:00 SENSEX26D0387000CE trades at 90
    And at 10:00:02 SENSEX26D0385000CE trades at 180
    And at 10:00:06 nothing has changed
    Then strangle-premium fires for 2026-12-03

  Scenario: A call sold alone is no strangle, however dear
    When at 10:00:00 SENSEX26D1085000CE trades at 900
    And at 10:00:10 nothing has changed
    Then strangle-premium says nothing of 2026-12-10
    And it has acted never

  Scenario: One bad print
    When at 10:00:00 SENSEX26D0385000CE trades at 400
    And at 10:00:02 SENSEX26D0385000CE trades at 101
    And at 10:00:10 nothing has changed
    Then strangle-premium is clear for 2026-12-03
    And it has acted never

  Scenario: Once an expiry and day
    When at 10:00:00 SENSEX26D0385000CE trades at 180
    And at 10:00:04 nothing has changed
    And at 10:30:00 SENSEX26D0385000CE trades at 150
    And at 11:00:00 SENSEX26D0385000CE trades at 190
    And at 11:00:04 nothing has changed
    Then strangle-premium is latched for 2026-12-03
    And it has acted once

  Scenario: A missing price leaves it open, unless the other leg alone is enough
    When at 10:00:00 the price of SENSEX26D0382000PE is missing
    And that goes on until 10:00:22
    Then strangle-premium is unknown for 2026-12-03
    And it has alerted once, at 10:00:20
    When at 10:00:24 SENSEX26D0385000CE trades at 280
    And at 10:00:28 nothing has changed
    Then strangle-premium fires for 2026-12-03

  Scenario: What a strangle carried from yesterday was sold for is not known
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 10:00:00 SENSEX26D0385000CE trades at 180
    And at 10:00:04 nothing has changed
    Then strangle-premium is unknown for 2026-12-03
    And it has acted never

  Scenario: A flat account
    Given the account is flat
    When at 10:00:00 the account is read
    Then strangle-premium is clear
