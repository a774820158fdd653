Feature: A dry run asks a desk's live accounts
  Without files a dry run logs in to the accounts of the desk, reads them, and says what the policies would do. It sends
  no order, whatever it finds; and what it could not read it calls unknown, never fine.

  On the simulated day of these scenarios it is four minutes past eleven. Account A has lost 13,949 INR and the
  stop-loss of its short call has filled; account B has lost less and none of its stops has filled.

  Background:
    Given Kotak Neo, simulated, with the accounts A and B of a desk
    And a policy that squares off when the loss is 10,000 INR at two readings and a stop-loss was hit

  Scenario: Every account is read, and on one reading nothing fires yet
    When a dry run asks the desk
    Then the policy says pending for A and clear for B
    And the exit code is 3
    And each account was logged in to once
    And no order was sent, changed or cancelled, and nobody logged out

  Scenario: At several readings it fires, and still nothing is sent
    When a dry run asks the desk at 3 readings
    Then the policy says fires for A and clear for B
    And no order was sent, changed or cancelled, and nobody logged out

  Scenario: One account of the desk is asked alone
    When a dry run asks the account B of the desk
    Then the policy says clear for B
    And the exit code is 0
    And nobody asked for account A

  Scenario: A session is taken up again by the next command
    Given a dry run has asked the desk
    When a dry run asks the desk
    Then the policy says pending for A and clear for B
    And each account was logged in to once

  Scenario: A session that the broker ended meanwhile is begun anew
    Given a dry run has asked the desk
    And the broker has ended all sessions
    And half a minute has passed
    When a dry run asks the desk
    Then the policy says pending for A and clear for B
    And each account was logged in to twice

  Scenario Outline: An account that cannot be reached is unknown; the other is judged as ever
    Given <trouble> for account A
    When a dry run asks the desk
    Then the policy says unknown for A and clear for B
    And the exit code is 4
    And the output says why: <words>

    Examples:
      | trouble                      | words                     |
      | the broker is out of order   | HTTP 503                  |
      | the MPIN in the environment is wrong | Invalid MPIN      |

  Scenario: Nobody is there at all
    Given nobody listens at the desk's address
    When a dry run asks the desk
    Then the policy says unknown for A and unknown for B
    And the exit code is 4

  Scenario: One book that cannot be read leaves open what needs it
    Given the broker answers rubbish for the order book of account A
    When a dry run asks the desk
    Then the policy says unknown for A and clear for B
    And the exit code is 4
    And the output says why: not read: orders

  Scenario: A secret that is not set is named, and nobody is asked
    Given the MPIN of account B is not set
    When a dry run asks the desk
    Then the exit code is 2
    And the complaint names REKHA_B_MPIN
    And nobody was asked anything

  Scenario: What an account holds now can be kept as a file
    When the snapshot of account A is written to a file
    And a dry run looks at that file
    Then the policy says pending for A

  Scenario: What Rekha sees of an account that is not reached is told with the cause
    Given the broker is out of order for account A
    When the facts of account A are asked for
    Then the exit code is 0
    And the output says why: not read: positions, orders, fills, funds, quotes:
    And the output says why: HTTP 503
