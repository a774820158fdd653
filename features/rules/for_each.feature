Feature: A rule for each position
  With `for_each: position` every position has its own verdict, its own confirmation and its own latch.

  Background:
    Given the account holds
      | symbol             | sold      | bought   | last |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  |
      | SENSEX26NOV82000PE | 500 @ 90  |          | 90   |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   |
    And the policy
      """
      policy: leg-stop
      for_each: position
      where: position.is_short and position.is_option
      when: position.last_price >= 130% of position.entry_price
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per position per day
      then: [{exit_position: this}]
      because: "{position.symbol} at {position.last_price}, sold at {position.entry_price}"
      """

  Scenario: One leg runs, the other does not, and the bought one is not asked
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    Then leg-stop is pending for SENSEX26NOV85000CE
    And leg-stop is clear for SENSEX26NOV82000PE
    And leg-stop says nothing of SENSEX26NOV87000CE
    When at 10:00:04 nothing has changed
    Then leg-stop fires for SENSEX26NOV85000CE
    And leg-stop is clear for SENSEX26NOV82000PE
    And it has acted once

  Scenario: Each leg is confirmed by its own readings
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:02 SENSEX26NOV82000PE trades at 120
    And at 10:00:04 nothing has changed
    Then leg-stop fires for SENSEX26NOV85000CE
    And leg-stop is pending for SENSEX26NOV82000PE
    When at 10:00:06 nothing has changed
    Then leg-stop fires for SENSEX26NOV82000PE
    And it has acted twice
    And every decision so far has its own key

  Scenario: The latch of one leg does not hold another
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:04 nothing has changed
    And at 10:00:06 SENSEX26NOV85000CE trades at 100
    And at 10:00:08 SENSEX26NOV85000CE trades at 140
    And at 10:00:10 SENSEX26NOV82000PE trades at 130
    And at 10:00:14 nothing has changed
    Then leg-stop is latched for SENSEX26NOV85000CE
    And leg-stop fires for SENSEX26NOV82000PE

  Scenario: Closed and sold again on the same day is a new position
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:04 nothing has changed
    Then leg-stop fires for SENSEX26NOV85000CE
    When at 10:01:00 the trader buys 500 SENSEX26NOV85000CE at 131
    Then leg-stop says nothing of SENSEX26NOV85000CE
    When at 10:05:00 the trader sells 500 SENSEX26NOV85000CE at 140
    And at 10:05:02 SENSEX26NOV85000CE trades at 181.95
    Then leg-stop is clear for SENSEX26NOV85000CE:NRML:2
    When at 10:05:04 SENSEX26NOV85000CE trades at 182
    And at 10:05:08 nothing has changed
    Then leg-stop fires for SENSEX26NOV85000CE:NRML:2
    And it has acted twice
    And every decision so far has its own key

  Scenario: Part of it bought back is still the same position
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:04 nothing has changed
    And at 10:01:00 the trader buys 200 SENSEX26NOV85000CE at 131
    And at 10:02:00 SENSEX26NOV85000CE trades at 100
    And at 10:03:00 SENSEX26NOV85000CE trades at 140
    And at 10:03:04 nothing has changed
    Then leg-stop is latched for SENSEX26NOV85000CE:NRML:1
    And it has acted once

  Scenario: While the positions cannot be read no leg forgets what it was about to do
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:02 the positions cannot be read
    And at 10:00:04 the positions can be read again
    Then leg-stop fires for SENSEX26NOV85000CE
    And it has acted once

  Scenario: A leg that fires goes on firing while the positions cannot be read, and does not act again
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:04 nothing has changed
    And at 10:00:06 the positions cannot be read
    Then leg-stop fires for SENSEX26NOV85000CE
    When at 10:00:08 the positions can be read again
    Then leg-stop fires for SENSEX26NOV85000CE
    And it has acted once

  Scenario: Positions that stay unread are told once for the whole rule
    When at 10:00:00 nothing has changed
    And at 10:00:02 the positions cannot be read
    And that goes on until 10:00:20
    Then it has alerted once, at 10:00:12

  Scenario: A flat account is clear, and the rule says that it had nothing to look at
    Given the account is flat
    And the policy
      """
      policy: any-leg
      for_each: position
      where: position.is_short
      when: position.loss >= 5k
      """
    When at 10:00:00 the account is read
    Then any-leg is clear
    And the note is "no positions"

  Scenario: The next trading day begins with a clean latch for what is carried
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    And at 10:00:04 nothing has changed
    Then leg-stop fires for SENSEX26NOV85000CE
    Given a new day, Thursday, 2026-11-19, begins with what is still open
    And the policy
      """
      policy: leg-stop
      for_each: position
      where: position.is_short and position.is_option
      when: position.last_price >= 130% of position.day_base_price
      confirm: {samples: 2, at_least: 3s, max_gap: 10s}
      on_unknown: {alert: after 10s}
      once: per position per day
      then: [{exit_position: this}]
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 169
    And at 10:00:04 nothing has changed
    Then leg-stop fires for SENSEX26NOV85000CE
    And it has acted twice

  Scenario: A leg that `where` leaves out and takes in again has another episode, with another key
    Given the policy
      """
      policy: no-stop
      for_each: position
      where: position.unprotected_quantity > 0
      when: position.last_price >= 110
      confirm: at once
      """
    When at 10:00:00 SENSEX26NOV85000CE trades at 115
    Then no-stop fires for SENSEX26NOV85000CE
    When at 10:00:10 a stop order S1 to buy 500 SENSEX26NOV85000CE is placed
    Then no-stop says nothing of SENSEX26NOV85000CE
    When at 10:00:20 order S1 is cancelled
    Then no-stop fires for SENSEX26NOV85000CE
    And it has acted twice
    And every decision so far has its own key

  Scenario: The same contract in two products is two positions
    Given the account holds
      | symbol             | product | sold      | last |
      | SENSEX26NOV85000CE | MIS     | 500 @ 100 | 100  |
    When at 10:00:00 SENSEX26NOV85000CE trades at 130
    Then leg-stop is pending for SENSEX26NOV85000CE:NRML
    And leg-stop is clear for SENSEX26NOV85000CE:MIS
