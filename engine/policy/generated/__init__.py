"""The fast path: one generated function for a set of policies, which answers only while all it touches is known."""
