Feature: A broker takes only so many calls a second
  A read that was refused as one too many is asked again a little later. An order is not: whoever sent it decides.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A is logged in

  @mandatory
  Scenario: The broker refuses a read as one too many
    Given for one call the broker refuses A as too many
    When A is read
    Then every part of A is there

  @mandatory
  Scenario: The broker refuses an order as one too many
    Given for one call the broker refuses A as too many
    When A buys 65 of 24000 CE at 101.55, as R1
    Then it is refused as one too many, and was not done
    And the ledger tells no order of A
    And no order of A carries the tag R1
