# Why: a rule about each order, underlying or expiry is as easily written with the wrong row or the wrong latch as with a
# wrong number, and then acts once for the account where it was to act for each.
# How it could pass vacuously: if every latch were refused. Each refusal stands beside the latch that is right.
Feature: 22 Rows of every kind
  `for_each` takes position, order, fill, underlying, expiry, account and group; `once` is per that row.

  Scenario Outline: for_each: <row> with <latch>
    Given a policy that does `notify: telegram` and says
      """
      for_each: <row>
      once: <latch>
      """
    Then it is <verdict>

    Examples: right
      | row        | latch                    | verdict  |
      | position   | per position per week    | accepted |
      | order      | per order                | accepted |
      | order      | per order per day        | accepted |
      | fill       | per fill                 | accepted |
      | underlying | per underlying per day   | accepted |
      | underlying | per underlying per week  | accepted |
      | expiry     | per expiry per day       | accepted |
      | account    | per account per day      | accepted |
      | expiry     | per episode              | accepted |

    Examples: of another row, or without the period it needs
      | row        | latch                    | verdict                                             |
      | underlying | per account per day      | refused as once-scope at `per account per day`      |
      | expiry     | per underlying per day   | refused as once-scope at `per underlying per day`   |
      | order      | per position per day     | refused as once-scope at `per position per day`     |
      | underlying | per underlying           | refused as wrong-value at `per underlying`          |
      | position   | per leg per day          | refused as wrong-value at `per leg per day`         |
      | leg        | per account per day      | refused as not-a-choice at `leg`                    |

  Scenario Outline: The hint names the latch of a rule about each <row>
    Given a policy that does `notify: telegram` and says
      """
      for_each: <row>
      once: per account per week
      """
    Then it is refused as once-scope at `per account per week`
    And the hint says `<hint>`

    Examples:
      | row        | hint                                |
      | underlying | write once: per underlying per week |
      | order      | write once: per order per week      |

  Scenario Outline: Rows to choose from without for_each: <where>
    Given a policy that does `notify: telegram` and says
      """
      where: <where>
      """
    Then it is refused as where-without-rows at `where`
    And the hint says `add for_each: <row>`

    Examples:
      | where                          | row        |
      | underlying.expires_today       | underlying |
      | expiry.short_calls > 0         | expiry     |
      | order.age < 1m                 | order      |
      | stop_loss_hit                  | position   |

  Scenario Outline: A row that is not there: <text>
    Given a policy when
      """
      <text>
      """
    Then it is refused as <code> at `<spot>`
    And the hint says `<hint>`

    Examples:
      | text                                         | code          | spot            | hint                                              |
      | underlying.loss > 5k                         | unknown-fact  | underlying.loss | add for_each: underlying, or ask any(u.loss       |
      | order.age < 1m                               | unknown-fact  | order.age       | add for_each: order, or ask any(o.age             |
      | leg.mtm < -5k                                | unknown-fact  | leg.mtm         | ask any(l.mtm … for l in legs)                    |
      | any(u.los > 5k for u in underlyings)         | unknown-field | u.los           | did you mean 'loss'                               |
      | any(u.loss > 5k for u in underlyngs)         | unknown-rows  | underlyngs      | did you mean 'underlyings'                        |
      | any(e.strike > 5 for e in expiries)          | unknown-field | e.strike        | see rekha explain fact expiry                     |
      | any(expiry.short_calls > 5 for expiry in expiries) | shadowed-name | expiry    | use a short name                                  |
