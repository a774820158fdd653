# Why: an argument that is misread closes the wrong thing, or closes it wrongly. Each is read in one type, and what is not
# of that type is refused where it stands.
# How it could pass vacuously: an argument that is read and then forgotten is accepted as well. Accepted calls are therefore
# shown in the words that come of the arguments themselves.
Feature: 13 The arguments of actions
  What stands behind an action's name, in the words explain and a dry run use for it.

  Scenario Outline: <action>
    Given a policy that does `<action>` with all that an exit needs
    Then it is accepted
    And it would <words>

    Examples: what is closed
      | action                                                     | words                                                                                       |
      | square_off: all                                            | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | square_off: {what: all}                                    | square off all derivative and intraday positions: entries cancelled first, shorts before longs |
      | square_off: {what: shorts}                                 | square off every short position                                                             |
      | square_off: hedges                                         | square off the hedges, each once no short of its underlying is open                         |
      | square_off: {where: position.is_short}                     | square off positions where position.is_short                                                |
      | square_off: {what: shorts, where: position.loss >= 5k}     | square off short positions where position.loss >= 5k                                        |
      | square_off: {what: hedges, where: position.last_price < 5} | square off hedges where position.last_price < 5                                             |
      | reduce: {pick: largest loss, by: 1 lot}                    | reduce the position with the largest loss of the day by 1 lot                               |
      | reduce: {pick: all, by: 12.5%}                             | reduce every position by 12.5%                                                              |
      | reduce: {pick: all, where: position.is_short, by: 2 lots}  | reduce every position where position.is_short by 2 lots                                     |
      | reduce: {pick: largest margin, where: position.is_short, by: 50%} | reduce the position that takes the most margin (short quantity × strike, for futures × price), of those where position.is_short, by 50% |

    Examples: how it is closed
      | action                                                    | words                                                                                    |
      | square_off: {what: shorts, include: delivery}             | square off every short position; delivery positions too                                  |
      | square_off: {what: shorts, by: 15:18}                     | square off every short position; done by 15:18                                           |
      | square_off: {what: shorts, chase: 5s}                     | square off every short position; priced anew every 5s                                    |
      | square_off: {what: shorts, max_slippage: 5%}              | square off every short position; giving up at most 5%                                    |
      | square_off: {what: shorts, max_slippage: 2.50}            | square off every short position; giving up at most 2.5 a unit                            |
      | square_off: {what: shorts, max_slippage: 2.50 INR}        | square off every short position; giving up at most 2.5 a unit                            |
      | square_off: {what: shorts, residual: none}                | square off every short position; nothing may be left                                     |
      | square_off: {what: shorts, residual: worthless}           | square off every short position; what is worthless may be left                           |
      | square_off: {what: shorts, residual: 2 lots}              | square off every short position; at most 2 lots of a leg may be left                     |
      | square_off: {what: shorts, scope: account}                | square off every short position, on the whole account                                    |
      | square_off: {what: shorts, chase: 5s, by: 15:18, include: delivery} | square off every short position; delivery positions too; done by 15:18; priced anew every 5s |

    Examples: the rest
      | action                                                  | words                                                                              |
      | ask: {text: Close it all?, unanswered: go on}           | ask "Close it all?" and wait 20s; without an answer the rest goes on               |
      | ask: {text: Close it all?, wait: 1m, unanswered: stop}  | ask "Close it all?" and wait 1m; without an answer the rest is left undone         |
      | webhook: desk-board                                     | call the webhook desk-board                                                        |
      | stop_source: algo-1                                     | stop the order source algo-1 and wait until it says so                             |
      | kill_switch: {even_if_open: no}                         | throw the broker's kill switch once flat is verified                               |

  Scenario Outline: <action> cannot be meant
    Given a policy that does `<action>` with all that an exit needs
    Then it is refused as <code> at `<spot>`

    Examples: square_off
      | action                                       | code          | spot                 |
      | square_off: {what: everything}               | not-a-choice  | everything           |
      | square_off: {what: short}                    | not-a-choice  | short                |
      | square_off: {scope: desk}                    | not-a-choice  | desk                 |
      | square_off: {include: holdings}              | not-a-choice  | holdings             |
      | square_off: {chase: fast}                    | wrong-value   | fast                 |
      | square_off: {chase: 0s}                      | wrong-value   | 0s                   |
      | square_off: {max_slippage: 0%}               | wrong-value   | 0%                   |
      | square_off: {max_slippage: 120%}             | wrong-value   | 120%                 |
      | square_off: {max_slippage: -2}               | wrong-value   | -2                   |
      | square_off: {max_slippage: 2 USD}            | wrong-currency | 2 USD               |
      | square_off: {residual: some}                 | wrong-value   | some                 |
      | square_off: {residual: 2}                    | wrong-value   | 2                    |
      | square_off: {by: 25:18}                      | wrong-value   | 25:18                |
      | square_off: {by: 50%}                        | wrong-value   | 50%                  |
      | square_off: {}                               | empty-block   | square_off           |
      | square_off: {where: }                        | empty-value   | where                |
      | square_off: {wher: position.is_short}        | unknown-key   | wher                 |
      | square_off: {where: mtm < 0}                 | no-row        | mtm < 0              |
      | square_off: {what: shorts, where: position.lss > 5} | unknown-field | position.lss  |

    Examples: reduce
      | action                                        | code             | spot     |
      | reduce                                        | missing-argument | reduce   |
      | reduce: all                                   | wrong-shape      | all      |
      | reduce: {pick: all}                           | missing-key      | reduce   |
      | reduce: {by: 50%}                             | missing-key      | reduce   |
      | reduce: {pick: largest, by: 50%}              | not-a-choice     | largest  |
      | reduce: {pick: all, by: 0%}                   | wrong-value      | 0%       |
      | reduce: {pick: all, by: 101%}                 | wrong-value      | 101%     |
      | reduce: {pick: all, by: half}                 | wrong-value      | half     |
      | reduce: {pick: all, by: 0 lots}               | wrong-value      | 0 lots   |
      | reduce: {pick: all, by: 2}                    | wrong-value      | 2        |
      | reduce: {pick: all, where: loss > 5, by: 50%} | no-row           | loss > 5 |

    Examples: the rest
      | action                                                | code             | spot         |
      | ask                                                   | missing-argument | ask          |
      | ask: sure?                                            | wrong-shape      | sure?        |
      | ask: {text: sure?}                                    | missing-key      | ask          |
      | ask: {text: "", unanswered: stop}                     | empty-value      | text         |
      | ask: {text: sure?, unanswered: wait}                  | not-a-choice     | wait         |
      | ask: {text: sure?, wait: 0s, unanswered: stop}        | wrong-value      | 0s           |
      | ask: {text: sure?, wait: 2h, unanswered: stop}        | wrong-value      | 2h           |
      | ask: {text: "Close {loss}?", unanswered: stop}        | wrong-value      | "Close {loss}?" |
      | webhook                                               | missing-argument | webhook      |
      | webhook: https://desk.example/x                       | wrong-value      | https://desk.example/x |
      | webhook: {name: desk}                                 | wrong-shape      | webhook      |
      | stop_source                                           | missing-argument | stop_source  |
      | stop_source: Algo 1                                   | wrong-value      | Algo 1       |
      | block_entries: {underlying: NIFTY}                    | not-a-choice     | NIFTY        |
      | block_entries: {underlying: this}                     | no-row           | this         |
      | cancel_orders: this                                   | no-row           | cancel_orders |
      | kill_switch: {even_if_open: perhaps}                  | not-a-choice     | perhaps      |
      | kill_switch: {}                                       | empty-block      | kill_switch  |
      | kill_switch: {force: yes}                             | unknown-key      | force        |

  Scenario: A kill switch with positions open is allowed, and shouted at
    Given a policy that does `kill_switch: {even_if_open: yes}` with all that an exit needs
    Then it is accepted
    And there is a warning kill-while-open
    And it would throw the broker's kill switch EVEN WITH POSITIONS OPEN: they may not be closable afterwards
