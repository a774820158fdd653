Feature: Logged in, expired, refused, logged out
  An expired session is mended by one login and the call is repeated. A refused login is not tried for ever. After a
  logout nothing is sent and nothing logs in again, whoever asks.

  Background:
    Given the market
      | contract | bid    | ask    | last   |
      | 24000 CE | 101.45 | 101.55 | 101.50 |
    And the account A with 10,00,000 of cash

  @mandatory @capability:login
  Scenario: A login opens the session
    When A logs in
    Then the session of A is OPEN
    And the ledger tells 1 login of A

  @mandatory @capability:login
  Scenario: The session expires before a read
    Given A is logged in
    And the session of A has expired at the broker
    When A is read
    Then A has no positions
    And A has no orders
    And the session of A is OPEN
    And the ledger tells 2 logins of A

  @mandatory
  Scenario: The session expires before an order, which is sent again because it was surely not taken
    Given A is logged in
    And the session of A has expired at the broker
    When A buys 65 of 24000 CE at 101.55, as R1
    And 5 seconds pass
    And A is read
    Then the order R1 is FILLED, 65 of 65, at 101.55
    And the ledger tells 1 order and 2 logins of A

  @mandatory
  Scenario: Many calls meet an expired session at once
    Given A is logged in
    And the session of A has expired at the broker
    When A is read 5 times at once
    Then every part of each reading is there
    And the ledger tells 2 logins of A

  @mandatory @capability:login
  Scenario: A login with a wrong secret is refused, and not tried for ever
    Given the secret of A is wrong
    When A logs in 8 times
    Then each is refused as a login
    And the session of A is REFUSED
    And the ledger tells at most 3 refused logins of A

  @mandatory
  Scenario: Nobody answers a login
    Given nobody answers A
    When A logs in
    Then nobody answers
    And the session of A is not OPEN
    When A is answered again
    And 60 seconds pass
    And A logs in
    Then the session of A is OPEN

  @mandatory
  Scenario: An account that was never logged in logs in when it is first asked
    When A is read
    Then A has no positions
    And the session of A is OPEN
    And the ledger tells 1 login of A

  @mandatory
  Scenario: After a logout nothing is sent, whatever is asked
    Given A is logged in
    When A buys 65 of 24000 CE at 101.40, as R1
    And 5 seconds pass
    And A logs out
    Then the session of A is LOGGED_OUT
    When from here on the ledger is watched
    And A is read
    Then every part of A is missing
    When A buys 65 of 24000 CE at 101.55, as R2
    Then it is refused, for A has logged out
    When A cancels R1
    Then it is refused, for A has logged out
    When A logs in
    Then it is refused, for A has logged out
    When 60 seconds pass
    And A logs out
    Then the session of A is LOGGED_OUT
    And the ledger tells no call and no login of A since it is watched
    And the ledger tells 1 login of A

  @capability:tag_lookup
  Scenario: After a logout no tag is looked up
    Given A is logged in
    When A logs out
    And from here on the ledger is watched
    And A looks up the tag R1
    Then it is refused, for A has logged out
    And the ledger tells no call and no login of A since it is watched

  @mandatory
  Scenario: What waits for its turn is not sent after a logout
    Given A is logged in
    When A is read 20 times at once and logs out meanwhile
    Then the session of A is LOGGED_OUT
    And A was asked for positions
    And the ledger tells no call and no login of A since it is watched

  @mandatory
  Scenario: A logout while the session is expired does not log in to log out
    Given A is logged in
    And the session of A has expired at the broker
    When from here on the ledger is watched
    And A logs out
    Then the session of A is LOGGED_OUT
    And the ledger tells no login of A since it is watched
    And the ledger tells 1 login of A

  @capability:logout_call
  Scenario: The broker is told of the logout
    Given A is logged in
    When A logs out
    Then the ledger tells 1 logout call of A

  @mandatory
  Scenario: Giving connections back does not end the session
    Given A is logged in
    When A gives its connections back
    Then the session of A is OPEN
    And the ledger tells 1 login and no logout call of A
