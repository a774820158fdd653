"""Windows say what a naive look at every reading says, in any chunking, and a state that was carried says the same."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.domain.kinds import MONEY
from engine.domain.numbers import ZERO, seconds_of
from engine.domain.values import Unknown, Value, bounds, unknown
from engine.facts.history import Kept, Past, Track
from engine.policy.windows import asked

MIDNIGHT = datetime(2026, 11, 18, tzinfo=UTC)
OPEN = MIDNIGHT + timedelta(hours=10)
GAP = timedelta(seconds=10)
VALUES = st.one_of(
    st.integers(-5, 5).map(Decimal), st.just(unknown("not read")), st.just(Unknown(("a leg",), ZERO, None))
)
READINGS = st.lists(st.tuples(st.integers(1, 14), VALUES), min_size=1, max_size=40)
Readings = list[tuple[datetime, Value]]


def readings_of(steps: list[tuple[int, Value]]) -> Readings:
    at, found = OPEN, []
    for step, value in steps:
        at += timedelta(seconds=step)
        found.append((at, value))
    return found


def track(points: list[tuple[datetime, Value | None]], cuts: list[int]) -> Track:
    """The same points in chunks of any size."""
    edges = [0, *sorted({cut % len(points) for cut in cuts if cut % len(points)}), len(points)]
    chunks = [tuple(points[start:end]) for start, end in pairwise(edges)]
    return Track(tuple(chunks[:-1]), chunks[-1])


def past(readings: Readings, cuts: list[int], *, opens_at: datetime | None = None) -> Past:
    changes = [point for i, point in enumerate(readings) if not i or point[1] != readings[i - 1][1]]
    return Past(
        name="x",
        type=MONEY,
        readings=track([(at, True) for at, _ in readings], cuts),
        kept=Kept(readings[0][0], track(list(changes), cuts)),
        max_gap=GAP,
        midnight=MIDNIGHT,
        opens_at=opens_at,
    )


def standing(readings: Readings, moment: datetime) -> Value | None:
    """What stands at a moment, looked up the long way; None when nothing does."""
    before = [(at, value) for at, value in readings if at <= moment]
    return before[-1][1] if before and moment - before[-1][0] <= GAP else None


CUTS = st.lists(st.integers(0, 50), max_size=6)
LENGTH = st.integers(1, 120).map(Decimal)


@given(READINGS, CUTS, LENGTH, st.integers(0, 15), VALUES)
def test_at_and_change(steps: list[tuple[int, Value]], cuts: list[int], length: Decimal, on: int, now: Value) -> None:
    readings = readings_of(steps)
    moment = readings[-1][0] + timedelta(seconds=on)
    then = moment - timedelta(seconds=int(length))
    expected, series = standing(readings, then), past(readings, cuts)
    found = asked("at", series, moment, now, seconds_of(then - MIDNIGHT))
    moved = asked("change", series, moment, now, length)
    if expected is None:
        assert isinstance(found, Unknown)
        assert isinstance(moved, Unknown)
        return
    assert found == expected
    if isinstance(expected, Decimal) and isinstance(now, Decimal):
        assert moved == now - expected
    else:
        assert isinstance(moved, Unknown)


@given(READINGS, CUTS, LENGTH, st.integers(0, 15), VALUES)
def test_the_extremes_and_the_mean(
    steps: list[tuple[int, Value]], cuts: list[int], length: Decimal, on: int, now: Value
) -> None:
    readings, series = (made := readings_of(steps)), past(made, cuts)
    moment = readings[-1][0] + timedelta(seconds=on)
    # Every second of the window is looked at by itself.
    seconds = [moment - timedelta(seconds=back) for back in range(int(length), -1, -1)]
    stood = [standing(readings, second) for second in seconds[:-1]]
    gaps = [b - a for (a, _), (b, _) in pairwise(readings) if b > seconds[0]]
    is_whole = None not in stood and all(gap <= GAP for gap in gaps) and moment - readings[-1][0] <= GAP
    values = (
        [value for value in stood if value is not None] + [value for at, value in readings if at in seconds] + [now]
    )
    most, least = asked("max_over", series, moment, now, length), asked("min_over", series, moment, now, length)
    mean = asked("avg_over", series, moment, now, length)
    known = [value for value in values if isinstance(value, Decimal)]
    if is_whole and len(known) == len(values):
        assert most == max(known)
        assert least == min(known)
        assert isinstance(mean, Decimal)
        assert abs(mean - sum(known[: len(stood)], ZERO) / length) < Decimal("0.0001")
        return
    # What is known bounds it all the same.
    low, high = bounds(most)[0], bounds(least)[1]
    assert not known or (low is not None and low >= max(known))
    assert not known or (high is not None and high <= min(known))
    assert is_whole or (isinstance(most, Unknown) and most.high is None)


@given(st.lists(st.tuples(st.integers(1, 14), st.integers(0, 3)), min_size=1, max_size=40), CUTS, LENGTH)
def test_what_was_added_lies_between_what_the_readings_allow(
    steps: list[tuple[int, int]], cuts: list[int], length: Decimal
) -> None:
    grown, total = [], ZERO
    for step, more in steps:
        total += more
        grown.append((step, total))
    readings = readings_of([(step, value) for step, value in grown])
    moment = readings[-1][0]
    start = moment - timedelta(seconds=int(length))
    found = asked("count_over", past(readings, cuts), moment, total, length)
    before = [value for at, value in readings if at <= start]
    after = [value for at, value in readings if at > start]
    exact = standing(readings, start)
    if isinstance(exact, Decimal):
        assert found == total - exact
    else:
        low, high = bounds(found)
        assert low == (total - after[0] if after else ZERO)
        assert high == (total - before[-1] if before else total)


@given(READINGS, CUTS, st.integers(0, 15))
def test_the_newest_known_and_how_long_ago(steps: list[tuple[int, Value]], cuts: list[int], on: int) -> None:
    readings, series = (made := readings_of(steps)), past(made, cuts)
    moment, now = readings[-1][0] + timedelta(seconds=on), unknown("not now")
    known = [(at, value) for at, value in readings if not isinstance(value, Unknown)]
    found, spell = (asked(name, series, moment, now, ZERO) for name in ("last_known", "unknown_for"))
    if not known:
        assert isinstance(found, Unknown)
        assert isinstance(spell, Unknown)
        assert spell.low == seconds_of(moment - readings[0][0])
        return
    assert found == known[-1][1]
    assert spell == seconds_of(moment - known[-1][0])
    assert asked("unknown_for", series, moment, Decimal(1), ZERO) == ZERO


@given(READINGS, CUTS, st.integers(1, 20))
def test_at_the_open_a_window_begins_with_the_session(steps: list[tuple[int, Value]], cuts: list[int], on: int) -> None:
    readings = readings_of(steps)
    opens_at = OPEN + timedelta(seconds=on)
    assume(readings[-1][0] >= opens_at)
    series = past(readings, cuts, opens_at=opens_at)
    moment, now = readings[-1][0], readings[-1][1]
    first = next(at for at, _ in readings if at >= opens_at)
    begins = opens_at if readings[0][0] <= opens_at or first - opens_at > GAP else first
    whole = seconds_of(moment - begins)
    assume(whole > 0)
    unclipped = past(readings, cuts)
    for name in ("change", "max_over", "min_over", "avg_over"):
        assert asked(name, series, moment, now, Decimal(3600)) == asked(name, unclipped, moment, now, whole), name


@given(st.lists(st.integers(-3, 3).map(Decimal), max_size=400))
def test_a_track_holds_what_it_was_told(values: list[Decimal]) -> None:
    told = Track()
    for i, value in enumerate(values):
        told = told.changed_to(OPEN + timedelta(seconds=i), value)
    for i, value in enumerate(values):
        point = told.until(OPEN + timedelta(seconds=i))
        assert point is not None
        assert point[1] == value
    assert told.until(OPEN - timedelta(seconds=1)) is None
    every = list(told.between(OPEN - timedelta(seconds=1), OPEN + timedelta(seconds=len(values))))
    assert every == list(told.backwards())[::-1]
