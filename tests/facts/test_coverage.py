"""Which sold options are covered, naked and protected, and the bounds where the books do not decide."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.enums import InstrumentKind, OrderStatus, OrderType, Right, Side
from engine.domain.instrument import LAST_OF_MONTH, Expiry, Instrument
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Leg
from engine.domain.truth import Truth
from engine.domain.values import Unknown, total
from engine.domain.values import bounds as ends
from engine.facts import coverage
from engine.facts.book import naked_short_lots
from engine.facts.coverage import cover_of, covering, in_lots, is_covered, unprotected_quantity
from tests.facts.build import (
    CE,
    NOT_READ,
    at,
    bounds,
    d,
    fact,
    field,
    fill,
    future,
    leg,
    option,
    order,
    snapshot,
    view,
)

CALL, PUT = Right.CALL, Right.PUT
W1, W2, MONTH = Expiry(2026, 11, 17), Expiry(2026, 11, 24), Expiry(2026, 11, LAST_OF_MONTH)


def short(quantity: int, strike: int = 24000, right: Right | None = CALL, **more: Any) -> Leg:
    product = more.pop("product", "NRML")
    return leg(option(strike, right, **more), sold=(quantity, 100), last=90, product=product)


def long(quantity: int, strike: int = 24500, right: Right | None = CALL, **more: Any) -> Leg:
    product = more.pop("product", "NRML")
    return leg(option(strike, right, **more), bought=(quantity, 50), last=40, product=product)


def naked(*legs: Leg) -> list[Any]:
    seen = view(snapshot(legs))
    return [cover_of(seen, row).naked for row in legs if row.is_short_option]


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        pytest.param([short(75)], [75], id="alone"),
        pytest.param([short(75), long(75)], [0], id="covered"),
        pytest.param([short(150), long(75)], [75], id="half covered"),
        pytest.param([short(75), long(75, 23500)], [0], id="a long in the money covers too"),
        pytest.param([short(75), long(75, right=PUT)], [75], id="the other right does not"),
        pytest.param([short(75), long(75, underlying="BANKNIFTY")], [75], id="another underlying does not"),
        pytest.param([short(75, expiry=W1), long(75, expiry=W2)], [0], id="a later expiry covers"),
        pytest.param([short(75, expiry=W2), long(75, expiry=W1)], [75], id="an earlier one does not"),
        pytest.param([short(75, expiry=W1), long(75, expiry=MONTH)], [0], id="a monthly covers a weekly of its month"),
        pytest.param([short(75), long(75, product="MIS")], [0], id="whatever the products"),
        pytest.param([short(75), short(75, 24100), long(75)], [0, 75], id="a long covers once: the lower call first"),
        pytest.param(
            [short(75, 23000, PUT), short(75, 22900, PUT), long(75, 22000, PUT)], [0, 75], id="the higher put first"
        ),
        pytest.param(
            [short(75, expiry=W2), short(75, expiry=W1), long(75, expiry=W1), long(75, 25000, expiry=W2)], [0, 0],
            id="a near long is not kept from the near short by a far one",
        ),
        pytest.param([short(75), leg(future(), bought=(75, 24000), last=24000)], [75], id="a future is no cover"),
    ],
)  # fmt: skip
def test_naked_quantity(legs: list[Leg], expected: list[int]) -> None:
    assert naked(*legs) == [d(units) for units in expected]


@pytest.mark.parametrize(
    ("legs", "low"),
    [
        pytest.param([short(75, expiry=MONTH), long(75, expiry=W2)], 0, id="weekly against monthly of one month"),
        pytest.param([short(75, expiry=None), long(75)], 0, id="short without an expiry"),
        pytest.param([short(75), long(75, expiry=None)], 0, id="long without an expiry"),
        pytest.param([short(75), long(25, underlying=None)], 50, id="long without an underlying"),
        pytest.param([short(75, underlying=None), long(25)], 50, id="short without an underlying"),
    ],
)
def test_cover_that_cannot_be_told_leaves_bounds(legs: list[Leg], low: int) -> None:
    seen = view(snapshot(legs))
    assert bounds(cover_of(seen, legs[0]).naked) == (d(low), d(75))
    assert isinstance(is_covered(seen, legs[1]), Unknown)
    assert bounds(fact("naked_short_lots", seen)) == (CONTEXT.divide(d(low), d(75)), d(1))


def test_the_unknown_cover_names_both_contracts() -> None:
    one, two = short(75, expiry=MONTH), long(75, expiry=W2)
    value = cover_of(view(snapshot([one, two])), one).naked
    assert isinstance(value, Unknown)
    assert value.cause == f"whether NFO:{two.instrument.symbol} covers NFO:{one.instrument.symbol} is not known"


def test_covering_is_three_valued() -> None:
    assert covering(option(expiry=W2), option(expiry=W1)) is Truth.TRUE
    assert covering(option(expiry=W2), option(expiry=MONTH)) is Truth.UNKNOWN
    assert covering(option(expiry=W2, underlying="X"), option(expiry=MONTH)) is Truth.FALSE
    assert covering(option(right=None), option()) is Truth.UNKNOWN


def test_is_covered_of_every_kind_of_leg() -> None:
    sold, naked_, used, spare = short(75), short(75, 25500, PUT), long(75), long(75, 26000)
    fut, closed = leg(future(), bought=(75, 1), last=1), leg(option(20000), sold=(75, 1), bought=(75, 1))
    seen = view(snapshot([sold, naked_, used, spare, fut, closed]))
    assert [is_covered(seen, row) for row in (sold, naked_, used, spare, fut, closed)] == [
        True, False, True, False, False, False,
    ]  # fmt: skip
    assert fact("naked_short_legs", seen) == d(1)
    assert fact("naked_short_lots", seen) == d(1)
    assert fact("short_option_legs", seen) == d(2)
    assert fact("long_option_legs", seen) == d(2)
    assert fact("open_positions", seen) == d(5)


def test_the_counts_of_an_unread_book_are_unknown_and_never_zero() -> None:
    seen = view(snapshot(NOT_READ))
    for name in (
        "open_positions",
        "short_option_legs",
        "naked_short_legs",
        "naked_short_lots",
        "unprotected_short_legs",
    ):
        assert fact(name, seen) == Unknown(("positions not read: the call timed out",), ZERO, None)


def test_lots_need_the_days_lot_size() -> None:
    row = short(75, lot=None)
    seen = view(snapshot([row]))
    cause = f"lot size of NFO:{row.instrument.symbol} not known"
    assert fact("naked_short_lots", seen) == Unknown((cause,), d(1), None)
    assert field("lots", seen, row) == Unknown((cause,), ZERO, None)
    assert fact("naked_short_lots", view(snapshot([row, long(75)]))) == ZERO
    assert in_lots(short(75), d(150)) == d(2)


SELL, NEW, PENDING = Side.SELL, OrderStatus.NEW, OrderStatus.TRIGGER_PENDING
SOLD = short(150)
YESTERDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        pytest.param([], 150, id="no stop"),
        pytest.param([order(status=PENDING, quantity=150)], 0, id="a waiting stop"),
        pytest.param([order(status=PENDING, quantity=75)], 75, id="half"),
        pytest.param([order(status=PENDING), order("S2", status=PENDING)], 0, id="two halves"),
        pytest.param([order(status=PENDING, quantity=300)], 0, id="more than enough"),
        pytest.param([order(status=OrderStatus.PARTIALLY_FILLED, quantity=150, filled=100)], 100, id="what remains"),
        pytest.param([order(status=NEW, quantity=150)], 0, id="triggered and resting"),
        pytest.param(
            [order(status=NEW, type_=OrderType.LIMIT, quantity=150, history=[(PENDING, OrderType.STOP)])], 150,
            id="a stop changed into a limit order is none",
        ),
        pytest.param([order(status=OrderStatus.PENDING_REPLACE, quantity=150)], 0, id="being changed"),
        pytest.param([order(status=PENDING, type_=OrderType.LIMIT, quantity=150)], 0, id="it waits for a trigger"),
        pytest.param(
            [order(status=PENDING, quantity=150, placed=at("20:00:00", YESTERDAY), updated=None, variety="amo")], 0,
            id="placed after market yesterday, live now",
        ),
        pytest.param([order(status=NEW, type_=OrderType.LIMIT, quantity=150)], 150, id="a limit order is no stop"),
        pytest.param([order(status=PENDING, quantity=150, side=SELL)], 150, id="a sale is not"),
        pytest.param([order(status=OrderStatus.CANCELED, quantity=150)], 150, id="cancelled"),
        pytest.param([order(status=PENDING, quantity=150, product="MIS")], 150, id="another product"),
        pytest.param([order(status=PENDING, quantity=150, instrument=option(24500))], 150, id="another strike"),
    ],
)  # fmt: skip
def test_unprotected_quantity(orders: Any, expected: int) -> None:
    row = leg(CE, sold=(150, 100), last=90)
    seen = view(snapshot([row], orders, [fill("E1", SELL, 150, 100, "09:20:00")]))
    assert unprotected_quantity(seen, row) == d(expected)
    assert fact("unprotected_short_legs", seen) == d(1 if expected else 0)


@pytest.mark.parametrize(
    ("orders", "low", "cause"),
    [
        pytest.param(NOT_READ, 0, "orders not read: the call timed out", id="orders not read"),
        pytest.param(
            [order(status=OrderStatus.UNKNOWN, status_text="?")], 75, "status of order S1 is not known (?)", id="status"
        ),
        pytest.param([order(status=NEW, type_=OrderType.UNKNOWN)], 75, "type of order S1 is not known", id="type"),
        pytest.param([order(status=OrderStatus.PENDING_NEW)], 75, "order S1 is on its way", id="on its way"),
        pytest.param([order(status=OrderStatus.PENDING_CANCEL)], 75, "order S1 is being cancelled", id="cancelling"),
        pytest.param(
            [order(status=PENDING, placed=at("10:00:00", YESTERDAY), updated=at("10:00:00", YESTERDAY))], 75,
            "order S1 is of another day", id="left over from yesterday",
        ),
        pytest.param(
            [order(status=NEW, type_=OrderType.LIMIT, trigger_price=d(148))], 75,
            "order S1 has a trigger price but is no stop now, and its history was not read", id="trigger price left",
        ),
        pytest.param(
            [order(status=NEW, type_=OrderType.LIMIT, trigger_price=d(148), history=[(PENDING, OrderType.STOP)])], 75,
            "order S1 has a trigger price but is no stop now", id="trigger price left on a former stop",
        ),
        pytest.param(
            [order(status=NEW, type_=OrderType.LIMIT, modified=False, history=[(PENDING, OrderType.STOP)])], 75,
            "order S1 was a stop and is none now, though the broker says it was not changed", id="changed by nobody",
        ),
        pytest.param(
            [order(status=PENDING, product="CO", parent_id="E1")], 75,
            f"whether order S1 (CO) stands for NFO:{CE.symbol} (NRML) is not known", id="stop of a cover order",
        ),
        pytest.param(
            [order(status=PENDING, product="MIS")], 75,
            f"whether order S1 (MIS) stands for NFO:{CE.symbol} (NRML) is not known", id="another product, no trades",
        ),
    ],
)  # fmt: skip
def test_protection_that_cannot_be_told_leaves_bounds(orders: Any, low: int, cause: str) -> None:
    row = leg(CE, sold=(150, 100), last=90)
    assert unprotected_quantity(view(snapshot([row], orders)), row) == Unknown((cause,), d(low), d(150))


def test_a_sold_contract_that_may_be_an_option_leaves_the_counts_open_upwards() -> None:
    odd = leg(Instrument("NFO", "NIFTYX", InstrumentKind.OTHER), sold=(65, 100), last=90)
    seen = view(snapshot([odd, short(75), leg(Instrument("NFO", "NIFTYY", InstrumentKind.OTHER), bought=(65, 1))]))
    cause = "whether NFO:NIFTYX is an option is not known"
    for name in ("short_option_legs", "naked_short_legs", "unprotected_short_legs"):
        assert fact(name, seen) == Unknown((cause,), d(1), d(2))
    lots = fact("naked_short_lots", seen)
    assert bounds(lots) == (d(1), None)
    assert isinstance(lots, Unknown)
    assert cause in lots.causes
    assert field("naked_quantity", seen, odd) == Unknown((cause,), ZERO, d(65))
    assert field("stop_triggered_unfilled", seen, odd) is False


def test_without_the_lot_size_certainly_naked_units_are_some_lots() -> None:
    half = [short(150, lot=None), long(75)]
    value = fact("naked_short_lots", view(snapshot(half)))
    assert bounds(value) == (d("0.5"), None)
    perhaps = [short(150, lot=None, expiry=None), long(150)]
    assert bounds(fact("naked_short_lots", view(snapshot(perhaps)))) == (ZERO, None)


def test_a_long_and_a_closed_leg_have_nothing_to_protect() -> None:
    seen = view(snapshot([long(75)], NOT_READ))
    assert unprotected_quantity(seen, long(75)) == ZERO
    assert fact("unprotected_short_legs", seen) == ZERO


expiries = st.sampled_from([W1, W2, Expiry(2026, 12, 1), MONTH])
small = st.integers(1, 5)


@st.composite
def option_books(draw: st.DrawFn) -> list[Leg]:
    sides = st.tuples(st.booleans(), small, st.sampled_from([24000, 24500]), st.sampled_from([CALL, PUT]), expiries)
    legs = [(short if sold else long)(n, k, r, expiry=e) for sold, n, k, r, e in draw(st.lists(sides, max_size=6))]
    return list({row.key: row for row in legs}.values())


def most_covered(legs: list[Leg], possible: bool) -> int:
    """The largest number of short units any allocation covers, one augmenting path at a time."""
    allowed = (Truth.TRUE, Truth.UNKNOWN) if possible else (Truth.TRUE,)
    longs = [row for row in legs if row.net_quantity > 0 for _ in range(int(row.net_quantity))]
    shorts = [row for row in legs if row.net_quantity < 0 for _ in range(int(-row.net_quantity))]
    taken: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j, sold in enumerate(shorts):
            if j not in tried and covering(longs[i].instrument, sold.instrument) in allowed:
                tried.add(j)
                if j not in taken or place(taken[j], tried):
                    taken[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(longs)))


@given(option_books())
def test_no_allocation_covers_more_and_the_bounds_hold(legs: list[Leg]) -> None:
    seen = view(snapshot(legs))
    shorts = [row for row in legs if row.net_quantity < 0]
    sold = sum((-row.net_quantity for row in shorts), ZERO)
    low, high = ends(total(cover_of(seen, row).naked for row in shorts))
    assert high == sold - most_covered(legs, possible=False)
    assert low is not None
    assert low <= sold - most_covered(legs, possible=True)


@given(option_books())
def test_naked_lies_between_nothing_and_the_short(legs: list[Leg]) -> None:
    seen = view(snapshot(legs))
    for row in legs:
        low, high = ends(cover_of(seen, row).naked)
        assert low is not None
        assert high is not None
        assert ZERO <= low <= high <= max(ZERO, -row.net_quantity)
    low, _ = ends(naked_short_lots(seen))
    assert low is not None
    assert low >= ZERO


@given(option_books())
def test_legs_whose_expiries_are_in_order_are_given_out_as_any_are(legs: list[Leg]) -> None:
    calls = sorted(coverage._ranked(row) for row in legs if row.instrument.right is CALL)
    longs, shorts = ([one for one in calls if (one.leg.net_quantity > 0) is bought] for bought in (True, False))
    dated = {one.end[:2] for one in longs if one.end[2] != LAST_OF_MONTH}
    monthly = {one.end[:2] for one in shorts if one.end[2] == LAST_OF_MONTH}
    assert coverage._are_ordered(longs, shorts) is not bool(dated & monthly)
    if not dated & monthly:
        assert coverage._given_out(longs, shorts) == coverage._allotted(longs, shorts)
