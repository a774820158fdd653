Feature: One reading of an account
  A reading is made of parts: positions, orders, trades, funds and quotes. Each part says when it was received, and by the
  broker's own stamps how new it is. "None" is an answer. Numbers are exact, to the paisa and to the unit.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
      | 23000 PE | 55.20  | 55.30  | 55.25  |
    And the account A with 10,00,000.10 of cash
    And A is logged in

  @mandatory
  Scenario: An account that holds nothing answers "none", which is not the same as no answer
    When A is read
    Then A has no positions
    And A has no orders
    And A was asked for positions and orders

  @capability:trades
  Scenario: An account that traded nothing answers "none" to that too
    When A is read
    Then A has no trades
    And A was asked for trades

  @mandatory
  Scenario: Every part says when it was received
    When A is read
    And 7 seconds pass
    And A is read
    Then each part was received after the reading before
    And no part was received after the reading was complete

  @mandatory
  Scenario: What was not asked for is not read, and is not "none"
    When only the orders of A are read
    Then A has no orders
    And the positions of A are missing: not asked for
    And the trades of A are missing: not asked for
    And the funds of A are missing: not asked for
    And A was asked for orders
    And A was not asked for positions, trades or funds

  @mandatory
  Scenario: What was carried in is valued at the previous settlement
    Given A carried in
      | contract | quantity | settled at |
      | 24000 CE | -130     | 98.35      |
      | 23000 PE | 65       | 60.05      |
    When A is read
    Then A holds
      | contract | net  | opening | opening value | bought | sold |
      | 24000 CE | -130 | -130    | -12785.50     | 0      | 0    |
      | 23000 PE | 65   | 65      | 3903.25       | 0      | 0    |

  @mandatory
  Scenario: What was closed today stays in the book with a net of nothing
    Given A carried in
      | contract | quantity | settled at |
      | 24000 CE | -65      | 98.35      |
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then A holds
      | contract | net | opening | opening value | bought | bought for | sold |
      | 24000 CE | 0   | -65     | -6392.75      | 65     | 6600.75    | 0    |

  @mandatory
  Scenario: Prices and amounts are exact to the paisa
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And the market of 24000 CE is 100.05 bid, 100.10 offered, 100.05 traded
    And A buys 65 of 24000 CE at 100.10, as R2
    And A sells 65 of 23000 PE at 55.20, as R3
    And 5 seconds pass
    And A is read
    Then A holds
      | contract | net | bought | bought for | sold | sold for |
      | 24000 CE | 130 | 130    | 13107.25   | 0    | 0        |
      | 23000 PE | -65 | 0      | 0          | 65   | 3588     |
    And the order R1 is FILLED, 65 of 65, at 101.55
    And the order R2 is FILLED, 65 of 65, at 100.10

  @mandatory
  Scenario: Quantities are units and may be large
    Given 1,800 at 24000 CE are offered and wanted
    When A buys 1,755 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then A holds
      | contract | net   | bought | bought for |
      | 24000 CE | 1,755 | 1,755  | 178220.25  |

  @mandatory
  Scenario: An order's stamps are the exchange's, to the millisecond
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 was last changed when the ledger tells its fill, to the millisecond
    And the orders of A are as new as their newest stamp

  @capability:trades
  Scenario: A trade tells its order, its price and its time
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then the trades of A are
      | order | contract | side | quantity | price  |
      | R1    | 24000 CE | BUY  | 65       | 101.55 |
    And each trade is dated by the exchange, to the second

  @capability:funds
  Scenario: Money is told to the paisa
    When A is read
    Then A has 10,00,000.10 of margin to use and 0 used

  @capability:funds
  Scenario: A short option blocks margin
    When A sells 65 of 24000 CE at 101.45, as R1
    And 5 seconds pass
    And A is read
    Then A has margin used
    And A has less than 10,00,000.10 of margin to use

  @mandatory
  Scenario: A row that is not there for a moment is not taken for a closed position
    Given A carried in
      | contract | quantity | settled at |
      | 24000 CE | -65      | 98.35      |
      | 23000 PE | -65      | 60.05      |
    When A is read
    And for one call the positions of A lack 24000 CE
    And 2 seconds pass
    And A is read
    Then no reading of A says that 24000 CE is closed
    And the positions of the last reading are not believed beside the one before
    When 2 seconds pass
    And A is read
    Then A holds
      | contract | net |
      | 24000 CE | -65 |
      | 23000 PE | -65 |

  @mandatory
  Scenario: A row that stands twice is never counted twice
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And for one call the orders of A hold a row twice
    And A is read
    Then the orders of A are missing, or hold each order once

  @mandatory
  Scenario: A status nobody knows is alive until it is proved dead
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And for one call the orders of A have the status "frozen by exchange"
    And A is read
    Then the order R1 has an unknown status and is working
    When A is read
    Then the order R1 is NEW, 0 of 65
