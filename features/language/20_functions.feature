# Why: a function of the catalogue takes what it is declared to take, by position; anything else is told at the call.
# How it could pass vacuously: if no call were accepted at all. The first scenario holds calls that are.
Feature: 20 Functions of the catalogue

  Scenario: A call is a fact with arguments
    Given the facts
      | spot('NIFTY')          | 24k INR |
      | expires_today('NIFTY') | yes     |
    Then `spot('NIFTY') >= 24_000` is true
    And `spot("NIFTY") >= 24_000` is true
    And `spot('NIFTY') / 2 < 12_000` is false
    And `expires_today('NIFTY') and spot('NIFTY') > 0` is true
    And `spot('TCS') >= 24_000` is unknown
    And `known(spot('NIFTY')) and not known(spot('TCS'))` is true
    And `any(p.strike > spot('NIFTY') for p in positions)` is unknown

  Scenario: Of a row
    Given a rule about each position
    Then `expires_today(position.underlying)` is accepted
    And `any(spot(p.underlying) > 5k for p in positions)` is accepted

  Scenario: Its age is that of what it is read from
    Given what spot is read from came 7 seconds ago
    Then `age(spot('NIFTY'))` is worth 7s

  Scenario Outline: `<text>` is refused
    Then `<text>` is refused as <code> at `<spot>`

    Examples:
      | text                            | code             | spot                    |
      | spot() > 5k                     | wrong-arguments  | spot()                  |
      | spot('NIFTY', 5m) > 5k          | wrong-arguments  | spot('NIFTY', 5m)       |
      | spot(NIFTY) > 5k                | unknown-fact     | NIFTY                   |
      | spot(mtm) > 5k                  | type-mismatch    | mtm                     |
      | spot(5m) > 5k                   | type-mismatch    | 5m                      |
      | spot > 5k                       | wrong-arguments  | spot                    |
      | spott('NIFTY') > 5k             | unknown-function | spott                   |
      | expires_today('NIFTY') > 5      | type-mismatch    | expires_today('NIFTY') > 5 |
      | spot('NIFTY') >= 0              | always-true      | spot('NIFTY') >= 0      |
      | spot('NIFTY') < 0               | impossible       | spot('NIFTY') < 0       |
      | spot('NIFTY')                   | not-a-condition  | spot('NIFTY')           |

  Scenario: An example gives a call by its text
    Given the file
      """
      policy: by-expiry
      title: given calls
      severity: warning
      accounts: all
      when: expires_today('NIFTY') and spot( "NIFTY" ) < 24_000
      then: [notify: telegram]
      because: for a test
      examples:
        - given: {"expires_today('NIFTY')": yes, "spot('NIFTY')": 23_999}
          expect: true
        - given: {"expires_today('NIFTY')": no}
          expect: false
        - given: {"expires_today('NIFTY')": yes}
          expect: unknown
      """
    Then it is accepted

  Scenario Outline: An example that gives <what>
    Given a policy with
      """
      examples:
        - given: {loss: 5k, "<call>": <value>}
          expect: false
      """
    Then it is refused as <code>

    Examples:
      | what                 | call          | value | code               |
      | a call never read    | spot('NIFTY') | 5     | example-unused     |
      | the wrong kind       | spot('NIFTY') | yes   | example-wrong-kind |
