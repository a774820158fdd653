# Why: a limit is typed by hand, in the way the desk writes it, and must mean exactly that.
# How it could pass vacuously: if a value that cannot be read were left out, no scenario would notice. So each literal is
# compared with its worth, and the last scenarios show that a wrong one is refused.
Feature: 05 Literals

  Scenario Outline: <text> in a sentence
    Then `<text>` is worth <value>

    Examples:
      | text           | value    |
      | 50k            | 50000    |
      | 50 k           | 50000    |
      | 1.5k           | 1500     |
      | 2 lakh         | 200000   |
      | 2 lakhs        | 200000   |
      | 2 lac          | 200000   |
      | 1.5 crore      | 15000000 |
      | 3 cr           | 30000000 |
      | 10_000         | 10000    |
      | 1_00_000       | 100000   |
      | 10_000 INR     | 10000    |
      | 2 lakh INR     | 200000   |
      | 0.25           | 0.25     |
      | 5%             | 5%       |
      | 92.5 %         | 92.5%    |
      | 30s            | 30s      |
      | 5m             | 300s     |
      | 1h30m          | 5400s    |
      | 1h             | 60m      |
      | 1m30s          | 90s      |
      | 0.5s           | 0.5s     |
      | 14:45          | 53100    |
      | 9:15           | 33300    |
      | 15:20:30       | 55230    |
      | 24:00          | 86400    |

  Scenario Outline: <text> in a YAML value
    Given the desk's values
      """
      limit: <text>
      """
    Then `limit` is worth <value>

    Examples:
      | text          | value    |
      | 10,000        | 10000    |
      | 10,000 INR    | 10000    |
      | 1,00,000      | 100000   |
      | 1,00,00,000   | 10000000 |
      | 1,000,000.50  | 1000000.5 |
      | 50k           | 50000    |
      | '50k'         | 50000    |
      | "2 lakh"      | 200000   |
      | 1.5 crore     | 15000000 |
      | 5%            | 5%       |
      | 30s           | 30s      |
      | 15:20         | 55200    |
      | 00123         | 123      |
      | -5k           | -5000    |

  Scenario Outline: <text> is no literal of a sentence
    Then `loss >= <text>` is refused as <code>

    Examples:
      | text                                | code                |
      | 10,000                              | thousands-separator |
      | 12E4567                             | bad-literal         |
      | 1e5                                 | bad-literal         |
      | 0x10                                | bad-literal         |
      | 50K                                 | bad-literal         |
      | 5kk                                 | bad-literal         |
      | 10_                                 | bad-literal         |
      | 10__000                             | bad-literal         |
      | 5.                                  | bad-literal         |
      | 5%x                                 | bad-literal         |
      | 5%5                                 | bad-literal         |
      | 30sec                               | bad-literal         |
      | 25:00                               | bad-literal         |
      | 14:75                               | bad-literal         |
      | 14:4                                | bad-literal         |
      | 14:455                              | bad-literal         |
      | 9999999999999999999999999999999     | bad-literal         |
      | 5 lakhh                             | not-a-sentence      |

  Scenario Outline: <text> is no YAML value
    Given the desk's values
      """
      loss_limit: 10k
      limit: <text>
      """
    And a policy with
      """
      tags: [a]
      """
    Then it is refused as <code> at `<text>`

    Examples:
      | text          | code                |
      | 5 zorkmids    | bad-value           |
      | ten           | unknown-fact        |
      | stop_loss_hit | bad-value           |
      | 12E4567       | bad-literal         |
      | off           | unknown-fact        |

  Scenario: A number without a unit takes the unit of its first use
    Given the desk's values
      """
      limit: 5
      """
    Then `loss >= limit and mtm < limit` is accepted
    And `open_positions > limit` is accepted
    And `loss >= limit and open_positions > limit` is refused as value-two-units at `limit`
    And `snapshot_age > limit` is refused as type-mismatch at `limit`

  Scenario: The unit follows a value through another value
    Given the desk's values
      """
      base: 5k
      twice: 2 * base
      """
    Then `loss >= twice` is accepted
    And `loss >= twice and open_positions > base` is refused as value-two-units at `base`

  Scenario: A ratio is no amount of money, however it is named
    Given the desk's values
      """
      ratio: capital / margin_available
      """
    Then `leverage > ratio` is accepted
    And `loss > ratio` is refused as type-mismatch
