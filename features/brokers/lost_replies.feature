Feature: A reply that does not come
  A request whose reply is lost may have been carried out. It is never sent again by itself: its tag is looked up.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A is logged in

  @mandatory @capability:tag_lookup
  Scenario: The order was taken and the reply is lost
    Given the next reply to A about placing is lost
    When A buys 65 of 24000 CE at 101.55, as R1
    Then nobody knows whether it was done, and the error names the tag R1
    And the ledger tells 1 order of A
    When 5 seconds pass
    Then the ledger tells 1 order of A
    And 1 order of A carries the tag R1, of 65 at 101.55

  @mandatory @capability:tag_lookup
  Scenario Outline: The order was taken and its receipt is <answer>
    Given for one call the answers to A about placing are <answer>
    When A buys 65 of 24000 CE at 101.55, as R1
    Then nobody knows whether it was done, and the error names the tag R1
    And 1 order of A carries the tag R1, of 65 at 101.55

    Examples:
      | answer  |
      | garbage |
      | cut off |

  @mandatory @capability:tag_lookup
  Scenario: Nobody answers an order
    A broker that does not answer may have done it. Whoever sent it cannot tell; the tag can.

    Given for one call nobody answers A for placing
    When A buys 65 of 24000 CE at 101.55, as R1
    Then it was not done, or nobody knows
    And no order of A carries the tag R1
    And A was asked for placing once

  @mandatory
  Scenario: The cancel was taken and the reply is lost
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And the next reply to A about cancelling is lost
    And A cancels R1
    Then nobody knows whether it was done
    And A was asked for cancelling once
    When 5 seconds pass
    And A is read
    Then the order R1 is CANCELED, 0 of 65

  @capability:modify
  Scenario: The change was taken and the reply is lost
    When A sells 65 of 24000 CE at 105, as R1
    And 5 seconds pass
    And the next reply to A about changing is lost
    And A changes R1 to 65 at 104
    Then nobody knows whether it was done
    And A was asked for changing once
    When 5 seconds pass
    And A is read
    Then the order R1 is a LIMIT order to SELL at 104

  @mandatory
  Scenario: The order was taken, the reply is lost, and it had filled by the time it is looked up
    Given the next reply to A about placing is lost
    When A sells 65 of 24000 CE at 101.45, as R1
    Then nobody knows whether it was done, and the error names the tag R1
    When 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65, at 101.45
    And the ledger tells 1 order and 1 fill of A
