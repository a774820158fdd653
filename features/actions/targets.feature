# Why: what an exit means is a quantity for each leg. One leg too many sells a hedge or a family's shares, one too few
# leaves the account naked.
# How it could pass vacuously: a table that names only what is closed would pass while everything else is closed too. Each
# table is therefore the whole of what is to change.
Feature: What an exit leaves of each leg

  Background:
    Given the account holds
      | symbol            | sold      | bought   | last | lot |
      | NIFTY26N2424000CE | 225 @ 100 |          | 120  | 75  |
      | NIFTY26N2424500CE |           | 150 @ 20 | 20   | 75  |
      | NIFTY26N2423500PE | 75 @ 90   |          | 80   | 75  |
      | NIFTY26NOVFUT     | 75 @ 24000 |         | 24010 | 75 |

  Scenario Outline: <action>
    Given the policy
      """
      policy: out
      when: short_option_legs > 0
      confirm: at once
      on_unknown: wait
      once: per account per day
      then: [{<action>}]
      """
    When at 10:00:00 nothing has changed
    Then out fires
    And it leaves <legs>

    Examples: square_off
      | action                                          | legs |
      | square_off: all                                 | NIFTY26N2423500PE 0, NIFTY26N2424000CE 0, NIFTY26N2424500CE 0, NIFTY26NOVFUT 0 |
      | square_off: shorts                              | NIFTY26N2423500PE 0, NIFTY26N2424000CE 0, NIFTY26NOVFUT 0 |
      | square_off: hedges                              | NIFTY26N2424500CE 0 |
      | square_off: {where: not position.is_covered}    | NIFTY26N2423500PE 0, NIFTY26N2424000CE -150, NIFTY26NOVFUT 0 |
      | square_off: {where: position.is_covered}        | NIFTY26N2424000CE -75, NIFTY26N2424500CE 0 |
      | square_off: {where: position.naked_quantity > 0} | NIFTY26N2423500PE 0, NIFTY26N2424000CE -150 |
      | square_off: {where: position.right == CALL}     | NIFTY26N2424000CE 0, NIFTY26N2424500CE 0 |
      | square_off: {what: shorts, where: position.is_option} | NIFTY26N2423500PE 0, NIFTY26N2424000CE 0 |
      | square_off: {where: position.last_price > 50k}  | everything as it is |

    Examples: reduce
      | action                                                            | legs |
      | reduce: {pick: largest margin, by: 50%}                           | NIFTY26N2424000CE -75 |
      | reduce: {pick: largest margin, by: 1 lot}                         | NIFTY26N2424000CE -150 |
      | reduce: {pick: largest margin, where: position.is_future, by: 1%} | NIFTY26NOVFUT 0 |
      | reduce: {pick: largest loss, by: 1 lot}                           | NIFTY26N2424000CE -150 |
      | reduce: {pick: largest loss, where: position.is_future, by: 9 lots} | NIFTY26NOVFUT 0 |
      | reduce: {pick: largest loss, where: position.right == PUT, by: 1 lot} | everything as it is |
      | reduce: {pick: all, where: position.is_option, by: 40%}           | NIFTY26N2423500PE 0, NIFTY26N2424000CE -75, NIFTY26N2424500CE 75 |
      | reduce: {pick: all, where: not position.is_covered and position.is_option, by: 1 lot} | NIFTY26N2423500PE 0, NIFTY26N2424000CE -150 |

  Scenario: A hedge stays one after its short is bought back, and a bought option elsewhere is none
    Given the account holds
      | symbol             | bought   | last | lot |
      | SENSEX26NOV87000CE | 500 @ 10 | 10   | 20  |
    And the policy
      """
      policy: out
      when: open_positions > 0
      confirm: at once
      on_unknown: wait
      once: per account per day
      then: [{square_off: hedges}]
      """
    When at 10:00:00 the trader buys 225 NIFTY26N2424000CE at 120
    And at 10:00:02 the trader buys 75 NIFTY26N2423500PE at 80
    Then out fires
    And it leaves NIFTY26N2424500CE 0

  Scenario Outline: Shares are left alone: <action>
    Given the account is flat
    And the account holds
      | symbol | exchange | product | carried    | last | lot |
      | INFY   | NSE      | CNC     | 100 @ 1500 | 1500 |    |
      | TCS    | NSE      | MIS     | 10 @ 3000  | 3000 |    |
    And the policy
      """
      policy: out
      when: open_positions > 0
      confirm: at once
      on_unknown: wait
      once: per account per day
      then: [{<action>}]
      """
    When at 10:00:00 nothing has changed
    Then out fires
    And it leaves <legs>

    Examples:
      | action                                                    | legs          |
      | square_off: all                                           | TCS 0         |
      | square_off: {where: position.lots >= 1 or position.net_quantity > 0} | TCS 0 |
      | square_off: {include: delivery}                           | INFY 0, TCS 0 |
      | square_off: {include: delivery, where: position.product == 'CNC'} | INFY 0 |
      | reduce: {pick: all, by: 50%}                              | TCS 5         |

  Scenario: A position that is left by its own rule
    Given the policy
      """
      policy: leg-stop
      for_each: position
      where: position.is_short and position.is_option
      when: position.last_price > position.entry_price
      confirm: at once
      on_unknown: wait
      once: per position per day
      then: [{exit_position: this}]
      """
    When at 10:00:00 nothing has changed
    Then leg-stop fires for NIFTY26N2424000CE
    And it leaves NIFTY26N2424000CE 0

  Scenario: What belongs to the row, and nothing else
    Given the account holds
      | symbol             | sold     | last | lot |
      | SENSEX26NOV87000CE | 500 @ 10 | 10   | 20  |
    And the policy
      """
      policy: underlying-out
      for_each: underlying
      where: underlying.name == 'SENSEX'
      when: underlying.short_lots > 1
      confirm: at once
      on_unknown: wait
      once: per underlying per day
      then:
        - square_off:
            where: position.underlying == underlying.name
      """
    When at 10:00:00 nothing has changed
    Then underlying-out fires
    And it leaves SENSEX26NOV87000CE 0

  Scenario Outline: What belongs to one expiry, also what names only its month: <future>
    Given the account holds
      | symbol            | sold       | last  | lot |
      | NIFTY26D2924000CE | 75 @ 100   | 80    | 75  |
      | NIFTY26DEC23000PE | 75 @ 100   | 80    | 75  |
      | <future>          | 75 @ 24000 | 24010 | 75  |
    And the policy
      """
      policy: expiry
      for_each: expiry
      where: expiry.short_calls > 0 and expiry.short_puts > 0 and expiry.days_to_expiry > 30
      when: expiry.short_premium_now > 1k
      confirm: at once
      on_unknown: wait
      once: per expiry per day
      then:
        - square_off:
            where: position.underlying == expiry.underlying and position.expiry == expiry.date
      """
    When at 10:00:00 nothing has changed
    Then it leaves NIFTY26D2924000CE 0, NIFTY26DEC23000PE 0<too>

    Examples:
      | future        | too                |
      | NIFTY26DECFUT | , NIFTY26DECFUT 0  |
      | NIFTY26D22FUT |                    |
      | SENSEX26DECFUT |                   |

  Scenario: What cannot be told is named, and holds nothing else up
    Given the policy
      """
      policy: out
      when: short_option_legs > 0
      confirm: at once
      on_unknown: wait
      once: per account per day
      then:
        - square_off:
            where: position.last_price > 100
      """
    When at 10:00:00 the price of NIFTY26N2423500PE is missing
    Then out fires
    And it leaves NIFTY26N2424000CE 0, NIFTY26NOVFUT 0
    And of NIFTY26N2423500PE it cannot tell: no last price of NFO:NIFTY26N2423500PE

  Scenario Outline: Together, whichever stands first: <first>, <second>
    Given the policy
      """
      policy: <first>
      mode: enforce
      when: short_option_legs > 0
      confirm: at once
      on_unknown: wait
      once: per account per day
      then: [{square_off: {where: not position.is_covered}}]
      """
    And another policy
      """
      policy: <second>
      mode: enforce
      when: short_option_legs > 0
      confirm: at once
      on_unknown: wait
      once: per account per day
      then: [{reduce: {pick: all, where: position.right == CALL, by: 50%}}]
      """
    And another policy
      """
      policy: only-tried
      when: short_option_legs > 0
      confirm: at once
      on_unknown: wait
      once: per account per day
      then: [{square_off: all}]
      """
    When at 10:00:00 nothing has changed
    Then together the enforced rules leave NIFTY26N2423500PE 0, NIFTY26N2424000CE -75, NIFTY26N2424500CE 75, NIFTY26NOVFUT 0

    Examples:
      | first | second |
      | a     | b      |
      | b     | a      |
