"""Other rule engines for Python, each used the fastest way its own documentation shows."""
