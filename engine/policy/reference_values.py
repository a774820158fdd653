"""Uncertain numbers and answers as the second reading has them: two ends that may be infinite, and maybe."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from engine.domain.numbers import CONTEXT
from engine.domain.values import Unknown, Value

INFINITY = Decimal("Infinity")
BELOW = Decimal("-Infinity")
SCALE = Decimal("0.01")


@dataclass(frozen=True)
class Range:
    """A number between two ends, inclusive; `percent` marks a share. options: the only numbers it may be, if told."""

    low: Decimal
    high: Decimal
    percent: bool = False
    options: frozenset[Decimal] = frozenset()


class _Maybe:
    """Neither yes nor no."""


MAYBE = _Maybe()


def inward(value: Value, percent: bool = False) -> Any:
    """Return a value as this reading has it."""
    if isinstance(value, Unknown):
        if value.low is None and value.high is None:
            return MAYBE
        low = BELOW if value.low is None else value.low
        return Range(low, INFINITY if value.high is None else value.high, percent)
    if isinstance(value, Decimal):
        return exactly(value, percent)
    return value.value if isinstance(value, Enum) else value


def outward(value: Any) -> Value:
    """Return what this reading found as everybody has it; Unknown with the cause "reference"."""
    if isinstance(value, Range):
        if value.low == value.high:
            return value.low
        low = None if value.low == BELOW else value.low
        return Unknown(("reference",), low, None if value.high == INFINITY else value.high)
    if vague(value):
        return Unknown(("reference",))
    known: Value = value
    return known


def one_of(values: list[Any]) -> Any:
    """Return the number that is one of some values."""
    pairs = [as_range(value) for value in values]
    known = frozenset(pair.low for pair in pairs) if all(pair.low == pair.high for pair in pairs) else frozenset()
    return Range(min(pair.low for pair in pairs), max(pair.high for pair in pairs), pairs[0].percent, known)


def exactly(number: Decimal, percent: bool = False) -> Range:
    """Return a number that is known."""
    return Range(number, number, percent)


def as_range(value: Any) -> Range:
    """Return a number; of what is none, anything may be."""
    return value if isinstance(value, Range) else Range(BELOW, INFINITY)


def vague(value: Any) -> bool:
    """Return whether something is neither yes nor no."""
    return isinstance(value, _Maybe)


def nothing_known(name: str) -> Any:
    """Return what a run over rows comes to when nothing is known of them."""
    return MAYBE if name in ("any", "all") else Range(BELOW, INFINITY)


def add(left: Decimal, right: Decimal) -> Decimal:
    """Return left + right."""
    return CONTEXT.add(left, right)


def times(left: Decimal, right: Decimal) -> Decimal:
    """Return left × right."""
    try:
        return CONTEXT.multiply(left, right)
    except InvalidOperation:  # zero times infinity: an unbounded price is still a finite number
        return Decimal(0)


def quotient(left: Range, right: Range) -> Range:
    """Return left ÷ right; anything where the divisor may be zero."""
    if right.low <= 0 <= right.high:
        return Range(BELOW, INFINITY)
    if left.low == left.high and right.low == right.high:
        return exactly(CONTEXT.divide(left.low, right.low), left.percent and not right.percent)
    ends = [_over(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Range(min(ends), max(ends), left.percent and not right.percent)


def _over(left: Decimal, right: Decimal) -> Decimal:
    # A quotient of two infinite ends may be anything between zero and infinity; its other corners say how far.
    return Decimal(0) if right.is_infinite() else CONTEXT.divide(left, right)


def compared(operator: ast.cmpop, left: Any, right: Any) -> Any:
    """Return what a comparison says: True, False or MAYBE."""
    if isinstance(operator, ast.In | ast.NotIn):
        answers = [compared(ast.Eq(), left, option) for option in right]
        found = True if True in answers else MAYBE if any(vague(answer) for answer in answers) else False
        return found if isinstance(operator, ast.In) or vague(found) else not found
    if isinstance(left, Range) or isinstance(right, Range):
        return _compared_ranges(operator, as_range(left), as_range(right))
    if vague(left) or vague(right):
        return MAYBE
    return _PLAIN[type(operator)](left, right)


def _compared_ranges(operator: ast.cmpop, left: Range, right: Range) -> Any:
    # The relation holds for sure when it holds at its worst corner, fails for sure when it fails at its best.
    if isinstance(operator, ast.Eq | ast.NotEq):
        if left.low == left.high == right.low == right.high:
            return isinstance(operator, ast.Eq)
        apart = left.high < right.low or right.high < left.low or _apart(left, right) or _apart(right, left)
        return isinstance(operator, ast.NotEq) if apart else MAYBE
    holds = _PLAIN[type(operator)]
    upward = isinstance(operator, ast.Gt | ast.GtE)
    worst = holds(left.low, right.high) if upward else holds(left.high, right.low)
    best = holds(left.high, right.low) if upward else holds(left.low, right.high)
    infinite = any(end.is_infinite() for end in (left.low, left.high, right.low, right.high))
    if infinite and left == right == Range(BELOW, INFINITY):
        return MAYBE
    return True if worst else MAYBE if best else False


def _apart(left: Range, right: Range) -> bool:
    told = right.options or None
    return bool(left.options) and not any(
        right.low <= one <= right.high and (told is None or one in told) for one in left.options
    )


def passed(start: datetime, end: datetime) -> Decimal:
    """Return seconds from an instant to another, none when it is not before it."""
    # In whole microseconds, which the evaluator does not do.
    return max(Decimal(0), CONTEXT.divide(Decimal((end - start) // timedelta(microseconds=1)), 1_000_000))


def _any(pairs: list[tuple[Any, Any]]) -> Any:
    if any(kept is True and value is True for kept, value in pairs):
        return True
    return MAYBE if any(value is not False for _, value in pairs) else False


def _all(pairs: list[tuple[Any, Any]]) -> Any:
    if any(kept is True and value is False for kept, value in pairs):
        return False
    return True if all(value is True for _, value in pairs) else MAYBE


def _count(pairs: list[tuple[Any, Any]]) -> Any:
    sure = sum(kept is True and value is True for kept, value in pairs)
    possible = sum(value is not False for _, value in pairs)
    return Range(Decimal(sure), Decimal(possible))


def _sum(pairs: list[tuple[Any, Any]]) -> Any:
    low = high = Decimal(0)
    percent = False
    for kept, value in pairs:
        pair = as_range(value)
        percent = percent or pair.percent
        low = add(low, pair.low if kept is True else min(pair.low, Decimal(0)))
        high = add(high, pair.high if kept is True else max(pair.high, Decimal(0)))
    return Range(low, high, percent)


def _extreme(pick: Callable[..., Decimal]) -> Callable[[list[tuple[Any, Any]]], Any]:
    def run(pairs: list[tuple[Any, Any]]) -> Any:
        sure = [as_range(value) for kept, value in pairs if kept is True]
        every = [as_range(value) for _, value in pairs]
        if not sure:
            return Range(BELOW, INFINITY)
        lows = [pick(p.low for p in group) for group in (sure, every)]
        highs = [pick(p.high for p in group) for group in (sure, every)]
        return Range(min(lows), max(highs), any(pair.percent for pair in every))

    return run


OVER_ROWS: Mapping[str, Callable[[list[tuple[Any, Any]]], Any]] = {
    "any": _any,
    "all": _all,
    "count": _count,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
}
_PLAIN: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
