"""The recorded day holds together: every body is read, the sums are the broker's own, positions are the trades."""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.brokers.readings import read
from engine.cli.demo import played_day
from engine.core.reconcile import ReconcileState, reconcile
from engine.domain.account import Account
from engine.domain.enums import Side
from engine.domain.snapshot import Book, Leg, Missing, Snapshot
from engine.facts.drift import drift
from engine.facts.lineage import stop_hits
from engine.facts.pnl import account_mtm
from engine.runtime.calendars import calendar_for
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.policy_files import load_policies
from engine.runtime.recorded_day import RecordedReading, demo_day_dir, read_day

DAY = read_day(demo_day_dir())
LOSSES = {
    "09:50:00": "620.75", "11:20:00": "12515.75", "11:24:40": "12827.75", "11:24:50": "12918.75",
    "11:31:02": "14023.75", "11:31:06": "13867.75",
}  # fmt: skip
KITE = [one for one in DAY.readings if one.account == "kite-1"]
KOTAK = [one for one in DAY.readings if one.account == "kotak-1"]
SHIPPED = ("daily-loss-kill-switch", "daily-loss-floor", "naked-short", "unprotected-short", "stop-triggered-unfilled")


def clock(one: RecordedReading) -> str:
    return f"{one.at.astimezone(calendar_for('NSE').zone):%H:%M:%S}"


def accounts() -> dict[str, Account]:
    desk = read_desk(str(DAY.desk))
    return dict(resolve_desk(desk, load_policies([str(desk.policies)]).program).accounts)


def snapshot(one: RecordedReading) -> Snapshot:
    broker = "kite" if one.account.startswith("kite") else "kotak"
    reading = read(broker, one.account, one.bodies, one.at)
    assert {part for part, _ in reading.failures} == one.fails
    return reading.snapshot


def legs(one: RecordedReading) -> tuple[Leg, ...]:
    positions = snapshot(one).positions
    assert isinstance(positions, Book)
    return positions.rows


def net_rows(one: RecordedReading) -> list[dict[str, Any]]:
    assert one.bodies.positions is not None
    rows: list[dict[str, Any]] = json.loads(one.bodies.positions, parse_float=Decimal, parse_int=Decimal)["data"]["net"]
    return rows


def test_the_day_is_an_ordinary_trading_day() -> None:
    for one in DAY.readings:
        session = calendar_for("NFO").session_at(one.at)
        assert (session.known, session.contains(one.at)) == (True, True)
        assert str(session.trading_date) == "2026-11-12"


@pytest.mark.parametrize("one", DAY.readings, ids=clock)
def test_every_body_is_read_and_only_the_planted_part_is_missing(one: RecordedReading) -> None:
    seen = snapshot(one)
    parts = {"positions": seen.positions, "orders": seen.orders, "trades": seen.fills, "funds": seen.funds,
             "quotes": seen.quotes}  # fmt: skip
    assert {name for name, part in parts.items() if isinstance(part, Missing)} == one.fails


@pytest.mark.parametrize("one", KITE, ids=clock)
def test_the_day_figure_of_every_row_is_the_brokers_own(one: RecordedReading) -> None:
    for leg in legs(one):
        assert leg.opening_value is not None
        held = leg.net_quantity * (leg.last_price or Decimal(0)) * leg.factor
        assert leg.day_sell_value - leg.day_buy_value - leg.opening_value + held == leg.reported_mtm, leg.key


@pytest.mark.parametrize("one", KITE, ids=clock)
def test_every_row_keeps_the_brokers_formulas(one: RecordedReading) -> None:
    for row in net_rows(one):
        held = row["quantity"] * row["last_price"] * row["multiplier"]
        assert row["quantity"] == row["overnight_quantity"] + row["day_buy_quantity"] - row["day_sell_quantity"]
        assert row["value"] == row["sell_value"] - row["buy_value"]
        assert row["pnl"] == row["unrealised"] == row["value"] + held
        assert row["m2m"] == row["sell_m2m"] - row["buy_m2m"] + held
        assert row["buy_m2m"] == row["overnight_quantity"] * row["close_price"] + row["day_buy_value"]


@pytest.mark.parametrize("one", KITE, ids=clock)
def test_the_margins_add_up(one: RecordedReading) -> None:
    assert one.bodies.funds is not None
    equity = json.loads(one.bodies.funds, parse_float=Decimal, parse_int=Decimal)["data"]["equity"]
    available, used = equity["available"], equity["utilised"]
    assert equity["net"] == available["cash"] + available["collateral"] - used["debits"]
    day = sum(row["m2m"] for row in net_rows(one))
    assert used["m2m_realised"] + used["m2m_unrealised"] == day
    assert used["debits"] == used["span"] + used["exposure"] - day


@pytest.mark.parametrize("one", DAY.readings, ids=clock)
def test_the_positions_are_what_was_carried_and_traded(one: RecordedReading) -> None:
    fills = snapshot(one).fills
    assert isinstance(fills, Book)
    traded: dict[Any, Decimal] = defaultdict(Decimal)
    for fill in fills.rows:
        traded[fill.key] += fill.quantity if fill.side is Side.BUY else -fill.quantity
    for leg in legs(one):
        assert leg.net_quantity == leg.opening_quantity + traded.pop(leg.key, Decimal(0)), leg.key
    assert not any(traded.values())


@pytest.mark.parametrize("one", [one for one in DAY.readings if not one.fails], ids=clock)
def test_the_orders_filled_what_was_traded(one: RecordedReading) -> None:
    seen = snapshot(one)
    assert isinstance(seen.orders, Book)
    assert isinstance(seen.fills, Book)
    for order in seen.orders.rows:
        own = [fill for fill in seen.fills.rows if fill.order_id == order.id]
        assert sum(fill.quantity for fill in own) == order.filled_quantity, order.id
        if own:
            worth = sum(fill.quantity * fill.price for fill in own)
            assert order.average_price is not None
            assert order.average_price * order.filled_quantity == worth, order.id
            assert all(
                order.placed_at <= fill.filled_at <= one.at for fill in own if order.placed_at and fill.filled_at
            )


@pytest.mark.parametrize("one", DAY.readings, ids=clock)
def test_every_leg_has_a_contract_of_the_file_and_a_quote_around_its_last_price(one: RecordedReading) -> None:
    seen = snapshot(one)
    assert isinstance(seen.quotes, Book)
    quotes = {(quote.exchange, quote.symbol): quote for quote in seen.quotes.rows}
    for leg in legs(one):
        assert leg.instrument.lot_size == 65
        assert leg.instrument.tick_size == Decimal("0.05")
        assert leg.net_quantity % 65 == 0
        quote = quotes[leg.instrument.key]
        assert quote.last_price is not None
        assert leg.last_price in (None, quote.last_price)
        assert quote.ask is not None
        assert (quote.bid or 0) <= quote.last_price <= quote.ask
        assert all(price % Decimal("0.05") == 0 for price in (quote.bid, quote.ask, quote.last_price) if price)


def test_the_kotak_limits_agree_with_the_legs_and_their_quotes() -> None:
    (one,) = KOTAK
    seen = snapshot(one)
    assert isinstance(seen.quotes, Book)
    assert not isinstance(seen.funds, Missing)
    last = {quote.symbol: quote.last_price for quote in seen.quotes.rows}
    day = Decimal(0)
    for leg in legs(one):
        price, opening = last[leg.instrument.symbol], leg.opening_value
        assert price is not None
        assert opening is not None
        day += leg.net_quantity * price - opening
    assert seen.funds.reported_mtm == day == Decimal("-3698.50")
    unbid = [quote.symbol for quote in seen.quotes.rows if quote.bid is None]
    assert unbid == ["NIFTY26N1728800CE"]


def test_our_figures_are_the_expected_ones_and_drift_from_nobody() -> None:
    desk = read_desk(str(DAY.desk))
    program = load_policies([str(desk.policies)]).program
    played = played_day(DAY, program, accounts())
    for one in played:
        assert drift(one.evaluation.view) == ()
        if one.recorded.account == "kite-1":
            assert account_mtm(one.evaluation.view) == -Decimal(LOSSES[clock(one.recorded)])
    hits = [[hit.order_id[-4:] for hit in stop_hits(one.evaluation.view) if hit.share == 100] for one in played]
    assert hits == [[], [], [], [], ["1131"], [], ["1131"]]


def test_no_reading_is_doubted() -> None:
    for account in ("kite-1", "kotak-1"):
        previous, state = None, ReconcileState()
        for one in DAY.readings:
            if one.account != account:
                continue
            current = snapshot(one)
            believed, state = reconcile(previous, current, state)
            assert (believed.positions, believed.fills, believed.doubted) == (current.positions, current.fills, ())
            previous = believed


@pytest.mark.parametrize("name", SHIPPED)
def test_the_desks_policies_are_the_shipped_ones(name: str) -> None:
    ours = load_policies([str(DAY.desk / "policies")]).program.policy(name)
    shipped = load_policies([str(Path(__file__).parents[2] / "policies")]).program.policy(name)
    assert ours is not None
    assert shipped is not None
    assert (ours.fingerprint, [call.words for call in ours.then]) == (
        shipped.fingerprint, [call.words for call in shipped.then],
    )  # fmt: skip
