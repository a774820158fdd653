# Why: a limit typed with the wrong sign is a kill switch that fires every morning on a flat book.
# How it could pass vacuously: the guard looks only at alternatives that speak of profit or loss. Each refused form here
# stands beside its accepted one, which differs in nothing but the sign or the way round.
Feature: 11 The sign guard
  On a flat book, with no profit and no loss, nothing that speaks of profit and loss may be true.

  Scenario Outline: <wrong> fires without a loss
    Then `<wrong>` is refused as fires-without-loss
    And `<right>` is accepted

    Examples:
      | wrong                                        | right                                     |
      | mtm <= loss_limit                            | mtm <= -loss_limit                        |
      | mtm <= 10k                                   | mtm <= -10k                               |
      | mtm >= -loss_limit                           | mtm >= loss_limit                         |
      | loss <= loss_limit                           | loss >= loss_limit                        |
      | drawdown <= 4k                               | drawdown >= 4k                            |
      | mtm < 1                                      | mtm < 0                                   |
      | mtm <= 0                                     | mtm < 0                                   |
      | mtm != 1                                     | mtm != 0                                  |
      | not loss >= loss_limit                       | not loss < loss_limit                     |
      | loss < 2% of capital                         | loss >= 2% of capital                     |
      | loss >= 5% of mtm                            | loss >= 5% of capital                     |
      | stop_loss_hit or mtm <= loss_limit           | stop_loss_hit or mtm <= -loss_limit       |
      | stop_loss_hit and mtm <= loss_limit          | stop_loss_hit and mtm <= -loss_limit      |
      | known(capital) and mtm <= loss_limit         | known(capital) and mtm <= -loss_limit     |
      | known(mtm) and mtm <= loss_limit             | known(mtm) and mtm <= -loss_limit         |
      | any(p.mtm <= 5k for p in positions)          | any(p.mtm <= -5k for p in positions)      |
      | any(p.loss <= 5k for p in positions)         | any(p.loss >= 5k for p in positions)      |
      | all(p.loss <= 5k for p in positions)         | all(p.loss >= 5k for p in positions)      |
      | sum(p.mtm for p in legs) <= 5k               | sum(p.mtm for p in legs) <= -5k           |
      | min(p.mtm for p in legs) <= 5k               | min(p.mtm for p in legs) <= -5k           |
      | count(p.loss <= 5k for p in positions) >= 1  | count(p.loss >= 5k for p in positions) >= 1 |

  Scenario: A row's loss in a rule about each position
    Given a rule about each position
    Then `position.loss <= 5k` is refused as fires-without-loss
    And `position.loss >= 5k` is accepted
    And `position.mtm <= 30% of position.entry_price` is refused as fires-without-loss

  Scenario: A negative desk value turns a right sentence round
    Given the desk's values
      """
      floor: -5k
      loss_limit: 10k
      """
    And a policy when
      """
      mtm >= floor
      """
    Then it is refused as fires-without-loss at `mtm >= floor`
    And the hint says `limits are positive: write 5k`

  Scenario: The alternative that is wrong is the one that is shown
    Given a policy when
      """
      any:
        - loss >= loss_limit
        - all:
            - open_positions > 0
            - mtm <= loss_limit
      """
    Then it is refused as fires-without-loss at `mtm <= loss_limit` in line 10
    And the hint says `loss >= loss_limit`

  Scenario: Each wrong alternative is one error
    Given a policy when
      """
      any:
        - mtm <= loss_limit
        - drawdown <= loss_limit
        - loss >= loss_limit
      """
    Then it is refused for
      | fires-without-loss | mtm <= loss_limit      |
      | fires-without-loss | drawdown <= loss_limit |

  Scenario: A block that says none
    Given a policy when
      """
      none:
        - loss >= loss_limit
      """
    Then it is refused as fires-without-loss

  Scenario: One sentence that is false on a flat book is enough for its alternative
    Given a policy when
      """
      all:
        - mtm <= loss_limit
        - loss >= 1k
      """
    Then it is accepted

  Scenario: What does not speak of profit and loss is not asked
    Given a policy when
      """
      any:
        - open_positions > 8
        - margin_used_pct < 10%
        - not broker_connected
      """
    Then it is accepted

  Scenario: A value that hides profit and loss behind a name
    Given the desk's values
      """
      result: 1 * mtm
      """
    And a policy when
      """
      result <= 10k
      """
    Then it is refused as fires-without-loss

  Scenario: All over no rows is true, which is a warning of its own
    Given a policy when
      """
      all(p.loss >= 1k for p in positions)
      """
    Then it is accepted
    And there is a warning all-over-no-rows

  Scenario: With a sentence that wants a row there is no warning
    Given a policy when
      """
      all:
        - open_positions > 0
        - all(p.loss >= 1k for p in positions)
      """
    Then it is accepted
    And there is no warning
