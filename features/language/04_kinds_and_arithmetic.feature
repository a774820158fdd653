# Why: 5 lots are not 5 rupees, and 5 % is of something. What may not meet is refused before it can run.
# How it could pass vacuously: a scenario of refusals passes on a language that refuses everything. So each kind of
# quantity is also accepted, and worked out, somewhere in this file.
Feature: 04 What may meet, and what comes of it

  Scenario Outline: <text> is <value>
    Given the facts
      | mtm             | -2,000 |
      | capital         | 5 lakh |
      | margin_used_pct | 80%    |
      | open_positions  | 4      |
      | snapshot_age    | 30s    |
      | time            | 14:45  |
      | leverage        | 3      |
    Then `<text>` is worth <value>

    Examples:
      | text                                | value      |
      | capital + mtm                       | 4,98,000   |
      | capital - mtm - mtm                 | 504000     |
      | -mtm                                | 2,000      |
      | 2 * mtm                             | -4,000     |
      | capital / 4                         | 1,25,000   |
      | capital / mtm                       | -250       |
      | 2% of capital                       | 10,000     |
      | 140% of 2% of capital               | 14,000     |
      | 10% of 20%                          | 2%         |
      | 50% of open_positions               | 2          |
      | margin_used_pct * capital           | 4 lakh     |
      | capital * margin_used_pct           | 4 lakh     |
      | margin_used_pct / 2                 | 40%        |
      | margin_used_pct - 5%                | 75%        |
      | margin_used_pct / 40%               | 2          |
      | open_positions + 1                  | 5          |
      | open_positions * 10_000 INR         | 40k        |
      | time - 9:15                         | 5h30m      |
      | time + 15m                          | 15:00      |
      | snapshot_age * 2                    | 1m         |
      | snapshot_age / 10s                  | 3          |
      | 2 + 3 * 4 - 6 / 2                   | 11         |
      | 50% of 10 + 5                       | 10         |

  Scenario: Commas belong in YAML values; in a sentence the value is written without
    Then `loss >= 10,000 INR` is refused as thousands-separator at `10,000`
    And `loss >= 1,00,000` is refused as thousands-separator at `1,00,000`

  Scenario Outline: dividing by <divisor>
    Given the fact mtm is 10
    And the fact leverage is <divisor>
    Then `mtm / leverage` is worth <value>

    Examples:
      | divisor            | value             |
      | 2                  | 5                 |
      | 0                  | unknown           |
      | between 2 and 5    | between 2 and 5   |
      | between -1 and 1   | unknown           |
      | between 0 and 5    | unknown           |
      | at least 2         | between 0 and 5   |
      | unknown            | unknown           |

  Scenario Outline: bounds go through <text>
    Given the fact mtm is between -2 and 3
    And the fact capital is at least 10
    Then `<text>` is worth <value>

    Examples:
      | text                | value              |
      | mtm + 1 INR         | between -1 and 4   |
      | 1 INR - mtm         | between -2 and 3   |
      | -mtm                | between -3 and 2   |
      | 2 * mtm             | between -4 and 6   |
      | -2 * mtm            | between -6 and 4   |
      | 0 * capital         | 0                  |
      | mtm + capital       | at least 8         |
      | mtm - capital       | at most -7         |
      | 50% of mtm          | between -1 and 1.5 |
      | capital - capital   | unknown            |

  Scenario Outline: <text> is refused
    Then `<text>` is refused as type-mismatch

    Examples: kinds that do not meet
      | text                             |
      | loss >= 5%                       |
      | loss >= 5s                       |
      | loss >= 14:45                    |
      | loss >= open_positions           |
      | loss >= leverage                 |
      | loss >= weekday                  |
      | loss >= stop_loss_hit            |
      | loss >= 'ten'                    |
      | snapshot_age > 10%               |
      | time >= 30m                      |
      | stop_loss_hit == 1               |
      | stop_loss.symbol > 'A'           |
      | stop_loss_hit > stop_file        |
      | trading_date == time             |
      | weekday in 5                     |
      | weekday in MON                   |

    Examples: arithmetic without a meaning
      | text                             |
      | loss + 5% >= 10k                 |
      | loss + 5s >= 10k                 |
      | loss * capital >= 10k            |
      | 5 / capital > 1                  |
      | time + time > 14:45              |
      | time * 2 > 14:45                 |
      | -stop_loss_hit                   |
      | stop_loss.symbol + 'A' == 'B'    |
      | any(p.symbol * 2 == 'A' for p in positions) |
      | sum(p.is_short for p in positions) > 1      |
      | sum(p.symbol for p in positions) == 'A'     |
      | any(p.lots for p in positions)              |
      | count(p.lots for p in positions) > 1        |
      | since(mtm) > 5s                             |

    Examples: a number that lacks its unit
      | text                             |
      | snapshot_age > 10                |
      | time >= 14                       |
      | margin_used_pct >= 0.8           |

  Scenario Outline: <text> is accepted
    Then `<text>` is accepted

    Examples:
      | text                                         |
      | loss >= 10k                                  |
      | loss >= 60% of bare_limit                    |
      | loss >= 2 * bare_limit + 5k                  |
      | loss >= -(-bare_limit)                       |
      | 10k <= loss                                  |
      | loss >= 50% of capital                       |
      | margin_used_pct >= 80                        |
      | margin_used_pct >= share                     |
      | leverage > 3.5                               |
      | open_positions > 2 * naked_short_legs        |
      | weekday in [TUE, THU] and time >= 14:45      |
      | snapshot_age > rest                          |
      | stop_loss.symbol == 'NIFTY26NOV24000CE'      |
      | any(p.days_to_expiry in [0,1] for p in positions) |
      | any(p.expiry == trading_date for p in positions)  |
      | max(p.loss for p in positions) > bare_limit  |
      | not stop_loss_hit == stop_file               |
