Feature: The web terminal's kill switch
  A client signs in with mobile number, password and a one-time password, closes the risk disclosure, and disables
  segments for the day under account details. What the page says then is no proof: the state after a reload and the
  letter are. The same holds whether the page is plain HTML or painted on a canvas.

  Scenario: A confirmed segment is disabled
    Given the client is signed in
    When the client disables "Equity F&O"
    And confirms
    Then the page says "Kill Switch activated. A confirmation e-mail follows."
    And after a reload "Equity F&O" is Disabled
    And "Equity" is Active
    And the exchange holds BFO, NFO disabled
    And the last letter is "Kill Switch Activated"

  Scenario: A cancelled dialog changes nothing
    Given the client is signed in
    When the client disables "Equity F&O"
    And cancels
    Then after a reload "Equity F&O" is Active
    And the exchange holds nothing disabled
    And the last letter is "OTP to log in to Kotak Neo"

  Scenario: Without a chosen segment there is nothing to confirm
    Given the client is signed in
    When the client disables nothing
    Then the page says "Choose at least one segment."

  Scenario Outline: A page that says yes and switched nothing
    Given the client is signed in
    And the page says yes and switches nothing, <letter> a letter
    When the client disables "Equity F&O"
    And confirms
    Then the page says "Kill Switch activated. A confirmation e-mail follows."
    And "Equity F&O" is Disabled
    And after a reload "Equity F&O" is Active
    And the exchange holds nothing disabled
    And the last letter is "<last>"

    Examples:
      | letter  | last                       |
      | without | OTP to log in to Kotak Neo |
      | with    | Kill Switch Activated      |

  Scenario: The one-time password comes as a text message
    Given a client whose one-time passwords come by SMS
    When the client signs in
    Then the client stands before the dashboard
    And 1 text message and no letter came

  Scenario: A wrong one-time password is refused three times, then for half an hour
    When the client gives mobile number and password
    And gives the one-time password 000000
    Then the page says "Invalid OTP. 2 attempts left."
    When the client gives the one-time password 000000
    Then the page says "Invalid OTP. 1 attempt left."
    When the client gives the one-time password 000000
    Then the page says "Too many wrong attempts. Try again after 30 minutes."
    When the client gives mobile number and password
    Then the page says "Too many wrong attempts. Try again after 30 minutes."
    When 30 minutes go by
    And the client signs in
    Then the client stands before the dashboard
    And the ledger tells of the web sign-ins: ok, wrong, wrong, wrong, locked out, ok, ok

  Scenario: A late one-time password is refused, and a new one comes
    When the client gives mobile number and password
    Then the client is asked for a one-time password
    When 3 minutes go by
    And the client gives the one-time password sent
    Then the page says "This OTP has expired. Request a new one."
    When the client asks for another one-time password
    Then the page says "A new OTP is on its way."
    When the client gives the one-time password sent
    Then the client stands before the risk disclosure

  Scenario: A wrong password
    When the client gives the mobile number and the password "battery staple"
    Then the page says "Incorrect password. 2 attempts left."

  Scenario: A mobile number nobody has
    When the client gives the mobile number "9000000000"
    Then the page says "This mobile number is not registered."

  Scenario: A session that expires on the way leads back to the sign-in
    Given the client is signed in
    When the client disables "Equity F&O"
    And the session expires
    And the client confirms
    Then the page says "Your session has expired. Sign in again."
    And the client stands before the sign-in
    And the exchange holds nothing disabled

  Scenario: A session lasts half a day
    Given the client is signed in
    When 12 hours go by
    And the page is loaded again
    Then the client stands before the sign-in

  Scenario: Signing out ends the session
    Given the client is signed in
    When the client signs out
    And the page is loaded again
    Then the client stands before the sign-in

  Scenario: A sign-in may end the API session
    Given a sign-in at the web terminal ends the API session
    When the client signs in
    Then the API session is ended once
