"""The engine proper: evaluates a program on one account's readings, purely; decides, never does."""
