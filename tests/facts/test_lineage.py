"""Stop-losses on sold options by lineage: what is one, what only looks like one, and what cannot be told."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.snapshot import Snapshot
from engine.domain.values import Unknown
from engine.facts.lineage import judge, stop_hits, was_stop
from engine.facts.memory import DayMemory
from tests.facts.build import (
    CE,
    NOT_READ,
    NOW,
    after,
    at,
    bounds,
    d,
    fact,
    field,
    fill,
    future,
    leg,
    one_leg,
    option,
    order,
    snapshot,
    view,
)

BUY, SELL = Side.BUY, Side.SELL
STOP, LIMIT, MARKET = OrderType.STOP, OrderType.LIMIT, OrderType.MARKET
YESTERDAY = date(2026, 11, 20)
SALE = order("E1", side=SELL, type_=LIMIT, placed="09:20:00", updated="09:20:05")
SOLD = fill("E1", SELL, 75, 100, "09:20:05")
HIT = fill("S1", BUY, 75, 150, "10:30:00")
STOPPED = leg(sold=(75, 100), bought=(75, 150))


def plain(**changes: Any) -> Snapshot:
    """Sold at 09:20, stop placed at 09:21, stop filled at 10:30: the leg is flat."""
    return snapshot(**({"legs": [STOPPED], "orders": [SALE, order()], "fills": [SOLD, HIT]} | changes))


@dataclass(frozen=True)
class Case:
    legs: Any
    orders: Any
    fills: Any
    memory: DayMemory | None = None


def books(legs: Any, orders: Any, fills: Any, memory: DayMemory | None = None) -> Case:
    return Case(legs, orders, fills, memory)


CARRIED = leg(opening=-75, settled=100, bought=(75, 150))
SL_THEN_LIMIT = ((OrderStatus.TRIGGER_PENDING, STOP), (OrderStatus.NEW, LIMIT), (OrderStatus.FILLED, LIMIT))

HITS = {
    "stop type in the book": books([STOPPED], [SALE, order()], [SOLD, HIT]),
    "stop-market": books([STOPPED], [SALE, order(type_=OrderType.STOP_MARKET)], [SOLD, HIT]),
    "became a limit order, its history was read": books(
        [STOPPED], [SALE, order(type_=LIMIT, history=SL_THEN_LIMIT)], [SOLD, HIT]
    ),
    "became a market order, an earlier reading saw the stop": books(
        [STOPPED], [SALE, order(type_=MARKET)], [SOLD, HIT], DayMemory(date(2026, 11, 23), stops_seen=frozenset({"S1"}))
    ),
    "history shows it only waiting for its trigger": books(
        [STOPPED],
        [SALE, order(type_=LIMIT, history=[(OrderStatus.TRIGGER_PENDING, LIMIT), (OrderStatus.FILLED, LIMIT)])],
        [SOLD, HIT],
    ),
    "carried short": books([CARRIED], [order()], [HIT]),
    "carried short, trades not read, no other order": books([CARRIED], [order()], NOT_READ),
    "trades not read, the orders tell the sale was earlier": books([STOPPED], [SALE, order()], NOT_READ),
    "placed in the second of the sale": books([STOPPED], [SALE, order(placed="09:20:05")], [SOLD, HIT]),
    "part of the short": books(
        [leg(sold=(150, 100), bought=(75, 150), last=150)],
        [order("E1", side=SELL, type_=LIMIT, quantity=150), order()],
        [fill("E1", SELL, 150, 100, "09:20:05"), HIT],
    ),
    "entry filled in two parts, the stop placed after the first": books(
        [leg(sold=(150, 100), bought=(150, 150))],
        [order(quantity=150)],
        [fill("E1", SELL, 75, 100, "09:20:05"), fill("E1", SELL, 75, 100, "09:25:00"),
         fill("S1", BUY, 150, 150, "10:30:00")],
    ),
    "short partly bought back by hand before the stop filled and flipped it": books(
        [leg(sold=(75, 100), bought=(100, 140), last=150)],
        [order()],
        [SOLD, fill("M1", BUY, 25, 120, "10:00:00"), HIT],
    ),
    "filled in two trades": books(
        [STOPPED], [SALE, order()], [SOLD, fill("S1", BUY, 50, 150, "10:30:00"), fill("S1", BUY, 25, 151, "10:30:02")]
    ),
    "status word not held, the trades show the fill": books(
        [STOPPED], [SALE, order(status=OrderStatus.UNKNOWN, filled=75, status_text="zzz")], [SOLD, HIT]
    ),
    "placed as an after-market order the evening before, filled today": books(
        [CARRIED], [order(placed=at("20:00:00", YESTERDAY))], [HIT]
    ),
}  # fmt: skip

LONG_BEFORE = leg(bought=(75, 60), last=80)
NOT_HITS = {
    "stop-buy entry in a contract never sold": books([LONG_BEFORE], [order()], [HIT]),
    "stop-buy entry, the contract sold later": books(
        [STOPPED],
        [order(placed="09:19:00"), order("E1", side=SELL, type_=LIMIT, placed="11:00:00", updated="11:00:00")],
        [fill("S1", BUY, 75, 150, "09:19:30"), fill("E1", SELL, 75, 100, "11:00:00")],
    ),
    "stop-buy that adds to a long": books(
        [leg(opening=75, settled=50, bought=(75, 60), last=80)], [order()], [HIT]
    ),
    "stop-sell on a hedge": books(
        [leg(bought=(75, 60), sold=(75, 40))], [order(side=SELL)],
        [fill("H1", BUY, 75, 60, "09:20:00"), fill("S1", SELL, 75, 40, "10:30:00")],
    ),
    "yesterday's order still in the book": books(
        [CARRIED], [order(placed=at("10:00:00", YESTERDAY), updated=at("10:30:00", YESTERDAY))], []
    ),
    "yesterday's order stamped again by this morning's clean-up": books(
        [CARRIED], [order(placed=at("10:00:00", YESTERDAY), updated="08:00:00")], []
    ),
    "stop cancelled": books([STOPPED], [SALE, order(status=OrderStatus.CANCELED)], [SOLD]),
    "stop rejected": books([STOPPED], [SALE, order(status=OrderStatus.REJECTED)], [SOLD]),
    "stop still waiting": books(
        [leg(sold=(75, 100), last=90)], [SALE, order(status=OrderStatus.TRIGGER_PENDING)], [SOLD]
    ),
    "part fill below the share": books(
        [leg(sold=(75, 100), bought=(25, 150), last=150)],
        [SALE, order(status=OrderStatus.CANCELED, filled=25)], [SOLD, fill("S1", BUY, 25, 150, "10:30:00")],
    ),
    "the short is in another product": books(
        [leg(sold=(75, 100), last=90, product="NRML"), leg(bought=(75, 150), last=150, product="MIS")],
        [order(product="MIS")], [SOLD, fill("S1", BUY, 75, 150, "10:30:00", product="MIS")],
    ),
    "the short is in another strike": books(
        [leg(sold=(75, 100), last=90), leg(option(24500), bought=(75, 150), last=150)],
        [order(instrument=option(24500))], [SOLD, fill("S1", BUY, 75, 150, "10:30:00", option(24500))],
    ),
    "stop on a sold future": books(
        [leg(future(), sold=(75, 100), bought=(75, 150))],
        [order(instrument=future())],
        [fill("E1", SELL, 75, 100, "09:20:05", future()), fill("S1", BUY, 75, 150, "10:30:00", future())],
    ),
    "stop far larger than the short it stood for: an entry": books(
        [leg(sold=(75, 100), bought=(300, 150), last=150)],
        [SALE, order(quantity=300)], [SOLD, fill("S1", BUY, 300, 150, "10:30:00")],
    ),
    "orphan stop: the short was bought back by hand before it filled": books(
        [leg(sold=(75, 100), bought=(150, 140), last=150)],
        [SALE, order("M1", type_=LIMIT, placed="10:00:00", updated="10:00:01"), order()],
        [SOLD, fill("M1", BUY, 75, 120, "10:00:01"), HIT],
    ),
    "bought back by hand with a limit order": books([STOPPED], [SALE, order(type_=LIMIT)], [SOLD, HIT]),
    "bought back by hand with a market order, history read": books(
        [STOPPED], [SALE, order(type_=MARKET, history=[(OrderStatus.NEW, MARKET), (OrderStatus.FILLED, MARKET)])],
        [SOLD, HIT],
    ),
    "limit order whose trigger price is the broker's zero": books(
        [STOPPED], [SALE, order(type_=LIMIT, trigger_price=d(0))], [SOLD, HIT]
    ),
    "never sold today and carried long, trades not read": books(
        [leg(opening=75, settled=50, bought=(75, 60), last=80)], [order()], NOT_READ
    ),
    "no orders at all": books([leg(sold=(75, 100), last=90)], [], [SOLD]),
}  # fmt: skip

UNDECIDED = {
    "orders not read": (books([STOPPED], NOT_READ, [SOLD, HIT]), "orders not read: the call timed out"),
    "positions not read": (books(NOT_READ, [order()], [SOLD, HIT]), "positions not read: the call timed out"),
    "the contract has no row": (books([], [order()], [HIT]), f"positions show no row for NFO:{CE.symbol} (NRML)"),
    "trigger price left on a limit order": (
        books([STOPPED], [SALE, order(type_=LIMIT, trigger_price=d(148))], [SOLD, HIT]),
        "order S1 has a trigger price but is no stop now, and its history was not read",
    ),
    "order type not held": (
        books([STOPPED], [SALE, order(type_=OrderType.UNKNOWN)], [SOLD, HIT]), "type of order S1 is not known",
    ),
    "status not held, trades not read": (
        books([CARRIED], [order(status=OrderStatus.UNKNOWN, filled=75, status_text="zzz")], NOT_READ),
        "status of order S1 is not known (zzz)",
    ),
    "sold and bought today, neither trades nor the sale's order": (
        books([STOPPED], [order()], NOT_READ),
        f"whether NFO:{CE.symbol} was sold when order S1 was placed is not known: trades not read: the call timed out",
    ),
    "the trades do not add up to the row": (
        books([STOPPED], [order()], [HIT]),
        f"whether NFO:{CE.symbol} was sold when order S1 was placed is not told by the trades",
    ),
    "another day's order, trades not read": (
        books([CARRIED], [order(placed=at("10:00:00", YESTERDAY), updated="08:00:00")], NOT_READ),
        "trades not read: the call timed out",
    ),
    "no time at all": (
        books([CARRIED], [order(placed=None, updated=None)], NOT_READ), "when order S1 filled is not known",
    ),
}  # fmt: skip


def seen_in(case: Case, **demands: Any) -> Any:
    return view(snapshot(case.legs, case.orders, case.fills), memory=case.memory, **demands)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in HITS.items()])
def test_a_stop_loss_hit(case: Case) -> None:
    seen = seen_in(case)
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss_hits", seen) == d(1)
    assert fact("stop_loss.order_id", seen) == "S1"


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in NOT_HITS.items()])
def test_a_look_alike_does_not_hit(case: Case) -> None:
    seen = seen_in(case)
    assert fact("stop_loss_hit", seen) is False
    assert fact("stop_loss_hits", seen) == d(0)
    assert fact("stop_loss.order_id", seen) == Unknown(("no stop-loss has filled today",))


@pytest.mark.parametrize(("case", "cause"), [pytest.param(*pair, id=name) for name, pair in UNDECIDED.items()])
def test_missing_evidence_is_unknown_and_named(case: Case, cause: str) -> None:
    seen = seen_in(case)
    value = fact("stop_loss_hit", seen)
    assert isinstance(value, Unknown)
    assert cause in value.causes
    assert isinstance(fact("stop_loss_hits", seen), Unknown)
    assert isinstance(fact("stop_loss.symbol", seen), Unknown)


def test_the_evidence_is_kept() -> None:
    hit = stop_hits(view(plain()))[0]
    assert (hit.order_id, hit.symbol, hit.filled_at) == ("S1", CE.symbol, at("10:30:00"))
    assert (hit.quantity, hit.price, hit.share, hit.reduced) == (d(75), d(150), d(100), d(75))
    assert hit.evidence == "a stop by its type in the order book"


def test_the_facts_of_the_latest_hit() -> None:
    other = option(23000)
    later = [leg(other, sold=(150, 80), bought=(150, 120)), STOPPED]
    orders = [order(), order("S2", other, quantity=150, updated="10:45:00", average_price=d(121))]
    fills = [SOLD, HIT, fill("E2", SELL, 150, 80, "09:20:00", other), fill("S2", BUY, 150, 120, "10:45:00", other)]
    seen = view(snapshot(later, orders, fills))
    assert fact("stop_loss_hits", seen) == d(2)
    assert fact("stop_loss.symbol", seen) == other.symbol
    assert fact("stop_loss.filled_at", seen) == at("10:45:00")
    assert fact("stop_loss.quantity", seen) == d(150)
    assert fact("stop_loss.price", seen) == d(121)


def test_a_hit_without_a_price_still_hits() -> None:
    seen = view(snapshot([CARRIED], [order()], NOT_READ))
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss.price", seen) == Unknown(("fill price of order S1 not told",))


def test_a_part_fill_is_a_warning_until_it_reaches_the_policys_share() -> None:
    part = NOT_HITS["part fill below the share"]
    assert fact("stop_loss_partial", seen_in(part)) == d(1)
    low_enough = seen_in(part, stop_loss_share=d(30))
    assert fact("stop_loss_hit", low_enough) is True
    assert fact("stop_loss_partial", low_enough) == d(0)


def test_a_stop_larger_than_its_short_counts_only_for_the_part_that_reduced_it() -> None:
    case = NOT_HITS["stop far larger than the short it stood for: an entry"]
    hit = stop_hits(seen_in(case))[0]
    assert (hit.share, hit.reduced) == (d(25), d(75))


def test_a_growing_fill_turns_the_warning_into_a_hit() -> None:
    first = snapshot(
        [leg(sold=(75, 100), bought=(25, 150), last=150)],
        [SALE, order(status=OrderStatus.PARTIALLY_FILLED, filled=25, updated="10:59:59")],
        [SOLD, fill("S1", BUY, 25, 150, "10:59:59")],
    )
    before = view(first)
    assert fact("stop_loss_hit", before) is False
    assert fact("stop_loss_partial", before) == d(1)
    rest = fill("S1", BUY, 50, 151, "11:00:01")
    full = after(plain(fills=[SOLD, fill("S1", BUY, 25, 150, "10:59:59"), rest]), 2)
    seen = view(full, memory=before.memory)
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss_partial", seen) == d(0)
    assert fact("stop_loss.filled_at", seen) == at("11:00:01")


@pytest.mark.parametrize("later", [
    pytest.param({"orders": NOT_READ}, id="orders not read"),
    pytest.param({"orders": []}, id="order gone from the book"),
    pytest.param({"legs": NOT_READ, "fills": NOT_READ}, id="positions and trades not read"),
])  # fmt: skip
def test_once_true_true_for_the_day(later: dict[str, Any]) -> None:
    memory = view(plain()).memory
    seen = view(after(plain(**later), 2), memory=memory)
    assert fact("stop_loss_hit", seen) is True
    assert fact("stop_loss.order_id", seen) == "S1"


def test_a_hit_does_not_live_into_the_next_day() -> None:
    memory = view(plain()).memory
    tomorrow = NOW + timedelta(days=1)
    session = replace(
        view(plain()).session, trading_date=date(2026, 11, 24), opens_at=at("09:15:00", date(2026, 11, 24))
    )
    seen = view(snapshot([], [order()], [], taken_at=tomorrow), memory=memory, session=session)
    assert seen.memory.stop_hits == ()
    assert fact("stop_loss_hit", seen) is False


def test_one_undecided_order_leaves_the_count_between() -> None:
    other = option(23000)
    seen = view(
        snapshot(
            [STOPPED, leg(other, sold=(75, 80), bought=(75, 120))],
            [SALE, order(), order("X1", other, type_=OrderType.UNKNOWN)],
            [SOLD, HIT, fill("E2", SELL, 75, 80, "09:20:00", other), fill("X1", BUY, 75, 120, "10:40:00", other)],
        )
    )
    assert fact("stop_loss_hit", seen) is True
    assert bounds(fact("stop_loss_hits", seen)) == (d(1), d(2))


def test_two_stops_that_fill_in_the_same_second_both_hit() -> None:
    halves = [order("S1"), order("S2")]
    fills = [fill("E1", SELL, 150, 100, "09:20:05"), HIT, fill("S2", BUY, 75, 151, "10:30:00")]
    seen = view(snapshot([leg(sold=(150, 100), bought=(150, 150))], halves, fills))
    assert fact("stop_loss_hits", seen) == d(2)


def test_was_stop_remembers_a_stop_an_earlier_reading_saw() -> None:
    waiting = order(status=OrderStatus.TRIGGER_PENDING, trigger_price=d(148))
    first = view(snapshot([leg(sold=(75, 100), last=90)], [SALE, waiting], [SOLD]))
    triggered = order(type_=LIMIT, trigger_price=d(148))
    seen = view(after(plain(orders=[SALE, triggered]), 2), memory=first.memory)
    assert was_stop(seen, triggered) is True
    assert fact("stop_loss_hit", seen) is True
    assert stop_hits(seen)[0].evidence == "seen as a stop in an earlier reading"


def test_a_sale_is_never_judged() -> None:
    assert judge(view(plain()), SALE) is None


OPEN = leg(sold=(75, 100), last=180)
NEW, PENDING = OrderStatus.NEW, OrderStatus.TRIGGER_PENDING


@pytest.mark.parametrize(
    ("rests", "expected"),
    [
        pytest.param(order(status=NEW), True, id="stop type, no longer waiting"),
        pytest.param(order(status=OrderStatus.PARTIALLY_FILLED, filled=25), True, id="part filled"),
        pytest.param(order(status=NEW, type_=LIMIT, history=SL_THEN_LIMIT[:2]), True, id="became a limit order"),
        pytest.param(order(status=PENDING), False, id="waiting for its trigger"),
        pytest.param(order(status=OrderStatus.PENDING_NEW), False, id="on its way"),
        pytest.param(order(status=NEW, type_=LIMIT), False, id="plain limit order"),
        pytest.param(order(status=NEW, side=SELL), False, id="a sale"),
        pytest.param(order(status=OrderStatus.CANCELED), False, id="cancelled"),
        pytest.param(order(status=NEW, product="MIS"), False, id="another product"),
        pytest.param(
            order(status=OrderStatus.PENDING_REPLACE, history=[(PENDING, STOP)]), False, id="changed, waiting"
        ),
        pytest.param(
            order(status=OrderStatus.PENDING_REPLACE, history=[(PENDING, STOP), (NEW, STOP)]),
            True,
            id="changed, resting",
        ),
    ],
)
def test_a_stop_that_triggered_and_rests_unfilled(rests: Any, expected: bool) -> None:
    seen = view(snapshot([OPEN], [SALE, rests], [SOLD]))
    assert fact("stop_triggered_unfilled", seen) is expected
    assert field("stop_triggered_unfilled", seen, one_leg(seen)) is expected


def test_whether_a_stop_triggered_can_be_unknown() -> None:
    odd = order(status=OrderStatus.UNKNOWN, status_text="zzz")
    for orders in ([odd], [order(status=OrderStatus.PENDING_CANCEL)], NOT_READ):
        assert isinstance(fact("stop_triggered_unfilled", view(snapshot([OPEN], orders, [SOLD]))), Unknown)
    assert fact("stop_triggered_unfilled", view(snapshot([leg(bought=(75, 9), last=9)], [odd]))) is False
