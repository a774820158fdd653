"""
Kotak Neo's trading API on loopback, over the simulated exchange: what the broker would answer, byte for byte.

The market-data socket (SFeed) is not built: quotes are asked for.
"""
