"""A made-up recorded day and the desk it is tried on; data only, played by `rekha demo`."""
