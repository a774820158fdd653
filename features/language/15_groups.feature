# Why: a rule about a group that quietly read one account's loss would be a limit nobody set. How it could pass vacuously:
# if everything were refused; the first scenario holds what a group may say.
Feature: 15 What a rule about a group may say

  Scenario Outline: <text> is of the group
    Given a rule about each group
    Then `<text>` is accepted

    Examples:
      | text                                                      |
      | group.loss >= 50k                                         |
      | group.mtm <= -50k                                         |
      | group.loss >= 2% of group.capital                         |
      | group.loss >= loss_limit and time >= 14:45                |
      | group.losing_accounts == group.accounts and group.loss > 5k |
      | group.margin_used_pct >= 90% and weekday in [TUE, THU]    |
      | known(group.capital) and minutes_to_close < 30            |
      | age(group.margin_used) > 5s                               |
      | group.worst_account == 'A1' and group.worst_loss > 5k     |
      | group.loss_pct >= 2% or group.week_loss >= 1 lakh         |
      | group.mtm_net <= -60k                                     |
      | group.naked_short_lots > 10 or group.orders_today > 400   |
      | group.loss >= 50k and expires_today('NIFTY')              |

  Scenario Outline: <text> is of one account
    Given a rule about each group
    Then `<text>` is refused as not-of-group at `<spot>`

    Examples:
      | text                                             | spot                                    |
      | loss >= 50k                                      | loss                                    |
      | group.loss >= 50k and stop_loss_hit              | stop_loss_hit                           |
      | group.loss >= 2% of capital                      | capital                                 |
      | snapshot_age > 10s                               | snapshot_age                            |
      | broker_connected and group.loss >= 50k           | broker_connected                        |
      | any(p.loss >= 5k for p in positions)             | any(p.loss >= 5k for p in positions)    |
      | group.loss >= 50k and count(orders) > 5          | count(orders)                           |
      | stop_loss.symbol == 'X' and group.loss >= 50k    | stop_loss.symbol                        |
      | group.loss >= 50k and spot('NIFTY') < 24k        | spot('NIFTY')                           |

  Scenario Outline: <text> is refused as any sentence
    Given a rule about each group
    Then `<text>` is refused as <code>

    Examples:
      | text                                | code                |
      | group.los >= 50k                    | unknown-field       |
      | group.loss                          | not-a-condition     |
      | group                               | not-a-condition     |
      | group.loss >= 5s                    | type-mismatch       |
      | group.loss <= -50k                  | impossible          |
      | group.mtm <= 50k                    | fires-without-loss  |
      | group.loss >= 0                     | always-true         |

  Scenario Outline: <text> where there is no group
    Then `<text>` is refused as <code> at `<spot>`

    Examples:
      | text                              | code         | spot       |
      | group.loss >= 50k                 | unknown-fact | group.loss |
      | group > 5                         | unknown-fact | group      |
      | any(g.loss > 5k for g in groups)  | unknown-rows | groups     |
      | count(groups) > 2                 | unknown-rows | groups     |

  Scenario: The error says what to write instead
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      when: loss >= 50k
      then: [notify: telegram]
      because: "Family lost {group.loss}"
      """
    Then it is refused as not-of-group at `loss` in line 6
    And the hint says `say group.loss`

  Scenario: Also where it only tells
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      when: group.loss >= 50k
      then: [notify: telegram]
      because: "Family lost {group.loss}, this one {loss}"
      """
    Then it is refused as not-of-group at `loss` in line 8

  Scenario: Also in a value it names
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      let: {line: 2% of capital}
      when: group.loss >= line
      then: [notify: telegram]
      because: "Family lost {group.loss}"
      """
    Then it is refused as not-of-group at `line` in line 7
    And the hint says `write it out: say group.capital`

  Scenario Outline: Also in a case of a value it names: <case>
    Given the desk's values
      """
      line:
        default: 50k
        cases:
          - {if: "<case>", use: 30k}
      """
    And the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      when: group.loss >= line
      then: [notify: telegram]
      because: "Family lost {group.loss}"
      """
    Then it is refused as not-of-group at `line` in line 6

    Examples:
      | case                      |
      | spot('NIFTY') < 24k       |
      | move('NIFTY', 5m) < -1%   |
      | loss > 5k                 |

  Scenario: Also in the line past which one reading is enough
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      when: group.loss >= 50k
      confirm: {samples: 2, at_once_beyond: 5% of capital}
      then: [notify: telegram]
      because: "Family lost {group.loss}"
      """
    Then it is refused as not-of-group at `capital` in line 7

  Scenario: Members are not chosen by where
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      where: group.loss > 5k
      when: group.loss >= 50k
      then: [notify: telegram]
      because: "Family lost {group.loss}"
      """
    Then it is refused as where-of-group at `where` in line 6

  Scenario: The group's figures choose no positions
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      when: group.loss >= 50k
      confirm: at once
      on_unknown: wait
      once: per group per day
      then: [square_off: {where: position.loss >= 10% of group.loss}]
      because: "Family lost {group.loss}"
      """
    Then it is refused as unknown-fact at `group.loss` in line 10

  Scenario: A group of one is a mistake in the accounts
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: [A1]
      for_each: group
      when: group.loss >= 50k
      then: [notify: telegram]
      because: "Family lost {group.loss}"
      """
    Then it is accepted
    And there is a warning small-group

  Scenario Outline: A group acts with <action>, on each member's whole book
    Then in a rule about one group `<action>` is <verdict>

    Examples:
      | action                                 | verdict |
      | square_off: all                        | allowed |
      | square_off: {where: position.is_short} | allowed |
      | cancel_orders: entries                 | allowed |
      | kill_switch                            | allowed |
      | logout: after_watch                    | allowed |
      | sync: linked                           | allowed |
      | exit_position: this                    | no-row  |
      | cancel_orders: this                    | no-row  |

  Scenario Outline: The latch is per group: <latch>
    Given the file
      """
      policy: family-loss
      title: Two accounts together
      severity: critical
      accounts: all
      for_each: group
      when: group.loss >= 50k
      once: <latch>
      then: [notify: telegram]
      because: "Family lost {group.loss}"
      """
    Then it is refused as once-scope at `<latch>` in line 7

    Examples:
      | latch                |
      | per account per day  |
      | per position per day |
