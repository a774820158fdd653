# Why: two rules that block must not undo each other's block, and a block must end when it was said to, and not before.
# How it could pass vacuously: if blocks never ended, or all at once. Every end is looked at one reading before it too.
Feature: Blocks of entries
  `block_entries` opens a block at the decision. It belongs to the rule, the row and the episode that ordered it, ends
  as `until` says, and never with another. Exits pass every block.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario Outline: <until>
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: <until>}}]
      """
    When at 10:00:00 the loss is 10,500
    Then entries are blocked by rule since 10:00:00
    When at 10:00:02 the loss is 5,000
    Then rule is clear
    And entries are blocked by rule since 10:00:00
    When at <before> nothing has changed
    Then entries are blocked by rule since 10:00:00
    When at <end> nothing has changed
    Then entries are not blocked

    Examples: the session of 18 November 2026 ends at 15:40
      | until          | before   | end      |
      | 30m            | 10:29:59 | 10:30:00 |
      | 11:15          | 11:14:59 | 11:15:00 |
      | 15:50          | 15:49:59 | 15:50:00 |
      | end of session | 15:39:59 | 15:40:00 |

  Scenario: Without `until` it is the end of the session
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [block_entries]
      """
    When at 10:00:00 the loss is 10,500
    Then entries are blocked by rule since 10:00:00
    When at 15:40:00 nothing has changed
    Then entries are not blocked

  Scenario: A time of day that is past blocks nothing
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: 09:30}}]
      """
    When at 10:00:00 the loss is 10,500
    Then rule fires
    And entries are not blocked

  Scenario: A duration runs on over the end of the session
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: 24h}}]
      """
    When at 15:30:00 the loss is 10,500
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:15:00 the loss is 0
    Then entries are blocked by rule since 15:30:00 the day before
    When at 15:30:00 nothing has changed
    Then entries are not blocked

  Scenario: `cleared` ends with the rule, on its second line
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 8k
      clear_when: loss <= 7k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When at 10:00:00 the loss is 8,000
    And at 10:00:02 the loss is 7,500
    Then entries are blocked by rule since 10:00:00
    When at 10:00:04 the price of SENSEX26NOV85000CE is missing
    Then entries are blocked by rule since 10:00:00
    When at 10:00:06 the loss is 7,000
    Then entries are not blocked
    When at 10:00:08 the loss is 8,000
    Then entries are blocked by rule since 10:00:08

  Scenario: `cleared` ends with the window
    Given the policy
      """
      policy: rule
      mode: enforce
      during: {from: 09:30, to: 11:00}
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When at 10:59:58 the loss is 10,500
    Then entries are blocked by rule since 10:59:58
    When at 11:00:00 nothing has changed
    Then rule is clear
    And entries are not blocked

  Scenario: `cleared` ends with a window that passed while the engine was off
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When at 15:39:00 the loss is 10,500
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:10:00 nothing has changed
    Then entries are not blocked

  Scenario: `cleared` stays through a cooldown and what follows it
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: {samples: 2}
      cooldown: 4s
      then: [{block_entries: {until: cleared}}]
      """
    When the readings are T0 T2
    Then entries are blocked by rule since 10:00:02
    When the readings go on with T0 T2
    Then it is pending
    And entries are blocked by rule since 10:00:02
    When the readings go on with T0
    Then it fires
    And entries are blocked by rule since 10:00:08
    When the readings go on with F0
    Then entries are not blocked

  Scenario: The end of the week is the close of its last trading day
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: end of week}}]
      """
    When at 10:00:00 the loss is 10,500
    Given a new day, Friday, 2026-11-20, begins with what is still open
    When at 15:39:59 the loss is 0
    Then entries are blocked by rule since 10:00:00 two days before
    When at 15:40:00 nothing has changed
    Then entries are not blocked

  Scenario: A holiday is not the last trading day
    # 25 December 2026, a Friday, is a holiday.
    Given it is Wednesday, 2026-12-23
    And the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: end of week}}]
      """
    When at 10:00:00 the loss is 10,500
    Given a new day, Thursday, 2026-12-24, begins with what is still open
    When at 15:39:59 the loss is 0
    Then entries are blocked by rule since 10:00:00 the day before
    When at 15:45:00 nothing has changed
    Then entries are not blocked

  Scenario: `rearmed` ends only by hand
    Given the policy
      """
      policy: kill
      mode: enforce
      when: loss >= 10k
      confirm: {samples: 2}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{block_entries: {until: rearmed}}, {square_off: all}]
      """
    When the readings are T0 T2
    Then kill fires
    When kill is rearmed
    Then that is refused: the condition of kill is still true
    And entries are blocked by kill since 10:00:02
    When the readings go on with U0
    And kill is rearmed
    Then that is refused: the condition of kill is unknown
    When the readings go on with F0
    Then kill is clear
    And entries are blocked by kill since 10:00:02
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:20:00 the loss is 0
    Then entries are blocked by kill since 10:00:02 the day before
    When kill is rearmed
    Then entries are not blocked
    When at 09:20:02 nothing has changed
    Then entries are not blocked

  Scenario: Rearmed, a rule may act once more in its period, and the old row stays
    Given the policy
      """
      policy: kill
      mode: enforce
      when: loss >= 10k
      confirm: {samples: 2}
      on_unknown: {alert: after 10s}
      once: per account per week
      then: [{block_entries: {until: rearmed}}, {square_off: all}]
      """
    When the readings are T0 T2 F4
    Then it has acted once
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    When at 09:20:00 the loss is 10,500
    And at 09:20:02 nothing has changed
    Then kill is latched
    When at 09:20:04 the loss is 0
    And kill is rearmed
    And the readings go on with T0 T2
    Then kill fires
    And it has acted twice
    And every decision so far has its own key
    And kill has 2 once rows
    When the readings go on with F0 T2 T4
    Then kill is latched
    And it has acted twice

  Scenario: What is rearmed in dry run leaves the enforced latch as it is
    Given the policy
      """
      policy: kill
      mode: enforce
      when: loss >= 10k
      confirm: {samples: 2}
      on_unknown: {alert: after 10s}
      once: per account per day
      then: [{square_off: all}]
      """
    When the readings are T0 T2 F4
    Then it has acted once
    When kill is now in dry run
    And the readings go on with F0
    And kill is rearmed
    And kill is now enforced
    And the readings go on with T0 T2
    Then kill is latched

  Scenario: Rearming ends a cooldown
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: {samples: 2}
      cooldown: 1h
      then: [{block_entries: {until: 15:00}}]
      """
    When the readings are T0 T2 F4
    And rule is rearmed
    Then entries are not blocked
    When the readings go on with T0 T2
    Then rule fires
    And entries are blocked by rule since 10:00:08

  Scenario: Of a policy that is off the condition is looked at all the same
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: rearmed}}]
      """
    When the readings are T0
    And rule is now off
    And the readings go on with T0
    And rule is rearmed
    Then that is refused: the condition of rule is still true
    And entries are blocked by rule since 10:00:00
    When the readings go on with F0
    And rule is rearmed
    Then entries are not blocked

  Scenario: One row is rearmed, and another keeps its block
    Given the account holds
      | symbol             | sold     | last |
      | SENSEX26NOV82000PE | 500 @ 90 | 90   |
    And the policy
      """
      policy: leg
      mode: enforce
      for_each: position
      when: position.loss >= 10k
      confirm: at once
      then: [{block_entries: {until: rearmed}}]
      because: "{position.loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:02 SENSEX26NOV82000PE trades at 120
    And at 10:00:04 SENSEX26NOV85000CE trades at 100
    And leg is rearmed
    Then that is refused: the condition of leg is still true for BFO:SENSEX26NOV82000PE
    When leg is rearmed for SENSEX26NOV85000CE
    Then entries are blocked by leg since 10:00:02

  Scenario: Two rules block; the one that clears ends its own block
    Given the policy
      """
      policy: low
      mode: enforce
      when: loss >= 8k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    And another policy
      """
      policy: high
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared, foreign_orders: cancel}}]
      """
    When at 10:00:00 the loss is 8,500
    Then entries are blocked by low since 10:00:00
    And orders from elsewhere are reported
    When at 10:00:02 the loss is 10,500
    Then the live blocks are
      | by   | since    | until   | mode    |
      | low  | 10:00:00 | cleared | enforce |
      | high | 10:00:02 | cleared | enforce |
    And orders from elsewhere are cancelled
    When at 10:00:04 the loss is 9,000
    Then entries are blocked by low since 10:00:00
    And orders from elsewhere are reported
    When at 10:00:06 the loss is 7,000
    Then entries are not blocked

  Scenario: Each row has its own
    Given the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV82000PE | 500 @ 90  | 90   |
    And the policy
      """
      policy: leg
      mode: enforce
      for_each: position
      when: position.loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      because: "{position.loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:02 SENSEX26NOV82000PE trades at 120
    Then the live blocks are
      | by  | row                         | since    | until   | mode    |
      | leg | BFO:SENSEX26NOV85000CE:NRML:1 | 10:00:00 | cleared | enforce |
      | leg | BFO:SENSEX26NOV82000PE:NRML:1 | 10:00:02 | cleared | enforce |
    When at 10:00:04 SENSEX26NOV85000CE trades at 100
    Then entries are blocked by leg since 10:00:02
    # The row goes away, and what waited for it to clear ends.
    When at 10:00:06 the trader buys 500 SENSEX26NOV82000PE at 120
    Then entries are not blocked

  Scenario: A block of one underlying leaves the others and the account's state alone
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26NOV24000CE | 75 @ 100 | 100  |
    And the policy
      """
      policy: leg
      mode: enforce
      for_each: position
      when: position.loss >= 10k
      confirm: at once
      then: [{block_entries: {underlying: this}}]
      because: "{position.loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    Then the live blocks are
      | by  | underlying | since    | until | mode    |
      | leg | SENSEX     | 10:00:00 | time  | enforce |
    And an order in SENSEX that opens is refused by leg
    And an order in NIFTY that opens passes
    When at 10:00:02 nothing has changed
    Then the fact trading_state is ACTIVE
    And the fact blocked_underlyings is 1 underlying

  Scenario: A rule about each underlying blocks its own, and another may ask which are blocked
    Given the account holds
      | symbol            | sold     | last |
      | NIFTY26NOV24000CE | 75 @ 100 | 100  |
    And the policy
      """
      policy: losing
      mode: enforce
      for_each: underlying
      when: underlying.loss >= 10k
      confirm: at once
      then: [{block_entries: {underlying: this, until: cleared}}]
      because: "{underlying.name}"
      """
    And another policy
      """
      policy: hears
      for_each: underlying
      when: underlying.is_blocked
      confirm: at once
      then: [{notify: telegram}]
      because: "{underlying.name} is blocked"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    Then the live blocks are
      | by     | row    | underlying | until   |
      | losing | SENSEX | SENSEX     | cleared |
    When at 10:00:02 nothing has changed
    Then hears fires for SENSEX
    And hears is clear for NIFTY
    When at 10:00:04 SENSEX26NOV85000CE trades at 100
    And at 10:00:06 nothing has changed
    Then hears is clear for SENSEX
    And entries are not blocked

  Scenario: A leg that is closed leaves what ends at its own time
    Given the policy
      """
      policy: leg
      mode: enforce
      for_each: position
      when: position.loss >= 10k
      confirm: at once
      then: [{block_entries: {until: 30m}}]
      because: "{position.loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:02 the trader buys 500 SENSEX26NOV85000CE at 130
    Then entries are blocked by leg since 10:00:00
    When at 10:30:00 nothing has changed
    Then entries are not blocked

  Scenario: A dry run's block is listed and counts for nothing
    Given the policy
      """
      policy: rule
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When at 10:00:00 the loss is 10,500
    And at 10:00:02 nothing has changed
    Then the live blocks are
      | by   | since    | until   | mode    |
      | rule | 10:00:00 | cleared | dry_run |
    And the fact trading_state is ACTIVE
    And an order that opens passes

  Scenario Outline: An enforced block refuses what <effect>: <answer>
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When at 10:00:00 the loss is 10,500
    # The facts are of the books as the reading found them; the block begins with the decision.
    Then the fact trading_state is ACTIVE
    And an order that <effect> <answer>
    When at 10:00:02 nothing has changed
    Then the fact trading_state is REDUCING
    When at 10:00:04 the loss is 5,000
    Then the fact trading_state is REDUCING
    When at 10:00:06 nothing has changed
    Then the fact trading_state is ACTIVE
    And an order that opens passes

    Examples:
      | effect   | answer             |
      | opens    | is refused by rule |
      | uncovers | is refused by rule |
      | closes   | passes             |
      | covers   | passes             |

  Scenario: A block and what stops the account from elsewhere: the strictest holds
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [block_entries]
      """
    When at 10:00:00 the loss is 10,500
    And at 10:00:02 somebody halts the account
    Then the fact trading_state is HALTED

  Scenario: A rule may ask what is allowed, and hears of a block at the next reading
    Given the policy
      """
      policy: block
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    And another policy
      """
      policy: asks
      when: trading_state == REDUCING
      confirm: at once
      then: [{notify: telegram}]
      because: "reducing"
      """
    When at 10:00:00 the loss is 10,500
    Then asks is clear
    When at 10:00:02 nothing has changed
    Then asks fires
    When at 10:00:04 the loss is 0
    And at 10:00:06 nothing has changed
    Then asks is clear

  Scenario: While a condition is unknown, and no longer
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      on_unknown: {block_entries: after 10s}
      """
    When the readings are U0…U8
    Then entries are not blocked
    When the readings go on with U0
    Then entries are blocked by rule since 10:00:10
    When the readings go on with U0…U10
    Then entries are blocked by rule since 10:00:10
    When the readings go on with F0
    Then entries are not blocked
    When the readings go on with U0…U10
    Then entries are blocked by rule since 10:00:36

  Scenario: While the books are unknown one block stands for all rows
    Given the policy
      """
      policy: leg
      mode: enforce
      for_each: position
      when: position.loss >= 10k
      on_unknown: {block_entries: after 10s}
      because: "{position.loss}"
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:02 the positions cannot be read
    And that goes on until 10:00:20
    Then entries are blocked by leg since 10:00:12
    When at 10:00:22 the positions can be read again
    Then entries are not blocked

  Scenario: Turned off, what waits for the rule ends and what has its own end stays
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    And another policy
      """
      policy: other
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: 15:00}}]
      """
    When at 10:00:00 the loss is 10,500
    And rule is now off
    And other is now off
    And at 10:00:02 nothing has changed
    Then entries are blocked by other since 10:00:00

  Scenario: A policy that is taken out of the set leaves nothing that waits for it
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    And another policy
      """
      policy: other
      when: loss >= 10k
      then: [{notify: telegram}]
      """
    When at 10:00:00 the loss is 10,500
    And the policy rule is taken out
    And at 10:00:02 nothing has changed
    Then entries are not blocked

  Scenario: From enforce to dry run an enforced block stays until its end
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: cleared}}]
      """
    When at 10:00:00 the loss is 10,500
    And rule is now in dry run
    And at 10:00:02 nothing has changed
    Then the live blocks are
      | by   | since    | until   | mode    |
      | rule | 10:00:00 | cleared | enforce |
      | rule | 10:00:02 | cleared | dry_run |
    When at 10:00:04 the loss is 0
    Then entries are not blocked

  Scenario: A restart forgets no block
    Given the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [{block_entries: {until: rearmed}}]
      """
    When at 10:00:00 the loss is 10,500
    And the engine is started again
    And at 10:05:00 the loss is 0
    Then entries are blocked by rule since 10:00:00
    And the fact trading_state is REDUCING

  Scenario: A session nobody knows blocks entries by itself
    # The hours of the Muhurat session of 8 November 2026 are not announced.
    Given it is Sunday, 2026-11-08
    And the policy
      """
      policy: rule
      when: loss >= 10k
      """
    When at 18:00:00 the loss is 0
    Then entries are blocked by the session since 18:00:00
    And the fact trading_state is REDUCING
    When at 18:00:02 nothing has changed
    Then entries are blocked by the session since 18:00:00
    Given a new day, Monday, 2026-11-09, begins with what is still open
    When at 09:20:00 nothing has changed
    Then entries are not blocked
    And the fact trading_state is ACTIVE

  Scenario: In a session nobody knows, the end of the session is the end of the date
    Given it is Sunday, 2026-11-08
    And the policy
      """
      policy: rule
      mode: enforce
      when: loss >= 10k
      confirm: at once
      then: [block_entries]
      """
    When at 18:00:00 the loss is 10,500
    And at 23:59:58 nothing has changed
    Then rule blocks until 2026-11-09 00:00:00
