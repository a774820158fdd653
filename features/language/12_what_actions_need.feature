# Why: what cannot be undone must say how sure it is, what unknown does to it, and how often it may happen.
# How it could pass vacuously: an action that is not irrevocable needs nothing. Each action is therefore shown twice: with
# nothing it is refused at its own name, with everything it is accepted.
Feature: 12 What an action demands of its policy
  A key that is missing because an action needs it is told at the first action that does.

  Scenario Outline: <action> alone
    Given a policy that does `<action>`
    Then it is refused for
      | needs-confirm    | <spot> |
      | needs-on-unknown | <spot> |
      | needs-once       | <spot> |
    Given a policy that does `<action>` with all that an exit needs
    Then it is accepted

    Examples:
      | action                                 | spot          |
      | square_off: all                        | square_off    |
      | square_off: shorts                     | square_off    |
      | square_off: hedges                     | square_off    |
      | square_off: {where: position.is_short} | square_off    |
      | cancel_orders: all                     | cancel_orders |
      | cancel_orders: entries                 | cancel_orders |
      | cancel_orders: stops                   | cancel_orders |
      | kill_switch                            | kill_switch   |
      | logout: after_watch                    | logout        |
      | logout: now                            | logout        |
      | sync: linked                           | sync          |
      | kill_switch: {even_if_open: yes}       | kill_switch   |
      | square_off: {include: delivery}        | square_off    |
      | reduce: {pick: largest loss, by: 50%}  | reduce        |

  Scenario Outline: <action> may come again, and cannot be undone
    Given a policy that does `<action>`
    Then it is refused for
      | needs-confirm    | <spot> |
      | needs-on-unknown | <spot> |
    Given a policy that does `<action>` and says
      """
      confirm: at once
      on_unknown: wait
      """
    Then it is accepted

    Examples:
      | action              | spot        |
      | webhook: desk-board | webhook     |
      | stop_source: algo-1 | stop_source |

  Scenario Outline: <action> needs nothing
    Given a policy that does `<action>`
    Then it is accepted

    Examples:
      | action                                                 |
      | notify: telegram                                       |
      | notify: [telegram, call]                               |
      | ask: {text: Go on?, unanswered: stop}                  |
      | block_entries                                          |
      | block_entries: {until: cleared}                        |
      | block_entries: {until: 30m, foreign_orders: cancel}    |
      | block_entries: {until: 15:30}                          |
      | block_entries: {until: end of session}                 |
      | block_entries: {until: end of week}                    |
      | block_entries: {until: rearmed, foreign_orders: exit}  |

  Scenario: An exit of the row
    Given a policy that does `exit_position: this` and says
      """
      for_each: position
      """
    Then it is refused for
      | needs-confirm    | exit_position |
      | needs-on-unknown | exit_position |
      | needs-once       | exit_position |
    Given a policy that does `exit_position: this` and says
      """
      for_each: position
      confirm: {samples: 2, at_least: 3s}
      on_unknown: {alert: after 10s}
      once: per position per day
      """
    Then it is accepted

  Scenario Outline: <action> with <keys>
    Given a policy that does `<action>` and says
      """
      confirm: at once
      on_unknown: wait
      <keys>
      """
    Then it is <verdict>

    Examples:
      | action             | keys                      | verdict                              |
      | square_off: all    | cooldown: 5m              | accepted                             |
      | square_off: all    | once: per episode         | accepted                             |
      | cancel_orders: all | cooldown: 5m              | accepted                             |
      | kill_switch        | cooldown: 5m              | refused as needs-once at `kill_switch` |
      | kill_switch        | once: per episode         | refused as needs-once at `kill_switch` |
      | logout: now        | once: per episode         | refused as needs-once at `logout`    |
      | sync: linked       | cooldown: 5m              | refused as needs-once at `sync`      |
      | kill_switch        | once: per account per week | accepted                            |

  Scenario: Each missing key is told once, at the first action that needs it
    Given the file
      """
      policy: a-rule
      title: a rule
      severity: critical
      accounts: all
      when: loss >= loss_limit
      then:
        - notify: telegram
        - cancel_orders: all
        - square_off: all
        - kill_switch
      because: for a test
      """
    Then it is refused for
      | needs-confirm    | cancel_orders |
      | needs-on-unknown | cancel_orders |
      | needs-once       | cancel_orders |

  Scenario: The policy of the first page
    Given the file
      """
      # yaml-language-server: $schema=../schemas/policy.schema.json
      policy: daily-loss-kill-switch
      title: Stop trading when the day's loss is confirmed by a stop-loss on a sold option
      owner: risk desk
      severity: critical              # info | warning | critical
      mode: enforce                   # off | dry_run | enforce
      accounts: all                   # all | [ids] | {labels: {desk: nifty}}
      during: settled_hours
      when:
        all:
          - loss >= loss_limit        # loss_limit stands in values.yaml: one place for the whole desk
          - stop_loss_hit
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s, block_entries: after 20s}
      once: per account per day       # the durable latch
      then:
        - notify: [telegram, call]    # queued; delays nothing
        - block_entries: {until: rearmed, foreign_orders: cancel}
        - sync: linked                # linked accounts start now, not after our exits
        - square_off: all             # cancels entries at once, stops leg by leg, shorts before longs
        - kill_switch                 # only when verified flat; otherwise skipped, and a person is called
        - logout: after_watch
        - notify: telegram
      because: "Loss {loss} is beyond {loss_limit}; stop-loss {stop_loss.order_id} on {stop_loss.symbol} filled"
      """
    Then it is accepted
    And there is no warning
