Feature: A working order is changed or cancelled
  A change or a cancel is a request like any other: a receipt proves that it arrived. An order that is finished by then
  cannot be changed any more, which is told apart from a failure: read it again.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A is logged in

  @mandatory
  Scenario: A resting order is cancelled
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And A cancels R1
    And 5 seconds pass
    And A is read
    Then the order R1 is CANCELED, 0 of 65
    And the ledger tells 1 cancel and no fills of A

  @mandatory
  Scenario: Right after its receipt a cancel is on its way, and the order is alive
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And A cancels R1
    And A is read
    Then the order R1 is working

  @mandatory
  Scenario: What had filled before the cancel stays filled
    Given 65 at 24000 CE are offered and wanted
    When A buys 195 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A cancels R1
    And 5 seconds pass
    And A is read
    Then the order R1 is CANCELED, 65 of 195, at 101.55
    And A holds
      | contract | net |
      | 24000 CE | 65  |

  @mandatory
  Scenario: A finished order cannot be cancelled
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A cancels R1
    Then it is too late: the order is finished
    When A is read
    Then the order R1 is FILLED, 65 of 65

  @mandatory
  Scenario: A fill overtakes the cancel
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And A cancels R1
    But before it arrives the market of 24000 CE is 101.20 bid, 101.30 offered, 101.25 traded
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65
    And A holds
      | contract | net |
      | 24000 CE | 65  |

  @mandatory
  Scenario: A stranger's order cannot be cancelled
    Given the account B with 10,00,000 of cash
    And B is logged in
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And B cancels A's R1
    Then it is refused
    When A is read
    Then the order R1 is NEW, 0 of 65

  @capability:modify
  Scenario: A resting order is given another price
    When A sells 65 of 24000 CE at 105, as R1
    And 5 seconds pass
    And A changes R1 to 65 at 101.45
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65, at 101.45
    And the ledger tells 1 order, 1 modify and 1 fill of A

  @capability:modify
  Scenario: Right after its receipt a change is on its way, and the order is alive
    When A sells 65 of 24000 CE at 105, as R1
    And 5 seconds pass
    And A changes R1 to 65 at 104
    And A is read
    Then the order R1 is working

  @capability:modify
  Scenario: A resting order is given another quantity
    When A sells 65 of 24000 CE at 105, as R1
    And 5 seconds pass
    And A changes R1 to 130 at 105
    And 5 seconds pass
    And A is read
    Then the order R1 is NEW, 0 of 130

  @capability:modify
  Scenario: A finished order cannot be changed
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A changes R1 to 65 at 101.60
    Then it is too late: the order is finished
    And the ledger tells 1 fill of A

  @capability:modify
  Scenario: A fill overtakes the change
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And A changes R1 to 130 at 101.35
    But before it arrives the market of 24000 CE is 101.20 bid, 101.30 offered, 101.25 traded
    And 5 seconds pass
    And A is read
    Then A holds what the ledger tells of the fills of A

  @capability:stop_to_limit
  Scenario: A stop becomes the exit itself, one order from first to last
    Given A carried in
      | contract | quantity | settled at |
      | 24000 CE | -65      | 98.35      |
    When A buys 65 of 24000 CE with a stop at 110 and a limit of 112, as R1
    And 5 seconds pass
    And A changes R1 to 65 at 101.55
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65, at 101.55
    And A holds
      | contract | net |
      | 24000 CE | 0   |
    And the ledger tells 1 order, 1 modify and 1 fill of A
