# Why: the second tier of the language is documented before it is built; "unknown fact" would send an author looking for
# a typing mistake that is not there.
# How it could pass vacuously: if every unknown word were answered so. The last scenario holds words that exist nowhere.
Feature: 08 Known, comes later

  Scenario Outline: <action>
    Given a policy that does `<action>` with all that an exit needs
    Then it is refused as comes-later at `<spot>`

    Examples:
      | action                    | spot        |
      | place_stop                | place_stop  |
      | buy_hedge: {lots: 1}      | buy_hedge   |
      | place_order: {side: BUY}  | place_order |
      | allow                     | allow       |
      | reject                    | reject      |

  Scenario Outline: What exists nowhere is unknown
    Then `<text>` is refused as <code>

    Examples:
      | text                                   | code             |
      | month_loss > 5k                        | unknown-fact     |
      | any(p.colour == red for p in positions) | unknown-field   |
      | any(x.loss > 5k for x in baskets)      | unknown-rows     |
      | median(mtm, 5m) > 5                    | unknown-function |
