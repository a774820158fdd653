Feature: The clock, the session and the connection

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100

  # Derivatives trade until 15:40 since 3 August 2026.
  Scenario: An ordinary Wednesday at a quarter to eleven
    When at 10:45:00 the account is read
    Then the facts are
      | time               | 10:45       |
      | minutes_since_open | 90 minutes  |
      | minutes_to_close   | 295 minutes |
      | trading_date       | 2026-11-18  |
      | weekday            | WED         |
      | snapshot_age       | 0s          |

  Scenario: Before the open and after the close the minutes are negative
    When at 09:00:00 the account is read
    Then the facts are
      | minutes_since_open | -15 minutes |
      | minutes_to_close   | 400 minutes |
    When at 15:45:30 the account is read
    Then the fact minutes_to_close is -5.5 minutes

  Scenario: The readings stop, and their age grows
    When at 10:45:00 the account is read
    And at 10:45:20 no new reading has come
    Then the facts are
      | snapshot_age | 20s                                     |
      | mtm          | unknown (positions are 20s old (limit 6s)) |

  Scenario: The broker does not answer, and a person has put the STOP file there
    When at 10:45:00 the account is read
    Then the facts are
      | broker_connected    | yes                                 |
      | stop_file           | no                                  |
      | trading_state       | ACTIVE                              |
      | blocked_underlyings | 0 underlyings                       |
      | locked_at           | unknown (the account is not locked) |
    When at 10:45:02 the broker does not answer
    And at 10:45:04 the STOP file appears
    Then the facts are
      | broker_connected | no  |
      | stop_file        | yes |

  Scenario: A locked account
    Given the account is locked since 10:30 and may only reduce
    When at 10:45:00 the account is read
    Then the facts are
      | trading_state | REDUCING            |
      | locked_at     | 2026-11-18 10:30:00 |
