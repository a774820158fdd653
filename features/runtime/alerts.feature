Feature: People are told of what is decided, until somebody answers
  A message is queued and nobody waits for its way. A critical one that nobody acknowledges is told again, each time on
  one channel more; a channel that fails is replaced by another one; and a restart forgets nobody's silence.

  Background:
    Given a desk that is told on telegram, and then by mail, with one critical policy that fires at 10:59:42

  Scenario: Nobody answers
    When the engine runs until 11:04:30
    Then telegram was told at 10:59:42, 11:01:42, 11:03:42
    And mail was told at 11:01:42, 11:03:42
    And the first text on telegram says what was lost and how to answer

  Scenario: Somebody answers
    When the engine runs until 11:00:00
    And somebody acknowledges the alert with the word "closing by hand"
    And the engine runs until 11:04:30
    Then the answer says that it was acknowledged
    And telegram was told of the decision once, and once that it was acknowledged
    And no alert stands

  Scenario: Telegram does not answer
    Given telegram answers with errors
    When the engine runs until 11:00:00
    Then mail was told of the decision at 10:59:42
    And the journal says that mail took it

  Scenario: The engine is ended before it was through, and started again
    Given telegram answers with errors
    And mail answers with errors
    When the engine runs until 11:00:00
    And telegram and mail answer again
    And the engine is started again and runs until 11:00:30
    Then telegram was told of the decision
    And the alert still stands
