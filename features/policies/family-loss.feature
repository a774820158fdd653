Feature: family-loss closes all accounts of a family when together they have lost its limit
  Each may be inside its own line. Together they may lose 20,000.

  Background:
    Given the shipped policy family-loss, enforced
    And the accounts A1 and A2 of one family

  Scenario: 12,000 and 8,000
    When at 10:00:00 A1 has lost 12,000 and A2 8,000
    Then family-loss is pending in A1 and A2
    When at 10:00:04 both are read
    Then family-loss fires in A1 and A2
    And it has acted in A1 and A2, at 10:00:04
    And it says in A2 "The family has lost 20,000.00 INR: A1 -12,000.00 INR, A2 -8,000.00 INR"
    And the decision in A2 is enforced
    And in A1 it would, in this order
      | notify telegram, call                                                                          |
      | block entries until the end of the session; orders from elsewhere are cancelled                |
      | square off all derivative and intraday positions: entries cancelled first, shorts before longs |

  Scenario Outline: A1 has lost <one>, A2 <other>
    When at 10:00:00 A1 has lost <one> and A2 <other>
    And at 10:00:04 both are read
    Then family-loss <verdict> in A1 and A2

    Examples:
      | one    | other    | verdict  |
      | 12,000 | 8,000    | fires    |
      | 12,000 | 7,999.99 | is clear |
      | 30,000 | -10,000  | fires    |
      | 30,000 | -10,001  | is clear |
      | 20,000 | 0        | fires    |

  Scenario: An account of another family neither counts nor is closed
    Given the account A3 of another family
    When at 10:00:00 A1 has lost 9,000, A2 9,000 and A3 9,000
    And at 10:00:04 all are read
    Then family-loss is clear in A1 and A2
    When at 10:01:00 A1 has lost 11,000, A2 9,000 and A3 9,000
    And at 10:01:04 all are read
    Then family-loss fires in A1 and A2
    And the group's accounts are A1 and A2

  Scenario: One bad print
    When at 10:00:00 A1 has lost 40,000 and A2 0
    And at 10:00:02 A1 has lost 1,000
    And at 10:00:06 both are read
    Then family-loss is clear in A1 and A2
    And it has acted in nobody

  Scenario: Each member acts under its own mode, and off acts not at all
    Given the account A3 of one family
    And family-loss is in dry run in A2
    And family-loss is off in A3
    When at 10:00:00 A1 has lost 12,000, A2 8,000 and A3 0
    And at 10:00:04 all are read
    Then family-loss fires in A1 and A2
    And the decision in A1 is enforced
    And the decision in A2 is in dry run
    And the note in A3 is "off here: it counts in the group and does not act"

  Scenario: Once a day
    When at 10:00:00 A1 has lost 12,000 and A2 8,000
    And at 10:00:04 both are read
    And at 11:00:00 A1 has lost 2,000 and A2 8,000
    And at 12:00:00 A1 has lost 15,000 and A2 8,000
    And at 12:00:04 both are read
    Then family-loss is latched in A1 and A2
    And it has acted in A1 and A2, at 10:00:04

  Scenario: A member that cannot be read is not a member without loss
    When at 10:00:00 A1 has lost 19,000 and A2 0
    And at 10:00:02 the positions of A2 cannot be read
    And at 10:00:04 A1 is read
    And at 10:00:06 both are read
    Then family-loss is unknown in A1 and A2
    When at 10:00:10 both are read
    And at 10:00:14 both are read
    And at 10:00:16 both are read
    Then family-loss is unknown in A1 and A2
    And it has alerted in A1 and A2, at 10:00:14
    And it has acted in nobody

  Scenario: Figures of two moments are no sum
    When at 10:00:00 A1 has lost 12,000
    And at 10:00:11 A2 has lost 8,000
    Then family-loss is unknown in A1 and A2
    And the reason in A1 is "the readings of A1 and A2 lie 11s apart (limit 10s)"
