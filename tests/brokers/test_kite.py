"""Kite replies become domain rows: every quirk of the wire that touches money, quantity or an order's life."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.brokers.kite import parse
from engine.domain.enums import CancelledBy, OrderSource, OrderStatus, OrderType, Right, Side
from engine.domain.numbers import CONTEXT
from engine.domain.snapshot import Leg
from engine.errors import BrokerDataError

AT = datetime(2026, 11, 4, 4, 45, tzinfo=UTC)
CALL = "NIFTY26NOV24000CE"


def ok(data: Any) -> bytes:
    return json.dumps({"status": "success", "data": data}).encode()


def position(**changes: Any) -> dict[str, Any]:
    return {
        "tradingsymbol": CALL, "exchange": "NFO", "instrument_token": 12345, "product": "NRML", "quantity": -150,
        "overnight_quantity": 0, "multiplier": 1, "average_price": 120.5, "close_price": 0, "last_price": 96.25,
        "m2m": 3637.5, "pnl": 3637.5, "realised": 0, "unrealised": 3637.5,
        "day_buy_quantity": 0, "day_buy_value": 0, "day_sell_quantity": 150, "day_sell_value": 18075, **changes,
    }  # fmt: skip


def order(**changes: Any) -> dict[str, Any]:
    return {
        "order_id": "261104000000001", "exchange": "NFO", "tradingsymbol": CALL, "product": "NRML",
        "transaction_type": "BUY", "order_type": "SL", "status": "TRIGGER PENDING", "status_message": None,
        "order_timestamp": "2026-11-04 09:31:00", "exchange_timestamp": "2026-11-04 09:31:01",
        "exchange_update_timestamp": None, "quantity": 150, "filled_quantity": 0, "price": 185, "trigger_price": 180,
        "average_price": 0, "variety": "regular", "parent_order_id": None, "tag": None, **changes,
    }  # fmt: skip


def only_leg(**changes: Any) -> Leg:
    (leg,) = parse.parse_positions(ok({"net": [position(**changes)], "day": []}), AT).rows
    return leg


def day_figure(leg: Leg) -> Decimal:
    assert leg.opening_value is not None
    assert leg.day_sell_value is not None
    assert leg.day_buy_value is not None
    flow = CONTEXT.subtract(CONTEXT.subtract(leg.day_sell_value, leg.day_buy_value), leg.opening_value)
    value = CONTEXT.multiply(CONTEXT.multiply(leg.net_quantity, leg.last_price or Decimal(0)), leg.factor)
    return CONTEXT.add(flow, value)


def test_a_short_call_sold_today() -> None:
    leg = only_leg()
    assert leg.key == ("NFO", CALL, "NRML")
    assert leg.instrument.right is Right.CALL
    assert leg.instrument.token == "12345"
    assert (leg.net_quantity, leg.opening_quantity, leg.opening_value) == (-150, 0, 0)
    assert (leg.day_sell_quantity, leg.day_sell_value) == (150, 18075)
    assert leg.entry_price == Decimal("120.5")
    assert leg.reported_mtm == day_figure(leg) == Decimal("3637.5")


def test_a_carried_row_counts_from_the_previous_close_and_has_no_entry_price() -> None:
    leg = only_leg(
        quantity=-225, overnight_quantity=-75, close_price=110, day_sell_quantity=150, day_sell_value=18075, m2m=5000
    )
    assert leg.opening_value == -8250
    assert leg.entry_price is None
    assert day_figure(leg) == 18075 + 8250 - 225 * Decimal("96.25")


@pytest.mark.parametrize("close", [0, None])
def test_a_carried_row_without_a_close_has_no_opening_value(close: Any) -> None:
    assert only_leg(overnight_quantity=-75, close_price=close).opening_value is None


def test_the_multiplier_is_in_the_day_values_and_in_the_opening_value() -> None:
    leg = only_leg(
        exchange="CDS", tradingsymbol="USDINR26NOVFUT", quantity=3, overnight_quantity=2, multiplier=1000,
        close_price=84.5, last_price=84.6, day_buy_quantity=1, day_buy_value=84550, day_sell_quantity=0,
        day_sell_value=0,
    )  # fmt: skip
    assert leg.factor == 1000
    assert leg.opening_value == 169000
    assert day_figure(leg) == 3 * 84600 - 169000 - 84550


def test_a_closed_row_stays_with_its_day_figures() -> None:
    leg = only_leg(quantity=0, day_buy_quantity=150, day_buy_value=15000, last_price=None)
    assert not leg.is_open
    assert day_figure(leg) == 3075
    assert leg.entry_price is None


def test_a_row_traded_both_ways_has_no_entry_price_of_its_own() -> None:
    assert only_leg(quantity=-75, day_buy_quantity=75, day_buy_value=7500).entry_price is None


def test_last_price_null_zero_or_unreadable_is_none() -> None:
    for price in (None, 0, "", "abc"):
        assert only_leg(last_price=price).last_price is None


def test_net_is_read_and_day_is_not() -> None:
    book = parse.parse_positions(ok({"net": [position()], "day": [position(quantity=5, product="MIS")]}), AT)
    assert [(leg.product, leg.net_quantity) for leg in book.rows] == [("NRML", -150)]
    assert book.taken_at == AT
    assert parse.parse_positions(ok({"net": []}), AT).rows == ()


def test_a_contract_that_stands_in_day_alone_is_a_fault_of_the_book() -> None:
    for net in ([], [position(tradingsymbol="NIFTY26NOV24000PE")]):
        with pytest.raises(BrokerDataError, match=rf"positions, day row 1 \({CALL}\): has no row in 'net'"):
            parse.parse_positions(ok({"net": net, "day": [position()]}), AT)


@pytest.mark.parametrize("nothing", [0, None, ""])
def test_a_quantity_without_its_money_has_no_value_and_is_never_free(nothing: Any) -> None:
    sold = only_leg(day_sell_value=nothing)
    assert (sold.day_sell_value, sold.day_buy_value, sold.entry_price) == (None, 0, None)
    back = only_leg(quantity=0, day_buy_quantity=150, day_buy_value=nothing)
    assert (back.day_buy_value, back.day_sell_value) == (None, 18075)
    assert only_leg(day_buy_value=nothing).day_buy_value == 0


def test_only_a_future_may_trade_below_zero() -> None:
    for name in ("day_buy_value", "day_sell_value"):
        with pytest.raises(BrokerDataError, match=f"field '{name}' is -5; this amount is never negative"):
            only_leg(**{name: -5})
    assert only_leg(tradingsymbol="CRUDEOIL26NOVFUT", exchange="MCX", day_sell_value=-5).day_sell_value == -5


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"quantity": None}, "field 'quantity' is empty"),
        ({"quantity": "abc"}, "field 'quantity' is 'abc', not a number"),
        ({"overnight_quantity": []}, "field 'overnight_quantity' is a list"),
        ({"product": ""}, "field 'product' is empty"),
        ({"exchange": 5}, "field 'exchange' is 5, not a text"),
        ({"multiplier": 0}, "field 'multiplier' is 0; it must be above 0"),
        ({"day_buy_value": "abc"}, "field 'day_buy_value' is 'abc', not a number"),
        ({"day_sell_quantity": -5}, "never negative"),
    ],
)
def test_state_is_read_strictly(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(BrokerDataError, match=rf"positions row 1 \({CALL}\): .*{problem}"):
        only_leg(**changes)


def test_missing_fields_and_repeated_rows() -> None:
    row = position()
    del row["quantity"]
    with pytest.raises(BrokerDataError, match="field 'quantity' is missing"):
        parse.parse_positions(ok({"net": [row]}), AT)
    with pytest.raises(BrokerDataError, match=r"row 2 .*twice"):
        parse.parse_positions(ok({"net": [position(), position()]}), AT)
    with pytest.raises(BrokerDataError, match="no 'net' list"):
        parse.parse_positions(ok({"day": []}), AT)


def test_an_unknown_product_label_is_kept() -> None:
    assert only_leg(product="XYZ").product == "XYZ"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            '{"status":"error","message":"Incorrect `api_key` or `access_token`.","error_type":"TokenException"}',
            r"Incorrect `api_key` or `access_token`. \(TokenException\)",
        ),
        ('{"status":"success","data":[],"error_type":"DataException","message":"x"}', r"x \(DataException\)"),
        ('{"status":"error"}', "no message"),
        ('{"data":[]}', "'status' is null"),
        ('{"status":"success","data":null}', "carries no 'data'"),
        ("[]", "not an object"),
        ("Too many requests", "not JSON"),
    ],
)
def test_anything_but_a_success_is_an_error_and_never_an_empty_book(body: str, problem: str) -> None:
    books = parse.parse_positions, parse.parse_orders, parse.parse_trades
    for read in (*books, parse.parse_margins, parse.parse_quotes):
        with pytest.raises(BrokerDataError, match=problem):
            read(body.encode(), AT)


STATUSES = {
    "COMPLETE": OrderStatus.FILLED, "CANCELLED": OrderStatus.CANCELED, "CANCELLED AMO": OrderStatus.CANCELED,
    "REJECTED": OrderStatus.REJECTED, "OPEN": OrderStatus.NEW, "UPDATE": OrderStatus.PENDING_REPLACE,
    "MODIFIED": OrderStatus.PENDING_REPLACE,
    "TRIGGER PENDING": OrderStatus.TRIGGER_PENDING, "PUT ORDER REQ RECEIVED": OrderStatus.PENDING_NEW,
    "VALIDATION PENDING": OrderStatus.PENDING_NEW, "OPEN PENDING": OrderStatus.PENDING_NEW,
    "AMO REQ RECEIVED": OrderStatus.PENDING_NEW, "MODIFY VALIDATION PENDING": OrderStatus.PENDING_REPLACE,
    "MODIFY PENDING": OrderStatus.PENDING_REPLACE, "CANCEL PENDING": OrderStatus.PENDING_CANCEL,
    "SOMETHING NEW": OrderStatus.UNKNOWN, "": OrderStatus.UNKNOWN,
}  # fmt: skip


@pytest.mark.parametrize(("word", "status"), STATUSES.items())
def test_status_words(word: str, status: OrderStatus) -> None:
    (read,) = parse.parse_orders(ok([order(status=word)]), AT).rows
    assert read.status is status
    assert read.status_text == word
    assert read.is_working is (status not in {OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.REJECTED})


@pytest.mark.parametrize("word", ["UPDATE", "MODIFIED"])
def test_a_changed_stop_has_not_triggered_by_that(word: str) -> None:
    def status(**changes: Any) -> OrderStatus:
        return parse.parse_orders(ok([order(status=word, **changes)]), AT).rows[0].status

    assert status(order_type="SL-M") is OrderStatus.PENDING_REPLACE
    assert status(order_type="LIMIT") is OrderStatus.NEW
    assert status(filled_quantity=75) is OrderStatus.PARTIALLY_FILLED
    assert parse.parse_order_history(ok([order(status=word)])).events[0].status is OrderStatus.PENDING_REPLACE


def test_whether_the_order_was_changed() -> None:
    rows = [order(), order(order_id="2", modified=True), order(order_id="3", modified=False)]
    assert [one.modified for one in parse.parse_orders(ok(rows), AT).rows] == [None, True, False]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("COMPLETE", OrderStatus.UNKNOWN),
        ("OPEN", OrderStatus.UNKNOWN),
        ("CANCELLED", OrderStatus.UNKNOWN),
        ("TRIGGER PENDING", OrderStatus.TRIGGER_PENDING),
        ("REJECTED", OrderStatus.REJECTED),
    ],
)
def test_a_blank_filled_quantity_blinds_its_own_order_only(word: str, status: OrderStatus) -> None:
    rows = [order(status=word, filled_quantity=None), order(order_id="2")]
    blank, other = parse.parse_orders(ok(rows), AT).rows
    assert (blank.status, blank.filled_quantity, blank.status_text) == (status, 0, word)
    assert other.status is OrderStatus.TRIGGER_PENDING


def test_a_repeated_row_is_one_row_and_two_that_differ_are_a_fault() -> None:
    assert len(parse.parse_orders(ok([order(), order()]), AT).rows) == 1
    assert len(parse.parse_trades(ok([trade(), trade()]), AT).rows) == 1
    assert len(parse.parse_trades(ok([trade(), trade(tradingsymbol="NIFTY26NOV24000PE")]), AT).rows) == 2
    with pytest.raises(BrokerDataError, match=rf"orders row 2 \({CALL}\): stands twice under one number"):
        parse.parse_orders(ok([order(), order(quantity=75)]), AT)
    with pytest.raises(BrokerDataError, match=rf"trades row 2 \({CALL}\): stands twice under one number"):
        parse.parse_trades(ok([trade(), trade(quantity=150)]), AT)


def test_an_open_order_with_fills_is_partially_filled() -> None:
    (read,) = parse.parse_orders(ok([order(status="OPEN", filled_quantity=75, average_price=101.5)]), AT).rows
    assert read.status is OrderStatus.PARTIALLY_FILLED
    assert read.average_price == Decimal("101.5")


def test_an_order_row() -> None:
    book = parse.parse_orders(ok([order()]), AT)
    (read,) = book.rows
    assert (read.side, read.type, read.price, read.trigger_price) == (Side.BUY, OrderType.STOP, 185, 180)
    assert read.average_price is None
    assert read.placed_at == datetime(2026, 11, 4, 4, 1, tzinfo=UTC)
    assert read.updated_at == book.as_of == datetime(2026, 11, 4, 4, 1, 1, tzinfo=UTC)
    assert read.history is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("MARKET", OrderType.MARKET),
        ("LIMIT", OrderType.LIMIT),
        ("SL-M", OrderType.STOP_MARKET),
        ("X", OrderType.UNKNOWN),
    ],
)
def test_order_types(word: str, kind: OrderType) -> None:
    assert parse.parse_orders(ok([order(order_type=word)]), AT).rows[0].type is kind


def test_ids_stay_text_also_when_the_reply_holds_numbers() -> None:
    body = ok([order()]).replace(b'"261104000000001"', b"1953367517686685697")
    assert parse.parse_orders(body, AT).rows[0].id == "1953367517686685697"


def test_the_desk_of_the_broker_is_told_by_its_name() -> None:
    rows = [order(placed_by="ADMINSQF"), order(order_id="2", placed_by="AB1234"), order(order_id="3")]
    read = parse.parse_orders(ok(rows), AT).rows
    assert [one.source for one in read] == [OrderSource.BROKER, OrderSource.UNKNOWN, OrderSource.UNKNOWN]


def test_tags_and_the_parent_of_a_slice() -> None:
    rows = [
        order(tag="R1", tags=["R1"]),
        order(order_id="2", tags=["mktp", "mktp:2.00"]),
        order(order_id="3", tags=["autoslice", "autoslice:77", "own"]),
        order(order_id="4", parent_order_id="99"),
    ]
    read = parse.parse_orders(ok(rows), AT).rows
    assert [one.tag for one in read] == ["R1", None, "own", None]
    assert [one.parent_id for one in read] == [None, None, "77", "99"]


def test_a_rejected_order_keeps_the_brokers_reason() -> None:
    (read,) = parse.parse_orders(
        ok([order(status="REJECTED", status_message="Insufficient funds.", exchange_timestamp=None)]), AT
    ).rows
    assert read.reason == "Insufficient funds."
    assert read.cancelled_by is CancelledBy.UNKNOWN


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Order cancelled by user", CancelledBy.TRADER),
        ("Cancelled by RMS: square off", CancelledBy.BROKER),
        ("17070 : The order price is out of range", CancelledBy.UNKNOWN),
        (None, CancelledBy.UNKNOWN),
    ],
)
def test_who_cancelled(text: str | None, by: CancelledBy) -> None:
    assert parse.parse_orders(ok([order(status="CANCELLED", status_message=text)]), AT).rows[0].cancelled_by is by


@pytest.mark.parametrize("name", ["order_id", "quantity", "transaction_type", "tradingsymbol", "product"])
def test_an_order_without_its_state_is_refused(name: str) -> None:
    with pytest.raises(BrokerDataError, match=f"orders row 1.*'{name}'"):
        parse.parse_orders(ok([order(**{name: None})]), AT)


def test_a_filled_quantity_that_is_left_out_or_no_number_is_refused() -> None:
    row = order()
    del row["filled_quantity"]
    for bad in (row, order(filled_quantity="x"), order(filled_quantity=-5)):
        with pytest.raises(BrokerDataError, match=r"orders row 1.*'filled_quantity'"):
            parse.parse_orders(ok([bad]), AT)


def test_an_unknown_side_is_refused() -> None:
    with pytest.raises(BrokerDataError, match="'transaction_type' is 'SIDEWAYS', not one of BUY, SELL"):
        parse.parse_orders(ok([order(transaction_type="SIDEWAYS")]), AT)


def test_history_is_oldest_first() -> None:
    words = ["PUT ORDER REQ RECEIVED", "TRIGGER PENDING", "OPEN", "COMPLETE"]
    states = [order(status=word, order_timestamp=f"2026-11-04 09:31:0{n}") for n, word in enumerate(words)]
    history = parse.parse_order_history(ok(states))
    assert history.order_id == "261104000000001"
    assert [event.status for event in history.events] == [
        OrderStatus.PENDING_NEW, OrderStatus.TRIGGER_PENDING, OrderStatus.NEW, OrderStatus.FILLED,
    ]  # fmt: skip
    assert all(event.type is OrderType.STOP for event in history.events)
    assert history.events[0].at == datetime(2026, 11, 4, 4, 1, tzinfo=UTC)


def test_a_history_of_nothing_or_of_several_orders_is_refused() -> None:
    with pytest.raises(BrokerDataError, match="no state"):
        parse.parse_order_history(ok([]))
    with pytest.raises(BrokerDataError, match="several orders"):
        parse.parse_order_history(ok([order(), order(order_id="2")]))


def trade(**changes: Any) -> dict[str, Any]:
    return {
        "trade_id": "1", "order_id": "9", "exchange": "NFO", "tradingsymbol": CALL, "product": "NRML",
        "average_price": 120.5, "quantity": 75, "transaction_type": "SELL", "fill_timestamp": "2026-11-04 09:20:00",
        "order_timestamp": "09:19:59", "exchange_timestamp": "2026-11-04 09:20:00", **changes,
    }  # fmt: skip


def test_trades() -> None:
    book = parse.parse_trades(ok([trade(), trade(trade_id=2, fill_timestamp=None)]), AT)
    first, second = book.rows
    assert (first.id, first.order_id) == ("1", "9")
    assert (first.side, first.quantity, first.price) == (Side.SELL, 75, Decimal("120.5"))
    assert second.id == "2"
    assert first.filled_at == second.filled_at == book.as_of == datetime(2026, 11, 4, 3, 50, tzinfo=UTC)
    with pytest.raises(BrokerDataError, match="'quantity' is 0"):
        parse.parse_trades(ok([trade(quantity=0)]), AT)


amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=5), st.booleans())
def test_every_paisa_survives_parsing(rows: list[tuple[Decimal, Decimal, Decimal]], as_text: bool) -> None:
    quote = '"' if as_text else ""
    bodies = []
    for number, (bought, sold, price) in enumerate(rows):
        values = {"day_buy_value": bought, "day_sell_value": sold, "last_price": price, "m2m": sold}
        text = json.dumps(position(tradingsymbol=f"X{number}", **dict.fromkeys(values, "@")))
        for name, value in values.items():
            text = text.replace(f'"{name}": "@"', f'"{name}": {quote}{value}{quote}')
        bodies.append(text)
    book = parse.parse_positions(f'{{"status":"success","data":{{"net":[{",".join(bodies)}]}}}}'.encode(), AT)
    read = [(leg.day_buy_value, leg.day_sell_value or Decimal(0), leg.last_price or 0) for leg in book.rows]
    assert read == rows
