"""Chance that repeats itself: numbers drawn from a seed and the name of what they are for, in any order."""

from datetime import timedelta
from hashlib import sha256

from engine.sim.exchange.setup import Span


def drawn(seed: int, name: str, most: int) -> int:
    """Return a whole number from 0 to `most`, the same for the same seed and name."""
    digest = sha256(f"{seed}/{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % (most + 1)


def duration(seed: int, name: str, span: Span) -> timedelta:
    """Return how long something takes this time, in whole milliseconds."""
    return timedelta(milliseconds=span.least + drawn(seed, name, span.most - span.least))
