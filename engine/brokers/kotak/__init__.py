"""Kotak Neo Trade API, the v3 surface."""
