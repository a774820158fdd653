Feature: desk-loss calls when the desk loses in many accounts at once, or too much in all
  100,000 is the desk's day. From 50,000 on, three accounts in loss are enough; nothing is closed.

  Background:
    Given the shipped policy desk-loss, enforced
    And the accounts A1, A2, A3 and A4

  Scenario: Three accounts lose 50,000 together
    When at 10:00:00 A1 has lost 20,000, A2 20,000, A3 11,000 and A4 -1,000
    Then desk-loss is pending in A1, A2, A3 and A4
    When at 10:00:04 all are read
    Then desk-loss fires in A1, A2, A3 and A4
    And it says in A1 "The desk has lost 50,000.00 INR, 3 of 4 accounts lose: A1 -20,000.00 INR, A2 -20,000.00 INR, A3 -11,000.00 INR, A4 1,000.00 INR"
    And in A4 it would, in this order
      | notify telegram, call                                                   |
      | block entries until the rule clears; orders from elsewhere are reported |

  Scenario Outline: <what>
    When at 10:00:00 A1 has lost <one>, A2 <two>, A3 <three> and A4 <four>
    And at 10:00:04 all are read
    Then desk-loss <verdict> in A1, A2, A3 and A4

    Examples:
      | what                              | one    | two    | three  | four   | verdict  |
      | three lose 50,000                 | 30,000 | 10,000 | 10,000 | 0      | fires    |
      | three lose a paisa less           | 30,000 | 10,000 | 9,999.99 | 0    | is clear |
      | two lose 60,000                   | 30,000 | 30,000 | 0      | 0      | is clear |
      | two lose 60,000, the third 0.01   | 30,000 | 30,000 | 0.01   | 0      | fires    |
      | one loses all of it               | 100,000 | 0     | 0      | 0      | fires    |
      | one loses all but a paisa         | 99,999.99 | 0   | 0      | 0      | is clear |
      | what one loses another earns      | 90,000 | 10,000 | 10,000 | -70,000 | is clear |

  Scenario: It lasts until the desk has lost no more than 40,000, and calls again the next time
    When at 10:00:00 A1 has lost 30,000, A2 10,000, A3 10,000 and A4 0
    And at 10:00:04 all are read
    And at 10:10:00 A1 has lost 20,000.01, A2 10,000, A3 10,000 and A4 0
    Then desk-loss fires in A1, A2, A3 and A4
    When at 10:20:00 A1 has lost 20,000, A2 10,000, A3 10,000 and A4 0
    Then desk-loss is clear in A1, A2, A3 and A4
    When at 10:30:00 A1 has lost 30,000, A2 10,000, A3 10,000 and A4 0
    And at 10:30:04 all are read
    Then it has acted in A1, A2, A3 and A4, at 10:00:04 and 10:30:04

  Scenario: One bad print
    When at 10:00:00 A1 has lost 120,000, A2 0, A3 0 and A4 0
    And at 10:00:02 A1 has lost 1,000
    And at 10:00:06 all are read
    Then desk-loss is clear in A1, A2, A3 and A4
    And it has acted in nobody

  Scenario: An account that is off counts all the same
    Given desk-loss is off in A4
    When at 10:00:00 A1 has lost 30,000, A2 10,000, A3 0 and A4 10,000
    And at 10:00:04 all are read
    Then desk-loss fires in A1, A2 and A3
    And the note in A4 is "off here: it counts in the group and does not act"

  Scenario: An account that cannot be read
    When at 10:00:00 A1 has lost 20,000, A2 20,000, A3 0 and A4 0
    And at 10:00:02 the positions of A4 cannot be read
    And at 10:00:04 all are read
    And at 10:00:08 all are read
    Then desk-loss is unknown in A1, A2, A3 and A4
    And the reason in A1 is "A4: positions not read: the call timed out"

  Scenario: A quiet desk
    When at 10:00:00 A1 has lost 0, A2 0, A3 0 and A4 0
    And at 10:00:04 all are read
    Then desk-loss is clear in A1, A2, A3 and A4
