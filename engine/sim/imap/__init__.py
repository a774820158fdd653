"""A mail server for a simulated broker's letters: as much of IMAP4rev1 as a client needs to read and watch them."""
