Feature: The broker is out of reach while sold options are open

  Background:
    Given the account holds
      | symbol             | sold      | last |
      | SENSEX26NOV85000CE | 500 @ 100 | 100  |
    And the policy
      """
      policy: blind-with-shorts
      title: Broker disconnected with open shorts
      severity: warning
      mode: enforce
      accounts: all
      during: market_hours
      when:
        all:
          - not broker_connected
          - last_known(short_option_legs) > 0
      confirm: {at_least: 20s}
      on_unknown: {alert: after 5s}
      cooldown: 5m
      then:
        - notify: [telegram, call]
        - block_entries:
            until: cleared
      because: "No contact for {unknown_for(open_positions)}; {last_known(short_option_legs)} short legs were open"
      """

  Scenario: No answer for twenty seconds
    When at 10:00:00 the account is read
    And at 10:00:02 the broker does not answer
    And at 10:00:04 the positions cannot be read
    And at 10:00:08 nothing has changed
    And at 10:00:14 nothing has changed
    And at 10:00:20 nothing has changed
    Then blind-with-shorts is pending
    When at 10:00:22 nothing has changed
    Then blind-with-shorts fires
    And it says "No contact for 20s; 1 short legs were open"

  Scenario: The last reading lies back, and no new one has come
    When at 10:00:00 the account is read
    And at 10:00:02 the broker does not answer
    And at 10:00:08 no new reading has come
    And at 10:00:14 no new reading has come
    And at 10:00:20 no new reading has come
    And at 10:00:22 no new reading has come
    Then blind-with-shorts fires
    And it says "No contact for 20s; 1 short legs were open"

  Scenario: It answers again in time
    When at 10:00:00 the account is read
    And at 10:00:02 the broker does not answer
    And at 10:00:04 the positions cannot be read
    And at 10:00:14 the broker answers again
    Then blind-with-shorts is clear

  Scenario: Nothing sold was open when contact was lost
    When at 10:00:00 the trader buys 500 SENSEX26NOV85000CE at 90
    And at 10:00:02 the broker does not answer
    And at 10:00:04 the positions cannot be read
    And at 10:00:30 nothing has changed
    Then blind-with-shorts is clear

  Scenario: The engine started blind: nobody knows what is open
    When at 10:00:00 the positions cannot be read
    And at 10:00:02 the broker does not answer
    And at 10:00:08 nothing has changed
    Then blind-with-shorts is unknown
    And blind-with-shorts would alert
