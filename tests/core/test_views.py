"""What a reading may go on using of the one before, and when the day's memory hears it in full all the same."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.core.evaluate import AccountState, perceive
from engine.domain.account import Account
from engine.domain.enums import OrderStatus
from engine.domain.snapshot import Book, Leg, Snapshot
from engine.facts.base import View
from engine.facts.coverage import coverage
from engine.facts.orders import open_orders
from engine.runtime.calendars import calendar_for
from tests.facts.build import NOT_READ, NOW, d, leg, order, snapshot

ACCOUNT = Account("A1", calendar=calendar_for("NSE"))
SOLD = leg(sold=(75, 100), last=180)
STOP = order(status=OrderStatus.TRIGGER_PENDING)


def reading(row: Leg, at: datetime = NOW, status: OrderStatus = OrderStatus.TRIGGER_PENDING) -> Snapshot:
    """One sold option and its stop, in rows of their own, as every poll may bring them."""
    one = snapshot([row], [replace(STOP, status=status)], NOT_READ)
    books = {name: Book(getattr(one, name).rows, at) for name in ("positions", "orders")}
    return replace(one, taken_at=at, **books)


def perceived(*readings: Snapshot) -> list[View]:
    """The views of readings, one after the other."""
    state, views = AccountState(), []
    for one in readings:
        state, view = perceive(ACCOUNT, one, state, one.taken_at)
        views.append(view)
        coverage(view), open_orders(view)
    return views


def test_the_cover_outlives_prices_and_orders_and_what_orders_tell_does_not() -> None:
    dearer = replace(SOLD, last_price=d(190))
    later = NOW + timedelta(seconds=2)
    first, second = perceived(reading(SOLD), reading(dearer, later, OrderStatus.CANCELED))
    assert coverage(first) is coverage(second)
    assert (open_orders(first), open_orders(second)) == (1, 0)


def test_the_cover_does_not_outlive_a_trade() -> None:
    bought_back = leg(sold=(75, 100), bought=(75, 90), last=180)
    first, second = perceived(reading(SOLD), reading(bought_back, NOW + timedelta(seconds=2)))
    assert coverage(first) is not coverage(second)


@pytest.mark.parametrize(
    ("taken_at", "age"),
    [
        pytest.param(NOW.replace(hour=18, minute=29, second=58), 3, id="of another day by the time it was judged"),
        pytest.param(NOW, 30, id="stale by the time it was judged"),
    ],
)
def test_after_a_reading_the_day_did_not_hear_in_full_the_same_rows_are_heard(taken_at: datetime, age: int) -> None:
    unheard, at = reading(SOLD, taken_at), taken_at + timedelta(seconds=age + 1)
    books = {name: replace(getattr(unheard, name), taken_at=at) for name in ("positions", "orders")}
    state, _ = perceive(ACCOUNT, unheard, AccountState(), taken_at + timedelta(seconds=age))
    assert state.memory.tracks == ()
    _, view = perceive(ACCOUNT, replace(unheard, taken_at=at, **books), state, at)
    assert [track.net_quantity for track in view.memory.tracks] == [d(-75)]
    assert view.memory.stops_seen == {STOP.id}
