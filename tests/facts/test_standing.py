"""Which stops of a sold option rest triggered and unfilled, also when they carry another product than the position."""

from datetime import date
from typing import Any

import pytest

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown
from engine.facts.standing import rests_for, stands_for
from tests.facts.build import CE, NOT_READ, after, at, d, fact, field, fill, leg, one_leg, option, order, snapshot, view

BUY, SELL = Side.BUY, Side.SELL
STOP, LIMIT, MARKET = OrderType.STOP, OrderType.LIMIT, OrderType.MARKET
NEW, PENDING, CHANGING = OrderStatus.NEW, OrderStatus.TRIGGER_PENDING, OrderStatus.PENDING_REPLACE
YESTERDAY = date(2026, 11, 20)
OPEN = leg(sold=(75, 100), last=180)
SOLD = fill("E1", SELL, 75, 100, "09:20:05")
CHANGED = [(PENDING, STOP), (NEW, LIMIT)]
CHASED = [(PENDING, STOP), (NEW, STOP), (NEW, LIMIT)]
OTHER_PRODUCT = f"whether order S1 ({{}}) stands for NFO:{CE.symbol} (NRML) is not known"


@pytest.mark.parametrize(
    ("rests", "expected"),
    [
        pytest.param(order(status=NEW), True, id="stop type, no longer waiting"),
        pytest.param(order(status=OrderStatus.PARTIALLY_FILLED, filled=25), True, id="part filled"),
        pytest.param(order(status=NEW, type_=LIMIT, history=CHASED), True, id="triggered, then its price chased"),
        pytest.param(order(status=NEW, type_=LIMIT, history=CHANGED), False, id="changed into a take-profit"),
        pytest.param(
            order(status=NEW, type_=LIMIT, history=CHANGED, modified=True), False, id="the broker says so too"
        ),
        pytest.param(order(status=PENDING), False, id="waiting for its trigger"),
        pytest.param(order(status=OrderStatus.PENDING_NEW), False, id="on its way"),
        pytest.param(order(status=NEW, type_=LIMIT), False, id="plain limit order"),
        pytest.param(order(status=NEW, type_=LIMIT, modified=True), False, id="plain limit order, changed"),
        pytest.param(order(status=NEW, side=SELL), False, id="a sale"),
        pytest.param(order(status=OrderStatus.CANCELED), False, id="cancelled"),
        pytest.param(order(status=NEW, filled=75), False, id="nothing left to fill"),
        pytest.param(order(status=NEW, instrument=option(24500)), False, id="another strike"),
        pytest.param(order(status=CHANGING, history=[(PENDING, STOP)]), False, id="changed, waiting"),
        pytest.param(order(status=CHANGING, history=[(PENDING, STOP), (NEW, STOP)]), True, id="changed, resting"),
        pytest.param(
            order(status=CHANGING, history=[(PENDING, STOP), (NEW, STOP), (PENDING, STOP)]), False, id="waits again"
        ),
        pytest.param(order(status=CHANGING, type_=LIMIT), False, id="a limit order being changed"),
    ],
)
def test_a_stop_that_triggered_and_rests_unfilled(rests: Any, expected: bool) -> None:
    seen = view(snapshot([OPEN], [rests], [SOLD]))
    assert fact("stop_triggered_unfilled", seen) is expected
    assert field("stop_triggered_unfilled", seen, one_leg(seen)) is expected


@pytest.mark.parametrize(
    ("rests", "cause"),
    [
        pytest.param(
            order(status=OrderStatus.UNKNOWN, status_text="zzz"),
            "whether order S1 has triggered is not known (status zzz)",
            id="status",
        ),
        pytest.param(
            order(status=OrderStatus.PENDING_CANCEL),
            "whether order S1 has triggered is not known (status not known)",
            id="being cancelled",
        ),
        pytest.param(
            order(status=CHANGING, history=[(CHANGING, STOP)]),
            "whether order S1 has triggered is not known (status not known)",
            id="a history that starts too late",
        ),
        pytest.param(order(status=NEW, type_=OrderType.UNKNOWN), "type of order S1 is not known", id="type"),
        pytest.param(
            order(status=NEW, type_=LIMIT, trigger_price=d(148)),
            "order S1 has a trigger price but is no stop now, and its history was not read",
            id="a trigger price left",
        ),
        pytest.param(
            order(status=NEW, placed=at("10:00:00", YESTERDAY), updated=at("10:00:00", YESTERDAY)),
            "order S1 is of another day",
            id="left over",
        ),
        pytest.param(order(status=NEW, product="CO", parent_id="E1"), OTHER_PRODUCT.format("CO"), id="cover order"),
        pytest.param(order(status=NEW, product="BO"), OTHER_PRODUCT.format("BO"), id="bracket order"),
        pytest.param(order(status=NEW, product="MIS", variety="co"), OTHER_PRODUCT.format("MIS"), id="by its variety"),
        pytest.param(order(status=NEW, product="MIS"), OTHER_PRODUCT.format("MIS"), id="no row of its product"),
    ],
)
def test_whether_a_stop_triggered_can_be_unknown(rests: Any, cause: str) -> None:
    seen = view(snapshot([OPEN], [rests], [SOLD]))
    assert fact("stop_triggered_unfilled", seen) == Unknown((cause,))


def test_unread_orders_leave_it_unknown_for_a_sold_option_only() -> None:
    assert isinstance(fact("stop_triggered_unfilled", view(snapshot([OPEN], NOT_READ, [SOLD]))), Unknown)
    bought = leg(bought=(75, 9), last=9)
    assert fact("stop_triggered_unfilled", view(snapshot([bought], NOT_READ))) is False


def test_a_stop_seen_earlier_and_changed_into_a_take_profit_neither_protects_nor_has_triggered() -> None:
    waiting = snapshot([OPEN], [order(status=PENDING, trigger_price=d(200))], [SOLD])
    first = view(waiting)
    assert fact("unprotected_short_legs", first) == d(0)
    take_profit = snapshot([OPEN], [order(status=NEW, type_=LIMIT, price=d(40))], [SOLD])
    seen = view(after(take_profit, 2), memory=first.memory)
    assert fact("unprotected_short_legs", seen) == d(1)
    assert fact("stop_triggered_unfilled", seen) is False


def judged(row: Leg, *more: Leg, fills: Any = (), **changes: Any) -> tuple[Any, Any]:
    """Whether a resting stop of another product stands for a row, and whether it rests for it."""
    resting = order(status=NEW, **changes)
    seen = view(snapshot([row, *more], [resting], fills))
    return stands_for(seen, resting, row), rests_for(seen, resting, row)


MIS = {"product": "MIS"}


def test_an_order_of_another_product_belongs_to_the_row_of_its_own() -> None:
    assert judged(OPEN, leg(sold=(75, 90), **MIS), **MIS) == (False, False)
    assert judged(OPEN, leg(bought=(75, 90), **MIS), **MIS) == (False, False)
    assert judged(OPEN, leg(sold=(75, 90), product="CO"), product="CO", parent_id="E1") == (False, False)


def test_an_orphan_of_another_product_whose_row_was_bought_back_stands_for_nothing() -> None:
    bought_back = [
        fill("E2", SELL, 75, 90, "09:30:00", product="MIS"),
        fill("C2", BUY, 75, 80, "10:00:00", product="MIS"),
    ]
    assert judged(OPEN, leg(sold=(75, 90), bought=(75, 80), **MIS), fills=bought_back, **MIS) == (False, False)


def test_an_order_left_by_a_conversion_may_stand_for_the_row_it_became() -> None:
    flat = leg(sold=(75, 90), bought=(75, 90), **MIS)
    for answer in judged(OPEN, flat, fills=[fill("E1", SELL, 75, 100, "09:20:05", product="MIS")], **MIS):
        assert answer == Unknown((OTHER_PRODUCT.format("MIS"),))


def test_a_row_its_own_trades_made_is_not_protected_by_another_product() -> None:
    stands, rests = judged(OPEN, fills=[SOLD], **MIS)
    assert stands is False
    assert isinstance(rests, Unknown)


def test_a_cover_order_whose_trades_made_the_only_row_stands_for_it() -> None:
    cover = {"product": "CO", "parent_id": "E1"}
    as_cover = fill("E1", SELL, 75, 100, "09:20:05", product="CO")
    assert judged(OPEN, fills=[as_cover], **cover) == (True, True)
    part = fill("E1", SELL, 50, 100, "09:20:05", product="CO")
    rest = fill("E2", SELL, 25, 100, "09:20:05")
    for fills in ([part], [part, rest], NOT_READ):
        assert all(isinstance(answer, Unknown) for answer in judged(OPEN, fills=fills, **cover))
    twice = leg(sold=(75, 100), **MIS)
    assert all(isinstance(answer, Unknown) for answer in judged(OPEN, twice, fills=[as_cover], **cover))
