# Why: a desk escalates. Each level is a rule of its own: its verdict, its confirmation, its latch, its decision.
# How it could pass vacuously: with one state for all three the second level would count the readings of the first.
Feature: Levels
  A ladder warns at 60 % of the limit, blocks at 80 % and squares off at the limit.

  Background:
    Given an account that has sold 500 SENSEX26NOV85000CE at 100
    And the desk value loss_limit is 10k
    And the policy
      """
      policy: loss-ladder
      mode: enforce
      levels:
        - name: warn
          when: loss >= 60% of loss_limit
          then:
            - notify: telegram
        - name: block
          when: loss >= 80% of loss_limit
          clear_when: loss <= 70% of loss_limit
          then:
            - block_entries:
                until: cleared
        - name: square-off
          when: loss >= loss_limit
          confirm: {samples: 2, at_least: 3s, max_gap: 10s}
          on_unknown: {alert: after 10s}
          once: per account per day
          then:
            - square_off: all
      """

  Scenario: Each level takes its own time and acts once
    When at 10:00:00 the loss is 6,500
    Then loss-ladder/warn is pending
    And loss-ladder/block is clear
    When at 10:00:02 the loss is 8,500
    Then loss-ladder/warn fires
    And loss-ladder/block is pending
    When at 10:00:04 the loss is 10,500
    Then loss-ladder/block fires
    And loss-ladder/square-off is pending
    When at 10:00:06 the loss is 10,500
    Then loss-ladder/square-off is pending
    When at 10:00:08 the loss is 10,500
    Then loss-ladder/square-off fires
    And loss-ladder/warn has acted once
    And loss-ladder/block has acted once
    And loss-ladder/square-off has acted once

  Scenario: The second line is the block's alone
    When at 10:00:00 the loss is 8,500
    And at 10:00:02 the loss is 8,500
    Then loss-ladder/block fires
    When at 10:00:04 the loss is 7,500
    Then loss-ladder/block fires
    And loss-ladder/warn fires
    When at 10:00:06 the loss is 6,900
    Then loss-ladder/block is clear
    And it has just cleared
    And loss-ladder/warn fires
    When at 10:00:08 the loss is 5,900
    Then loss-ladder/warn is clear

  Scenario: The latch is of one level
    When at 10:00:00 the loss is 10,500
    And that goes on until 10:00:04
    Then loss-ladder/square-off fires
    When at 10:01:00 the loss is 5,000
    Then loss-ladder/square-off is clear
    When at 10:02:00 the loss is 10,500
    And that goes on until 10:02:04
    Then loss-ladder/square-off is latched
    And loss-ladder/warn fires
    And it has acted twice

  Scenario: One level off, the others go on
    Given loss-ladder/warn is off
    When at 10:00:00 the loss is 8,500
    And that goes on until 10:00:02
    Then loss-ladder/warn gives no verdict
    And loss-ladder/block fires

  Scenario: A ladder that is renamed keeps its latches
    When at 10:00:00 the loss is 10,500
    And that goes on until 10:00:04
    Then loss-ladder/square-off fires
    Given the policy loss-ladder is renamed to ladder
    When at 10:01:00 nothing has changed
    Then ladder/square-off fires
    And ladder/square-off has acted never
    When at 10:01:02 the loss is 5,000
    And at 10:01:04 the loss is 10,500
    And that goes on until 10:01:08
    Then ladder/square-off is latched
