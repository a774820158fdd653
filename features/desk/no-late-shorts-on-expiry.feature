Feature: No new sold options after 14:45 on the day their underlying expires

  Background:
    Given it is Thursday, 2026-11-19
    And the account holds
      | symbol             | sold      | last |
      | SENSEX26N1985000CE | 100 @ 100 | 100  |
      | NIFTY26NOV24000CE  | 150 @ 100 | 100  |
    And the contract file says that a lot of SENSEX26N1985000CE is 20
    And the contract file says that a lot of NIFTY26NOV24000CE is 75
    And the policy
      """
      policy: no-late-shorts-on-expiry
      title: No new shorts after 14.45 on that underlying's expiry
      severity: warning
      mode: enforce
      accounts: all
      during: {from: 14:45, to: 15:30}
      for_each: underlying
      where: underlying.expires_today
      when: underlying.short_lots > at(underlying.short_lots, 14:45)
      then:
        - block_entries:
            underlying: this
            until: end of session
        - notify: telegram
      because: "{underlying.name}: {underlying.short_lots} short lots after 14:45 on expiry"
      """

  Scenario: Another lot is sold after that time
    When at 14:44:58 the account is read
    And at 14:45:02 the account is read
    Then no-late-shorts-on-expiry is clear for SENSEX
    And no-late-shorts-on-expiry says nothing of NIFTY
    When at 14:50:00 the trader sells 20 SENSEX26N1985000CE at 90
    And at 14:50:02 nothing has changed
    Then no-late-shorts-on-expiry fires for SENSEX
    And it says of SENSEX "SENSEX: 6 short lots after 14:45 on expiry"

  Scenario: Sold before that time, and less of it since
    When at 14:44:56 the trader sells 20 SENSEX26N1985000CE at 90
    And at 14:44:58 the account is read
    And at 14:45:02 the account is read
    And at 14:50:00 the trader buys 20 SENSEX26N1985000CE at 90
    And at 14:50:02 nothing has changed
    Then no-late-shorts-on-expiry is clear for SENSEX

  Scenario: What does not expire today may be sold
    When at 14:44:58 the account is read
    And at 14:50:00 the trader sells 75 NIFTY26NOV24000CE at 90
    And at 14:50:02 nothing has changed
    Then no-late-shorts-on-expiry says nothing of NIFTY

  Scenario: Nobody read the account at that time
    When at 14:40:00 the account is read
    And at 14:50:00 the account is read
    Then no-late-shorts-on-expiry is unknown for SENSEX
    And the reason is "no reading between 14:40:00 and 14:45:00"
