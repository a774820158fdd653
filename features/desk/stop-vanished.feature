Feature: The broker cancels a stop by itself

  Background:
    Given the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
    And the policy
      """
      policy: stop-vanished
      title: A stop that the broker took away is told at once
      severity: warning
      mode: enforce
      accounts: all
      during: market_hours
      when:
        all:
          - unprotected_short_legs > 0
          - any(o.was_stop and o.status == CANCELED and o.cancelled_by == broker and since(o.updated_at) < 5m for o in orders)
      confirm: {samples: 2, at_least: 4s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      cooldown: 1m
      then:
        - notify: [telegram, call]
      because: "{unprotected_short_legs} short legs have no live stop"
      """

  Scenario Outline: The stop of the only sold leg was cancelled by the <who>
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status    | trigger | placed   | updated   | cancelled_by |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | cancelled | 120     | 09:21:00 | <updated> | <who>        |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then stop-vanished <verdict>

    Examples:
      | who     | updated  | verdict    |
      | broker  | 09:59:50 | fires      |
      | broker  | 09:54:00 | is clear   |
      | trader  | 09:59:50 | is clear   |

  Scenario: Another stop stands in its place
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  | cancelled_by |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | cancelled               | 120     | 09:21:00 | 09:59:50 | broker       |
      | S2 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:59:52 | 09:59:52 |              |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then stop-vanished is clear

  Scenario: It tells again after a minute while the broker's cancellation is fresh
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status    | trigger | placed   | updated  | cancelled_by |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | cancelled | 120     | 09:21:00 | 09:59:50 | broker       |
    When at 10:00:00 the account is read
    And that goes on until 10:01:02
    Then stop-vanished is cooling
    When that goes on until 10:01:20
    Then it has acted twice
