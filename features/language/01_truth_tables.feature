# Why: unknown is not false. One wrong cell of these tables is a kill switch that fires at once, or never.
# How it could pass vacuously: if a fact that was never given were unknown in every cell. So each cell gives every fact,
# and each table holds rows that are true, false and unknown.
Feature: 01 Truth tables
  Every connective has three values: true, false and unknown.

  Scenario Outline: <a> and <b>
    Given the fact stop_loss_hit is <a>
    And the fact broker_connected is <b>
    Then `stop_loss_hit and broker_connected` is <and>
    And `broker_connected and stop_loss_hit` is <and>

    Examples:
      | a       | b       | and     |
      | yes     | yes     | true    |
      | yes     | no      | false   |
      | yes     | unknown | unknown |
      | no      | yes     | false   |
      | no      | no      | false   |
      | no      | unknown | false   |
      | unknown | yes     | unknown |
      | unknown | no      | false   |
      | unknown | unknown | unknown |

  Scenario Outline: <a> or <b>
    Given the fact stop_loss_hit is <a>
    And the fact broker_connected is <b>
    Then `stop_loss_hit or broker_connected` is <or>
    And `broker_connected or stop_loss_hit` is <or>

    Examples:
      | a       | b       | or      |
      | yes     | yes     | true    |
      | yes     | no      | true    |
      | yes     | unknown | true    |
      | no      | yes     | true    |
      | no      | no      | false   |
      | no      | unknown | unknown |
      | unknown | yes     | true    |
      | unknown | no      | unknown |
      | unknown | unknown | unknown |

  Scenario Outline: not <a>
    Given the fact stop_loss_hit is <a>
    Then `not stop_loss_hit` is <not>
    And `not not stop_loss_hit` is <twice>

    Examples:
      | a       | not     | twice   |
      | yes     | false   | true    |
      | no      | true    | false   |
      | unknown | unknown | unknown |

  Scenario Outline: a block over <a>, <b>, <c>
    Given the rule's blocks stand over
      | stop_loss_hit | broker_connected | stop_file |
      | <a>           | <b>              | <c>       |
    Then the block all is <all>
    And the block any is <any>
    And the block none is <none>

    Examples:
      | a       | b       | c       | all     | any     | none    |
      | yes     | yes     | yes     | true    | true    | false   |
      | yes     | yes     | no      | false   | true    | false   |
      | yes     | yes     | unknown | unknown | true    | false   |
      | yes     | no      | unknown | false   | true    | false   |
      | yes     | unknown | unknown | unknown | true    | false   |
      | no      | no      | no      | false   | false   | true    |
      | no      | no      | unknown | false   | unknown | unknown |
      | no      | unknown | unknown | false   | unknown | unknown |
      | unknown | unknown | unknown | unknown | unknown | unknown |

  Scenario Outline: De Morgan holds for <a>, <b>
    Given the fact stop_loss_hit is <a>
    And the fact broker_connected is <b>
    Then `not (stop_loss_hit and broker_connected)` is <nand>
    And `not stop_loss_hit or not broker_connected` is <nand>
    And `not (stop_loss_hit or broker_connected)` is <nor>
    And `not stop_loss_hit and not broker_connected` is <nor>

    Examples:
      | a       | b       | nand    | nor     |
      | yes     | yes     | false   | false   |
      | yes     | unknown | unknown | false   |
      | no      | unknown | true    | unknown |
      | no      | no      | true    | true    |
      | unknown | unknown | unknown | unknown |
