# Why: a rule about one position, underlying or expiry that closes the whole account takes what was never its business.
# How it could pass vacuously: a check that refuses everything in a `for_each` policy passes each refusal. Every refusal
# stands beside the same action tied to its row.
Feature: 14 Actions keep to the row
  With `for_each` the actions may touch the row and what belongs to it; wider needs `scope: account`.

  Scenario Outline: For each position, <action>
    Given a policy that does `<action>` and says
      """
      for_each: position
      confirm: at once
      on_unknown: wait
      once: per position per day
      """
    Then it is <verdict>

    Examples:
      | action                                                             | verdict                                     |
      | exit_position: this                                                | accepted                                    |
      | cancel_orders: this                                                | accepted                                    |
      | block_entries: {underlying: this}                                  | accepted                                    |
      | block_entries                                                      | accepted                                    |
      | square_off: {scope: account}                                       | accepted                                    |
      | square_off: {where: position.is_short, scope: account}             | accepted                                    |
      | reduce: {pick: all, by: 50%, scope: account}                       | accepted                                    |
      | square_off: all                                                    | refused as wider-than-row at `square_off`   |
      | square_off: {where: position.is_short}                             | refused as wider-than-row at `square_off`   |
      | square_off: {include: delivery}                                    | refused as wider-than-row at `square_off`   |
      | reduce: {pick: all, by: 50%}                                       | refused as wider-than-row at `reduce`       |
      | cancel_orders: all                                                 | refused as wider-than-row at `cancel_orders` |
      | cancel_orders: stops                                               | refused as wider-than-row at `cancel_orders` |
      | kill_switch                                                        | refused as wider-than-row at `kill_switch`  |
      | logout: now                                                        | refused as wider-than-row at `logout`       |
      | sync: linked                                                       | refused as wider-than-row at `sync`         |

  Scenario: The hint names the way out
    Given a policy that does `square_off: {where: position.is_short}` and says
      """
      for_each: position
      confirm: at once
      on_unknown: wait
      once: per position per day
      """
    Then it is refused as wider-than-row at `square_off`
    And the hint says `use exit_position: this`

  Scenario Outline: What belongs to a row of the kind <row>: <action>
    Then in a rule about one <row> `<action>` is <verdict>

    Examples: orders and trades
      | row   | action                                                            | verdict                |
      | order | cancel_orders: this                                               | allowed                |
      | order | block_entries: {underlying: this}                                 | allowed                |
      | order | square_off: {where: position.symbol == order.symbol}              | allowed                |
      | order | square_off: {where: order.symbol == position.symbol and position.is_short} | allowed       |
      | order | square_off: {where: position.symbol == order.symbol or position.is_short} | wider-than-row |
      | order | square_off: {where: position.symbol != order.symbol}              | wider-than-row         |
      | order | square_off: {where: not (position.symbol == order.symbol)}        | wider-than-row         |
      | order | square_off: {where: position.underlying == order.underlying}      | wider-than-row         |
      | order | square_off: {where: position.is_short}                            | wider-than-row         |
      | order | exit_position: this                                               | no-row                 |
      | order | cancel_orders: entries                                            | wider-than-row         |
      | fill  | square_off: {where: position.symbol == fill.symbol}               | allowed                |
      | fill  | reduce: {pick: all, where: position.symbol == fill.symbol, by: 1 lot} | allowed            |
      | fill  | cancel_orders: this                                               | no-row                 |

    Examples: underlyings and expiries
      | row        | action                                                                    | verdict        |
      | underlying | square_off: {where: position.underlying == underlying.name}               | allowed        |
      | underlying | square_off: {what: shorts, where: underlying.name == position.underlying} | allowed        |
      | underlying | reduce: {pick: all, where: position.underlying == underlying.name, by: 50%} | allowed      |
      | underlying | block_entries: {underlying: this}                                         | allowed        |
      | underlying | square_off: {scope: account}                                              | allowed        |
      | underlying | square_off: all                                                           | wider-than-row |
      | underlying | square_off: {where: position.underlying == 'NIFTY'}                       | wider-than-row |
      | underlying | cancel_orders: this                                                       | no-row         |
      | underlying | exit_position: this                                                       | no-row         |
      | expiry     | square_off: {where: position.underlying == expiry.underlying and position.expiry == expiry.date} | allowed |
      | expiry     | square_off: {where: position.expiry == expiry.date and (position.is_short and position.underlying == expiry.underlying)} | allowed |
      | expiry     | square_off: {where: position.expiry == expiry.date}                       | wider-than-row |
      | expiry     | square_off: {where: position.underlying == expiry.underlying}             | wider-than-row |
      | expiry     | block_entries: {underlying: this}                                         | allowed        |

    Examples: whole accounts
      | row     | action                            | verdict |
      | account | square_off: all                   | allowed |
      | account | kill_switch                       | allowed |
      | account | cancel_orders: all                | allowed |
      | account | logout: after_watch               | allowed |
      | account | block_entries: {underlying: this} | no-row  |
