# Why: a ladder is one policy a level, written once; what a level does not say it takes from above, and a mistake in any
# of them is told where it stands.
# How it could pass vacuously: if only the first level were read. The mistakes stand in the last one.
Feature: 19 Levels
  `levels` is sugar for one policy a level, called `policy/level`.

  Background:
    Given the file
      """
      policy: loss-ladder
      title: Ladder - warn at 60 %, block at 80 %, square off at 100 %
      severity: critical
      mode: enforce
      accounts: all
      during: market_hours
      levels:
        - name: warn
          when: loss >= 60% of loss_limit
          then:
            - notify: telegram
        - name: block
          when: loss >= 80% of loss_limit
          clear_when: loss <= 70% of loss_limit
          then:
            - block_entries:
                until: cleared
        - name: square-off
          when: loss >= loss_limit
          confirm: {samples: 2, at_least: 3s, max_gap: 10s}
          on_unknown: {alert: after 10s}
          once: per account per day
          then:
            - square_off: all
      because: "Loss {loss} of {loss_limit}"
      """

  Scenario: A desk's ladder
    Then the policies are loss-ladder/warn, loss-ladder/block, loss-ladder/square-off
    And there is no warning

  Scenario Outline: <text> becomes <mistake>
    Given `<text>` in it is `<mistake>`
    Then it is refused as <code> at `<spot>`

    Examples: told where they stand
      | text                   | mistake                  | code              | spot       |
      | loss >= loss_limit     | lss >= loss_limit        | unknown-fact      | lss        |
      | square_off: all        | square_off: al           | not-a-choice      | al         |
      | square_off: all        | squareoff: all           | unknown-action    | squareoff  |
      | square_off: all        | square_off               | missing-argument  | square_off |
      | once: per account per day | tags: [loss]          | needs-once        | square_off |
      | once: per account per day | once: per position per day | once-scope   | per position per day |
      | name: square-off       | name: block              | duplicate-level   | block      |
      | name: square-off       | name: Square Off         | wrong-value       | Square Off |
      | clear_when: loss <= 70% of loss_limit | clear_wen: loss <= 5k | unknown-key | clear_wen |
      | name: square-off       | title: square off        | missing-key       | title      |

    Examples: what a level cannot say for itself
      | text                   | mistake                  | code              | spot       |
      | clear_when: loss <= 70% of loss_limit | accounts: [A1]   | unknown-key       | accounts   |
      | clear_when: loss <= 70% of loss_limit | for_each: position | unknown-key     | for_each   |

    Examples: what is nowhere
      | text                   | mistake                  | code              | spot       |
      | severity: critical     | owner: desk              | missing-key       | policy     |
      | when: loss >= loss_limit | owner: desk            | missing-key       | square-off |

  Scenario: A key that no level takes
    Given `mode: enforce` in it is `when: loss >= 10k`
    Then there is a warning unused-key

  Scenario: Neither `when` nor levels
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: critical
      accounts: all
      because: for a test
      """
    Then it is refused for
      | missing-key | policy |
      | missing-key | policy |

  Scenario: A misspelt `levels` is one mistake
    Given `levels:` in it is `level:`
    Then it is refused as unknown-key at `level`

  Scenario: One sentence for every level, with values of its own
    Given the file
      """
      policy: margin
      title: Margin in two steps
      severity: warning
      accounts: all
      let: {line: 80%, rest_at: 70%}
      when: margin_used_pct >= line
      clear_when: margin_used_pct < rest_at
      then: [{notify: telegram}]
      because: "{margin_used_pct} is beyond {line}"
      levels:
        - name: warn
        - name: block
          let: {line: 90%}
          then: [block_entries]
      """
    Then the policies are margin/warn, margin/block
    And there is no warning
    And of margin/block `when` is true with margin_used_pct 91%
    And of margin/block `when` is false with margin_used_pct 85%
    And of margin/warn `when` is true with margin_used_pct 85%

  Scenario Outline: A ladder that was called otherwise: <was>
    Given `severity: critical` in it is `severity: critical\nwas: <was>`
    Then <verdict>

    Examples:
      | was         | verdict                                                |
      | old-ladder      | the policies are loss-ladder/warn, loss-ladder/block, loss-ladder/square-off |
      | loss-ladder     | it is refused as former-name at `loss-ladder`      |
      | loss-ladder/warn | it is refused as former-name at `loss-ladder/warn` |
