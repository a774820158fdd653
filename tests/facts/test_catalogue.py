"""The catalogue as a whole: every fact declared in full, computable on any reading, within its declared range."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.kinds import Kind
from engine.domain.numbers import ZERO
from engine.domain.values import Unknown
from engine.domain.values import bounds as ends
from engine.facts.base import FactSpec, FieldSpec, Part, Sign, View
from engine.facts.catalogue import CATALOGUE
from engine.facts.later import LATER_FACTS, LATER_FIELDS, LATER_ROWS
from tests.facts.build import DEPTH, LAST, NOT_READ, NOW, fill, funds, future, leg, option, order, quote, snapshot, view


def listed(words: str) -> list[str]:
    return words.split()


FACTS = listed(
    """
    mtm loss profit realized_pnl unrealized_pnl mtm_peak drawdown capital margin_used margin_available margin_used_pct
    gross_exposure net_exposure leverage
    open_positions short_option_legs long_option_legs naked_short_legs naked_short_lots unprotected_short_legs
    hedge_lost_lots hedge_ratio order_rate
    loss_pct drawdown_pct charges mtm_net week_mtm week_loss losing_streak order_budget_left time_to_flat
    minutes_to_broker_square_off
    open_orders orders_today rejections stop_loss_hit stop_loss_hits stop_loss.order_id stop_loss.symbol
    stop_loss.filled_at stop_loss.quantity stop_loss.price stop_loss_partial stop_triggered_unfilled
    time minutes_since_open minutes_to_close trading_date weekday snapshot_age broker_connected stop_file
    trading_state
    blocked_underlyings locked_at
    """
)
POSITION = listed(
    """
    symbol exchange underlying expiry strike right product net_quantity lots is_short is_option is_future is_covered
    naked_quantity unprotected_quantity entry_price stop_price day_base_price mark last_price bid ask
    quote_age trade_age
    hedge_lost trades_today minutes_to_close minutes_to_broker_square_off return_pct exposure spread_pct loss
    profit mtm realized_pnl unrealized_pnl age days_to_expiry stop_triggered_unfilled
    """
)
ORDER = listed(
    """
    id symbol underlying side type status quantity lots filled_quantity price trigger_price product was_stop
    is_working
    is_option cancelled_by reason tag placed_at updated_at age effect source
    """
)
FILL = listed("id order_id symbol underlying side quantity price product filled_at is_option")
OF_A_SET = listed(
    """
    mtm loss profit realized_pnl unrealized_pnl short_lots long_lots naked_short_lots short_option_legs
    long_option_legs
    naked_short_legs unprotected_short_legs open_positions short_calls short_puts short_premium_now
    short_call_premium_now short_put_premium_now
    short_premium_received gross_exposure net_exposure
    """
)
ROWS = {
    "positions": POSITION,
    "legs": POSITION,
    "orders": ORDER,
    "fills": FILL,
    "underlyings": [*OF_A_SET, "name", "spot", "expires_today", "orders_today", "is_blocked"],
    "expiries": [*OF_A_SET, "underlying", "date", "days_to_expiry"],
    "accounts": listed("id broker exchange currency mark_basis poll"),
}


def specs() -> Iterator[tuple[str, FactSpec | FieldSpec]]:
    yield from CATALOGUE.facts.items()
    for rows in CATALOGUE.rows.values():
        for name, spec in rows.fields.items():
            yield f"{rows.singular}.{name}", spec


ALL = [pytest.param(spec, id=name) for name, spec in specs()]


def test_the_core_is_all_there_and_named_once() -> None:
    assert len(CATALOGUE.facts) == len(set(FACTS)) == len(FACTS)
    assert set(CATALOGUE.facts) == set(FACTS)
    assert set(CATALOGUE.rows) == set(ROWS)
    for plural, names in ROWS.items():
        assert set(CATALOGUE.rows[plural].fields) == set(names), plural


@pytest.mark.parametrize("spec", ALL)
def test_a_fact_is_declared_in_full(spec: FactSpec | FieldSpec) -> None:
    assert spec.doc[0].isupper()
    assert spec.doc.endswith(".")
    assert "\n" not in spec.doc
    assert spec.name.split(".")[-1] in spec.example or spec.name == "mtm"
    assert spec.needs or spec in CATALOGUE.rows["accounts"].fields.values()
    assert (spec.sign is Sign.MAGNITUDE) == (spec.low is not None and spec.type.kind is not Kind.TIME)
    if spec.is_pnl:
        assert spec.type.kind in (Kind.MONEY, Kind.PERCENT)
        assert spec.sign is not Sign.NONE


def test_the_singular_finds_its_rows() -> None:
    assert CATALOGUE.singular("position") is CATALOGUE.rows["positions"]
    assert CATALOGUE.singular("fill") is CATALOGUE.rows["fills"]
    assert CATALOGUE.singular("positions") is None


def test_what_comes_later_is_not_here_yet() -> None:
    assert not set(LATER_FACTS) & set(CATALOGUE.facts)
    words = {*CATALOGUE.rows, *(rows.singular for rows in CATALOGUE.rows.values())}
    assert not set(LATER_ROWS) & words
    for name, sentence in {**LATER_FACTS, **LATER_ROWS, **LATER_FIELDS}.items():
        assert sentence.endswith("."), name
    for name in LATER_FIELDS:
        row, _, field = name.partition(".")
        known = CATALOGUE.singular(row)
        assert field not in known.fields if known else row in LATER_ROWS


def full() -> Any:
    legs = [
        leg(sold=(150, 100), bought=(75, 130), last=140),
        leg(option(24500), bought=(75, 50), last=40),
        leg(option(23000), opening=-75, last=40),
        leg(future(), bought=(50, 24000), last=23900),
    ]
    orders = [
        order(status=OrderStatus.TRIGGER_PENDING, trigger_price=None),
        order("S2"),
        order("U", type_=OrderType.UNKNOWN, status=OrderStatus.UNKNOWN, filled=25, placed=None),
    ]
    fills = [fill("E1", Side.SELL, 150, 100, "09:20:00"), fill("S2", Side.BUY, 75, 130, "10:30:00")]
    quotes = [quote(row.instrument, 100, 99, None) for row in legs]
    return snapshot(legs, orders, fills, quotes, funds(margin_used=9, margin_available=1, capital=100))


def blind() -> Any:
    return snapshot(NOT_READ, NOT_READ, NOT_READ, NOT_READ, NOT_READ)


VIEWS = [
    pytest.param(lambda: view(snapshot()), id="flat"),
    pytest.param(lambda: view(full()), id="full, last trade"),
    pytest.param(lambda: view(full(), DEPTH), id="full, depth"),
    pytest.param(lambda: view(full(), DEPTH, now=NOW + timedelta(minutes=2)), id="all stale"),
    pytest.param(lambda: view(blind()), id="nothing read"),
]


@pytest.mark.parametrize("build", VIEWS)
def test_every_fact_has_a_value_of_its_type_within_its_range(build: Any) -> None:
    seen: View = build()
    for name, spec in CATALOGUE.facts.items():
        check(name, spec, spec.compute(seen))
    for rows in CATALOGUE.rows.values():
        found = rows.rows(seen)
        for row in () if isinstance(found, Unknown) else found:
            assert rows.key(row)
            for name, field in rows.fields.items():
                check(f"{rows.singular}.{name}", field, field.compute(seen, row))


KINDS = {Kind.BOOL: "bool", Kind.TEXT: "str", Kind.ENUM: "str", Kind.DATE: "date", Kind.INSTANT: "datetime"}


def check(name: str, spec: FactSpec | FieldSpec, value: Any) -> None:
    if isinstance(value, Unknown):
        assert value.causes, name
        assert all(value.causes), name
        if not spec.type.is_numeric:
            assert (value.low, value.high) == (None, None), name
    else:
        assert type(value).__name__ == KINDS.get(spec.type.kind, "Decimal"), name
    if spec.type.kind is Kind.ENUM and not isinstance(value, Unknown):
        assert value in spec.type.members, name
    if spec.type.is_numeric and spec.low is not None:
        low, _ = ends(value)
        assert low is None or low >= spec.low, name


def test_profit_and_loss_is_zero_on_a_flat_book() -> None:
    seen = view(snapshot())
    for name, spec in CATALOGUE.facts.items():
        if spec.is_pnl:
            assert spec.compute(seen) == ZERO, name


def test_a_reading_in_which_nothing_was_read_knows_nothing_of_the_books() -> None:
    seen = view(blind(), LAST)
    for name, spec in CATALOGUE.facts.items():
        if spec.needs & {Part.POSITIONS, Part.ORDERS, Part.FUNDS} and name != "mtm_peak":
            assert isinstance(spec.compute(seen), Unknown), name
