"""What runs over rows make of their rows, some of which may be unknown or may not count."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.domain import values as number
from engine.domain.kinds import BOOL
from engine.domain.numbers import ZERO
from engine.domain.truth import Truth, conjunction, disjunction, negate
from engine.domain.values import Unknown, Value, merge_causes
from engine.policy.trace import Trace, value_of


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one row: whether it counts, and what is taken of it."""

    name: str
    included: Truth
    element: Trace | None
    where: Trace | None


def row_trace(result: RowResult) -> Trace:
    """Return the trace of a row."""
    parts = tuple(part for part in (result.where, result.element) if part is not None)
    value: Value = result.element.value if result.element is not None else False
    note = {Truth.FALSE: "left out", Truth.UNKNOWN: "may be left out", Truth.TRUE: ""}[result.included]
    type_ = result.element.type if result.element is not None else BOOL
    return Trace("row", result.name, value, type_, parts, note=note)


def _holds(result: RowResult) -> Truth:
    element = Truth.TRUE if result.element is None else result.element.truth
    return conjunction((result.included, element if result.included is not Truth.FALSE else Truth.FALSE))


def _any(results: list[RowResult]) -> Value:
    return _decided(disjunction(_holds(result) for result in results), results)


def _all(results: list[RowResult]) -> Value:
    truths = (
        disjunction((negate(result.included), result.element.truth if result.element else Truth.TRUE))
        for result in results
    )
    return _decided(conjunction(truths), results)


def _decided(truth: Truth, results: list[RowResult]) -> Value:
    return value_of(truth, [part for result in results for part in _undecided(result)])


def _undecided(result: RowResult) -> list[Trace]:
    return [part for part in (result.where, result.element) if part is not None and isinstance(part.value, Unknown)]


def _count(results: list[RowResult]) -> Value:
    truths = [_holds(result) for result in results]
    certain = Decimal(sum(truth is Truth.TRUE for truth in truths))
    possible = Decimal(sum(truth is not Truth.FALSE for truth in truths))
    causes = merge_causes(part.value for result in results for part in _undecided(result))
    return number.interval(certain, possible, causes or ("a row is undecided",))


def _sum(results: list[RowResult]) -> Value:
    return number.total(_perhaps(result) for result in results if result.element is not None)


def _perhaps(result: RowResult) -> Value:
    assert result.element is not None
    value = result.element.value
    if result.included is Truth.TRUE:
        return value
    low, high = number.bounds(value)
    causes = merge_causes(part.value for part in (result.where, result.element) if part is not None)
    return Unknown(causes, None if low is None else min(low, ZERO), None if high is None else max(high, ZERO))


def _extreme(pick: Callable[[Iterable[Value]], Value], sign: int) -> Callable[[list[RowResult]], Value]:
    def run(results: list[RowResult]) -> Value:
        certain = [r.element.value for r in results if r.element is not None and r.included is Truth.TRUE]
        perhaps = [r.element.value for r in results if r.element is not None and r.included is Truth.UNKNOWN]
        if not perhaps:
            return pick(certain)
        causes = merge_causes(part.value for result in results for part in _undecided(result))
        if not certain:
            return Unknown((*causes, "whether any row counts is unknown"))
        # A row that may be left out can only move the extreme outwards.
        inner, outer = number.bounds(pick(certain)), number.bounds(pick([*certain, *perhaps]))
        return number.interval(*((outer[0], inner[1]) if sign < 0 else (inner[0], outer[1])), causes)

    return run


AGGREGATES: Mapping[str, Callable[[list[RowResult]], Value]] = {
    "any": _any,
    "all": _all,
    "count": _count,
    "sum": _sum,
    "min": _extreme(number.least, -1),
    "max": _extreme(number.greatest, 1),
}
