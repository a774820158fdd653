Feature: physical-settlement tells of sold stock options that are about to be settled in shares

  Background:
    Given the shipped policy physical-settlement, enforced
    And it is Friday, 2026-11-20

  Scenario: Four days before, and two
    Given the account holds
      | symbol              | carried  | last |
      | RELIANCE26NOV1500CE | -500 @ 9 | 10   |
    And the contract file says that RELIANCE26NOV1500CE expires on 2026-11-24
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then physical-settlement is clear for RELIANCE26NOV1500CE
    Given a new day, Monday, 2026-11-23, begins with what is still open
    And the contract file says that RELIANCE26NOV1500CE expires on 2026-11-24
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then physical-settlement fires for RELIANCE26NOV1500CE
    And it says of RELIANCE26NOV1500CE "RELIANCE26NOV1500CE is settled in shares; it expires in 1 days"
    When that goes on until 10:30:00
    Then physical-settlement is cooling for RELIANCE26NOV1500CE
    When that goes on until 11:00:20
    Then it has acted twice

  Scenario Outline: <what>
    Given it is Monday, 2026-11-23
    And the account holds
      | symbol   | carried   | last |
      | <symbol> | <carried> | 10   |
    And the contract file says that <symbol> expires on <expiry>
    When at 10:00:00 the account is read
    And at 10:00:10 nothing has changed
    Then physical-settlement says nothing of <symbol>
    And physical-settlement is clear

    Examples:
      | what                   | symbol              | carried  | expiry     |
      | An index is paid out   | NIFTY26NOV24000CE   | -75 @ 9  | 2026-11-24 |
      | A bought stock option  | RELIANCE26NOV1500CE | 500 @ 9  | 2026-11-24 |

  Scenario Outline: Without a contract file the exchange's rule tells when a monthly contract ends: <day>
    Given it is <day>
    And the account holds
      | symbol              | carried  | last |
      | RELIANCE26NOV1500CE | -500 @ 9 | 10   |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then physical-settlement <verdict> for RELIANCE26NOV1500CE

    Examples:
      | day                   | verdict  |
      | Friday, 2026-11-20    | is clear |
      | Monday, 2026-11-23    | fires    |
