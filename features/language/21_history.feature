# Why: history is kept of named series only, so what a call may be asked of is told when it is written, not when it fires.
# How it could pass vacuously: if every call were refused. The first scenario holds calls that are accepted.
Feature: 21 Calls that ask of the day's history

  Scenario Outline: `<text>` is accepted
    Then `<text>` is accepted

    Examples:
      | text                                            |
      | at(mtm, 14:45) > 5k                             |
      | open_positions > at(open_positions, 14:45)      |
      | last_known(short_option_legs) > 0               |
      | unknown_for(open_positions) > 5m                |
      | change(mtm, 3m) <= -5k                          |
      | max_over(mtm, 5m) - mtm >= 5k                   |
      | min_over(margin_available, 1h) < 50k            |
      | avg_over(naked_short_lots, 10m) > 20            |
      | count_over(rejections, 1m) > 5                  |
      | move('NIFTY', 5m) > 1%                          |
      | move('NIFTY', 5m) < -1%                         |
      | change(spot('NIFTY'), 5m) > 100                 |
      | last_known(broker_connected)                    |
      | unknown_for(mtm) > rest                         |
      | any(p.loss > change(mtm, rest) for p in positions) |

  Scenario Outline: `<text>` of the rule's own row is accepted
    Given a rule about each position
    Then `<text>` is accepted

    Examples:
      | text                                        |
      | position.lots > at(position.lots, 14:45)    |
      | change(position.loss, 1m) > 5k              |
      | move(position.underlying, 5m) > 1%          |
      | unknown_for(position.mark) > 30s            |

  Scenario Outline: `<text>` is refused
    Then `<text>` is refused as <code> at `<spot>`

    Examples: of what no history is kept
      | text                                              | code       | spot            |
      | change(mtm + 5k, 3m) > 5k                         | no-history | mtm + 5k        |
      | change(loss_limit, 3m) > 5k                       | no-history | loss_limit      |
      | max_over(sum(p.mtm for p in positions), 3m) > 5k  | no-history | sum(p.mtm for p in positions) |
      | any(change(p.mtm, 3m) > 5k for p in positions)    | no-history | p.mtm           |
      | last_known(stop_loss.symbol) == 'A'               | no-history | stop_loss.symbol |
      | change(broker_connected, 3m)                      | no-history | broker_connected |
      | max_over(change(mtm, 1m), 5m) > 5k                | no-history | change(mtm, 1m) |
      | count_over(open_positions, 1m) > 3                | no-history | open_positions  |
      | count_over(mtm, 1m) > 3                           | no-history | mtm             |

    Examples: arguments
      | text                            | code            | spot              |
      | at(mtm) > 5k                    | wrong-arguments | at(mtm)           |
      | at(mtm, 5m) > 5k                | type-mismatch   | 5m                |
      | change(mtm, 14:45) > 5k         | type-mismatch   | 14:45             |
      | change(mtm, 3) > 5k             | type-mismatch   | 3                 |
      | change(mtm, 0s) > 5k            | wrong-arguments | 0s                |
      | change(mtm, snapshot_age) > 5k  | type-mismatch   | snapshot_age      |
      | last_known(mtm, 3m) > 5k        | wrong-arguments | last_known(mtm, 3m) |
      | move(mtm, 5m) > 1%              | type-mismatch   | mtm               |
      | move('NIFTY', 5m) > 5m          | type-mismatch   | move('NIFTY', 5m) > 5m |
      | changes(mtm, 3m) > 5k           | unknown-function | changes          |
      | change > 5k                     | wrong-arguments | change            |

    Examples: what no day can say, and the sign of a limit
      | text                            | code               | spot                            |
      | unknown_for(mtm) >= 0s          | always-true        | unknown_for(mtm) >= 0s          |
      | count_over(rejections, 1m) < 0  | impossible         | count_over(rejections, 1m) < 0  |
      | at(loss, 14:45) < 0             | impossible         | at(loss, 14:45) < 0             |

  Scenario: A change with the wrong sign fires on a flat book
    Then `change(mtm, 3m) >= -5k` is refused as fires-without-loss

  Scenario: An example gives a call by its text
    Given the file
      """
      policy: quick-fall
      title: given calls
      severity: warning
      accounts: all
      when: change(mtm, 3m) <= -5k and unknown_for( mtm ) < 5s
      then: [notify: telegram]
      because: "{change(mtm, 3m)} in three minutes"
      examples:
        - given: {"change(mtm, 3m)": -5000, "unknown_for(mtm)": 0s}
          expect: true
        - given: {"change(mtm,3m)": -4999}
          expect: false
      """
    Then it is accepted
