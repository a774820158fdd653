"""One reading is put together from replies: joins, missing parts, and the errors a person must be told."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.brokers.readings import Bodies, newest_stamp, read
from engine.domain.enums import OrderStatus
from engine.domain.instrument import Expiry
from engine.domain.snapshot import Book, Missing
from engine.errors import SettingsError

AT = datetime(2026, 11, 4, 4, 45, tzinfo=UTC)
CALL = "NIFTY26NOV24000CE"
ROW = {"exchange": "NFO", "tradingsymbol": CALL, "product": "NRML"}


def ok(data: Any) -> bytes:
    return json.dumps({"status": "success", "data": data}).encode()


def position(net: int, bought: int, sold: int) -> dict[str, Any]:
    return ROW | {
        "quantity": net, "overnight_quantity": 0, "multiplier": 1, "close_price": 0, "last_price": 90,
        "day_buy_quantity": bought, "day_buy_value": bought * 80, "day_sell_quantity": sold,
        "day_sell_value": sold * 100,
    }  # fmt: skip


def trade(number: int, side: str, quantity: int, price: float) -> dict[str, Any]:
    return ROW | {
        "trade_id": str(number), "order_id": "1", "transaction_type": side, "quantity": quantity,
        "average_price": price, "fill_timestamp": f"2026-11-04 09:{20 + number}:00",
    }  # fmt: skip


ORDER = ROW | {
    "order_id": "1", "transaction_type": "SELL", "order_type": "LIMIT", "status": "COMPLETE", "quantity": 150,
    "filled_quantity": 150, "order_timestamp": "2026-11-04 09:40:00",
}  # fmt: skip
HISTORY = [
    ORDER | {"status": "OPEN", "filled_quantity": 0, "order_timestamp": "2026-11-04 09:19:30"},
    ORDER,
]
CONTRACTS = (
    "instrument_token,tradingsymbol,name,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange\n"
    f"12345,{CALL},NIFTY,2026-11-24,24000,0.05,75,CE,NFO-OPT,NFO\n"
).encode()


def test_what_was_not_given_is_missing_and_no_failure() -> None:
    reading = read("kite", "A1", Bodies(positions=ok({"net": []})), AT)
    snapshot = reading.snapshot
    assert reading.failures == ()
    assert (snapshot.account, snapshot.taken_at) == ("A1", AT)
    assert snapshot.positions == Book((), AT)
    for part in (snapshot.orders, snapshot.fills, snapshot.funds, snapshot.quotes):
        assert part == Missing("not asked for")


def test_what_cannot_be_read_is_missing_with_its_cause_and_told() -> None:
    bodies = Bodies(positions=b"<html>", orders=ok([ORDER]), histories=(b"[]",), instruments=b"a,b\n")
    reading = read("kite", "A1", bodies, AT)
    assert isinstance(reading.snapshot.positions, Missing)
    assert "not JSON" in reading.snapshot.positions.cause
    assert [name for name, _ in reading.failures] == ["instruments", "positions", "histories"]
    assert isinstance(reading.snapshot.orders, Book)
    assert reading.snapshot.orders.rows[0].history is None


def test_histories_join_their_orders_and_date_them() -> None:
    bodies = Bodies(orders=ok([ORDER, ORDER | {"order_id": "2"}]), histories=(ok(HISTORY),))
    orders = read("kite", "A1", bodies, AT).snapshot.orders
    assert isinstance(orders, Book)
    first, second = orders.rows
    assert [event.status for event in first.history or ()] == [OrderStatus.NEW, OrderStatus.FILLED]
    assert first.placed_at == datetime(2026, 11, 4, 3, 49, 30, tzinfo=UTC)
    assert second.history is None


def test_a_history_of_an_order_that_is_not_in_the_book_is_told() -> None:
    history = ok([row | {"order_id": "99"} for row in HISTORY])
    reading = read("kite", "A1", Bodies(orders=ok([ORDER]), histories=(history, ok(HISTORY))), AT)
    ((name, error),) = reading.failures
    assert (name, str(error)) == ("orders", "orders: no order 99 is in the book, whose history was given")
    assert isinstance(reading.snapshot.orders, Book)
    assert reading.snapshot.orders.rows[0].history is not None
    assert read("kite", "A1", Bodies(histories=(history,)), AT).failures == ()


def test_contracts_of_the_file_replace_what_the_symbol_tells() -> None:
    bodies = Bodies(
        positions=ok({"net": [position(-150, 0, 150)]}), orders=ok([ORDER]), trades=ok([trade(1, "SELL", 150, 100)]),
        instruments=CONTRACTS,
    )  # fmt: skip
    snapshot = read("kite", "A1", bodies, AT).snapshot
    for book in (snapshot.positions, snapshot.orders, snapshot.fills):
        assert isinstance(book, Book)
        assert book.rows[0].instrument.expiry == Expiry(2026, 11, 24)
        assert book.rows[0].instrument.lot_size == 75


def entry_price(net: dict[str, Any], *trades: dict[str, Any]) -> Decimal | None:
    bodies = Bodies(positions=ok({"net": [net]}), trades=ok(list(trades)))
    book = read("kite", "A1", bodies, AT).snapshot.positions
    assert isinstance(book, Book)
    return book.rows[0].entry_price


def test_the_entry_price_of_a_row_traded_both_ways_comes_from_the_trades_in_their_order() -> None:
    net = position(-75, 75, 150)
    assert entry_price(net) is None
    sold, back = trade(1, "SELL", 150, 100), trade(2, "BUY", 75, 80)
    assert entry_price(net, back, sold) == 100
    dear, again = trade(1, "SELL", 75, 90), trade(3, "SELL", 75, 110)
    assert entry_price(net, dear, back, again) == 110
    assert entry_price(net, trade(1, "BUY", 75, 80), trade(2, "SELL", 150, 100)) == 100
    assert entry_price(net, trade(1, "SELL", 50, 90), trade(2, "SELL", 100, 96), trade(3, "BUY", 75, 80)) == 94


def test_trades_that_do_not_explain_the_row_give_no_entry_price() -> None:
    assert entry_price(position(-75, 75, 150), trade(1, "SELL", 150, 100)) is None


def test_kotak_quotes_find_their_symbol_through_the_legs() -> None:
    leg = {
        "exSeg": "nse_fo", "trdSym": "TCS26NOVFUT", "tok": "777", "prod": "NRML", "multiplier": "1", "genNum": "1",
        "genDen": "1", "prcNum": "1", "prcDen": "1", "cfBuyQty": "0", "cfSellQty": "0", "cfBuyAmt": "0",
        "cfSellAmt": "0",
        "flBuyQty": "175", "flSellQty": "0", "buyAmt": "350000", "sellAmt": "0",
    }  # fmt: skip
    quotes = [{"exchange": "nse_fo", "exchange_token": "777", "display_symbol": "TCS NOV FUT", "ltp": "2010.5"}]
    positions = json.dumps({"stat": "ok", "stCode": 200, "data": [leg]}).encode()
    bodies = Bodies(positions=positions, quotes=json.dumps(quotes).encode())
    book = read("kotak", "K1", bodies, AT).snapshot.quotes
    assert isinstance(book, Book)
    assert [(quote.symbol, quote.last_price) for quote in book.rows] == [("TCS26NOVFUT", Decimal("2010.5"))]


def test_an_unknown_broker_is_the_operators_error() -> None:
    with pytest.raises(SettingsError, match="no broker 'zerodha' is known; known are kite, kotak"):
        read("zerodha", "A1", Bodies(), AT)


def test_the_newest_stamp_of_all_replies() -> None:
    quotes = ok({"NSE:NIFTY 50": {"last_price": 1, "timestamp": "2026-11-04 09:41:00"}})
    assert newest_stamp("kite", Bodies(orders=ok([ORDER]))) == datetime(2026, 11, 4, 4, 10, tzinfo=UTC)
    assert newest_stamp("kite", Bodies(orders=ok([ORDER]), quotes=quotes)) == datetime(2026, 11, 4, 4, 11, tzinfo=UTC)
    assert newest_stamp("kite", Bodies(orders=ok([ORDER]), positions=b"broken")) == datetime(
        2026, 11, 4, 4, 10, tzinfo=UTC
    )
    assert newest_stamp("kite", Bodies(positions=ok({"net": []}))) is None
    limits = b'{"stat":"Ok","stCode":200,"Net":"1","TimeStamp":"1789443936000"}'
    assert newest_stamp("kotak", Bodies(funds=limits)) == datetime(2026, 9, 15, 3, 45, 36, tzinfo=UTC)


KOTAK_ROW = {
    "exSeg": "nse_fo", "trdSym": "TCS26NOVFUT", "tok": "777", "prod": "NRML", "multiplier": "1", "genNum": "1",
    "genDen": "1", "prcNum": "1", "prcDen": "1", "cfBuyQty": "0", "cfSellQty": "0", "cfBuyAmt": "0", "cfSellAmt": "0",
    "flBuyQty": "1", "flSellQty": "0", "buyAmt": "1", "sellAmt": "0", "nOrdNo": "1", "flId": "1", "trnsTp": "B",
    "qty": 1, "fldQty": 1, "ordSt": "open", "avgPrc": "1", "it": "FUTSTK", "expDt": "24 Nov, 2026", "ltp": "1",
    "exchange": "nse_fo", "exchange_token": "777", "display_symbol": "X", "depth": {"buy": [], "sell": []}, "Net": "1",
}  # fmt: skip
KITE_ROW = position(-75, 75, 150) | trade(1, "BUY", 75, 80) | ORDER | {"depth": {"buy": [], "sell": []}, "net": 1}
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1e31", "-1", "0"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["kite", "kotak"]), st.data())
def test_whatever_a_reply_holds_it_is_read_or_refused_with_a_message(broker: str, data: st.DataObject) -> None:
    row = dict(KITE_ROW if broker == "kite" else KOTAK_ROW)
    for name in data.draw(st.lists(st.sampled_from(sorted(row)), max_size=3)):
        row[name] = data.draw(anything)
    rows: Any = data.draw(st.sampled_from([[row], {"net": [row]}, {"NFO:X": row}, row]))
    envelopes = [{"status": "success", "data": rows}, {"stat": "Ok", "stCode": 200, "data": rows}, rows, row]
    body = json.dumps(data.draw(st.sampled_from(envelopes))).encode()
    reading = read(broker, "A1", Bodies(body, body, body, (body,), body, body, body), AT)
    assert all(str(error) for _, error in reading.failures)
