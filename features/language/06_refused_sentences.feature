# Why: what is not refused at load is evaluated with money at stake; each row is one mistake of the language's pages.
# How it could pass vacuously: a reader that refuses everything passes every row. So each table has a code and the very
# words the caret stands under, and the last scenario accepts the right spelling of each.
Feature: 06 Sentences that are refused
  One mistake, one error, under the words that are wrong.

  Scenario Outline: <text>
    Then `<text>` is refused as <code> at `<spot>`

    Examples: Python that is not the language
      | text                                        | code                | spot                  |
      | mtm = 3                                     | not-in-the-language | =                     |
      | (x := mtm) > 3                              | not-in-the-language | x := mtm              |
      | mtm > -50, 000                              | not-in-the-language | mtm > -50, 000        |
      | positions[0] == 1                           | not-in-the-language | positions[0]          |
      | (lambda: mtm)() > 1                         | not-in-the-language | lambda: mtm           |
      | mtm ** 2 > 1                                | not-in-the-language | mtm ** 2              |
      | mtm % 2 > 1                                 | not-in-the-language | mtm % 2               |
      | mtm // 2 > 1                                | not-in-the-language | mtm // 2              |
      | known(x=mtm)                                | not-in-the-language | x=mtm                 |
      | known(*positions)                           | not-in-the-language | *positions            |
      | f'{mtm}' == 'x'                             | not-in-the-language | '                     |
      | mtm is 3                                    | not-in-the-language | mtm is 3              |
      | mtm > 1 if stop_loss_hit else mtm > 2       | not-in-the-language | mtm > 1 if stop_loss_hit else mtm > 2 |
      | {p.loss for p in positions}                 | not-in-the-language | {p.loss for p in positions} |
      | [p.loss for p in positions]                 | not-in-the-language | [p.loss for p in positions] |
      | mtm > 1; mtm > 2                            | not-in-the-language | ;                     |
      | mtm > 1 # or so                             | not-in-the-language | #                     |
      | stop_loss_hit && stop_file                  | not-in-the-language | &&                    |
      | stop_loss_hit & stop_file                   | not-in-the-language | stop_loss_hit & stop_file |
      | mtm > 1 AND stop_file                       | not-in-the-language | AND                   |
      | !stop_loss_hit                              | not-in-the-language | !                     |
      | mtm => 1                                    | not-in-the-language | =>                    |
      | loss ≥ 5k                                   | not-in-the-language | ≥                     |
      | mtm == None                                 | not-in-the-language | None                  |
      | stop_loss_hit == True                       | not-in-the-language | True                  |
      | mtm >                                       | not-a-sentence      | >                     |
      | mtm mtm                                     | not-a-sentence      | mtm                   |
      | (p.loss > 1 for p in positions)             | not-in-the-language | (p.loss > 1 for p in positions) |

    Examples: no condition
      | text                                        | code                | spot                  |
      | mtm                                         | not-a-condition     | mtm                   |
      | mtm + 1                                     | not-a-condition     | mtm + 1               |
      | weekday                                     | not-a-condition     | weekday               |
      | count(positions)                            | not-a-condition     | count(positions)      |
      | mtm and stop_loss_hit                       | not-a-condition     | mtm                   |
      | not mtm                                     | not-a-condition     | mtm                   |

    Examples: words that mean nothing here
      | text                                        | code                | spot                  |
      | mtn > 1                                     | unknown-fact        | mtn                   |
      | stop_loss.symbl == 'A'                      | unknown-fact        | stop_loss.symbl       |
      | positions > 1                               | unknown-fact        | positions             |
      | position.loss > 1                           | unknown-fact        | position.loss         |
      | _mtm > 1                                    | unknown-fact        | _mtm                  |
      | mtm.__class__ == 1                          | unknown-fact        | mtm.__class__         |
      | any(p.__dict__ for p in positions)          | unknown-field       | p.__dict__            |
      | any(p.lss > 1 for p in positions)           | unknown-field       | p.lss                 |
      | any(p.loss.x > 1 for p in positions)        | unknown-fact        | p.loss.x              |
      | any(q.loss > 1 for p in positions)          | unknown-fact        | q.loss                |
      | any(p.loss > 1 for p in postions)           | unknown-rows        | postions              |
      | any(p.loss > 1 for p in loss)               | unknown-rows        | loss                  |
      | anny(p.is_short for p in positions)         | unknown-function    | anny                  |
      | abs(mtm) > 1                                | unknown-function    | abs                   |
      | loss_limit(5) > 1                           | unknown-function    | loss_limit            |
      | trading_state == HALTD                      | unknown-word        | HALTD                 |
      | weekday in [TUE, THR]                       | unknown-word        | THR                   |
      | stop_loss.symbol == NIFTY                   | unknown-word        | NIFTY                 |
      | max > 1                                     | wrong-arguments     | max                   |

    Examples: functions and rows
      | text                                        | code                | spot                  |
      | known()                                     | wrong-arguments     | known()               |
      | known(mtm, loss)                            | wrong-arguments     | known(mtm, loss)      |
      | any(stop_loss_hit)                          | wrong-arguments     | stop_loss_hit         |
      | sum(positions) > 1                          | wrong-arguments     | positions             |
      | any(p.is_short for p in positions for q in legs) | wrong-arguments | (p.is_short for p in positions for q in legs) |
      | any(any(any(r.is_short for r in legs) for q in legs) for p in positions) | sentence-too-deep | any(r.is_short for r in legs) |
      | any(mtm.is_short for mtm in positions)      | shadowed-name       | mtm                   |
      | any(any(p.is_short for p in legs) for p in positions) | shadowed-name | p                 |
      | any(position.is_short for position in positions) | shadowed-name  | position              |
      | any(sum.is_short for sum in positions)      | shadowed-name       | sum                   |
      | any(stop_loss.is_short for stop_loss in positions) | shadowed-name | stop_loss            |
      | any(_.is_short for _ in positions)          | bad-name            | _                     |

    Examples: and, or
      | text                                        | code                | spot                  |
      | stop_loss_hit and stop_file or broker_connected  | mixed-and-or | stop_loss_hit and stop_file |
      | stop_loss_hit or stop_file and broker_connected  | mixed-and-or | stop_file and broker_connected |

    Examples: nothing left open
      | text                                        | code                | spot                  |
      | loss >= 0                                   | always-true         | loss >= 0             |
      | loss >= -5k                                 | always-true         | loss >= -5k           |
      | stop_loss_hit and drawdown >= 0             | always-true         | drawdown >= 0         |
      | open_positions > -1                         | always-true         | open_positions > -1   |
      | count(positions) >= 0                       | always-true         | count(positions) >= 0 |
      | any(p.loss >= 0 for p in positions)         | always-true         | p.loss >= 0           |
      | 5k > 3k                                     | always-true         | 5k > 3k               |
      | loss < 0                                    | impossible          | loss < 0              |
      | loss == -1                                  | impossible          | loss == -1            |
      | margin_used_pct < 0%                        | impossible          | margin_used_pct < 0%  |
      | time > 24:00                                | impossible          | time > 24:00          |
      | sum(p.lots for p in positions) < 0          | impossible          | sum(p.lots for p in positions) < 0 |
      | loss > 5k and loss < 0                      | impossible          | loss < 0              |

  Scenario: Too much for one sentence
    Then `stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit or stop_file or broker_connected or stop_loss_hit` is refused as sentence-too-long
    And `((((((((((((((((((((((stop_loss_hit))))))))))))))))))))))` is refused as sentence-too-deep

  Scenario Outline: Said right, it is accepted: <text>
    Then `<text>` is accepted

    Examples:
      | text                                                      |
      | mtm == 3 and loss > 1                                     |
      | (stop_loss_hit and stop_file) or broker_connected         |
      | stop_loss_hit and (stop_file or not broker_connected)     |
      | any(p.loss >= 1k for p in positions if p.is_short)        |
      | trading_state == HALTED                                   |
      | stop_loss.symbol == 'NIFTY'                               |
      | any(not any(q.is_short for q in legs) and p.is_short for p in positions) |
      | known(mtm) and loss >= 10k                                |
