Feature: expiry-naked-exit closes what is naked in the last hour of its life
  From 14:30 on its day of expiry nothing sold may stand without cover; spreads may lapse, and other expiries go on.

  Background:
    Given the shipped policy expiry-naked-exit, enforced
    And it is Thursday, 2026-11-19
    And the account holds
      | symbol             | sold      | bought  | last |
      | SENSEX26N1985000CE | 500 @ 40  |         | 30   |
      | SENSEX26N1987000CE |           | 500 @ 2 | 1    |
      | SENSEX26N1982000PE | 500 @ 40  |         | 20   |
      | SENSEX26D0382000PE | 500 @ 200 |         | 210  |
      | NIFTY26N2423500PE  | 750 @ 90  |         | 80   |

  Scenario: A naked put at half past two
    When at 14:29:58 the account is read
    Then expiry-naked-exit is clear for 2026-11-19
    When at 14:30:00 nothing has changed
    Then expiry-naked-exit is pending for 2026-11-19
    When at 14:30:04 nothing has changed
    Then expiry-naked-exit fires for 2026-11-19
    And it says of 2026-11-19 "SENSEX expires today, and of 2 sold options 1 are naked"
    And expiry-naked-exit says nothing of 2026-12-03
    And expiry-naked-exit says nothing of NIFTY
    And an order in SENSEX that opens is refused by expiry-naked-exit
    And an order in NIFTY that opens passes

  Scenario: What is done, in this order
    Given the account is flat
    And the account holds
      | symbol             | sold     | last |
      | SENSEX26N1985000CE | 500 @ 40 | 30   |
    When at 14:30:00 the account is read
    And at 14:30:04 nothing has changed
    Then expiry-naked-exit fires
    And it would, in this order
      | square off positions where position.underlying == expiry.underlying and position.expiry == expiry.date and position.is_short and not position.is_covered |
      | block entries of this underlying until the end of the session; orders from elsewhere are reported |
      | notify telegram                                                                                   |

  Scenario Outline: A sold call of today with <what>
    Given the account is flat
    And the account holds
      | symbol             | sold     | bought   | last |
      | SENSEX26N1985000CE | 500 @ 40 |          | 30   |
      | <long>             |          | <bought> | 5    |
    When at 14:30:00 the account is read
    And at 14:30:04 nothing has changed
    Then expiry-naked-exit <verdict> for 2026-11-19

    Examples:
      | what                              | long               | bought  | verdict  |
      | a bought call of today            | SENSEX26N1987000CE | 500 @ 5 | is clear |
      | a bought call of a later week     | SENSEX26D0387000CE | 500 @ 5 | is clear |
      | a bought call for all but one lot | SENSEX26N1987000CE | 480 @ 5 | fires    |
      | a bought put                      | SENSEX26N1982000PE | 500 @ 5 | fires    |

  Scenario Outline: Not its hours: <clock>
    When at <clock> the account is read
    And that goes on until <until>
    Then expiry-naked-exit is clear for 2026-11-19
    And it has acted never

    Examples:
      | clock    | until    |
      | 09:15:00 | 09:15:30 |
      | 13:00:00 | 13:00:30 |
      | 15:25:00 | 15:25:30 |

  Scenario: The day before
    Given it is Wednesday, 2026-11-18
    When at 14:40:00 the account is read
    And that goes on until 14:40:30
    Then expiry-naked-exit is clear

  Scenario: The put is bought back in time
    When at 14:20:00 the trader buys 500 SENSEX26N1982000PE at 22
    And at 14:30:00 nothing has changed
    And at 14:30:04 nothing has changed
    Then expiry-naked-exit is clear for 2026-11-19

  Scenario: Once a day and expiry
    When at 14:30:00 the account is read
    And that goes on until 14:32:00
    Then expiry-naked-exit fires for 2026-11-19
    And it has acted once, at 14:30:04
    When at 14:33:00 the trader buys 500 SENSEX26N1982000PE at 22
    And at 14:40:00 the trader sells 500 SENSEX26N1982000PE at 25
    And at 14:40:04 nothing has changed
    Then expiry-naked-exit is latched for 2026-11-19
    And it has acted once

  Scenario Outline: A monthly symbol ends on the last expiry of its month: <day>
    Given it is <day>
    And the account is flat
    And the account holds
      | symbol             | sold     | last |
      | SENSEX26NOV85000CE | 500 @ 40 | 30   |
    When at 14:30:00 the account is read
    And at 14:30:04 nothing has changed
    Then expiry-naked-exit <verdict>

    Examples:
      | day                   | verdict  |
      | Wednesday, 2026-11-18 | is clear |
      | Thursday, 2026-11-19  | is clear |
      | Thursday, 2026-11-26  | fires    |

  Scenario: The positions cannot be read
    When at 14:30:00 the positions cannot be read
    And that goes on until 14:30:12
    Then expiry-naked-exit is unknown
    And it has alerted once, at 14:30:10
    And it has acted never
