"""The broker's web terminal: sign-in, account details and the kill switch, in plain HTML or painted on a canvas."""
