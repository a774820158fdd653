Feature: A broker takes only so many calls a second
  Calls wait their turn here, so that the broker never has to refuse them, and part of what may be sent is held back for
  exits. A read that was refused all the same is asked again a little later; an order is not: whoever sent it decides.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A is logged in

  @mandatory
  Scenario: A flood of readings stays within what the broker takes
    When A is read 20 times at once
    Then every part of each reading is there
    And in no second was A asked more than its broker takes

  @mandatory
  Scenario: An exit does not queue behind a flood of readings
    When A is read 20 times at once and then buys 65 of 24000 CE at 101.55 as an exit, as R1
    Then the ledger tells the order R1 within 1 second
    And in no second was A asked more than its broker takes

  @mandatory
  Scenario: Nor does the reading that an exit waits for
    When A is read 20 times at once and then the books once more, for an exit
    Then that reading was complete within 1 second
    And in no second was A asked more than its broker takes

  @mandatory
  Scenario: The broker refuses a read as one too many
    Given for one call the broker refuses A as too many
    When A is read
    Then every part of A is there

  @mandatory
  Scenario: The broker refuses an order as one too many
    Given for one call the broker refuses A as too many
    When A buys 65 of 24000 CE at 101.55, as R1
    Then it was not done, or nobody knows
    And the ledger tells no order of A
