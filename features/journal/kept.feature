Feature: What was decided is kept, and is done once
  A decision stands in the journal, on the disk, before anything is done. A restart neither forgets it nor decides it
  again; of two engines only one watches an account; and what somebody changes afterwards is found.

  Background:
    Given a journal
    And the engine "morning" watches A1

  Scenario: The same latch is won once
    When "morning" decides kill for A1 on 2026-11-23
    And "morning" decides kill for A1 on 2026-11-23
    Then the 1st decision is to be acted on
    And the 2nd decision is refused
    And the journal holds 1 decision

  Scenario: The next day has a latch of its own
    When "morning" decides kill for A1 on 2026-11-23
    And "morning" decides kill for A1 on 2026-11-24
    Then both decisions are to be acted on

  Scenario: A restart knows the latch
    Given "morning" has decided kill for A1 on 2026-11-23
    When the engine is restarted as "noon"
    Then the state of A1 holds the latch of kill for 2026-11-23
    And "noon" decides kill for A1 on 2026-11-23 and is refused

  Scenario: A second engine is refused while the first one lives
    When the engine "second" asks for A1 after 10 s
    Then it is told that A1 is watched by morning

  Scenario: An engine that was silent too long is replaced, and can write nothing any more
    When the engine "second" asks for A1 after 31 s
    Then "second" watches A1
    When "morning" decides kill for A1 on 2026-11-23
    Then it is told that A1 is watched by second
    And the journal holds no decision

  Scenario: The journal cannot be written
    Given another process keeps the journal locked
    When "morning" decides kill for A1 on 2026-11-23
    Then it is told that another process holds the journal
    When the decision goes to a file of its own
    Then it is to be acted on
    And no other process may take the same latch

  Scenario: What went to a file is folded back at the next start
    Given kill for A1 on 2026-11-23 went to a file of its own
    When the engine is restarted as "noon"
    Then the state of A1 holds the latch of kill for 2026-11-23
    And the journal holds 1 decision
    And no file waits any more

  Scenario: Nobody touched it
    Given "morning" has decided kill for A1 on 2026-11-23
    Then `rekha log verify` finds it intact

  Scenario Outline: Somebody did: <deed>
    Given "morning" has decided kill for A1 on 2026-11-23
    And "morning" has decided kill for A1 on 2026-11-24
    When somebody <deed>
    Then `rekha log verify` finds A1 edited

    Examples:
      | deed                            |
      | edits the reasons of a decision |
      | removes a decision              |
      | removes a latch                 |
      | moves a latch to another day    |
      | cuts off the last event         |
