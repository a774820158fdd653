"""Hedges that are gone: cover once seen is remembered for the position it covered, and only for what is left of it."""

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.values import Unknown
from engine.facts.base import View
from engine.facts.memory import DayMemory
from engine.facts.observe import observe
from tests.facts.build import CE, LAST, NOT_READ, NOW, SESSION, bounds, d, fact, field, leg, option, snapshot, view

LONG = option(24500)
NEARER, NEARER_LONG = option(23900), option(24400)


def lived(*books: Any) -> View:
    """The last of some readings two seconds apart, each given as (instrument, net in lots) pairs."""
    memory = DayMemory()
    for index, rows in enumerate(books):
        taken_at = NOW + timedelta(seconds=2 * index)
        legs = rows
        if not hasattr(rows, "cause"):
            legs = [leg(one, bought=(9750, 1), sold=(9750 - net * 75, 1)) for one, net in rows]
        reading = snapshot(legs, fills=NOT_READ, taken_at=taken_at)
        seen = view(reading, memory=memory)
        memory = observe(memory, LAST, reading, SESSION, taken_at)
    return seen


@pytest.mark.parametrize(
    ("books", "lost"),
    [
        pytest.param([[(CE, -2), (LONG, 2)]], 0, id="covered"),
        pytest.param([[(CE, -2)]], 0, id="never covered"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -2), (LONG, 0)]], 2, id="the hedge is gone"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -2)]], 2, id="and its row too"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -2), (LONG, 1)]], 1, id="half of it"),
        pytest.param([[(CE, -2), (LONG, 1)], [(CE, -2)]], 1, id="half was covered"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -1), (LONG, 1)]], 0, id="both halved"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -4), (LONG, 2)]], 0, id="the short doubled"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -1), (LONG, 1)], [(CE, -2), (LONG, 1)]], 0, id="sold once more"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, 0)], [(CE, -2)]], 0, id="a new position begins anew"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -2)], [(CE, -2), (NEARER_LONG, 2)]], 0, id="another hedge came"),
        pytest.param([[(CE, -2), (LONG, 2)], [(CE, -2), (NEARER, -2), (LONG, 2)]], 0, id="a new short takes no cover"),
        pytest.param([[(CE, -2), (LONG, 2)], NOT_READ, [(CE, -2)]], 2, id="a reading that failed forgets nothing"),
    ],
)  # fmt: skip
def test_what_was_lost(books: list[Any], lost: int) -> None:
    seen = lived(*books)
    assert fact("hedge_lost_lots", seen) == d(lost)
    rows = {row.instrument.key: row for row in seen.snapshot.positions.rows}  # type: ignore[union-attr]
    assert field("hedge_lost", seen, rows[CE.key]) is (lost > 0)


def test_a_long_that_may_cover_leaves_it_open() -> None:
    maybe = option(24700, underlying=None)
    seen = lived([(CE, -2), (LONG, 2)], [(CE, -2), (maybe, 1)])
    assert bounds(fact("hedge_lost_lots", seen)) == (d(1), d(2))


def test_unread_positions_leave_it_unknown_and_never_zero() -> None:
    seen = lived([(CE, -2), (LONG, 2)], NOT_READ)
    for name in ("hedge_lost_lots", "hedge_ratio"):
        assert bounds(fact(name, seen)) == (0, None)


@pytest.mark.parametrize(
    ("rows", "ratio"),
    [([(CE, -4), (LONG, 2)], 50), ([(CE, -2), (LONG, 4)], 200), ([(CE, -2)], 0)],
)
def test_the_ratio(rows: Any, ratio: int) -> None:
    assert fact("hedge_ratio", lived(rows)) == d(ratio)


def test_without_a_short_or_a_lot_size_there_is_no_ratio() -> None:
    assert fact("hedge_ratio", lived([(LONG, 2)])) == Unknown(("no option is sold",), d(0), None)
    odd = option(24600, lot=None)
    assert bounds(fact("hedge_ratio", lived([(CE, -2), (odd, 2)]))) == (50, None)
