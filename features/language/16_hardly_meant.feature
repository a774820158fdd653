# Why: what can be read is not always what was meant. A ladder out of order blocks before it warns; a condition that can
# never hold protects nobody; one that holds on an empty book acts every morning.
# How it could pass vacuously: a checker that warns of everything passes every first row. Each table has its counterpart,
# the same thing said well.
Feature: 16 What is hardly meant

  Scenario Outline: A ladder of <first>, then <second>
    Given the file
      """
      policy: ladder
      title: a ladder
      severity: critical
      accounts: all
      because: for a test
      then: [block_entries]
      levels:
        - {name: mild, when: "<first>"}
        - {name: stern, when: "<second>"}
      """
    Then there is <what>

    Examples: in order
      | first                     | second                        | what       |
      | loss >= 60% of loss_limit | loss >= 80% of loss_limit     | no warning |
      | loss >= 60% of loss_limit | loss >= loss_limit            | no warning |
      | loss >= 6k                | loss > 6k                     | no warning |
      | mtm <= -5k                | mtm <= -8k                    | no warning |
      | loss >= 5k                | mtm <= -8k                    | no warning |
      | 5k <= loss                | not (loss < 8k)               | no warning |
      | loss >= 2% of capital     | loss >= 3% of capital         | no warning |
      | margin_used_pct >= 80%    | margin_used_pct >= 90%        | no warning |
      | margin_available < 2 lakh | margin_available < 1 lakh     | no warning |
      | loss >= 6k                | loss >= 8k and stop_loss_hit  | no warning |
      | loss >= 6k or drawdown >= 6k | loss >= 8k or drawdown >= 8k | no warning |

    Examples: not to be compared
      | first                     | second                        | what       |
      | loss >= 6k                | drawdown >= 5k                | no warning |
      | loss >= 2% of capital     | loss >= 10k                   | no warning |
      | loss >= 6k                | stop_loss_hit                 | no warning |
      | loss >= 6k or stop_file   | loss >= 5k                    | a warning ladder-order |

    Examples: out of order
      | first                     | second                        | what                   |
      | loss >= 80% of loss_limit | loss >= 60% of loss_limit     | a warning ladder-order at `loss >= 60% of loss_limit` |
      | loss >= loss_limit        | loss >= 80% of loss_limit     | a warning ladder-order |
      | loss > 6k                 | loss >= 6k                    | a warning ladder-order |
      | mtm <= -8k                | mtm <= -5k                    | a warning ladder-order |
      | mtm <= -8k                | loss >= 5k                    | a warning ladder-order |
      | not (loss < 8k)           | loss >= 6k                    | a warning ladder-order |
      | loss >= 3% of capital     | loss >= 2% of capital         | a warning ladder-order |
      | margin_available < 1 lakh | margin_available < 2 lakh     | a warning ladder-order |
      | loss >= 8k                | stop_loss_hit and loss >= 6k  | a warning ladder-order at `loss >= 6k` |
      | loss >= 8k or stop_file   | stop_file or loss >= 6k       | a warning ladder-order at `loss >= 6k` |
      | loss >= 6k                | loss >= 6k                    | a warning ladder-order |
      | loss >= 60% of loss_limit | loss >= 6k                    | a warning ladder-order |

  Scenario Outline: One condition, and a second level that <says>
    Given the file
      """
      policy: ladder
      title: a ladder
      severity: critical
      accounts: all
      because: for a test
      then: [block_entries]
      when: loss >= 8k
      levels:
        - {name: first}
        - {name: second, <says>}
      """
    Then there is <what>

    Examples:
      | says                                     | what                   |
      | severity: warning                        | a warning ladder-order |
      | confirm: {samples: 2, at_least: 30s}     | no warning             |
      | during: {from: 14:45, to: 15:30}         | no warning             |
      | during: {from: 14:45, to: 15:30}, when: loss >= 5k | no warning   |

  Scenario Outline: <text>
    Then `<text>` is refused as <code> at `<spot>`

    Examples:
      | text                                      | code        | spot             |
      | loss >= 10k and loss < 5k                 | impossible  | loss < 5k        |
      | loss >= loss_limit and loss < 60% of loss_limit | impossible | loss < 60% of loss_limit |
      | loss >= 10k and mtm > -5k                 | impossible  | mtm > -5k        |
      | loss > 5k and not (loss > 5k)             | impossible  | loss > 5k        |
      | loss >= 10k and (loss < 5k or stop_file)  | impossible  | loss < 5k        |
      | stop_file and not stop_file               | impossible  | stop_file        |
      | weekday == TUE and weekday == THU         | impossible  | weekday == THU   |
      | weekday in [MON, TUE] and weekday in [THU, FRI] | impossible | weekday in [THU, FRI] |
      | loss > loss                               | impossible  | loss > loss      |
      | margin_used_pct >= margin_used_pct        | always-true | margin_used_pct >= margin_used_pct |

  Scenario Outline: <when> during a window of the afternoon
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: warning
      accounts: all
      because: for a test
      then: [block_entries]
      during: {from: 14:45, to: 15:30}
      when: <when>
      """
    Then it is <verdict>

    Examples:
      | when                                   | verdict                                  |
      | time < 14:45 and loss >= 5k            | refused as impossible at `time < 14:45`  |
      | time >= 15:30 and loss >= 5k           | refused as impossible at `time >= 15:30` |
      | loss >= 5k or time < 10:00             | refused as impossible at `time < 10:00`  |
      | time < 15:00 and loss >= 5k            | accepted                                 |
      | time >= 15:00 and loss >= 5k           | accepted                                 |

  Scenario: Contradictions across the sentences of a block
    Given a policy when
      """
      all:
        - loss >= 10k
        - stop_loss_hit
        - loss < 5k
      """
    Then it is refused as impossible at `loss < 5k`
    Given a policy when
      """
      any:
        - loss >= 10k
        - drawdown < 5k and drawdown > 2k
      """
    Then it is accepted

  Scenario Outline: Said so that it can hold: <text>
    Then `<text>` is accepted

    Examples:
      | text                                                                      |
      | loss >= 5k and loss < 10k                                                 |
      | loss >= 5k and drawdown < 5k                                              |
      | loss >= 5k and (loss < 10k or stop_file)                                  |
      | (weekday == TUE or weekday == THU) and (weekday == THU or weekday == FRI) |
      | weekday in [MON, TUE] and weekday in [TUE, WED]                           |
      | loss >= 2% of capital and loss < 10k                                      |

  Scenario Outline: When <when>, clear when <clear>
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: warning
      accounts: all
      because: for a test
      then: [block_entries]
      when: <when>
      clear_when: <clear>
      """
    Then there is <what>

    Examples:
      | when                        | clear                    | what                     |
      | loss >= 8k                  | loss <= 7k               | no warning               |
      | loss >= 8k                  | loss <= 8k               | no warning               |
      | loss >= 8k                  | loss <= 9k               | a warning clear-overlaps at `loss <= 9k` |
      | loss >= 8k                  | loss >= 9k               | a warning clear-overlaps |
      | loss >= 8k and stop_file    | loss <= 9k               | a warning clear-overlaps |
      | loss >= 8k                  | loss <= 9k and stop_file | no warning               |
      | loss >= 8k                  | open_positions < 5       | no warning               |
      | margin_used_pct >= 90%      | margin_used_pct < 95%    | a warning clear-overlaps |

  Scenario Outline: A line at once of <line>
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: warning
      accounts: all
      because: for a test
      then: [{square_off: all}]
      when: loss >= loss_limit
      confirm: {samples: 2, at_once_beyond: <line>}
      on_unknown: wait
      once: per account per day
      """
    Then there is <what>

    Examples:
      | line               | what                  |
      | 200% of loss_limit | no warning            |
      | 80% of loss_limit  | a warning never-waits |
      | loss_limit         | a warning never-waits |
      | 5k                 | a warning never-waits |

  Scenario Outline: <action> when <when>
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: warning
      accounts: all
      because: for a test
      then:
        - <action>
      when: <when>
      confirm: at once
      on_unknown: wait
      once: per account per day
      """
    Then there is <what>

    Examples: true of an empty book
      | action                | when                                     | what                          |
      | square_off: all       | not stop_loss_hit                        | a warning fires-on-empty-book |
      | square_off: all       | open_positions < 5                       | a warning fires-on-empty-book |
      | square_off: all       | time >= 15:12 and naked_short_legs < 3   | a warning fires-on-empty-book |
      | cancel_orders: all    | count(orders) == 0                       | a warning fires-on-empty-book |
      | square_off: all       | time >= 15:12 and open_positions > 0     | no warning                    |
      | square_off: all       | time >= 15:12                            | no warning                    |
      | square_off: all       | margin_used_pct >= 90%                   | no warning                    |
      | notify: telegram      | open_positions < 5                       | no warning                    |
      | block_entries         | not stop_loss_hit                        | no warning                    |

  Scenario Outline: <then>
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: warning
      accounts: all
      because: for a test
      when: loss >= loss_limit
      confirm: at once
      on_unknown: wait
      once: per account per day
      then: <then>
      """
    Then there is <what>

    Examples:
      | then                                                  | what                        |
      | [{cancel_orders: stops}, {square_off: all}]           | a warning dangerous-order   |
      | [{cancel_orders: all}, {square_off: shorts}]          | a warning dangerous-order   |
      | [{cancel_orders: entries}, {square_off: all}]         | no warning                  |
      | [{square_off: all}, {cancel_orders: all}]             | no warning                  |
      | [kill_switch]                                         | a warning kill-without-exit |
      | [{square_off: all}, kill_switch]                      | no warning                  |
      | [{logout: now}]                                       | a warning logout-unwatched  |
      | [{square_off: all}, {logout: now}]                    | a warning logout-unwatched  |
      | [{square_off: all}, kill_switch, {logout: now}]       | no warning                  |
      | [{square_off: all}, {logout: after_watch}]            | no warning                  |
