"""
What a fact or an expression can be: a known value, or Unknown with its causes and the bounds still possible.

Interval arithmetic lives here; which operands may meet (money with money) is the type checker's business.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from operator import eq, ge, gt, le, lt, ne

from engine.domain.numbers import CONTEXT, ZERO, canonical
from engine.domain.truth import Truth

# Numbers of every unit are Decimal: money in account currency, percent in points, durations and times in seconds.
Known = Decimal | bool | str | date | datetime | Enum


@dataclass(frozen=True, slots=True)
class Unknown:
    """
    A value that is not known.

    causes: why, in words for a person, first cause first; never empty.
    low, high: closed bounds of a number that are still certain; None is unbounded. Both None for other types.
    options: every number it can still be, ascending, where they can be counted; `low` and `high` are their ends.
    """

    causes: tuple[str, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    options: tuple[Decimal, ...] = ()

    def __bool__(self) -> bool:
        # As with Truth: what is not known is neither yes nor no.
        raise TypeError(f"not known: {self.cause}")

    @property
    def is_open(self) -> bool:
        """Whether nothing at all is certain of it."""
        return self.low is None and self.high is None

    @property
    def cause(self) -> str:
        """All causes in one line."""
        return "; ".join(self.causes)


Value = Known | Unknown
Bounds = tuple[Decimal | None, Decimal | None]


def unknown(cause: str) -> Unknown:
    """Return an Unknown with one cause and no bounds."""
    return Unknown((cause,))


def merge_causes(values: Iterable[Value]) -> tuple[str, ...]:
    """Return the causes of all unknown values, each once, in order."""
    seen: dict[str, None] = {}
    for value in values:
        if isinstance(value, Unknown):
            seen.update(dict.fromkeys(value.causes))
    return tuple(seen)


def bounds(value: Value) -> Bounds:
    """Return (low, high) of a number; a known number is both its own bounds."""
    if isinstance(value, Unknown):
        return value.low, value.high
    if isinstance(value, Decimal):
        return value, value
    raise TypeError(f"not a number: {value!r}")


def interval(low: Decimal | None, high: Decimal | None, causes: tuple[str, ...]) -> Value:
    """Return the number when both bounds meet, else an Unknown that carries them."""
    if low is not None and low == high:
        return low
    return Unknown(causes, low, high)


def one_of(values: Iterable[Value], causes: tuple[str, ...]) -> Value:
    """Return the number that is one of some values: itself when they are all the same, else Unknown with `causes`."""
    given = tuple(values)
    known = sorted({value for value in given if isinstance(value, Decimal)})
    if len(known) == 1 and not any(isinstance(value, Unknown) for value in given):
        return known[0]
    lows, highs = zip(*(bounds(value) for value in given), strict=True)
    low = None if None in lows else min(end for end in lows if end is not None)
    high = None if None in highs else max(end for end in highs if end is not None)
    inner = [value.options or None for value in given if isinstance(value, Unknown)]
    options = () if None in inner else sorted({*known, *(option for part in inner if part for option in part)})
    return Unknown(causes or merge_causes(given), low, high, tuple(options))


def add(left: Value, right: Value) -> Value:
    """Return left + right; an unbounded side stays unbounded."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.add(left, right)
    if isinstance(left, Unknown) and left.is_open and isinstance(right, Decimal):
        return left
    if isinstance(right, Unknown) and right.is_open and isinstance(left, Decimal):
        return right
    (a, b), (c, d) = bounds(left), bounds(right)
    low = None if a is None or c is None else CONTEXT.add(a, c)
    high = None if b is None or d is None else CONTEXT.add(b, d)
    return interval(low, high, merge_causes((left, right)))


def negative(operand: Value) -> Value:
    """Return −operand; bounds change places."""
    if isinstance(operand, Decimal):
        return CONTEXT.minus(operand)
    low, high = bounds(operand)
    return Unknown(
        merge_causes((operand,)),
        None if high is None else CONTEXT.minus(high),
        None if low is None else CONTEXT.minus(low),
    )


def subtract(left: Value, right: Value) -> Value:
    """Return left − right."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.subtract(left, right)
    return add(left, negative(right))


def multiply(left: Value, right: Value) -> Value:
    """Return left × right. A known zero times anything is zero, also times an unbounded unknown: prices are finite."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return CONTEXT.multiply(left, right)
    if isinstance(left, Unknown) and left.is_open and isinstance(right, Decimal) and right:
        return left
    if isinstance(right, Unknown) and right.is_open and isinstance(left, Decimal) and left:
        return right
    causes = merge_causes((left, right))
    if left == ZERO or right == ZERO:
        return ZERO
    corners = [_extended_product(a, b) for a in _ends(left) for b in _ends(right)]
    return interval(_least(corners), _greatest(corners), causes)


def divide(left: Value, right: Value) -> Value:
    """Return left ÷ right; Unknown when the divisor is zero or may be."""
    low, high = bounds(right)
    if isinstance(left, Decimal) and isinstance(right, Decimal) and right:
        return CONTEXT.divide(left, right)
    if low is not None and high is not None and low == high == ZERO:
        return Unknown((*merge_causes((left,)), "division by zero"))
    spans_zero = (low is None or low <= ZERO) and (high is None or high >= ZERO)
    if spans_zero:
        return Unknown((*merge_causes((left, right)), "the divisor may be zero"))
    # Each corner is divided directly: a product with a rounded inverse may miss the exact quotient by a digit.
    corners = [_extended_quotient(a, b) for a in _ends(left) for b in _ends(right)]
    return interval(_least(corners), _greatest(corners), merge_causes((left, right)))


def total(values: Iterable[Value]) -> Value:
    """Return the sum; no value at all is zero; one unknown leg makes it an interval."""
    result: Value = ZERO
    for value in values:
        if isinstance(result, Decimal) and isinstance(value, Decimal):
            result = CONTEXT.add(result, value)
        else:
            result = add(result, value)
    return result


def least(values: Iterable[Value]) -> Value:
    """Return the smallest; unknown over no values; an interval while an unknown one could be the smallest."""
    given = tuple(values)
    known = [value for value in given if isinstance(value, Decimal)]
    return min(known) if known and len(known) == len(given) else _extreme(given, "min")


def greatest(values: Iterable[Value]) -> Value:
    """Return the largest; unknown over no values; an interval while an unknown one could be the largest."""
    given = tuple(values)
    known = [value for value in given if isinstance(value, Decimal)]
    return max(known) if known and len(known) == len(given) else _extreme(given, "max")


def compare(operator: str, left: Value, right: Value) -> Truth:
    """
    Return `left operator right` for one of `< <= > >= == !=`.

    Unknown operands still decide when their bounds leave only one answer.
    """
    if not isinstance(left, Unknown) and not isinstance(right, Unknown):
        return Truth.of(_KNOWN_COMPARISONS[operator](left, right))
    if operator == "!=":
        equal = compare("==", left, right)
        return equal if equal is Truth.UNKNOWN else Truth.of(equal is Truth.FALSE)
    if not _numeric(left) or not _numeric(right):
        return Truth.UNKNOWN
    if any(isinstance(side, Unknown) and side.is_open for side in (left, right)):
        return Truth.UNKNOWN
    (a, b), (c, d) = bounds(left), bounds(right)
    if operator in (">", ">="):
        (a, b), (c, d) = (c, d), (a, b)
        operator = "<" if operator == ">" else "<="
    if operator == "==":
        if _cannot_meet(left, right):
            return Truth.FALSE
        apart = (b is not None and c is not None and b < c) or (a is not None and d is not None and a > d)
        return Truth.FALSE if apart else Truth.UNKNOWN
    strict = operator == "<"
    if b is not None and c is not None and (b < c or (not strict and b == c)):
        return Truth.TRUE
    if a is not None and d is not None and (a > d or (strict and a == d)):
        return Truth.FALSE
    return Truth.UNKNOWN


def show_bounds(value: Unknown, show: Callable[[Decimal], str] = canonical) -> str:
    """Return `between −200 and 50`, `at least 3`, or an empty text when nothing is certain."""
    if value.low is not None and value.high is not None:
        return f"between {show(value.low)} and {show(value.high)}"
    if value.low is not None:
        return f"at least {show(value.low)}"
    if value.high is not None:
        return f"at most {show(value.high)}"
    return ""


_KNOWN_COMPARISONS: dict[str, Callable[..., bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "==": eq,
    "!=": ne,
}

# Extended reals for interval products: (−1, None) is −∞, (1, None) is +∞.
_End = tuple[int, Decimal | None]


def _numeric(value: Value) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, Decimal) and not isinstance(value, bool))


def _cannot_meet(left: Value, right: Value) -> bool:
    """Return whether no number that one side can still be is possible for the other."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Unknown) and one.options:
            return not any(_may_be(other, option) for option in one.options)
    return False


def _may_be(value: Value, number: Decimal) -> bool:
    if isinstance(value, Unknown) and value.options:
        return number in value.options
    low, high = bounds(value)
    return (low is None or low <= number) and (high is None or number <= high)


def _ends(value: Value) -> tuple[_End, _End]:
    low, high = bounds(value)
    return (-1, low), (1, high)


def _extended_product(left: _End, right: _End) -> _End:
    (left_sign, a), (right_sign, b) = left, right
    if a is not None and b is not None:
        return 0, CONTEXT.multiply(a, b)
    if a == ZERO or b == ZERO:
        return 0, ZERO
    sign_a = left_sign if a is None else (1 if a > ZERO else -1)
    sign_b = right_sign if b is None else (1 if b > ZERO else -1)
    return sign_a * sign_b, None


def _extended_quotient(left: _End, right: _End) -> _End:
    (left_sign, a), (_, b) = left, right
    if b is None or a == ZERO:
        return 0, ZERO
    if a is None:
        return (left_sign if b > ZERO else -left_sign), None
    return 0, CONTEXT.divide(a, b)


def _least(ends: list[_End]) -> Decimal | None:
    if any(sign < 0 and number is None for sign, number in ends):
        return None
    finite = [number for _, number in ends if number is not None]
    return min(finite) if finite else None


def _greatest(ends: list[_End]) -> Decimal | None:
    if any(sign > 0 and number is None for sign, number in ends):
        return None
    finite = [number for _, number in ends if number is not None]
    return max(finite) if finite else None


def _extreme(values: tuple[Value, ...], kind: str) -> Value:
    if not values:
        return unknown(f"{kind} over no rows")
    known = kind == "min"
    lows = [bounds(value)[0] for value in values]
    highs = [bounds(value)[1] for value in values]
    if known:
        low = None if any(end is None for end in lows) else min(end for end in lows if end is not None)
        bounded = [end for end in highs if end is not None]
        high = min(bounded) if bounded else None
    else:
        high = None if any(end is None for end in highs) else max(end for end in highs if end is not None)
        bounded = [end for end in lows if end is not None]
        low = max(bounded) if bounded else None
    return interval(low, high, merge_causes(values) or (f"{kind} is not decided",))
