# Why: the reason is read by a person at the worst moment; it must tell the numbers, and can never change a verdict.
# How it could pass vacuously: a reason that is never rendered cannot fail. So every scenario compares the whole text,
# and the verdict beside it is one that could have been lost.
Feature: 10 The reason of a rule

  Background:
    Given the desk's values
      """
      loss_limit: 10k
      """

  Scenario: Facts, values and rows with their units
    Given a rule that says `Loss {loss} of {loss_limit}, {open_positions} open, half is {50% of loss_limit}` because `loss >= loss_limit`
    When the rule is read with
      """
      positions:
        - {symbol: NIFTY26NOV24000CE, sold: [[750, 100]], last_price: 120}
      orders: []
      """
    Then the verdict is fires
    And the reason reads `Loss 15,000.00 INR of 10,000.00 INR, 1 open, half is 5,000.00 INR`

  Scenario: Braces of its own
    Given a rule that says `{{loss}} is {loss}` because `loss >= loss_limit`
    When the rule is read with
      """
      positions:
        - {symbol: NIFTY26NOV24000CE, sold: [[750, 100]], last_price: 120}
      """
    Then the verdict is fires
    And the reason reads `{loss} is 15,000.00 INR`

  Scenario Outline: What cannot be told reads unknown, and the rule fires all the same: <hole>
    Given a rule that says `Lost {loss}, but {<hole>}` because `loss >= loss_limit`
    When the rule is read with
      """
      positions:
        - {symbol: NIFTY26NOV24000CE, sold: [[750, 100]], last_price: 120}
      """
    Then the verdict is fires
    And the reason reads `Lost 15,000.00 INR, but unknown`

    Examples:
      | hole                            |
      | capital                         |
      | stop_loss.order_id              |
      | loss / 0                        |
      | loss / (capital - capital)      |
      | min(o.price for o in orders)    |
      | age(capital)                    |
      | since(locked_at)                |
      | 2% of capital                   |

  Scenario: A quotient of any length
    Given a rule that says `{loss / 7}, {1 / 3}, {100_000_000_000_000_000_000_000_000_000 / 7}` because `loss >= loss_limit`
    When the rule is read with
      """
      positions:
        - {symbol: NIFTY26NOV24000CE, sold: [[750, 100]], last_price: 120}
      """
    Then the verdict is fires
    And the reason reads `2,142.86 INR, 0.333333, 14285714285714285714285714285.71429`

  Scenario: The reason does not fire a rule that is clear
    Given a rule that says `Loss {loss}` because `loss >= loss_limit`
    When the rule is read with
      """
      positions:
        - {symbol: NIFTY26NOV24000CE, sold: [[750, 100]], last_price: 90}
      """
    Then the verdict is clear
