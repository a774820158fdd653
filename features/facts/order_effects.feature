# Why: "an entry" is not what an order is but what it does to the book; a policy that stops entries must not stop a
# hedge, and one that watches over hedges must see the order that would take one away.
Feature: What a working order would do to the book, and who sent it
  The rest of the order is weighed against the positions held now. `opens` is the worst, then `uncovers`, `covers`,
  `closes`; an order that would do several things is called by the worst of them.

  Background:
    Given the account holds
      | symbol            | sold     | bought  | last |
      | NIFTY26N2424000CE | 75 @ 100 |         | 100  |
      | NIFTY26N2424500CE |          | 75 @ 30 | 30   |
      | NIFTY26N2423500PE | 75 @ 90  |         | 90   |

  Scenario Outline: <what>
    Given the orders of the day are also
      | id | side   | type   | symbol   | quantity | status  | placed   | updated  |
      | O1 | <side> | <type> | <symbol> | <units>  | resting | 09:30:00 | 09:30:00 |
    When at 10:00:00 the account is read
    Then the order O1 has
      | effect | <effect> |

    Examples:
      | what                                           | side | type  | symbol            | units | effect   |
      | A sale of a contract not held                  | sell | limit | NIFTY26N2424200CE | 75    | opens    |
      | More of a short                                | sell | limit | NIFTY26N2424000CE | 75    | opens    |
      | A purchase where no short is naked             | buy  | limit | NIFTY26N2425000CE | 75    | opens    |
      | A put bought below a naked put                 | buy  | limit | NIFTY26N2423000PE | 75    | covers   |
      | A put bought for more than is naked            | buy  | limit | NIFTY26N2423000PE | 150   | opens    |
      | A call bought for a naked put                  | buy  | limit | NIFTY26N2425500CE | 75    | opens    |
      | The stop of a short                            | buy  | stop  | NIFTY26N2424000CE | 75    | closes   |
      | A purchase of twice the short                  | buy  | limit | NIFTY26N2424000CE | 150   | opens    |
      | The bought call that covers is sold            | sell | limit | NIFTY26N2424500CE | 75    | uncovers |
      | Twice the bought call that covers              | sell | limit | NIFTY26N2424500CE | 150   | opens    |

  Scenario: A bought call that covers nothing may go
    Given the account holds
      | symbol            | bought  | last |
      | NIFTY26N2424800CE | 75 @ 20 | 20   |
    And the orders of the day are also
      | id | side | type  | symbol            | quantity | status  | placed   | updated  |
      | O1 | sell | limit | NIFTY26N2424800CE | 75       | resting | 09:30:00 | 09:30:00 |
      | O2 | sell | limit | NIFTY26N2424500CE | 75       | resting | 09:31:00 | 09:31:00 |
    When at 10:00:00 the account is read
    Then the order O1 has
      | effect | closes |
    And the order O2 has
      | effect | uncovers |

  Scenario: Of a target and a stop for one short the stop counts first, whichever is older
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | status                  | trigger | placed   | updated  |
      | L1 | buy  | limit | NIFTY26N2424000CE | 75       | resting                 |         | 09:30:00 | 09:30:00 |
      | S1 | buy  | stop  | NIFTY26N2424000CE | 75       | waiting for its trigger | 150     | 09:31:00 | 09:31:00 |
    When at 10:00:00 the account is read
    Then the order S1 has
      | effect | closes |
    And the order L1 has
      | effect | opens |

  Scenario: The two exits of one bracket order count once
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | status                  | trigger | variety | parent_id | placed   | updated  |
      | L1 | buy  | limit | NIFTY26N2424000CE | 75       | resting                 |         | bo      | B1        | 09:30:00 | 09:30:00 |
      | S1 | buy  | stop  | NIFTY26N2424000CE | 75       | waiting for its trigger | 150     | bo      | B1        | 09:30:00 | 09:30:00 |
    When at 10:00:00 the account is read
    Then the order S1 has
      | effect | closes |
    And the order L1 has
      | effect | closes |

  Scenario: An order that is done does nothing any more
    When at 10:00:00 the account is read
    Then the order E1 has
      | effect | nothing |

  Scenario: An order in an unheard-of state may work or not, and the one behind it is not known either
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | status     | status_text | placed   | updated  |
      | U1 | buy  | limit | NIFTY26N2424000CE | 75       | unheard-of | on hold     | 09:30:00 | 09:30:00 |
      | O1 | buy  | limit | NIFTY26N2424000CE | 75       | resting    |             | 09:31:00 | 09:31:00 |
      | O2 | sell | limit | NIFTY26N2424000CE | 75       | resting    |             | 09:32:00 | 09:32:00 |
    When at 10:00:00 the account is read
    Then the order U1 has
      | effect | unknown (status of order U1 is not known (on hold)) |
    And the order O1 has
      | effect | unknown (status of order U1 is not known (on hold)) |
    And the order O2 has
      | effect | opens |

  Scenario: What an order does to unread positions is not known
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | status  | placed   | updated  |
      | O1 | sell | limit | NIFTY26N2424200CE | 75       | resting | 09:30:00 | 09:30:00 |
    When at 10:00:00 the positions cannot be read
    Then the order O1 has
      | effect | unknown (positions not read: the call timed out) |
    And the order E1 has
      | effect | nothing |

  Scenario Outline: Sent by <who>
    Given the orders of the day are also
      | id | side | type  | symbol            | quantity | status  | tag   | source   | placed   | updated  |
      | O1 | sell | limit | NIFTY26N2424200CE | 75       | resting | <tag> | <source> | 09:30:00 | 09:30:00 |
    When at 10:00:00 the account is read
    Then the order O1 has
      | source | <shown> |

    Examples:
      | who                       | tag              | source   | shown                                                 |
      | us                        | RABCDEFGH234567A | algo     | us                                                    |
      | another program           | strangle9        | algo     | algo                                                  |
      | a person                  |                  | terminal | terminal                                              |
      | the broker's own desk     |                  | broker   | broker                                                |
      | somebody                  | strangle9        |          | unknown (the book does not tell who placed order O1)  |

  Scenario: A policy that sees an entry after its loss
    Given the policy
      """
      policy: entry-in-loss
      mode: enforce
      when: loss >= 1k and any(o.effect in [opens, uncovers] for o in orders)
      confirm: at once
      then: [notify: telegram]
      because: "an entry works at a loss of {loss}"
      """
    And the orders of the day are also
      | id | side | type  | symbol            | quantity | status  | placed   | updated  |
      | O1 | sell | limit | NIFTY26N2424200CE | 75       | resting | 09:30:00 | 09:30:00 |
    When at 10:00:00 the loss is 1,500
    Then entry-in-loss fires
