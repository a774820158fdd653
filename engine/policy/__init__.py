"""The language: from YAML text to a checked, typed, frozen program; nothing here runs a rule over time."""
