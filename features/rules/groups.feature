# Why: two accounts of one family, or all of a desk, may each stay inside their own line and together be far beyond it.
# What must not happen: a member that cannot be seen counted as zero, figures of different moments added up, one member's
# latch or mode used for another, one account made to wait for another.
Feature: A rule about several accounts together
  With `for_each: group` all accounts that `accounts:` chooses are one row. The condition is of the group; each member
  acts on its own book, under its own mode and its own latch.

  Background:
    Given the accounts A1 and A2 of one family
    And the policy
      """
      policy: family-loss
      accounts: all
      for_each: group
      when: group.loss >= 50k
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per group per day
      mode: enforce
      then: [notify: telegram, block_entries, square_off: all]
      because: "Family lost {group.loss}: {group.parts}"
      """

  Scenario: Together they are beyond the line, neither of them alone
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    Then family-loss is pending in A1 and A2
    When at 10:00:04 both are read
    Then family-loss fires in A1 and A2
    And it has acted in A1 and A2, at 10:00:04
    And it says in A2 "Family lost 52,000.00 INR: A1 -30,000.00 INR, A2 -22,000.00 INR"
    And every decision of the family has its own key

  Scenario: Everything means everything of each member's own book
    Given A2 has sold 10400 units at 100
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    Then family-loss fires in A1 and A2
    And it would close 10,000 in A1
    And it would close 10,400 in A2

  Scenario: Exactly at the line
    When at 10:00:00 A1 has lost 30,000 and A2 20,000
    Then family-loss is pending in A1 and A2

  Scenario: One that loses much is outweighed by one that earns
    When at 10:00:00 A1 has lost 60,000 and A2 -15,000
    And at 10:00:04 both are read
    Then family-loss is clear in A1 and A2
    And it has acted in nobody

  Scenario: An account's own evaluation says nothing of it
    When at 10:00:00 A1 has lost 60,000 and A2 0
    Then A1 by itself says nothing of family-loss

  Scenario: Until every member was read it cannot be told
    When at 10:00:00 A1 has lost 60,000
    Then family-loss is unknown in A1 and A2
    And the reason in A1 is "A2: not read yet"

  Scenario: A member that cannot be read is not a member without loss
    When at 10:00:00 A1 has lost 60,000 and A2 0
    And at 10:00:02 the positions of A2 cannot be read
    Then family-loss is pending in A1 and A2
    When at 10:00:04 both are read
    And at 10:00:12 both are read
    Then family-loss is unknown in A1 and A2
    And the reason in A1 is "A2: positions not read: the call timed out"

  Scenario: What is unknown in one member does not matter where the bounds decide
    # What is sold can at best be bought back for nothing: A2 may gain 10,000 at most.
    Given A2 has sold 100 units at 100
    When at 10:00:00 A1 has lost 61,000
    And at 10:00:00 A2 has no price
    Then family-loss is pending in A1 and A2
    When at 10:00:04 both are read
    Then family-loss fires in A1 and A2
    When at 10:00:06 A1 has lost 59,000
    Then family-loss fires in A1 and A2

  Scenario: What is unknown in one member matters where the bounds do not decide
    Given A2 has sold 100 units at 100
    When at 10:00:00 A1 has lost 59,000
    And at 10:00:00 A2 has no price
    Then family-loss is unknown in A1 and A2

  Scenario: Ten seconds apart is one moment
    When at 10:00:00 A1 has lost 60,000
    And at 10:00:10 A2 has lost 0
    Then the group's accounts are A1 and A2
    And the readings of the group are near enough

  Scenario: Eleven seconds apart is no sum
    When at 10:00:00 A1 has lost 60,000
    And at 10:00:11 A2 has lost 0
    Then family-loss is unknown in A1 and A2
    And the reason in A1 is "the readings of A1 and A2 lie 11s apart (limit 10s)"

  Scenario: A member whose reading grows old is unknown by its own age
    When at 10:00:00 A1 has lost 60,000
    And at 10:00:07 A2 has lost 0
    Then family-loss is unknown in A1 and A2
    And the reason in A1 is "A1: positions are 7s old (limit 6s)"

  Scenario: A new sample takes a new reading of every member
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:02 A1 is read
    And at 10:00:04 A1 is read
    Then family-loss is pending in A1 and A2
    When at 10:00:05 A2 is read
    Then family-loss fires in A1 and A2
    And it has acted in A1 and A2, at 10:00:05

  Scenario: It goes back below the line before it is confirmed
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:02 A2 has lost 10,000
    And at 10:00:04 A2 has lost 22,000
    Then family-loss is pending in A1 and A2
    And it has acted in nobody

  Scenario: Each member acts under its own mode
    Given family-loss is in dry run in A2
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    Then family-loss fires in A1 and A2
    And the decision in A1 is enforced
    And the decision in A2 is in dry run

  Scenario: A member whose mode is off counts and does not act
    Given family-loss is off in A2
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    Then family-loss fires in A1
    And it has acted in A1, at 10:00:04
    And the note in A2 is "off here: it counts in the group and does not act"

  Scenario: Each member has its own latch
    Given family-loss is off in A2
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    And at 10:00:06 A1 has lost 0
    Given family-loss is enforced in A2
    When at 10:00:08 A1 has lost 30,000 and A2 22,000
    And at 10:00:12 both are read
    Then family-loss is latched in A1
    And family-loss fires in A2
    And it has acted in A1, at 10:00:04
    And it has acted in A2, at 10:00:12

  Scenario: A dry run's latch does not disarm an enforced firing
    Given family-loss is in dry run in A2
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    Given family-loss is enforced in A2
    When at 10:00:06 both are read
    And at 10:00:10 both are read
    Then family-loss fires in A1 and A2
    And the decision in A2 is enforced

  Scenario: A restart forgets no latch and takes nothing for known
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    And everything is started again
    And at 10:00:20 A1 is read
    Then family-loss fires in A1 and A2
    When at 10:00:20 A2 is read
    And at 10:00:24 both are read
    Then family-loss fires in A1 and A2
    And it has acted in A1 and A2, at 10:00:04

  Scenario: A restart goes on with a confirmation that had begun
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And everything is started again
    And at 10:00:04 both are read
    Then family-loss fires in A1 and A2

  Scenario: Unknown for ten seconds is told, in each member
    When at 10:00:00 A1 has lost 60,000
    And at 10:00:08 A1 is read
    And at 10:00:10 A1 is read
    Then it has alerted in A1 and A2, at 10:00:10

  Scenario: With `clear_when` it does not flicker, and the next episode may act without a latch
    Given the policy
      """
      policy: family-loss
      accounts: all
      for_each: group
      when: group.loss >= 50k
      clear_when: group.loss < 40k
      mode: enforce
      then: [block_entries]
      because: "{group.losing_accounts} of {group.accounts} lose"
      """
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:02 both are read
    And at 10:00:04 A2 has lost 15,000
    Then family-loss fires in A1 and A2
    And it says in A1 "2 of 2 lose"
    When at 10:00:06 A2 has lost 5,000
    Then family-loss is clear in A1 and A2
    When at 10:00:08 A1 has lost 30,000 and A2 22,000
    And at 10:00:10 both are read
    Then it has acted in A1 and A2, at 10:00:02 and 10:00:10

  Scenario: Outside its hours it is clear, whatever the group lost
    Given the policy
      """
      policy: late
      accounts: all
      for_each: group
      during: {from: 14:45, to: 15:30}
      when:
        all:
          - group.loss >= 50k
          - time >= 14:50
      mode: enforce
      because: "{group.parts} at {time}"
      """
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    Then late is clear in A1 and A2
    When at 14:50:00 A1 has lost 30,000 and A2 22,000
    Then late is pending in A1 and A2

  Scenario: It blocks entries in each member, in that member's mode, until it clears
    Given the policy
      """
      policy: family-loss
      accounts: all
      for_each: group
      when: group.loss >= 50k
      mode: enforce
      then: [{block_entries: {until: cleared}}]
      because: "{group.loss}"
      """
    And family-loss is in dry run in A2
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    Then in A1 entries are not blocked
    When at 10:00:02 both are read
    Then the live blocks of the family are
      | in | by          | since    | until   | mode    |
      | A1 | family-loss | 10:00:02 | cleared | enforce |
      | A2 | family-loss | 10:00:02 | cleared | dry_run |
    And in A1 the fact trading_state is ACTIVE
    When everything is started again
    And at 10:00:04 both are read
    Then the live blocks of the family are
      | in | by          | since    | until   | mode    |
      | A1 | family-loss | 10:00:02 | cleared | enforce |
      | A2 | family-loss | 10:00:02 | cleared | dry_run |
    And in A1 the fact trading_state is REDUCING
    And in A2 the fact trading_state is ACTIVE
    When at 10:00:06 A2 has lost 5,000
    Then in A1 entries are not blocked
    And in A2 entries are not blocked

  Scenario: Renamed, it keeps its latch and its block in each member
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    Then family-loss fires in A1 and A2
    When the policy family-loss is renamed to both-lost
    And at 10:00:06 both are read
    Then both-lost fires in A1 and A2
    And the live blocks of the family are
      | in | by        | since    | until | mode    |
      | A1 | both-lost | 10:00:04 | time  | enforce |
      | A2 | both-lost | 10:00:04 | time  | enforce |
    When at 10:00:08 A2 has lost 5,000
    And at 10:00:10 A2 has lost 22,000
    And at 10:00:14 both are read
    Then both-lost is latched in A1 and A2
    When at 15:40:00 both are read
    Then in A1 entries are not blocked

  Scenario: A person rearms it in one member; there it may act again, elsewhere its latch holds
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And at 10:00:04 both are read
    Then rearming family-loss in A1 is refused: "the condition of family-loss is still true"
    When at 10:00:06 A1 has lost 0
    And family-loss is rearmed in A1
    Then in A1 entries are not blocked
    And the live blocks of the family are
      | in | by          | since    | until | mode    |
      | A2 | family-loss | 10:00:04 | time  | enforce |
    When at 10:00:08 A1 has lost 30,000 and A2 22,000
    And at 10:00:12 both are read
    Then family-loss fires in A1
    And family-loss is latched in A2
    And it has acted in A1, at 10:00:04 and 10:00:12
    And every decision of the family has its own key

  Scenario: Off in a member, what waited there for the rule ends there
    Given the policy
      """
      policy: family-loss
      accounts: all
      for_each: group
      when: group.loss >= 50k
      confirm: at once
      mode: enforce
      then: [{block_entries: {until: cleared}}]
      because: "{group.loss}"
      """
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    And family-loss is off in A1
    And at 10:00:02 both are read
    Then the live blocks of the family are
      | in | by          | since    | until   | mode    |
      | A2 | family-loss | 10:00:00 | cleared | enforce |

  Scenario: A line past which one reading is enough
    Given the policy
      """
      policy: family-loss
      accounts: all
      for_each: group
      when: group.loss >= 50k
      confirm: {samples: 3, at_once_beyond: 80k}
      because: "{group.loss}"
      """
    And every account reads both sides of its market
    When at 10:00:00 A1 has lost 60,000 and A2 22,000
    Then family-loss fires in A1 and A2

  Scenario: Margin, counts and exposure add up
    Given the policy
      """
      policy: family-loss
      accounts: all
      for_each: group
      when:
        all:
          - group.margin_used_pct >= 50%
          - group.capital >= 20 lakh
          - group.open_positions == 2 and group.short_option_legs == 2
          - group.worst_loss >= 30k
          - group.losing_accounts == 2
          - group.worst_account == 'A1'
      confirm: at once
      because: "{group.margin_used_pct} of {group.capital}, worst {group.worst_account}"
      """
    When at 10:00:00 A1 has lost 30,000 and A2 22,000
    Then family-loss fires in A1 and A2
    And it says in A1 "50 % of 2,000,000.00 INR, worst A1"

  Scenario Outline: The figure <figure> of a group
    Then the family's <figure> is <shown> when A1 has lost 30,000 and A2 -10,000

    Examples:
      | figure          | shown                                   |
      | accounts        | 2 |
      | mtm             | -20,000.00 INR                          |
      | loss            | 20,000.00 INR                           |
      | profit          | 0.00 INR                                |
      | losing_accounts | 1 |
      | worst_loss      | 30,000.00 INR                           |
      | worst_account   | A1                                      |
      | parts           | A1 -30,000.00 INR, A2 10,000.00 INR     |
      | margin_used     | 1,000,000.00 INR                        |
      | margin_used_pct | 50 %                                    |
      | orders_today    | 2 |
