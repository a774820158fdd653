"""The fields of a position: its contract, its entry, its age, and the keys of its rows."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.domain.enums import Side
from engine.domain.instrument import LAST_OF_MONTH, Expiry, Instrument, InstrumentKind
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown
from engine.facts.catalogue import CATALOGUE
from engine.facts.leg_fields import CONTRACT_FIELDS
from engine.facts.leg_money_fields import MONEY_FIELDS
from engine.facts.leg_rows import LEG_ROWS
from engine.facts.leg_values import day_base_price, entry_price
from engine.facts.parts import positions_of
from engine.facts.path import net_bounds, walk
from engine.facts.tracks import track_of
from tests.facts.build import (
    CE,
    NAME,
    NOT_READ,
    at,
    bounds,
    d,
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
MONTHLY = option(24000, expiry=Expiry(2026, 11, LAST_OF_MONTH))


def value(name: str, row: Leg, **parts: Any) -> Any:
    seen = view(snapshot([row], **parts))
    return field(name, seen, one_leg(seen))


def test_the_contract_of_a_sold_option() -> None:
    row = leg(sold=(150, 100), last=90)
    names = ("symbol", "exchange", "underlying", "expiry", "strike", "right", "product", "net_quantity", "lots",
             "is_short", "is_option", "is_future", "days_to_expiry")  # fmt: skip
    assert [value(name, row) for name in names] == [
        CE.symbol, "NFO", "NIFTY", date(2026, 11, 24), d(24000), "CALL", "NRML", d(-150), d(2), True, True, False, d(1),
    ]  # fmt: skip


def test_what_a_contract_does_not_have_is_unknown() -> None:
    row = leg(future(), bought=(75, 1), last=1)
    assert value("strike", row) == Unknown(("strike of NFO:NIFTY26NOVFUT not known",))
    assert value("right", row) == Unknown(("right of NFO:NIFTY26NOVFUT not known",))
    share = leg(Instrument("NSE", "INFY", InstrumentKind.EQUITY), bought=(1, 1), last=1)
    assert value("expiry", share) == Unknown(("expiry of NSE:INFY not known",))
    assert isinstance(value("days_to_expiry", share), Unknown)


def test_a_monthly_contract_expires_some_day_of_its_month() -> None:
    row = leg(MONTHLY, sold=(75, 1), last=1)
    cause = f"expiry of NFO:{MONTHLY.symbol} known only to the month"
    assert value("expiry", row) == Unknown((cause,))
    assert value("days_to_expiry", row) == Unknown((cause,), d(-22), d(7))


TWICE = [
    fill("E1", SELL, 75, 100, "09:20:00"),
    fill("C1", BUY, 75, 90, "09:30:00"),
    fill("E2", SELL, 75, 120, "10:00:00"),
]
ADDED = [
    fill("E1", SELL, 75, 100, "09:20:00"),
    fill("E2", SELL, 75, 120, "10:00:00"),
    fill("C1", BUY, 50, 90, "10:05:00"),
]


@pytest.mark.parametrize(
    ("row", "fills", "expected"),
    [
        pytest.param(leg(sold=(75, 100), last=90), NOT_READ, d(100), id="one way only"),
        pytest.param(leg(bought=(75, 40), last=90, factor=1000), NOT_READ, d(40), id="price, not money"),
        pytest.param(leg(sold=(150, 110), bought=(75, 90), last=90), TWICE, d(120), id="reopened: the second sale's"),
        pytest.param(leg(sold=(150, 110), bought=(50, 90), last=90), ADDED, d(110), id="added to, then reduced"),
        pytest.param(leg(sold=(150, 110), bought=(75, 90), last=90), NOT_READ, (ZERO, None), id="trades not read"),
        pytest.param(
            leg(opening=-75, settled=100, last=90), [], (ZERO, None), id="carried: the settlement is no entry"
        ),
        pytest.param(
            leg(opening=-75, settled=100, last=90, entry_price=d(140)), [], d(140), id="carried, broker tells"
        ),
        pytest.param(leg(sold=(75, 100), bought=(75, 90)), [], (None, None), id="closed"),
    ],
)
def test_entry_price_is_the_true_cost_or_unknown(row: Leg, fills: Any, expected: Any) -> None:
    price = entry_price(view(snapshot([row], fills=fills)), row)
    assert (bounds(price) if isinstance(expected, tuple) else price) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(leg(sold=(75, 100), last=90), d(100), id="opened today"),
        pytest.param(leg(opening=-75, settled=80, last=90), d(80), id="carried: the settlement"),
        pytest.param(leg(opening=-75, settled=80, sold=(75, 100), last=90), d(90), id="carried and added to"),
        pytest.param(leg(opening=75, settled=80, sold=(25, 100), last=90), d(80), id="carried and reduced"),
        pytest.param(leg(opening=-75, last=90), (ZERO, None), id="settlement not known"),
        pytest.param(leg(sold=(75, 100), bought=(75, 90)), (None, None), id="closed"),
    ],
)
def test_day_base_price(row: Leg, expected: Any) -> None:
    price = day_base_price(row)
    assert (bounds(price) if isinstance(expected, tuple) else price) == expected


def test_the_money_of_a_leg() -> None:
    row = leg(sold=(150, 100), bought=(75, 90), last=120)
    names = ("mtm", "realized_pnl", "unrealized_pnl", "loss", "profit", "mark", "last_price")
    assert [value(name, row) for name in names] == [d(-750), d(750), d(-1500), d(750), ZERO, d(120), d(120)]


def test_without_quotes_the_quote_fields_are_unknown() -> None:
    row = leg(sold=(75, 100), last=90)
    for name in ("bid", "ask", "spread_pct", "quote_age", "trade_age"):
        assert isinstance(value(name, row), Unknown), name


def test_a_position_is_as_old_as_the_fill_that_opened_it() -> None:
    row = leg(sold=(75, 100), last=90)
    assert value("age", row, fills=[fill("E1", SELL, 75, 100, "10:59:00")]) == d(60)
    assert value("age", row, fills=NOT_READ) == ZERO
    assert isinstance(value("age", leg(sold=(75, 1), bought=(75, 1))), Unknown)


def test_rows_are_keyed_by_contract_product_and_number() -> None:
    row = leg(sold=(150, 110), bought=(75, 90), last=90)
    seen = view(snapshot([row], fills=TWICE))
    assert CATALOGUE.rows["positions"].key(one_leg(seen)) == f"{NAME}:NRML:2"
    track = track_of(seen, row)
    assert track is not None
    assert track.number == 2


def test_positions_are_open_and_legs_are_all() -> None:
    closed, open_ = leg(option(1), sold=(75, 1), bought=(75, 1)), leg(sold=(75, 1), last=1)
    seen = view(snapshot([closed, open_]))
    assert positions_of(seen) == (open_,)
    plurals = {rows.plural: rows for rows in LEG_ROWS}
    assert plurals["legs"].rows(seen) == (closed, open_)
    assert isinstance(plurals["positions"].rows(view(snapshot(NOT_READ))), Unknown)
    assert set(plurals["positions"].fields) == {spec.name for spec in (*CONTRACT_FIELDS, *MONEY_FIELDS)}


def test_a_walk_needs_a_complete_trade_book() -> None:
    row = leg(sold=(150, 110), bought=(75, 90), last=90)
    assert walk(view(snapshot([row], fills=TWICE[:2])), row) is None
    path = walk(view(snapshot([row], fills=TWICE)), row)
    assert path is not None
    assert (path.number, path.entry_price, path.was_short) == (2, d(120), True)


def test_net_at_an_instant_from_orders_alone() -> None:
    row = leg(sold=(150, 110), bought=(75, 90), last=90)
    sale = order("E1", side=SELL, quantity=75, placed="09:20:00", updated="09:20:05", modified=False)
    seen = view(snapshot([row], [sale], NOT_READ))
    at_ten = net_bounds(seen, row, at("10:00:00"), "", buys_at_once=True)
    assert at_ten == (d(-150), d(0))
    before = net_bounds(seen, row, at("09:19:00"), "", buys_at_once=True)
    assert before == (d(-75), d(75))
    # A changed order may have filled before the stamp its row shows as its placing.
    for changed in (True, None):
        seen = view(snapshot([row], [replace(sale, modified=changed)], NOT_READ))
        assert net_bounds(seen, row, at("09:19:00"), "", buys_at_once=True) == (d(-150), d(75))
