"""A simulated exchange and the brokers' wire protocols over it, on loopback: for the demo, tests and drills."""
