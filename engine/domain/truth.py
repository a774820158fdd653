"""Kleene's three truth values and their connectives; nothing here knows why something is unknown."""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """The result of a condition. UNKNOWN is neither true nor false and never becomes either by itself."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        # Two-valued use of a three-valued result is the one mistake this type exists to prevent.
        raise TypeError("a Truth is not a bool; compare it with Truth.TRUE, Truth.FALSE or Truth.UNKNOWN")

    @staticmethod
    def of(value: bool) -> "Truth":
        """Return TRUE or FALSE for a known bool."""
        return Truth.TRUE if value else Truth.FALSE


def negate(operand: Truth) -> Truth:
    """Return `not operand`; `not unknown` is unknown."""
    if operand is Truth.UNKNOWN:
        return Truth.UNKNOWN
    return Truth.FALSE if operand is Truth.TRUE else Truth.TRUE


def conjunction(operands: Iterable[Truth]) -> Truth:
    """Return `and` over all operands: one FALSE decides; no operand at all is TRUE."""
    result = Truth.TRUE
    for operand in operands:
        if operand is Truth.FALSE:
            return Truth.FALSE
        if operand is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result


def disjunction(operands: Iterable[Truth]) -> Truth:
    """Return `or` over all operands: one TRUE decides; no operand at all is FALSE."""
    result = Truth.FALSE
    for operand in operands:
        if operand is Truth.TRUE:
            return Truth.TRUE
        if operand is Truth.UNKNOWN:
            result = Truth.UNKNOWN
    return result
