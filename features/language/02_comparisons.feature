# Why: a number is often known only within bounds, and a limit is often reached exactly.
# How it could pass vacuously: if bounds were dropped, every cell would be unknown; if they were read as one number, none
# would. Each table therefore holds all three answers, and the touching bounds are rows of their own.
Feature: 02 Comparisons with what is known in part
  A comparison is decided when every value still possible gives the same answer.

  Scenario Outline: mtm <mtm> against 100
    Given the fact mtm is <mtm>
    Then `mtm` against `100` is <lt> to less, <le> to at most, <eq> to equal
    And `mtm` against `100` is <gt> to more, <ge> to at least, <ne> to unequal

    Examples: known
      | mtm    | lt    | le    | gt    | ge    | eq    | ne    |
      | 99.99  | true  | true  | false | false | false | true  |
      | 100    | false | true  | false | true  | true  | false |
      | 100.01 | false | false | true  | true  | false | true  |

    Examples: bounds on one side of the limit
      | mtm                    | lt    | le    | gt    | ge    | eq    | ne   |
      | between 0 and 99       | true  | true  | false | false | false | true |
      | between 101 and 200    | false | false | true  | true  | false | true |
      | at most 99             | true  | true  | false | false | false | true |
      | at least 101           | false | false | true  | true  | false | true |

    Examples: bounds that touch the limit
      | mtm                  | lt      | le      | gt      | ge      | eq      | ne      |
      | between 0 and 100    | unknown | true    | false   | unknown | unknown | unknown |
      | between 100 and 200  | false   | unknown | unknown | true    | unknown | unknown |
      | at most 100          | unknown | true    | false   | unknown | unknown | unknown |
      | at least 100         | false   | unknown | unknown | true    | unknown | unknown |

    Examples: bounds round the limit, or none
      | mtm                 | lt      | le      | gt      | ge      | eq      | ne      |
      | between 0 and 200   | unknown | unknown | unknown | unknown | unknown | unknown |
      | at least 0          | unknown | unknown | unknown | unknown | unknown | unknown |
      | unknown             | unknown | unknown | unknown | unknown | unknown | unknown |

  Scenario Outline: two that are known in part, <a> and <b>
    Given the fact mtm is <a>
    And the fact capital is <b>
    Then `mtm` against `capital` is <lt> to less, <le> to at most, <eq> to equal
    And `capital` against `mtm` is <lt> to more, <le> to at least, <eq> to equal

    Examples:
      | a               | b               | lt      | le      | eq      |
      | between 0 and 1 | between 2 and 3 | true    | true    | false   |
      | between 0 and 2 | between 2 and 3 | unknown | true    | unknown |
      | between 2 and 3 | between 0 and 2 | false   | unknown | unknown |
      | between 3 and 4 | between 0 and 2 | false   | false   | false   |
      | between 0 and 3 | between 1 and 2 | unknown | unknown | unknown |
      | at most 1       | at least 2      | true    | true    | false   |

  Scenario Outline: a chain is both of its comparisons, at <mtm>
    Given the fact mtm is <mtm>
    Then `100 >= mtm > 0` is <answer>
    And `100 >= mtm and mtm > 0` is <answer>

    Examples:
      | mtm                | answer  |
      | 0                  | false   |
      | 50                 | true    |
      | 100                | true    |
      | between 1 and 100  | true    |
      | between 0 and 100  | unknown |
      | between 101 and 102 | false  |
      | at most 0          | false   |
      | unknown            | unknown |

  Scenario Outline: a choice that is <state>
    Given the fact trading_state is <state>
    Then `trading_state == HALTED` is <is>
    And `trading_state != HALTED` is <is_not>
    And `trading_state in [HALTED, REDUCING]` is <in>
    And `trading_state not in [HALTED, REDUCING]` is <not_in>

    Examples:
      | state    | is      | is_not  | in      | not_in  |
      | HALTED   | true    | false   | true    | false   |
      | REDUCING | false   | true    | true    | false   |
      | ACTIVE   | false   | true    | false   | true    |
      | unknown  | unknown | unknown | unknown | unknown |

  Scenario: A value of the desk that is a share of an unknown fact decides where it can
    Given the desk's values
      """
      day_limit: 2% of capital
      """
    And the fact capital is at least 5 lakh
    And the fact loss is 9,999
    Then `loss < day_limit` is true
    And `day_limit` is worth at least 10,000
    Given the fact loss is 10,000
    Then `loss <= day_limit` is true
    And `loss < day_limit` is unknown
