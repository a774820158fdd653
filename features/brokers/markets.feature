Feature: What the broker tells of contracts and their markets

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
      | 23000 PE | 55.20  | 55.30  | 55.25  |
    And the account A with 10,00,000 of cash
    And A carried in
      | contract | quantity | settled at |
      | 24000 CE | -65      | 98.35      |
    And A is logged in

  @capability:quotes
  Scenario: What is held is quoted, and so is what it is on
    When A is read
    Then 24000 CE is quoted at 101.50
    And NIFTY is quoted at 24000
    And 23000 PE is not quoted

  @capability:quotes
  Scenario: What is worked on is quoted too
    When A buys 65 of 23000 PE at 50, as R1
    And 5 seconds pass
    And A is read
    Then 24000 CE is quoted at 101.50
    And 23000 PE is quoted at 55.25

  @capability:quotes @capability:contract_file
  Scenario: What is asked for is quoted, held or not
    When A asks for the contracts of the day
    And A is read
    Then TCS is not quoted
    When A is read, with the market of TCS
    Then TCS is quoted at 3100.50

  @capability:depth
  Scenario: The best prices are told
    When A is read
    Then 24000 CE is bid 101.45 and offered at 101.55

  @capability:depth
  Scenario: A side on which nobody stands is empty, which is not the same as not told
    Given nobody offers 24000 CE
    When A is read
    Then 24000 CE is bid 101.45 and offered by nobody

  @capability:contract_file
  Scenario: The day's contracts with their lots, ticks and freeze quantities
    When A asks for the contracts of the day
    Then the contracts tell
      | contract | lot | tick | freeze | strike | right | underlying |
      | 24000 CE | 65  | 0.05 | 1800   | 24000  | CALL  | NIFTY      |
      | 23000 PE | 65  | 0.05 | 1800   | 23000  | PUT   | NIFTY      |
    And a contract is told once

  @capability:contract_file
  Scenario: The day's contracts are fetched once
    When A asks for the contracts of the day
    And from here on the ledger is watched
    And A asks for the contracts of the day
    Then a contract is told once
    And the ledger tells no call of A since it is watched
