"""Measurements of the engine by itself; nothing here is shipped or imported by it."""
