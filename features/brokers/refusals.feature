Feature: What a broker or an exchange refuses
  Refused at the door, nothing was done, and code and reason are the broker's own. Refused later, there is a receipt, and
  the order's book shows it as REJECTED with the broker's own words. Either way nothing trades.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A is logged in

  @mandatory
  Scenario Outline: An order that <breach>
    When A buys <quantity> of 24000 CE at <price>, as R1
    And 5 seconds pass
    And A is read
    Then R1 was refused with the broker's own words
    And A has no positions
    And the ledger tells 1 reject and no fills of A

    Examples:
      | breach                              | quantity | price  |
      | is no whole number of lots          | 66       | 101.55 |
      | is over the freeze quantity         | 1,820    | 101.55 |
      | is between two ticks                | 65       | 101.53 |
      | has a price above the day's highest | 65       | 320    |
      | has a price below the day's lowest  | 65       | 5      |

  @mandatory
  Scenario: An order that the account cannot pay
    Given the account B with 1,000 of cash
    And B is logged in
    When B sells 650 of 24000 CE at 101.45, as R1
    And 5 seconds pass
    And B is read
    Then R1 was refused with the broker's own words
    And B has no positions
    And the ledger tells 1 reject and no fills of B

  @mandatory
  Scenario: An order for a contract that is not listed
    When A buys 65 of 99000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then R1 was refused with the broker's own words
    And the ledger tells no fills of A

  @mandatory
  Scenario: A refusal is one order's; the next is taken
    When A buys 66 of 24000 CE at 101.55, as R1
    And A buys 65 of 24000 CE at 101.55, as R2
    And 5 seconds pass
    And A is read
    Then R1 was refused with the broker's own words
    And the order R2 is FILLED, 65 of 65, at 101.55

  @capability:kill_switch_web
  Scenario: A segment that the client disabled takes no order
    Given the client has disabled the segment of 24000 CE for A
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then R1 was refused with the broker's own words
    And the ledger tells 1 lock and no fills of A
