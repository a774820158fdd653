"""What the simulated broker says, the engine's own parsers read: two independent readings of one fact sheet."""

import json
from decimal import Decimal

import pytest

from engine.brokers.kotak import parse
from engine.brokers.readings import Bodies, read
from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.snapshot import Book, Funds
from engine.runtime.scenarios import load_scenario, shipped_scenarios
from tests.sim.kotak.day import CALL, PUT, UCC, Day, carried, level, tick

STATUSES = {
    "put order req received": OrderStatus.PENDING_NEW,
    "validation pending": OrderStatus.PENDING_NEW,
    "open pending": OrderStatus.PENDING_NEW,
    "open": OrderStatus.NEW,
}


@pytest.fixture
def day() -> Day:
    asks = (level("100", 65), level("104"))
    return Day(
        positions=(carried(CALL, -130, "110"), carried(PUT, 65, "95")), ticks=(tick(PUT, "100", asks=asks),)
    ).sign_in()


def bodies(day: Day, histories: tuple[str, ...] = ()) -> Bodies:
    access = {"Authorization": day.session["Authorization"]}
    options = [f"nse_fo|{one.token}" for one in day.exchange.contracts() if one.exchange == "NFO"]
    asked = ",".join([*options, "nse_cm|Nifty 50"])
    files = day.get("script-details/1.0/masterscrip/file-paths", access).body["data"]["filesPaths"]
    nse = next(path for path in files if path.endswith("nse_fo.csv"))
    return Bodies(
        positions=day.get("quick/user/positions").content,
        orders=day.orders().content,
        trades=day.get("quick/user/trades").content,
        histories=tuple(day.post("quick/order/history", {"nOrdNo": number}).content for number in histories),
        funds=day.post("quick/user/limits", {"seg": "ALL", "exch": "ALL", "prod": "ALL"}).content,
        quotes=day.get(f"script-details/1.0/quotes/neosymbol/{asked}/all", access).content,
        instruments=day.request("GET", nse).content,
    )


def test_a_busy_day_is_read_without_a_failure_and_says_the_same(day: Day) -> None:
    numbers = [
        day.placed(pr="80", ig="R1"),
        day.placed(ts=PUT, pr="100", qt="195", ig="R2"),
        day.placed(pr="120", ig="R3"),
        day.placed(pt="SL", pr="122", tp="120", ig="R4"),
        day.placed(pt="SL-M", pr="0", tp="120", ig="R5"),
    ]
    reading = read("kotak", UCC, bodies(day, tuple(numbers)), day.clock.now())
    assert reading.failures == ()
    snapshot = reading.snapshot
    assert isinstance(snapshot.orders, Book)
    by_tag = {order.tag: order for order in snapshot.orders.rows}
    assert {tag: order.status for tag, order in by_tag.items()} == {
        "R1": OrderStatus.NEW, "R2": OrderStatus.PARTIALLY_FILLED, "R3": OrderStatus.FILLED,
        "R4": OrderStatus.TRIGGER_PENDING, "R5": OrderStatus.REJECTED,
    }  # fmt: skip
    assert (by_tag["R2"].filled_quantity, by_tag["R2"].quantity) == (65, 195)
    assert (by_tag["R4"].type, by_tag["R4"].trigger_price, by_tag["R4"].side) == (OrderType.STOP, 120, Side.BUY)
    assert by_tag["R5"].reason == "Market order with Algo Id not allowed"
    assert all(order.instrument.lot_size == 65 for order in snapshot.orders.rows)
    assert all(order.history and order.history[0].status is OrderStatus.PENDING_NEW for order in by_tag.values())


def test_positions_money_and_quotes_are_the_exchanges(day: Day) -> None:
    day.placed(pr="120")
    snapshot = read("kotak", UCC, bodies(day), day.clock.now()).snapshot
    assert isinstance(snapshot.positions, Book)
    assert isinstance(snapshot.fills, Book)
    assert isinstance(snapshot.quotes, Book)
    assert isinstance(snapshot.funds, Funds)
    mine = {leg.instrument.symbol: leg for leg in snapshot.positions.rows}
    theirs = {row.contract.symbol: row for row in day.exchange.positions(UCC)}
    assert mine.keys() == theirs.keys()
    for symbol, row in theirs.items():
        assert (mine[symbol].net_quantity, mine[symbol].opening_quantity) == (row.net, row.carried)
        assert (mine[symbol].day_buy_value or 0, mine[symbol].day_sell_value or 0) == (row.bought_value, row.sold_value)
    assert [(fill.quantity, fill.price) for fill in snapshot.fills.rows] == [(65, Decimal("100.05"))]
    quotes = {quote.symbol: quote for quote in snapshot.quotes.rows}
    assert (quotes[CALL].bid, quotes[CALL].ask) == (Decimal("99.95"), Decimal("100.05"))
    assert quotes["Nifty 50"].last_price == 24010
    money = day.exchange.money(UCC)
    assert snapshot.funds.margin_used == money.margin_used
    assert abs((snapshot.funds.margin_available or 0) - money.available) < Decimal("0.000001")


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_days_are_read_all_day_and_say_what_the_exchange_says(name: str) -> None:
    day = Day(setup=load_scenario(name).setup)
    sessions = {}
    for account in day.exchange.accounts():
        day.sign_in(account)
        sessions[account] = day.session
    for _ in range(8):
        day.passes(3_000)
        for account, session in sessions.items():
            day.session = session
            numbers = tuple(order.id for order in day.exchange.orders(account))
            reading = read("kotak", account, bodies(day, numbers), day.clock.now())
            assert reading.failures == ()
            positions, orders, fills = (
                book.rows
                for book in (reading.snapshot.positions, reading.snapshot.orders, reading.snapshot.fills)
                if isinstance(book, Book)
            )
            assert [leg.net_quantity for leg in positions] == [row.net for row in day.exchange.positions(account)]
            assert {order.id for order in orders} == set(numbers)
            assert len(fills) == len(day.exchange.trades(account))
            assert not any(order.status is OrderStatus.UNKNOWN for order in orders)


@pytest.mark.parametrize("status", STATUSES)
def test_every_step_of_the_ladder_is_read(day: Day, status: str) -> None:
    number = day.place(pr="80").body["nOrdNo"]
    while day.order(number)["ordSt"] != status:
        day.passes(0.001)
    (order,) = (one for one in parse.parse_orders(day.orders().content, day.clock.now()).rows if one.id == number)
    assert order.status is STATUSES[status]


def test_an_empty_day_is_none_not_unknown() -> None:
    snapshot = read("kotak", UCC, bodies(Day().sign_in()), Day().clock.now()).snapshot
    assert [getattr(snapshot, name).rows for name in ("positions", "orders", "fills")] == [(), (), ()]


def test_holdings_are_json_numbers(day: Day) -> None:
    assert json.loads(day.get("portfolio/v1/holdings").text) == {"data": []}
