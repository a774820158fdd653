Feature: margin-relief halves the sold option that binds the most margin before the broker does it

  Background:
    Given the shipped policy margin-relief, enforced
    And the account holds
      | symbol             | sold      | bought   | last | lot |
      | SENSEX26NOV85000CE | 500 @ 100 |          | 100  | 20  |
      | SENSEX26NOV82000PE | 1000 @ 90 |          | 90   | 20  |
      | SENSEX26NOV87000CE |           | 500 @ 10 | 10   | 20  |
    And the margin used is 900,000
    And the margin available is 100,000

  Scenario: Nine tenths for ten seconds
    When at 10:00:00 the account is read
    And at 10:00:06 nothing has changed
    Then margin-relief is pending
    When at 10:00:12 nothing has changed
    Then margin-relief fires
    And it says "90 % of the margin is used"
    And it has acted once

  Scenario: Just below
    Given the margin used is 899,900
    And the margin available is 100,100
    When at 10:00:00 the account is read
    And that goes on until 10:00:30
    Then margin-relief is clear

  Scenario: A moment between two orders of a spread
    When at 10:00:00 the account is read
    Given the margin used is 500,000
    And the margin available is 500,000
    When at 10:00:02 nothing has changed
    And that goes on until 10:00:30
    Then margin-relief is clear
    And it has acted never

  Scenario: It blocks until there is air again
    When at 10:00:00 the account is read
    And at 10:00:06 nothing has changed
    And at 10:00:12 nothing has changed
    Given the margin used is 810,000
    And the margin available is 190,000
    When at 10:01:00 nothing has changed
    Then margin-relief fires
    Given the margin used is 800,000
    And the margin available is 200,000
    When at 10:01:10 nothing has changed
    Then margin-relief is clear
    And it has just cleared

  Scenario: Three minutes later it is still too much
    When at 10:00:00 the account is read
    And that goes on until 10:02:00
    Then margin-relief is cooling
    When that goes on until 10:04:00
    Then it has acted twice

  Scenario: The funds cannot be read
    When at 10:00:00 the funds cannot be read
    And that goes on until 10:00:40
    Then margin-relief is unknown
    And it has alerted once, at 10:00:30
