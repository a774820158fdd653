Feature: What is not read is missing, never empty
  A reading raises nothing that a broker can cause. A part whose answer failed is missing and says why; the others stand.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash
    And A carried in
      | contract | quantity | settled at |
      | 24000 CE | -65      | 98.35      |
    And A is logged in

  @mandatory
  Scenario: Nobody answers
    Given nobody answers A
    When A is read
    Then every part of A is missing
    And A is not connected
    When A is answered again
    And A is read
    Then A holds
      | contract | net |
      | 24000 CE | -65 |
    And A is connected

  @mandatory
  Scenario: A short outage is bridged by asking again, with growing delays
    Given for two calls nobody answers A for positions
    When A is read
    Then A holds
      | contract | net |
      | 24000 CE | -65 |
    And A was asked for positions 3 times, each time after a longer pause

  @mandatory
  Scenario Outline: The answer about <part> is <answer>
    Given the answers to A about <part> are <answer>
    When A is read
    Then the <part> of A are missing
    And the other books of A are there
    And A is connected
    When A is answered again
    And A is read
    Then the <part> of A are there

    Examples:
      | part      | answer  |
      | positions | garbage |
      | positions | cut off |
      | positions | an error |
      | orders    | garbage |
      | orders    | cut off |
      | orders    | an error |

  @capability:trades
  Scenario: The answer about trades is no answer
    Given the answers to A about trades are garbage
    When A is read
    Then the trades of A are missing
    And the other books of A are there
    And A is connected
    When A is answered again
    And the answers to A about trades are cut off
    And A is read
    Then the trades of A are missing
    And the other books of A are there
    When A is answered again
    And A is read
    Then the trades of A are there

  @capability:funds
  Scenario: The answer about funds is no answer
    Given the answers to A about funds are garbage
    When A is read
    Then the funds of A are missing
    And the other books of A are there
    And A is connected
    When A is answered again
    And the answers to A about funds are cut off
    And A is read
    Then the funds of A are missing
    And the other books of A are there
    When A is answered again
    And A is read
    Then the funds of A are there

  @capability:quotes
  Scenario: The answer about quotes is no answer
    Given the answers to A about quotes are garbage
    When A is read
    Then the quotes of A are missing
    And the other books of A are there
    And A is connected
    When A is answered again
    And the answers to A about quotes are cut off
    And A is read
    Then the quotes of A are missing
    And the other books of A are there
    When A is answered again
    And A is read
    Then the quotes of A are there

  @mandatory
  Scenario: A part that came late says so by its own time
    Given the answers to A about orders take 5 seconds
    When A is read
    Then the parts of A were not all received within 2 seconds
    And no part was received after the reading was complete

  @mandatory
  Scenario: Two accounts are strangers
    Given the account B with 50,000 of cash
    And B is logged in
    And nobody answers A
    When A is read
    And B is read
    Then every part of A is missing
    And B has no positions
    And B is connected
    When A is answered again
    And B buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    And B is read
    Then A has no orders
    And A holds
      | contract | net |
      | 24000 CE | -65 |
    And B holds
      | contract | net |
      | 24000 CE | 65  |
