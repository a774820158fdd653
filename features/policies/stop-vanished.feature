Feature: stop-vanished calls when the broker took a stop away

  Background:
    Given the shipped policy stop-vanished, enforced
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |

  Scenario Outline: The stop was cancelled by the <who>, last seen at <updated>
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status    | trigger | placed   | updated   | cancelled_by |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | cancelled | 120     | 09:21:00 | <updated> | <who>        |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then stop-vanished <verdict>

    Examples:
      | who    | updated  | verdict  |
      | broker | 09:59:50 | fires    |
      | broker | 09:54:00 | is clear |
      | trader | 09:59:50 | is clear |

  Scenario: What it says
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status    | trigger | placed   | updated  | cancelled_by |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | cancelled | 120     | 09:21:00 | 09:59:50 | broker       |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then stop-vanished fires
    And it says "1 sold options have no working stop; the broker cancelled one"
    When that goes on until 10:01:20
    Then it has acted twice

  Scenario: Another stop stands already
    Given the orders of the day are
      | id | side | type | symbol             | quantity | status                  | trigger | placed   | updated  | cancelled_by |
      | S1 | buy  | stop | SENSEX26NOV85000CE | 500      | cancelled               | 120     | 09:21:00 | 09:59:50 | broker       |
      | S2 | buy  | stop | SENSEX26NOV85000CE | 500      | waiting for its trigger | 120     | 09:59:52 | 09:59:52 |              |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then stop-vanished is clear

  Scenario: A limit order the broker cancelled is no stop
    Given the orders of the day are
      | id | side | type  | symbol             | quantity | status    | placed   | updated  | cancelled_by |
      | L1 | buy  | limit | SENSEX26NOV85000CE | 500      | cancelled | 09:21:00 | 09:59:50 | broker       |
    When at 10:00:00 the account is read
    And at 10:00:04 nothing has changed
    Then stop-vanished is clear

  Scenario: The order book cannot be read
    When at 10:00:00 the orders cannot be read
    And that goes on until 10:00:40
    Then stop-vanished is unknown
    And it has alerted once, at 10:00:30
