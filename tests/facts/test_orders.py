"""Counts of the day's orders, and the fields of an order and of a fill."""

from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.enums import CancelledBy, OrderStatus, OrderType, Side
from engine.domain.numbers import ZERO
from engine.domain.values import Unknown
from engine.facts.fill_rows import fill_key
from engine.facts.order_rows import ORDER_FIELDS
from engine.facts.orders import is_working
from engine.facts.parts import fills_of, orders_of
from tests.facts.build import CE, NOT_READ, NOW, at, bounds, d, fact, field, fill, order, snapshot, view

YESTERDAY = date(2026, 11, 20)
ODD = order("U1", status=OrderStatus.UNKNOWN, status_text="zzz")


def counted(name: str, *orders: Any) -> Any:
    return fact(name, view(snapshot(orders=orders)))


def test_counts_of_a_plain_book() -> None:
    orders = [
        order("1"),
        order("2", status=OrderStatus.TRIGGER_PENDING),
        order("3", status=OrderStatus.REJECTED),
        order("4", status=OrderStatus.NEW),
        order("5", status=OrderStatus.CANCELED),
    ]
    assert counted("open_orders", *orders) == d(2)
    assert counted("orders_today", *orders) == d(5)
    assert counted("rejections", *orders) == d(1)


def test_a_status_not_held_widens_the_counts_it_could_change() -> None:
    orders = (order("1", status=OrderStatus.NEW), ODD)
    for name in ("open_orders", "rejections"):
        value = counted(name, *orders)
        assert isinstance(value, Unknown)
        assert value.causes == ("status of order U1 is not known (zzz)",)
    assert bounds(counted("open_orders", *orders)) == (d(1), d(2))
    assert bounds(counted("rejections", *orders)) == (ZERO, d(1))
    assert counted("orders_today", *orders) == d(2)


def test_yesterdays_dead_orders_are_not_todays_and_its_living_ones_still_are() -> None:
    dead = order("1", placed=at("10:00:00", YESTERDAY), updated=at("15:30:00", YESTERDAY))
    alive = order("2", status=OrderStatus.NEW, placed=at("16:00:00", YESTERDAY), updated=None)
    seen = view(snapshot(orders=[dead, alive]))
    rows = orders_of(seen)
    assert not isinstance(rows, Unknown)
    assert [row.id for row in rows] == ["2"]
    assert fact("orders_today", seen) == ZERO
    assert fact("open_orders", seen) == d(1)


def test_an_order_without_a_time_may_be_of_today() -> None:
    assert bounds(counted("orders_today", order("1", placed=None))) == (ZERO, d(1))


def test_the_counts_of_an_unread_book_are_unknown_and_never_zero() -> None:
    seen = view(snapshot(orders=NOT_READ))
    for name in ("open_orders", "orders_today", "rejections", "stop_loss_hits", "stop_loss_partial"):
        assert fact(name, seen) == Unknown(("orders not read: the call timed out",), ZERO, None)


@pytest.mark.parametrize(("age", "known"), [("6", True), ("6.001", False)])
def test_orders_are_stale_after_three_polls(age: str, known: bool) -> None:
    now = NOW + timedelta(milliseconds=int(d(age) * 1000))
    assert isinstance(fact("open_orders", view(snapshot(), now=now)), Unknown) is not known


@pytest.mark.parametrize(
    ("clocks", "expected"),
    [
        pytest.param(["10:59:00"], 0, id="a minute ago is not in the last minute"),
        pytest.param(["10:59:01", "11:00:00"], 2, id="one a second later is"),
        pytest.param([], 0, id="none"),
    ],
)
def test_the_order_rate_counts_the_last_minute(clocks: list[str], expected: int) -> None:
    placed = [order(str(index), placed=clock) for index, clock in enumerate(clocks)]
    assert counted("order_rate", *placed) == d(expected)


def test_an_order_without_a_time_may_be_of_the_last_minute() -> None:
    assert bounds(counted("order_rate", order("1", placed=None), order("2", placed="10:59:30"))) == (d(1), d(2))
    assert fact("order_rate", view(snapshot(orders=NOT_READ))) == Unknown(
        ("orders not read: the call timed out",), ZERO, None
    )


def test_the_fields_of_an_order() -> None:
    row = order(
        type_=OrderType.LIMIT, status=OrderStatus.CANCELED, price=d(150), trigger_price=d(148), reason="by RMS",
        cancelled_by=CancelledBy.BROKER, history=[(OrderStatus.TRIGGER_PENDING, OrderType.STOP)],
    )  # fmt: skip
    seen = view(snapshot(orders=[row]))
    values = {name: field(name, seen, row, "orders") for name in (spec.name for spec in ORDER_FIELDS)}
    assert values == {
        "id": "S1",
        "symbol": CE.symbol,
        "underlying": "NIFTY",
        "side": "BUY",
        "type": "LIMIT",
        "status": "CANCELED",
        "quantity": d(75),
        "lots": d(1),
        "filled_quantity": ZERO,
        "price": d(150),
        "trigger_price": d(148),
        "product": "NRML",
        "was_stop": True,
        "is_working": False,
        "is_option": True,
        "cancelled_by": "broker",
        "reason": "by RMS",
        "tag": "",
        "placed_at": at("09:21:00"),
        "updated_at": at("10:30:00"),
        "age": d(99 * 60),
        "effect": "nothing",
        "source": Unknown(("the book does not tell who placed order S1",)),
    }


def test_what_an_order_does_not_tell_is_unknown() -> None:
    row = order("U1", type_=OrderType.UNKNOWN, status=OrderStatus.UNKNOWN, status_text="zzz", placed=None, updated=None)
    seen = view(snapshot(orders=[row]))
    for name in (
        "type",
        "status",
        "price",
        "trigger_price",
        "was_stop",
        "is_working",
        "placed_at",
        "updated_at",
        "age",
    ):
        assert isinstance(field(name, seen, row, "orders"), Unknown), name
    assert is_working(row) == Unknown(("status of order U1 is not known (zzz)",))


def test_no_author_can_compare_with_the_word_for_not_known() -> None:
    types = {spec.name: spec.type for spec in ORDER_FIELDS}
    assert "UNKNOWN" not in types["status"].members
    assert "UNKNOWN" not in types["type"].members
    assert types["cancelled_by"].members == ("us", "trader", "broker", "unknown")


def test_the_fields_of_a_fill() -> None:
    row = fill("S1", Side.BUY, 75, 150, "10:30:00", id_="T9")
    seen = view(snapshot(fills=[row]))
    names = ("id", "order_id", "symbol", "underlying", "side", "quantity", "price", "product", "filled_at", "is_option")
    assert [field(name, seen, row, "fills") for name in names] == [
        "T9", "S1", CE.symbol, "NIFTY", "BUY", d(75), d(150), "NRML", at("10:30:00"), True,
    ]  # fmt: skip
    assert fill_key(row) == "S1/T9"


def test_only_todays_fills_are_rows() -> None:
    old = fill("S0", Side.BUY, 75, 150, at("10:30:00", YESTERDAY))
    bare = fill("S1", Side.BUY, 75, 150, None)
    assert fills_of(view(snapshot(fills=[old, bare]))) == (bare,)
    assert isinstance(field("filled_at", view(snapshot()), bare, "fills"), Unknown)
