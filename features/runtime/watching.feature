Feature: A desk is watched through its day
  The engine asks each account in its turn, judges what it says, and writes down what it decides before it does anything.
  What it cannot read it calls unknown; what it has decided it never decides again.

  On the simulated day account A sells a hedged strangle. In the morning come orders that look like stop-losses and are
  none. At eleven A has lost more than 10,000 INR; at three minutes past, the stop-loss of its short call fills.

  Background:
    Given a desk with the accounts A and B, and C, which a person has stopped
    And a policy that enforces a block when the loss is 10,000 INR at two readings and a stop-loss was hit

  Scenario: Every account is watched but the one that is stopped
    When the engine watches from 10:29:50 to 10:30:10
    Then A and B were looked at every 2 seconds, and C was not
    And A holds 4 open positions
    And the policy is clear for A and clear for B
    And nothing was decided
    And nobody was told anything

  Scenario: A loss without a stop-loss triggers nothing, for a whole minute
    When the engine watches from 11:01:00 to 11:02:05
    Then the policy is clear for A, because loss >= 10k is true and stop_loss_hit is false
    And nothing was decided
    And nobody was told anything

  Scenario: Both together trigger, once
    When the engine watches from 11:02:50 to 11:03:30
    Then the policy fires for A and is clear for B
    And A was decided on once
    And entries are blocked in A, and a person was told once

  Scenario: A restart in the breach neither forgets nor repeats
    Given the engine watched from 11:02:50 to 11:03:20 and was stopped
    When the engine watches from 11:03:40 to 11:04:00
    Then the policy fires for A and is clear for B
    And A was decided on once
    And entries are blocked in A, and a person was told once

  Scenario: A session that the broker ends is begun anew, and watching goes on
    When the engine watches from 10:29:00 to 10:30:30, and at 10:29:20 the broker ends the session of A
    Then A was logged in to twice and B once
    And A was unknown for less than 40 seconds
    And the policy is clear for A and clear for B

  Scenario: Prices that do not come for half a minute warn and trigger nothing
    When the engine watches from 11:03:20 to 11:04:10, and from 11:02:00 on the broker answers no quotes
    Then the policy is unknown for A
    And it is noted that the policy is unknown for A
    And people were told once that it is unknown
    And nothing was decided

  Scenario: One broken account delays nobody
    When the engine watches from 10:29:50 to 10:30:20, and from 10:29:50 on the broker lets A wait for 20 seconds
    Then B was looked at every 2 seconds, and missed no slot
    And A was looked at every 2 seconds, and missed no slot

  Scenario: Another engine is refused while this one watches, and takes over when it stops
    When the engine watches from 10:29:50 to 10:30:10, and at 10:30:00 another one is started
    Then the other one was refused, naming the first
    And the engine that comes next watches at once

  Scenario: On the next day yesterday's order book triggers nothing
    Given the engine watched from 11:02:50 to 11:03:20 and was stopped
    When the engine watches on the next trading day from 09:16:00 to 09:16:30
    Then the policy is clear for A and clear for B
    And nothing was decided on that day

  Scenario Outline: Accounts are watched while their exchange may trade
    Then on <day>, <what it is>, an account on NSE is watched <when>

    Examples:
      | day        | what it is               | when                |
      | 2026-03-16 | an ordinary Monday       | from 08:45 to 15:45 |
      | 2026-01-26 | a holiday                | never               |
      | 2026-03-14 | a Saturday               | never               |
      | 2025-02-01 | a special Saturday       | from 08:45 to 15:45 |
      | 2025-10-21 | Muhurat                  | from 13:15 to 15:00 |
      | 2026-11-08 | Muhurat, not announced   | all day             |
      | 2031-03-17 | of a year nobody knows   | all day             |

  Scenario: In a year nobody knows, entries are blocked and people are told
    When the engine watches on 2031-03-17 from 08:00:00 to 08:00:20
    Then entries are blocked in A, for nobody knows the session
    And people were told that nobody knows today's session on NSE
