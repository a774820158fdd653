"""Brokers: each folder turns one broker's replies into domain rows; the folders are strangers to each other."""
