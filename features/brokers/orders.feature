Feature: An order and what becomes of it
  A receipt proves that the request arrived, and nothing more. What became of the order its book tells.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A is logged in

  @mandatory @capability:limit
  Scenario: A limit order that the market meets
    When A buys 65 of 24000 CE at 101.55, as R1
    Then the receipt names the order that the ledger tells
    When 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65, at 101.55
    And the order R1 is a LIMIT order to BUY at 101.55
    And the ledger tells 1 order and 1 fill of A

  @mandatory @capability:limit
  Scenario: A limit order that the market does not meet rests
    When A sells 65 of 24000 CE at 105, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 is NEW, 0 of 65
    And A has no positions
    When the market of 24000 CE is 105.10 bid, 105.20 offered, 105.15 traded
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65
    And A holds
      | contract | net |
      | 24000 CE | -65 |

  @mandatory
  Scenario: Right after its receipt an order is on its way, which is not dead
    When A buys 65 of 24000 CE at 101.40, as R1
    And A is read
    Then the order R1 is working
    And A has no positions

  @mandatory
  Scenario: The market holds less than was asked for
    Given 65 at 24000 CE are offered and wanted
    When A buys 195 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 is PARTIALLY_FILLED, 65 of 195, at 101.55
    And A holds
      | contract | net |
      | 24000 CE | 65  |

  @capability:market
  Scenario: A market order trades at the market's price
    When A buys 65 of 24000 CE at market, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65, at 101.55

  @capability:stop
  Scenario: A stop waits for its trigger
    When A buys 65 of 24000 CE with a stop at 110 and a limit of 112, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 is TRIGGER_PENDING, 0 of 65
    And the order R1 is a STOP order to BUY at 112, triggered at 110
    When the market of 24000 CE is 110.40 bid, 110.60 offered, 110.50 traded
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65

  @capability:stop
  Scenario: A stop that the market jumps over triggers and does not fill
    When A buys 65 of 24000 CE with a stop at 110 and a limit of 112, as R1
    And 5 seconds pass
    And the market of 24000 CE is 119.90 bid, 120.10 offered, 120 traded
    And 5 seconds pass
    And A is read
    Then the order R1 is NEW, 0 of 65
    And A has no positions
    And the ledger tells 1 trigger and no fills of A

  @capability:history
  Scenario: The past of an order tells that it was a stop which triggered
    When A buys 65 of 24000 CE with a stop at 110 and a limit of 112, as R1
    And 5 seconds pass
    And the market of 24000 CE is 110.40 bid, 110.60 offered, 110.50 traded
    And 5 seconds pass
    Then the past of R1 holds TRIGGER_PENDING and then FILLED
    And the past of R1 is in order of time

  @capability:stop_market
  Scenario: A stop-market order becomes a market order
    When A buys 65 of 24000 CE with a stop at 110 and no limit, as R1
    And 5 seconds pass
    And the market of 24000 CE is 110.40 bid, 110.60 offered, 110.50 traded
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65

  @capability:ioc
  Scenario: What does not fill at once is cancelled when the order says so
    When A buys 65 of 24000 CE at 101.40 or not at all, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 is CANCELED, 0 of 65
    And A has no positions

  @capability:after_market
  Scenario: An order for the next session waits and does not trade
    Given the session is over
    When A buys 65 of 24000 CE at 101.55 after the market, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 is working
    And A has no positions
    When A cancels R1
    And 5 seconds pass
    And A is read
    Then the order R1 is CANCELED, 0 of 65

  @capability:tag_lookup
  Scenario: An order is found by our tag
    When A buys 65 of 24000 CE at 101.40, as R10
    And A buys 65 of 24000 CE at 101.35, as R2
    And a trader buys 65 of 24000 CE at 101.30 for A
    And 5 seconds pass
    Then 1 order of A carries the tag R10, of 65 at 101.40
    And no order of A carries the tag R1
    And no order of A carries the tag R3

  @capability:tag_lookup
  Scenario: A tag is a name, not a lock
    A broker that does not refuse a tag it has seen lets two orders carry one: all of them are told.

    When A buys 65 of 24000 CE at 101.40, as R1
    And A buys 65 of 24000 CE at 101.35, as R1
    And 5 seconds pass
    Then as many orders of A carry the tag R1 as the ledger tells

  @mandatory
  Scenario: An order from another hand is in the book, and is not ours
    When a trader buys 65 of 24000 CE at 101.40 for A
    And 5 seconds pass
    And A is read
    Then A has 1 order
    And the order carries none of our tags
