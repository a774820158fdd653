"""The brokers' own sample bodies are read whole and give the figures their fields state."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.brokers.kite import parse
from engine.brokers.readings import Bodies, newest_stamp, read
from engine.domain.enums import InstrumentKind, OrderStatus, OrderType
from engine.domain.numbers import CONTEXT
from engine.domain.snapshot import Book, Leg

AT = datetime(2025, 8, 7, 8, 30, tzinfo=UTC)

pytestmark = pytest.mark.samples


@pytest.fixture
def kite(samples: Path) -> Path:
    folder = samples / "kite"
    if not folder.is_dir():
        pytest.skip("the sample folder has no kite bodies")
    return folder


def body(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


def day_figure(leg: Leg) -> Decimal:
    assert leg.opening_value is not None
    assert leg.day_sell_value is not None
    assert leg.day_buy_value is not None
    held = CONTEXT.multiply(CONTEXT.multiply(leg.net_quantity, leg.last_price or Decimal(0)), leg.factor)
    return leg.day_sell_value - leg.day_buy_value - leg.opening_value + held


def test_kite_positions_give_the_days_figure(kite: Path) -> None:
    legs = parse.parse_positions(body(kite, "positions.json"), AT).rows
    assert [day_figure(leg) for leg in legs] == [0, 276, -2]
    assert [leg.reported_mtm for leg in legs] == [0, 276, -2]
    assert sum(day_figure(leg) for leg in legs) == 274
    assert [leg.entry_price for leg in legs] == [Decimal("161.05"), None, None]
    assert [leg.factor for leg in legs] == [1000, 1, 1]


def test_kite_orders(kite: Path) -> None:
    orders = parse.parse_orders(body(kite, "orders.json"), AT).rows
    assert not any(order.is_working for order in orders)
    assert {order.status for order in orders} == {OrderStatus.CANCELED, OrderStatus.FILLED, OrderStatus.REJECTED}
    option = orders[-1]
    assert option.id == "1953367517686685697"
    assert option.parent_id == "1953367517640548352"
    assert (option.instrument.kind, option.instrument.strike) == (InstrumentKind.OPTION, 24400)
    assert option.updated_at == datetime(2025, 8, 7, 8, 8, 2, tzinfo=UTC)


def test_kite_order_history(kite: Path) -> None:
    history = parse.parse_order_history(body(kite, "order_info.json"))
    assert len(history.events) == 8
    assert history.events[0].status is OrderStatus.PENDING_NEW
    assert history.events[-1].status is OrderStatus.NEW
    assert all(event.type is OrderType.LIMIT for event in history.events)


@pytest.mark.parametrize(("name", "count"), [("trades.json", 4), ("order_trades.json", 1)])
def test_kite_trades(kite: Path, name: str, count: int) -> None:
    fills = parse.parse_trades(body(kite, name), AT).rows
    assert len(fills) == count
    assert all(fill.filled_at is not None for fill in fills)


def test_kite_margins(kite: Path) -> None:
    both = parse.parse_margins(body(kite, "margins.json"), AT)
    assert both.margin_available == Decimal("200386.75000000002")
    assert (both.margin_used, both.capital, both.reported_mtm) == (
        Decimal("145706.55"), Decimal("346093.3"), Decimal("761.7"),
    )  # fmt: skip
    assert parse.parse_margins(body(kite, "margins_equity.json"), AT).capital == Decimal("245431.6")
    assert parse.parse_margins(body(kite, "margin_commodity.json"), AT).margin_used == Decimal("871.17")


def test_kite_quotes(kite: Path) -> None:
    (full,) = parse.parse_quotes(body(kite, "quote.json"), AT).rows
    assert (full.has_depth, full.bid, full.ask) == (True, None, Decimal("1412.95"))
    for name in ("ltp.json", "ohlc.json"):
        (plain,) = parse.parse_quotes(body(kite, name), AT).rows
        assert not plain.has_depth


@pytest.mark.parametrize("name", ["instruments_all.csv", "instruments_nse.csv"])
def test_kite_contract_files(kite: Path, name: str) -> None:
    contracts = parse.parse_instruments(body(kite, name))
    assert contracts
    options = [one for one in contracts if one.is_option]
    assert all(one.underlying and one.expiry and one.strike and one.right for one in options)


def test_a_whole_reading(kite: Path) -> None:
    bodies = Bodies(
        positions=body(kite, "positions.json"), orders=body(kite, "orders.json"), trades=body(kite, "trades.json"),
        histories=(body(kite, "order_info.json"),), funds=body(kite, "margins.json"), quotes=body(kite, "quote.json"),
        instruments=body(kite, "instruments_all.csv"),
    )  # fmt: skip
    reading = read("kite", "A1", bodies, AT)
    # The sample's history is of an order that its order book does not hold.
    assert [str(error) for _, error in reading.failures] == [
        "orders: no order 171229000724687 is in the book, whose history was given"
    ]
    assert isinstance(reading.snapshot.positions, Book)
    assert newest_stamp("kite", bodies) == datetime(2025, 8, 7, 8, 8, 2, tzinfo=UTC)


def test_every_kite_sample_is_read_or_refused_with_a_message(kite: Path) -> None:
    for path in sorted(kite.glob("*.json")):
        raw = path.read_bytes()
        reading = read("kite", "A1", Bodies(raw, raw, raw, (raw,), raw, raw, raw), AT)
        assert all(str(error) for _, error in reading.failures)
