# Why: YAML itself changes texts in silence (a tag erases a condition, braces cut a number at its comma, the second of
# two equal keys wins), and a key that is misspelt would simply not be there.
# How it could pass vacuously: a reader that stops at the first error passes each single mistake. The scenario with
# several mistakes at once wants every one of them, each once.
Feature: 07 Files that are refused
  The YAML cause is named, at its place, once.

  Scenario: The policy the others are made from is accepted
    Given a policy with
      """
      owner: risk desk
      """
    Then it is accepted
    And there is no warning

  Scenario: A number cut at its comma
    Given a policy with
      """
      let: {arm_at: 10,000 INR}
      """
    Then it is refused as split-number at `10` in line 9
    And the hint says `10_000`

  Scenario: A long number cut at each comma is one mistake
    Given a policy with
      """
      let: {arm_at: 1,00,00,000 INR}
      """
    Then it is refused as split-number at `1` in line 9

  Scenario: Digits of a list are cut as well
    Given a policy with
      """
      tags: [10,000, b]
      """
    Then it is refused as split-number at `10` in line 9

  Scenario: A tag would erase the condition
    Given a policy when
      """
      all:
        - !known(mtm)
        - loss >= loss_limit
      """
    Then it is refused as yaml-tag at `!known(mtm)`

  Scenario: A merge key
    Given a policy with
      """
      <<: {mode: enforce}
      """
    Then it is refused as merge-key at `<<`

  Scenario: The same key twice
    Given a policy with
      """
      mode: dry_run
      mode: enforce
      """
    Then it is refused as duplicate-key at `mode` in line 10

  Scenario Outline: An empty sentence or block: <block>
    Given a policy when
      """
      <block>
      """
    Then it is refused as <code>

    Examples:
      | block                          | code           |
      | ''                             | empty-sentence |
      | ' '                            | empty-sentence |
      | {all: []}                      | empty-block    |
      | {any: []}                      | empty-block    |
      | {}                             | empty-block    |
      | {all: [loss >= 1k, '']}        | empty-sentence |

  Scenario Outline: A block that is none: <block>
    Given a policy when
      """
      <block>
      """
    Then it is refused as <code>

    Examples:
      | block                                       | code          |
      | {all: [loss >= 1k], any: [stop_file]}       | too-many-keys |
      | {al: [loss >= 1k]}                          | unknown-key   |
      | {all: loss >= 1k}                           | wrong-shape   |
      | [loss >= 1k]                                | wrong-shape   |
      | {all: [[loss >= 1k]]}                       | wrong-shape   |

  Scenario Outline: A key or its value: <line>
    Given a policy with
      """
      <line>
      """
    Then it is refused as <code> at `<spot>`

    Examples:
      | line                                     | code           | spot                 |
      | mod: enforce                             | unknown-key    | mod                  |
      | confirm: {sample: 2}                     | unknown-key    | sample               |
      | on_unknown: {alarm: after 5s}            | unknown-key    | alarm                |
      | mode: enforced                           | not-a-choice   | enforced             |
      | during: market                           | not-a-choice   | market               |
      | during: {from: 25:00, to: 15:00}         | wrong-value    | 25:00                |
      | during: {from: 9:15}                     | missing-key    | during               |
      | during: {from: 15:00, to: 9:15}          | empty-window   | 15:00                |
      | for_each: positions                      | not-a-choice   | positions            |
      | where: position.is_short                 | where-without-rows | where            |
      | where: stop_loss_hit                     | where-without-rows | where            |
      | once: per accout per day                 | wrong-value    | per accout per day   |
      | once: per order                          | once-scope     | per order            |
      | once: per position per day               | once-scope     | per position per day |
      | confirm: {samples: 0}                    | wrong-value    | 0                    |
      | confirm: {at_least: 3}                   | wrong-value    | 3                    |
      | confirm: {at_once_beyond: 5%}            | type-mismatch  | 5%                   |
      | confirm: {at_once_beyond: leverage}      | type-mismatch  | leverage             |
      | on_unknown: {alert: 10s}                 | wrong-value    | 10s                  |
      | cooldown: 5 minutes                      | wrong-value    | 5 minutes            |
      | cooldown: 900000h                        | wrong-value    | 900000h              |
      | stop_loss: {share: 500%}                 | wrong-value    | 500%                 |
      | stop_loss: {share: 0%}                   | wrong-value    | 0%                   |
      | required: perhaps                        | not-a-choice   | perhaps              |
      | let: {Limit: 5k}                         | bad-name       | Limit                |
      | let: {_limit: 5k}                        | bad-name       | _limit               |
      | let: {if: 5k}                            | bad-name       | if                   |
      | let: {loss: 5k}                          | shadowed-value | loss                 |
      | let: {positions: 5}                      | shadowed-value | positions            |
      | let: {position: 5}                       | shadowed-value | position             |
      | let: {sum: 5}                            | shadowed-value | sum                  |
      | let: {spot: 5}                           | shadowed-value | spot                 |
      | let: {loss_limit: 5k}                    | shadowed-value | loss_limit           |
      | clear_when: loss < 0                     | impossible     | loss < 0             |
      | tags: risk                               | wrong-shape    | risk                 |
      | owner: {name: desk}                      | wrong-shape    | owner                |
      | owner:                                   | empty-value    | owner                |

  Scenario Outline: An action: <action>
    Given a policy that does `<action>` with all that an exit needs
    Then it is refused as <code> at `<spot>`

    Examples:
      | action                                    | code             | spot          |
      | squre_off: all                            | unknown-action   | squre_off     |
      | squre_off                                 | unknown-action   | squre_off     |
      | square_off: everything                    | not-a-choice     | everything    |
      | square_off                                | missing-argument | square_off    |
      | square_off: {were: position.is_short}     | unknown-key      | were          |
      | square_off: {where: loss >= 5k}           | no-row           | loss >= 5k    |
      | square_off: {where: position.lss > 5}     | unknown-field    | position.lss  |
      | square_off: {where: position.lots >= 0}   | always-true      | position.lots >= 0 |
      | exit_position: this                       | no-row           | exit_position |
      | cancel_orders: some                       | not-a-choice     | some          |
      | logout                                    | missing-argument | logout        |
      | kill_switch: now                          | wrong-shape      | now           |
      | notify: []                                | empty-block      | notify        |
      | notify: {to: telegram}                    | wrong-shape      | notify        |
      | block_entries: {until: 25:99}             | wrong-value      | 25:99         |
      | block_entries: {until: tomorrow}          | wrong-value      | tomorrow      |
      | {notify: telegram, kill_switch: }         | too-many-keys    | kill_switch   |

  Scenario: Every key that must be there
    Given the file
      """
      policy: bare
      """
    Then it is refused for
      | missing-key | policy |
      | missing-key | policy |
      | missing-key | policy |
      | missing-key | policy |
      | missing-key | policy |
      | missing-key | policy |

  Scenario: Every mistake of a file at once, each once, in file order
    Given the file
      """
      policy: A Rule
      title: two mistakes in one sentence give one error
      severity: loud
      accounts: all
      mod: enforce
      let: {limit: 5 zork}
      when:
        any:
          - loss >= limit
          - mtn <= limit and lss > 3
          - drawdown >= 5%
          - count(positions)
      then:
        - notify
        - squre_off: all
      because: "lost {lss} and {{more}} of {limit}"
      """
    Then it is refused for
      | wrong-value      | A Rule           |
      | not-a-choice     | loud             |
      | unknown-key      | mod              |
      | bad-value        | 5 zork           |
      | unknown-fact     | mtn              |
      | type-mismatch    | drawdown >= 5%   |
      | not-a-condition  | count(positions) |
      | missing-argument | notify           |
      | unknown-action   | squre_off        |
      | unknown-fact     | lss              |

  Scenario Outline: The reason's braces: <text>
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: info
      accounts: all
      when: loss >= loss_limit
      then: [notify: telegram]
      because: "<text>"
      """
    Then it is refused as <code> at `<spot>`

    Examples:
      | text                  | code                | spot          |
      | lost {lss}            | unknown-fact        | lss           |
      | lost {loss            | bad-because         | {             |
      | lost loss}            | bad-because         | }             |
      | lost {}               | empty-sentence      | }             |
      | lost {loss!r}         | not-in-the-language | !             |
      | lost {loss.__class__} | unknown-fact        | loss.__class__ |
      | {position.symbol}     | unknown-fact        | position.symbol |

  Scenario: An example that the rule does not bear out
    Given a policy with
      """
      examples:
        - {title: at the limit, given: {loss: 10,000 INR}, expect: true}
      """
    Then it is refused as split-number at `10`

  Scenario Outline: An example: <example>
    Given a policy with
      """
      examples:
        - <example>
      """
    Then it is refused as <code> at `<spot>`

    Examples:
      | example                                        | code               | spot  |
      | {given: {loss: 10k}, expect: false}            | example-fails      | false |
      | {given: {loss: unknown}, expect: true}         | example-fails      | true  |
      | {given: {loss: yes}, expect: true}             | example-wrong-kind | yes   |
      | {given: {loss: 20%}, expect: true}             | example-wrong-kind | 20%   |
      | {given: {loss: many}, expect: true}            | example-wrong-kind | many  |
      | {given: {loss: 10k, mtm: 5k}, expect: true}    | example-unused     | true  |
      | {given: {loss: 10k}, expect: perhaps}          | not-a-choice       | perhaps |

  Scenario: An example that holds
    Given a policy with
      """
      examples:
        - {title: at the limit, given: {loss: 10k}, expect: true}
        - {title: just below, given: {loss: 9999.99}, expect: false}
        - {title: not told, given: {loss: unknown}, expect: unknown}
      """
    Then it is accepted

  Scenario: Two policies of one name, and a value nobody uses
    Given a policy with
      """
      let: {idle: 5k}
      """
    Then it is accepted
    And there is a warning unused-value
