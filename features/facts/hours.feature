# Why: the broker closes intraday positions by itself, and a contract of another exchange trades on when this one's
# session is over; a time of the account alone misses both.
Feature: When a contract's own session ends and when the broker closes it by itself

  Scenario: Intraday positions at Kite are closed at 15:25, the session goes on until 15:40
    Given the account is with kite
    And the account holds
      | symbol            | sold     | last | product |
      | NIFTY26N2424000CE | 75 @ 100 | 120  | MIS     |
      | NIFTY26N2424500CE | 75 @ 50  | 40   | NRML    |
    When at 15:10:00 the account is read
    Then the fact minutes_to_broker_square_off is 15 minutes
    And the position NIFTY26N2424000CE has
      | minutes_to_broker_square_off | 15 minutes    |
      | minutes_to_close             | 30 minutes    |
      | return_pct                   | -20 %         |
      | exposure                     | 9,000.00 INR  |
      | trades_today                 | 1 trade       |
    And the position NIFTY26N2424500CE has
      | minutes_to_broker_square_off | unknown (NFO:NIFTY26N2424500CE (NRML) is no intraday position) |
      | return_pct                   | 20 %                                                           |
      | exposure                     | 3,000.00 INR                                                   |

  Scenario: Kotak is earlier, and after its time the minutes are negative
    Given the account is with kotak
    And the account holds
      | symbol            | sold     | last | product |
      | NIFTY26N2424000CE | 75 @ 100 | 120  | MIS     |
    When at 15:22:30 the account is read
    Then the fact minutes_to_broker_square_off is -2.5 minutes

  Scenario: Without an intraday position there is nothing the broker closes
    Given the account is with kite
    And the account holds
      | symbol            | sold     | last |
      | NIFTY26N2424000CE | 75 @ 100 | 120  |
    When at 15:10:00 the account is read
    Then the fact minutes_to_broker_square_off is unknown (no intraday position is open)

  Scenario: A broker nobody looked up
    Given the account holds
      | symbol            | sold     | last | product |
      | NIFTY26N2424000CE | 75 @ 100 | 120  | MIS     |
    When at 15:10:00 the account is read
    Then the fact minutes_to_broker_square_off is unknown (when the broker squares off intraday positions is not known)

  Scenario: A commodity trades on when the account's own exchange has closed
    Given the account is with kite
    And the account holds
      | symbol         | bought    | last | product |
      | CRUDEOIL26DECFUT | 100 @ 5000 | 5000 | MIS     |
    When at 23:00:00 the account is read
    Then the position CRUDEOIL26DECFUT has
      | minutes_to_close             | 55 minutes |
      | minutes_to_broker_square_off | 30 minutes |

  Scenario: Index contracts that expire today close before the others, from December
    Given it is Tuesday, 2026-12-08
    And the account holds
      | symbol            | sold     | last |
      | NIFTY26D0824000CE | 75 @ 100 | 120  |
      | NIFTY26D1524000CE | 75 @ 150 | 150  |
    When at 15:20:00 the account is read
    Then the position NIFTY26D0824000CE has
      | minutes_to_close | 10 minutes |
    And the position NIFTY26D1524000CE has
      | minutes_to_close | 25 minutes |

  Scenario: Losses in percent of the capital
    Given an account that has sold 100 NIFTY26N2424000CE at 200
    And the capital is 500000
    When at 10:00:00 the loss is 5,000
    Then the facts are
      | loss_pct     | 1 % |
      | drawdown_pct | 1 % |
