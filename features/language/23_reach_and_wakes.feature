# Why: one wrong value on the desk may make a policy act on every account at once; how many is too many is the desk's to
# say, in a number that cannot be misread.
# How it could pass vacuously: if the keys were read and forgotten. `explain` and the dry run show them too.
Feature: 23 How far a policy reaches, and what wakes it

  Scenario Outline: `<key>` is accepted
    Given a policy with all that an exit needs and
      """
      <key>
      """
    And a policy that does `square_off: all` and says
      """
      confirm: at once
      on_unknown: wait
      once: per account per day
      <key>
      """
    Then it is accepted
    And there is no warning

    Examples:
      | key                                     |
      | blast_radius: {accounts: 5}             |
      | blast_radius: {accounts: 25%}           |
      | blast_radius: {accounts: 12.5 %}        |
      | blast_radius: {accounts: 2, within: 1m} |
      | on: order                               |
      | on: [order, tick]                       |
      | on: [bar, schedule]                     |

  Scenario Outline: `<key>` is refused
    Given a policy with
      """
      <key>
      """
    Then it is refused as <code> at `<spot>`

    Examples:
      | key                                       | code         | spot         |
      | blast_radius: 5                           | wrong-shape  | 5            |
      | blast_radius: {}                          | missing-key  | blast_radius |
      | blast_radius: {accounts: 0}               | wrong-value  | 0            |
      | blast_radius: {accounts: 0%}              | wrong-value  | 0%           |
      | blast_radius: {accounts: 101%}            | wrong-value  | 101%         |
      | blast_radius: {accounts: 2.5}             | wrong-value  | 2.5          |
      | blast_radius: {accounts: all}             | wrong-value  | all          |
      | blast_radius: {within: 5m}                | missing-key  | blast_radius |
      | blast_radius: {accounts: 5, within: 0s}   | wrong-value  | 0s           |
      | blast_radius: {accounts: 5, within: 25h}  | wrong-value  | 25h          |
      | blast_radius: {accounts: 5, within: 5}    | wrong-value  | 5            |
      | blast_radius: {acounts: 5}                | unknown-key  | acounts      |
      | blast_radius: {accounts: 5, orders: 9}    | unknown-key  | orders       |
      | on: orders                                | not-a-choice | orders       |
      | on: [order, ticks]                        | not-a-choice | ticks        |
      | on: [order, order]                        | wrong-value  | order        |
      | on: []                                    | empty-block  | on           |
      | on: {order: yes}                          | wrong-shape  | on           |

  Scenario: A radius round nothing that is counted
    Given a policy with
      """
      blast_radius: {accounts: 5}
      """
    Then it is accepted
    And there is a warning idle-blast-radius
