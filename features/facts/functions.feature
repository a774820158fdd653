# Why: what a sentence asks of an underlying, not of the account: its price, and whether its contracts expire today.
# How it could pass vacuously: if every name were answered alike. Each table holds names that are answered otherwise.
Feature: Functions of an underlying

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario: The price of an underlying is that of its own quote, never of a future
    When at 10:45:00 NIFTY 50 stands at 24,010.50
    And at 10:45:02 NIFTY26NOVFUT stands at 24,050
    Then the facts are
      | spot('NIFTY')     | 24,010.50 INR                                   |
      | spot('nifty')     | 24,010.50 INR                                   |
      | spot('BANKNIFTY') | unknown (no quote of BANKNIFTY itself is read)  |
    When at 10:45:04 the prices are 12s old
    Then the fact spot('NIFTY') is unknown (the price of NIFTY is 12s old (limit 10s))
    When at 10:45:06 the prices cannot be read
    Then the fact spot('NIFTY') is unknown (no price of NIFTY: quotes not read: the call timed out)

  Scenario Outline: On <day> <underlying> expires: <answer>
    Given it is today, <day>
    When at 10:45:00 the account is read
    Then the fact expires_today('<underlying>') is <answer>

    Examples: weekly on NSE
      | day        | underlying | answer |
      | 2026-11-17 | NIFTY      | yes    |
      | 2026-11-18 | NIFTY      | no     |
      | 2026-11-19 | NIFTY      | no     |

    Examples: a holiday moves it to the trading day before
      | day        | underlying | answer |
      | 2026-11-23 | NIFTY      | yes    |
      | 2026-11-24 | NIFTY      | no     |
      | 2026-01-14 | SENSEX     | yes    |
      | 2026-01-15 | SENSEX     | no     |

    Examples: a Muhurat session is no ordinary trading day
      | day        | underlying | answer |
      | 2025-10-20 | NIFTY      | yes    |
      | 2025-10-21 | NIFTY      | no     |

    Examples: weekly on BSE, whatever the account's exchange
      | day        | underlying | answer |
      | 2026-11-19 | SENSEX     | yes    |
      | 2026-11-17 | SENSEX     | no     |

    Examples: monthly
      | day        | underlying | answer |
      | 2026-11-17 | BANKNIFTY  | no     |
      | 2026-11-23 | BANKNIFTY  | yes    |
      | 2026-11-26 | BANKEX     | yes    |
      | 2026-11-19 | BANKEX     | no     |

    Examples: neither a rule nor a contract tells
      | day        | underlying | answer                                                                                     |
      | 2025-08-28 | NIFTY      | unknown (no contract read and no rule held tells whether NIFTY expires on 2025-08-28)       |
      | 2026-11-18 | TCS        | unknown (no contract read and no rule held tells whether TCS expires on 2026-11-18)         |
      | 2027-01-05 | NIFTY      | unknown (no contract read and no rule held tells whether NIFTY expires on 2027-01-05)       |

  Scenario: A contract of the book knows better than any rule
    Given it is Wednesday, 2026-11-18
    And the account holds
      | symbol              | sold      | last |
      | NIFTY26N1824000CE   | 500 @ 100 | 100  |
      | TCS26NOV4000CE      | 175 @ 50  | 50   |
    When at 10:45:00 the account is read
    Then the facts are
      | expires_today('NIFTY') | yes |
      | expires_today('TCS')   | no  |

  Scenario: A rule that calls functions
    Given the policy
      """
      policy: expiry-floor
      when: expires_today('SENSEX') and spot('SENSEX') < 85_000
      confirm: at once
      because: "SENSEX at {spot('SENSEX')}"
      """
    And it is Thursday, 2026-11-19
    When at 10:45:00 SENSEX stands at 85,000
    Then it is clear
    When at 10:45:02 SENSEX stands at 84,999.95
    Then it fires
    And it says "SENSEX at 84,999.95 INR"
