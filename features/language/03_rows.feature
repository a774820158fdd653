# Why: most rules are about some row of the book, and a row that cannot be read must neither vanish nor decide.
# How it could pass vacuously: with no rows `all` is true and `any` is false whatever the condition says. So the empty
# book is a scenario of its own, and every other one names the rows it runs over.
Feature: 03 Rows
  any, all, sum, min, max and count run over the rows of the book.

  Scenario Outline: two legs, hit <a> and <b>
    Given the rows of positions
      | is_short |
      | <a>      |
      | <b>      |
    Then `any(p.is_short for p in positions)` is <any>
    And `all(p.is_short for p in positions)` is <all>
    And `count(p.is_short for p in positions)` is worth <count>
    And `count(positions)` is worth 2

    Examples:
      | a       | b       | any     | all     | count           |
      | yes     | yes     | true    | true    | 2               |
      | yes     | no      | true    | false   | 1               |
      | yes     | unknown | true    | unknown | between 1 and 2 |
      | no      | no      | false   | false   | 0               |
      | no      | unknown | unknown | false   | between 0 and 1 |
      | unknown | unknown | unknown | unknown | between 0 and 2 |

  Scenario Outline: money of two legs, <a> and <b>
    Given the rows of legs
      | mtm |
      | <a> |
      | <b> |
    Then `sum(p.mtm for p in legs)` is worth <sum>
    And `min(p.mtm for p in legs)` is worth <min>
    And `max(p.mtm for p in legs)` is worth <max>

    Examples:
      | a                 | b                 | sum                 | min                | max               |
      | 10                | -4                | 6                   | -4                 | 10                |
      | 10                | between -4 and 2  | between 6 and 12    | between -4 and 2   | 10                |
      | 10                | between 12 and 20 | between 22 and 30   | 10                 | between 12 and 20 |
      | 10                | between 0 and 20  | between 10 and 30   | between 0 and 10   | between 10 and 20 |
      | 10                | at most 3         | at most 13          | at most 3          | 10                |
      | 10                | at least 3        | at least 13         | between 3 and 10   | at least 10       |
      | 10                | unknown           | unknown             | at most 10         | at least 10       |
      | between 0 and 1   | between 2 and 3   | between 2 and 4     | between 0 and 1    | between 2 and 3   |

  Scenario: A sum with one unknown leg decides when both ends agree
    Given the rows of legs
      | mtm                      |
      | -48,200                  |
      | between -9,000 and -2k   |
    Then `sum(p.mtm for p in legs) <= -50k` is true
    And `sum(p.mtm for p in legs) <= -58k` is false
    And `sum(p.mtm for p in legs) <= -55k` is unknown

  Scenario Outline: a row that may be left out (short: <short>, loss <loss>) beside one of 5k
    Given the rows of positions
      | is_short | loss   |
      | yes      | 5k     |
      | <short>  | <loss> |
    Then `any(p.loss >= 6k for p in positions if p.is_short)` is <any>
    And `all(p.loss >= 4k for p in positions if p.is_short)` is <all>
    And `count(p.loss >= 4k for p in positions if p.is_short)` is worth <count>
    And `sum(p.loss for p in positions if p.is_short)` is worth <sum>
    And `min(p.loss for p in positions if p.is_short)` is worth <min>
    And `max(p.loss for p in positions if p.is_short)` is worth <max>

    Examples: the filter is known
      | short | loss    | any     | all     | count           | sum         | min         | max         |
      | yes   | 7k      | true    | true    | 2               | 12k         | 5k          | 7k          |
      | yes   | 1k      | false   | false   | 1               | 6k          | 1k          | 5k          |
      | yes   | unknown | unknown | unknown | between 1 and 2 | unknown     | at most 5k  | at least 5k |
      | no    | 7k      | false   | true    | 1               | 5k          | 5k          | 5k          |
      | no    | unknown | false   | true    | 1               | 5k          | 5k          | 5k          |

    Examples: the filter is unknown
      | short   | loss    | any     | all     | count           | sum                | min               | max               |
      | unknown | 7k      | unknown | true    | between 1 and 2 | between 5k and 12k | 5k                | between 5k and 7k |
      | unknown | 1k      | false   | unknown | 1               | between 5k and 6k  | between 1k and 5k | 5k                |
      | unknown | 0       | false   | unknown | 1               | 5k                 | between 0 and 5k  | 5k                |
      | unknown | unknown | unknown | unknown | between 1 and 2 | unknown            | at most 5k        | at least 5k       |

  Scenario: Over no rows
    Given positions that number none
    Then `any(p.is_short for p in positions)` is false
    And `all(p.is_short for p in positions)` is true
    And `count(positions)` is worth 0
    And `count(p.is_short for p in positions)` is worth 0
    And `sum(p.mtm for p in positions)` is worth 0
    And `min(p.mtm for p in positions)` is worth unknown
    And `max(p.mtm for p in positions)` is worth unknown

  Scenario: When every row is left out, it is the same as over no rows
    Given the rows of positions
      | is_short | mtm |
      | no       | 5   |
      | no       | 6   |
    Then `any(p.mtm > 0 for p in positions if p.is_short)` is false
    And `all(p.mtm > 99 for p in positions if p.is_short)` is true
    And `sum(p.mtm for p in positions if p.is_short)` is worth 0
    And `max(p.mtm for p in positions if p.is_short)` is worth unknown

  Scenario: Whether the only row counts is unknown
    Given the rows of positions
      | is_short | mtm |
      | unknown  | 5   |
    Then `min(p.mtm for p in positions if p.is_short)` is worth unknown
    And `sum(p.mtm for p in positions if p.is_short)` is worth between 0 and 5
    And `all(p.mtm > 1 for p in positions if p.is_short)` is true
    And `any(p.mtm > 9 for p in positions if p.is_short)` is false

  Scenario: A book that could not be read is not an empty one
    Given positions that could not be read
    Then `any(p.is_short for p in positions)` is unknown
    And `all(p.is_short for p in positions)` is unknown
    And `count(positions)` is worth at least 0
    And `sum(p.mtm for p in positions)` is worth unknown
    And `min(p.mtm for p in positions)` is worth unknown
    And `count(positions) >= 0 or stop_loss_hit` is true
    And `known(count(positions))` is false

  Scenario: One level inside another
    Given the rows of positions
      | symbol | is_short | lots |
      | A      | yes      | 2    |
      | B      | no       | 2    |
      | C      | yes      | 9    |
    Then `any(p.is_short and not any(q.lots == p.lots and not q.is_short for q in positions) for p in positions)` is true
    And `count(any(q.lots == p.lots and not q.is_short for q in positions) for p in positions)` is worth 2

  Scenario: Two conditions of one filter are both asked
    Given the rows of positions
      | is_short | is_option | mtm |
      | yes      | yes       | 1   |
      | yes      | no        | 2   |
      | no       | yes       | 4   |
    Then `sum(p.mtm for p in positions if p.is_short if p.is_option)` is worth 1
    And `sum(p.mtm for p in positions if p.is_short and p.is_option)` is worth 1
