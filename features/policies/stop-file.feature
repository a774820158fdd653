Feature: stop-file halts the account without a console

  Background:
    Given the shipped policy stop-file, enforced
    And an account that has sold 500 SENSEX26NOV85000CE at 100

  Scenario: Somebody puts it there
    When at 10:00:00 the account is read
    Then stop-file is clear
    When at 10:00:02 the STOP file appears
    Then stop-file fires
    And it says "The STOP file is in place; 1 positions and 0 orders are open"
    And it would, in this order
      | block entries until rearmed by hand; orders from elsewhere are cancelled |
      | cancel working orders that open or uncover                               |
      | notify telegram, call                                                    |
    And it has acted once

  Scenario: It is gone again, and the block stays until somebody rearms
    When at 10:00:00 the STOP file appears
    And at 10:01:00 the STOP file is gone
    Then stop-file is clear

  Scenario: It stays there: what came since is cancelled five minutes later
    When at 10:00:00 the STOP file appears
    And that goes on until 10:04:00
    Then stop-file is cooling
    When that goes on until 10:06:00
    Then it has acted twice

  Scenario: Positions that cannot be read do not hold it up
    When at 10:00:00 the positions cannot be read
    And at 10:00:02 the STOP file appears
    Then stop-file fires
