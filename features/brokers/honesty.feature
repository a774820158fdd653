Feature: A broker says what it cannot do, and then does not do it
  What is declared is tried by the scenarios that carry its name. What is not declared is refused before anything is sent.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A is logged in

  @mandatory
  Scenario: Every capability has a source, and says whether it was verified
    Then every line of A's capabilities has a source
    And A's capabilities are those the broker is known by
    When A is read
    Then A was asked for positions

  @without:market
  Scenario: Market orders are not taken
    When A buys 65 of 24000 CE at market, as R1
    Then it is refused as something this broker cannot do
    And the ledger tells no order of A

  @without:stop
  Scenario: Stop orders are not taken
    When A buys 65 of 24000 CE with a stop at 110 and a limit of 112, as R1
    Then it is refused as something this broker cannot do
    And the ledger tells no order of A

  @without:stop_market
  Scenario: Stop-market orders are not taken
    When A buys 65 of 24000 CE with a stop at 110 and no limit, as R1
    Then it is refused as something this broker cannot do
    And A was not asked for placing
    And the ledger tells no order of A

  @without:ioc
  Scenario: Orders that fill at once or not at all are not taken
    When A buys 65 of 24000 CE at 101.40 or not at all, as R1
    Then it is refused as something this broker cannot do
    And the ledger tells no order of A

  @without:after_market
  Scenario: Orders for the next session are not taken
    When A buys 65 of 24000 CE at 101.55 after the market, as R1
    Then it is refused as something this broker cannot do
    And the ledger tells no order of A

  @without:modify
  Scenario: Orders are not changed
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And A changes R1 to 65 at 101.35
    Then it is refused as something this broker cannot do
    And the ledger tells no modify of A

  @without:history
  Scenario: The past of an order is not told
    When A buys 65 of 24000 CE at 101.40, as R1
    And A asks for the past of R1
    Then it is refused as something this broker cannot do

  @without:trades
  Scenario: Trades are not told
    When A is read
    Then the trades of A are missing
    And A was asked for positions
    And A was not asked for trades

  @without:funds
  Scenario: Money is not told
    When A is read
    Then the funds of A are missing
    And A was asked for positions
    And A was not asked for funds

  @without:quotes
  Scenario: Markets are not told
    When A is read
    Then the quotes of A are missing
    And A was asked for positions
    And A was not asked for quotes

  @without:tag_lookup
  Scenario: Orders are not found by tag
    When A buys 65 of 24000 CE at 101.40, as R1
    And A looks up the tag R1
    Then it is refused as something this broker cannot do

  @without:contract_file
  Scenario: The day's contracts are not told
    When A asks for the contracts of the day
    Then it is refused as something this broker cannot do
    And A was not asked for contracts
