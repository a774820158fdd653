# Why: these three ask about knowledge itself; they are the only sentences in which unknown turns into an answer.
# How it could pass vacuously: `known(x)` is never unknown, so a scenario that only gives known facts shows nothing. Every
# table here has rows in which the fact is unknown or was never read.
Feature: 09 known, age, since

  Scenario Outline: known(x) when x is <mtm>
    Given the fact mtm is <mtm>
    Then `known(mtm)` is <known>
    And `not known(mtm)` is <not_known>
    And `known(mtm) and mtm >= 5k` is <both>

    Examples:
      | mtm                 | known | not_known | both  |
      | 6k                  | true  | false     | true  |
      | 4k                  | true  | false     | false |
      | unknown             | false | true      | false |
      | between 5k and 6k   | false | true      | false |
      | at least 5k         | false | true      | false |

  Scenario: What is known of a sentence, a sum and a quotient
    Given the rows of legs
      | mtm               |
      | 10                |
      | between -5 and 20 |
    And the fact capital is 0
    Then `known(sum(p.mtm for p in legs))` is false
    And `known(sum(p.mtm for p in legs) > 100)` is true
    And `known(sum(p.mtm for p in legs) > 10)` is false
    And `known(count(legs))` is true
    And `known(1 INR / capital)` is false

  Scenario: Age is that of the oldest answer a thing is read from
    Given what mtm is read from came 7 seconds ago
    And what capital is read from came 40 seconds ago
    Then `age(mtm)` is worth 7s
    And `age(mtm) > 5s` is true
    And `age(mtm) > 10s` is false
    And `age(mtm + capital)` is worth 40s
    And `age(-mtm)` is worth 7s

  Scenario: What was never read has no age, but is never younger than nothing
    Given what mtm is read from came 7 seconds ago
    Then `age(capital)` is worth at least 0s
    And `age(capital) > 5s` is unknown
    And `age(mtm + capital) > 5s` is unknown
    And `age(loss_limit) > 5s` is unknown

  Scenario: A value has the age of the facts in it
    Given the desk's values
      """
      day_limit: 2% of capital
      """
    And what capital is read from came 40 seconds ago
    Then `age(day_limit)` is worth 40s

  Scenario: Rows, and a field of a row that is read from another part
    Given a rule about each position
    And what positions is read from came 2 seconds ago
    And what positions.mark is read from came 9 seconds ago
    Then `age(count(positions))` is worth 2s
    And `age(position.mark) > 5s` is accepted

  Scenario: An age that is known of a value that is not
    Given the fact mtm is unknown
    And what mtm is read from came 7 seconds ago
    Then `age(mtm) > 5s` is true
    And `known(mtm)` is false

  Scenario: Time passed since an instant
    Given the fact stop_loss.filled_at is unknown
    Then `since(stop_loss.filled_at) < 5m` is unknown
    And `since(stop_loss.filled_at)` is worth at least 0s
    And `since(mtm) < 5m` is refused as type-mismatch at `mtm`
    And `since(stop_loss.filled_at) >= 0s` is refused as always-true
