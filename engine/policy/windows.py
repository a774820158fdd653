"""
What is asked of a day's readings: values at a time, changes, extremes and means over a window, spells of unknown.

A value stands from its reading to the next one; longer than `max_gap` nothing is said of it. What a gap or an unknown
reading leaves open stays between bounds.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from engine.domain import values as number
from engine.domain.numbers import HUNDRED, ZERO, seconds_of, span_of
from engine.domain.values import Unknown, Value, bounds, interval, merge_causes, unknown
from engine.facts.history import Past

Answer = Callable[[Past, datetime, Value, Decimal], Value]


def asked(function: str, past: Past, now: datetime, current: Value, argument: Value) -> Value:
    """
    Return what one of the functions says of a series.

    current: its value now. argument: seconds of the window, or since midnight for `at`; ZERO where there is none.
    """
    if not isinstance(argument, Decimal):
        return Unknown(merge_causes((argument,)))
    return _ANSWERS[function](past, now, current, argument)


def anything(function: str, current: Value) -> Value:
    """Return all that a function can say of a series whose values are all that `current` says; used at load."""
    if function == "unknown_for":
        return Unknown(("not read yet",), low=ZERO)
    if function == "count_over":
        return Unknown(("not read yet",), low=ZERO)
    if function == "move":
        return Unknown(("not read yet",), low=-HUNDRED)
    if function == "change":
        return number.subtract(current, current)
    return current


# -- at one time --------------------------------------------------------------------------------------------------


def _at(past: Past, now: datetime, current: Value, clock: Decimal) -> Value:
    moment = past.midnight + span_of(clock)
    return unknown(f"{moment:%H:%M} is still to come") if moment > now else _standing(past, moment)


def _standing(past: Past, moment: datetime) -> Value:
    """Return the value that stands at a moment: that of the last reading, unless it is too long ago."""
    reading = past.reading_at(moment)
    if reading is None:
        return unknown(_since(past))
    if moment - reading > past.max_gap:
        return unknown(_gap(past, reading, moment))
    return past.value_at(reading)


def _last_known(past: Past, now: datetime, current: Value, _: Decimal) -> Value:
    if not isinstance(current, Unknown):
        return current
    found = next((value for _, value in _newest(past) if not isinstance(value, Unknown)), None)
    return unknown(f"{past.name} was never known; {_since(past)}") if found is None else found


def _unknown_for(past: Past, now: datetime, current: Value, _: Decimal) -> Value:
    if not isinstance(current, Unknown):
        return ZERO
    # While the newest point is known its value has stood up to the newest reading: only time has made it stale.
    newest = past.readings.last()
    end = None if newest is None else newest[0]
    for at, value in _newest(past):
        if not isinstance(value, Unknown):
            return max(ZERO, seconds_of(now - (at if end is None else end)))
        before = past.readings_between(past.kept.since, at)
        earlier = [reading for reading in before if reading < at]
        end = earlier[-1] if earlier else past.kept.since
    cause = f"{past.name} was never known; {_since(past)}"
    return Unknown((cause,), low=max(ZERO, seconds_of(now - past.kept.since)))


def _newest(past: Past) -> Iterable[tuple[datetime, Value]]:
    """Yield the values by the reading they first stood at, newest first; for a row that is not there, what it is."""
    track = past.kept.whole if past.row is None else past.row[1]
    for at, value in track.backwards():
        yield at, past.absent if value is None else value


# -- over a window ------------------------------------------------------------------------------------------------


def _start(past: Past, now: datetime, length: Decimal) -> datetime:
    """Return where a window begins: no earlier than the session's open, there with its first reading."""
    start = now - span_of(length)
    if past.opens_at is None or not start < past.opens_at <= now:
        return start
    first = next(iter(past.readings_between(past.opens_at, past.opens_at + past.max_gap)), None)
    return past.opens_at if first is None or past.reading_at(past.opens_at) is not None else first


def _change(past: Past, now: datetime, current: Value, length: Decimal) -> Value:
    return number.subtract(current, _standing(past, _start(past, now, length)))


def _move(past: Past, now: datetime, current: Value, length: Decimal) -> Value:
    then = _standing(past, _start(past, now, length))
    return number.divide(number.multiply(number.subtract(current, then), HUNDRED), then)


def _stretches(past: Past, now: datetime, current: Value, length: Decimal) -> list[tuple[datetime, Value]]:
    """Return what stood from when on, the last of it now; a gap stands for anything the series can be."""
    start = _start(past, now, length)
    reading = past.reading_at(start)
    times = ([] if reading is None else [reading]) + past.readings_between(start, now)
    found: list[tuple[datetime, Value]] = []
    if reading is None:
        found.append((start, _anything_of(past, _since(past))))
    for at, after in pairwise([*times, now]):
        end = min(after, at + past.max_gap)
        if end >= start:
            found.append((max(at, start), past.value_at(at)))
        if end < after:
            found.append((max(end, start), _anything_of(past, _gap(past, at, after))))
    return [*found, (now, current)]


def _anything_of(past: Past, cause: str) -> Unknown:
    return Unknown((cause,), past.low, past.high)


def _extreme(pick: Callable[[Iterable[Value]], Value]) -> Answer:
    def run(past: Past, now: datetime, current: Value, length: Decimal) -> Value:
        return pick(value for _, value in _stretches(past, now, current, length))

    return run


def _mean(past: Past, now: datetime, current: Value, length: Decimal) -> Value:
    stretches = _stretches(past, now, current, length)
    whole = seconds_of(now - stretches[0][0])
    if not whole:
        return current
    total: Value = ZERO
    for (at, value), (after, _) in pairwise(stretches):
        lasted = seconds_of(after - at)
        total = number.add(total, number.multiply(value, lasted)) if lasted else total
    return number.divide(total, whole)


def _growth(past: Past, now: datetime, current: Value, length: Decimal) -> Value:
    # What only grows had no more at the start than at the next reading, and no less than at the one before.
    start = _start(past, now, length)
    before = past.reading_at(start)
    least: Value = ZERO if before is None else past.value_at(before)
    if before is None or start - before > past.max_gap:
        cause = _since(past) if before is None else _gap(past, before, start)
        after = next(iter(past.readings_between(start, now)), None)
        most = current if after is None else past.value_at(after)
        least = interval(bounds(least)[0], bounds(most)[1], (cause, *merge_causes((least, most))))
    grown = number.subtract(current, least)
    if isinstance(grown, Decimal):
        return grown if grown >= ZERO else unknown(f"{past.name} fell, so what was added is not known")
    low, high = bounds(grown)
    return interval(ZERO if low is None else max(ZERO, low), high, merge_causes((grown,)))


# -- causes -------------------------------------------------------------------------------------------------------


def _since(past: Past) -> str:
    return f"history of {past.name} is kept since {_clock(past, past.kept.since)}"


def _gap(past: Past, start: datetime, end: datetime) -> str:
    return f"no reading between {_clock(past, start)} and {_clock(past, end)}"


def _clock(past: Past, at: datetime) -> str:
    return f"{at.astimezone(past.midnight.tzinfo):%H:%M:%S}"


_ANSWERS: Mapping[str, Answer] = {
    "at": _at,
    "last_known": _last_known,
    "unknown_for": _unknown_for,
    "change": _change,
    "move": _move,
    "max_over": _extreme(number.greatest),
    "min_over": _extreme(number.least),
    "avg_over": _mean,
    "count_over": _growth,
}
