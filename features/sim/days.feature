Feature: Days on the simulated exchange
  What a scenario file tells happens on the exchange, at its times, and is written into the ledger.

  Background:
    Given a day on which
      """
      scenario: a-day
      title: A strangle
      day: 2026-11-23
      underlyings:
        NIFTY: {lot: 65, freeze: 1800, close: 24000}
      contracts:
        NIFTY 24200 CE 01DEC: {close: 110, prices: "09:15 110, 10:00 110 → 10:30 170, 11:00 230"}
        NIFTY 23800 PE 01DEC: {close: 95}
      accounts:
        A:
          cash: 1500000
          positions:
            - short 130 NIFTY 24200 CE 01DEC NRML
            - short 130 NIFTY 23800 PE 01DEC NRML at 100
          orders:
            - buy 130 NIFTY 24200 CE 01DEC NRML stop 160 limit 165 tag SL1
        B: {cash: 500000}
      """

  Scenario: a day begins with what was carried and what works
    When it is 09:20
    Then A holds NIFTY26D0124200CE -130, NIFTY26D0123800PE -130
    And A has made 650
    And B holds nothing
    And the order SL1 of A is trigger pending

  Scenario: a ramp passes every price on its way, so a stop fills
    When it is 10:26
    Then the ledger tells of SL1: order, trigger, fill
    And A holds NIFTY26D0124200CE 0, NIFTY26D0123800PE -130

  Scenario: a step passes none, so a stop triggers and does not fill
    Given also
      """
      trader:
        - 10:40 A sell 130 NIFTY 24200 CE 01DEC NRML limit 165
        - 10:41 A buy 130 NIFTY 24200 CE 01DEC NRML stop 200 limit 205 tag SL2
      """
    When it is 11:30
    Then the ledger tells of SL2: order, trigger
    And the order SL2 of A is open

  Scenario: a trader orders, changes and cancels at the terminal
    Given also
      """
      trader:
        - 09:30 B buy 65 NIFTY 23800 PE 01DEC NRML limit 50 tag T1
        - 09:31 B change T1 limit 51
        - 09:32 B cancel T1
      """
    When it is 09:40
    Then the ledger tells of T1: order, modify, cancel
    And B holds nothing

  Scenario: fills come late and in parts where the day says so
    Given also
      """
      trader:
        - 09:30 B buy 2 lots NIFTY 23800 PE 01DEC NRML limit 100 tag T1
      fills:
        - {accounts: [B], share: 50%, delay: 5s, every: 20s}
      """
    When it is 09:30:02
    Then B holds nothing
    When it is 09:30:10
    Then B holds NIFTY26D0123800PE 65
    When it is 09:31
    Then B holds NIFTY26D0123800PE 130

  Scenario: whatever still works at the close is cancelled
    Given also
      """
      trader:
        - 09:30 B buy 65 NIFTY 23800 PE 01DEC NRML limit 50 tag T1
      """
    When it is 15:39
    Then the order T1 of B is open
    When it is 15:45
    Then the ledger tells of T1: order, cancel

  Scenario: time does not go back
    When it is 10:00
    And it is 09:30
    Then it is still 10:00
