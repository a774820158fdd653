"""Kotak Neo replies become domain rows: success by the body, figures from raw units, the dialects of its errors."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.brokers.kotak import parse
from engine.domain.enums import InstrumentKind, OrderSource, OrderStatus, OrderType, Right, Side
from engine.domain.instrument import LAST_OF_MONTH, Expiry
from engine.domain.snapshot import Leg
from engine.errors import BrokerDataError

AT = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)
PUT = "INFY26SEP1500PE"


def ok(data: Any, stat: str = "Ok") -> bytes:
    return json.dumps({"stat": stat, "stCode": 200, "data": data}).encode()


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "exSeg": "nse_fo", "trdSym": PUT, "sym": "INFY", "tok": "70215", "optTp": "PE", "stkPrc": "1500.00",
        "expDt": "29 Sep, 2026", "prod": "NRML", "multiplier": "1", "genNum": "1", "genDen": "1", "prcNum": "1",
        "prcDen": "1", **changes,
    }  # fmt: skip


def position(**changes: Any) -> dict[str, Any]:
    return contract(
        type="OPTSTK", cfBuyQty="0", cfSellQty="0", cfBuyAmt="0.00", cfSellAmt="0.00", flBuyQty="0", flSellQty="400",
        buyAmt="0.00", sellAmt="1720.00", lotSz="400", hsUpTm="2026/09/15 09:15:36",
    ) | changes  # fmt: skip


def order(**changes: Any) -> dict[str, Any]:
    return contract(
        it="OPTSTK", nOrdNo="260915000000101", GuiOrdId="R-1", ordSt="open", rejRsn="--", trnsTp="S", prcTp="L",
        qty=400, fldQty=0, prc="4.30", trgPrc="0.00", avgPrc="0.00",
        ordDtTm="15-Sep-2026 09:15:36", ordEntTm="--",
        exCfmTm="15-Sep-2026 09:15:37", hsUpTm="2026/09/15 09:15:36", updRecvTm=1789443938490540624, ordGenTp="NA",
    ) | changes  # fmt: skip


def only_leg(**changes: Any) -> Leg:
    (leg,) = parse.parse_positions(ok([position(**changes)], "ok"), AT).rows
    return leg


def only_order(**changes: Any) -> Any:
    (read,) = parse.parse_orders(ok([order(**changes)]), AT).rows
    return read


def figure(leg: Leg, last: str = "0") -> Decimal:
    assert leg.opening_value is not None
    assert leg.day_sell_value is not None
    assert leg.day_buy_value is not None
    return leg.day_sell_value - leg.day_buy_value - leg.opening_value + leg.net_quantity * Decimal(last) * leg.factor


def test_a_put_sold_today() -> None:
    leg = only_leg()
    contract_read = leg.instrument
    assert leg.key == ("nse_fo", PUT, "NRML")
    assert (contract_read.kind, contract_read.underlying, contract_read.right) == (
        InstrumentKind.OPTION,
        "INFY",
        Right.PUT,
    )
    assert (contract_read.strike, contract_read.expiry, contract_read.token) == (1500, Expiry(2026, 9, 29), "70215")
    assert (leg.net_quantity, leg.opening_quantity, leg.opening_value) == (-400, 0, 0)
    assert leg.last_price is None
    assert leg.entry_price == Decimal("4.30")
    assert figure(leg, "4.30") == 0


def test_worked_examples_of_the_published_formula() -> None:
    future = only_leg(
        trdSym="TCS26JULFUT", sym="TCS", optTp="XX", stkPrc="0.00", type="FUTSTK", flBuyQty="225", flSellQty="0",
        buyAmt="475200.00", sellAmt="0.00", lotSz="225",
    )  # fmt: skip
    assert future.instrument.kind is InstrumentKind.FUTURE
    assert (future.instrument.strike, future.instrument.right) == (None, None)
    assert figure(future, "2100.00") == -2700
    carried = only_leg(
        cfSellQty="250", cfSellAmt="7287.50", flBuyQty="250", buyAmt="4250.00", flSellQty="0", sellAmt="0"
    )
    assert (carried.net_quantity, carried.opening_quantity, carried.opening_value) == (0, -250, Decimal("-7287.50"))
    assert figure(carried) == Decimal("3037.50")
    commodity = only_leg(
        exSeg="mcx_fo", trdSym="CRUDEOIL26OCTFUT", sym="CRUDEOIL", optTp="XX", type="FUTCOM",
        flBuyQty="1", flSellQty="0",
        buyAmt="650000", sellAmt="0", multiplier="100",
    )  # fmt: skip
    assert (commodity.factor, commodity.entry_price) == (100, 6500)
    assert figure(commodity, "6480") == -2000


def test_all_numerators_and_denominators_enter_the_factor() -> None:
    leg = only_leg(multiplier="10", genNum="3", genDen="2", prcNum="1", prcDen="3")
    assert leg.factor == 5


def test_a_carried_row_is_at_settlement_and_has_no_entry_price() -> None:
    leg = only_leg(cfSellQty="400", cfSellAmt="7900.00", flSellQty="0", sellAmt="0.00")
    assert leg.opening_value == -7900
    assert leg.entry_price is None


def test_a_carried_row_without_an_amount_has_no_opening_value() -> None:
    assert only_leg(cfSellQty="400", cfSellAmt="0.00").opening_value is None


def test_amounts_of_one_side_that_are_not_there() -> None:
    both = {"cfSellQty": "400", "cfBuyQty": "800", "cfBuyAmt": "3440.00"}
    assert only_leg(**both, cfSellAmt="0.00").opening_value is None
    assert only_leg(**both, cfSellAmt="1700").opening_value == 1740
    with pytest.raises(BrokerDataError, match="was carried both ways"):
        only_leg(cfSellQty="400", cfBuyQty="400", cfBuyAmt="3440.00", cfSellAmt="--")


@pytest.mark.parametrize("nothing", ["0.00", "NA", "--", ""])
def test_a_quantity_without_its_money_has_no_value_and_is_never_free(nothing: str) -> None:
    sold = only_leg(sellAmt=nothing)
    assert (sold.day_sell_value, sold.day_buy_value, sold.entry_price) == (None, 0, None)
    assert only_leg(flBuyQty="400", buyAmt=nothing).day_buy_value is None
    assert only_leg(buyAmt=nothing, cfBuyAmt=nothing, cfSellAmt=nothing).opening_value == 0


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"flSellQty": "--"}, "'flSellQty' is empty"),
        ({"cfBuyQty": "x"}, "'cfBuyQty' is 'x', not a number"),
        ({"buyAmt": "x"}, "'buyAmt' is 'x', not a number"),
        ({"sellAmt": "-0.05"}, "'sellAmt' is -0.05; this amount is never negative"),
        ({"cfBuyAmt": "-1"}, "'cfBuyAmt' is -1; this amount is never negative"),
        ({"genDen": "0"}, "'genDen' is 0; it must be above 0"),
        ({"prod": ""}, "'prod' is empty"),
    ],
)
def test_state_is_read_strictly(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(BrokerDataError, match=rf"positions row 1 \({PUT}\): field {problem}"):
        only_leg(**changes)


def test_the_brokers_stamp_on_the_book() -> None:
    assert parse.parse_positions(ok([position()]), AT).as_of == datetime(2026, 9, 15, 3, 45, 36, tzinfo=UTC)
    later = parse.parse_positions(ok([position(updRecvTm=1789443938490540624)]), AT)
    assert later.as_of == datetime(2026, 9, 15, 3, 45, 38, 490540, tzinfo=UTC)


def test_no_data_is_an_empty_book() -> None:
    body = b'{"stat":"Not_Ok","errMsg":"No Data","stCode":5203,"desc":"data not found"}'
    assert parse.parse_positions(body, AT).rows == ()
    assert parse.parse_orders(body, AT).rows == ()
    assert parse.parse_trades(body, AT).rows == ()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"stat":"Not_Ok","errMsg":"invalid session token","stCode":100022}', r"session token \(code 100022\)"),
        ('{"stCode":100022,"errMsg":"invalid session token","stat":"error in neo-login-check-api"}', "code 100022"),
        ('{"stat":"Not_Ok","emsg":"Invalid session","stCode":1003}', r"Invalid session \(code 1003\)"),
        ('{"stCode":401,"errMsg":"Invalid MPIN","status":"failure"}', r"Invalid MPIN \(code 401\)"),
        ('{"status":"error","message":"Invalid credentials.","errorCode":"401"}', r"Invalid credentials. \(code 401\)"),
        ('{"error":[{"code":"400","message":"Missing field"}]}', r"Missing field \(code 400\)"),
        ('{"code":429,"error":"Rate limit exceeded","message":"too many request received"}', "too many .*code 429"),
        ('{"code":429,"error":"Rate limit exceeded"}', r"Rate limit exceeded \(code 429\)"),
        ('{"fault":{"code":900901,"message":"Invalid Credentials"}}', r"Invalid Credentials \(code 900901\)"),
        ('{"stat":"Ok","stCode":1005,"data":[]}', "no message; 'stat' is 'Ok' .code 1005"),
        ('{"stat":"Ok","stCode":200}', "carries no 'data'"),
        ('{"stat":"Ok","stCode":200,"data":null}', "carries no 'data'"),
        ("{}", "no message"),
        ("", "not JSON"),
        ("<html>502 Bad Gateway</html>", "begins with '<html>"),
    ],
)  # fmt: skip
def test_every_error_dialect_is_an_error_and_never_an_empty_book(body: str, problem: str) -> None:
    for read in (parse.parse_positions, parse.parse_orders, parse.parse_trades):
        with pytest.raises(BrokerDataError, match=problem):
            read(body.encode(), AT)


def test_an_order_row() -> None:
    read = only_order()
    assert (read.id, read.tag, read.side, read.type, read.price) == (
        "260915000000101", "R-1", Side.SELL, OrderType.LIMIT, Decimal("4.30"),
    )  # fmt: skip
    assert (read.status, read.status_text, read.reason, read.variety) == (OrderStatus.NEW, "open", "", "regular")
    assert (read.trigger_price, read.average_price) == (None, None)
    assert read.placed_at == datetime(2026, 9, 15, 3, 45, 36, tzinfo=UTC)
    assert read.updated_at == datetime(2026, 9, 15, 3, 45, 38, 490540, tzinfo=UTC)
    assert read.instrument.strike == 1500


STATUSES = {
    "put order req received": OrderStatus.PENDING_NEW, "validation pending": OrderStatus.PENDING_NEW,
    "open pending": OrderStatus.PENDING_NEW, "open": OrderStatus.NEW, "trigger pending": OrderStatus.TRIGGER_PENDING,
    "modified": OrderStatus.NEW, "modify validation pending": OrderStatus.PENDING_REPLACE,
    "modify pending": OrderStatus.PENDING_REPLACE, "cancel pending": OrderStatus.PENDING_CANCEL,
    "after market order req received": OrderStatus.PENDING_NEW,
    "modify after market order req received": OrderStatus.PENDING_REPLACE, "complete": OrderStatus.FILLED,
    "traded": OrderStatus.FILLED, "rejected": OrderStatus.REJECTED, "cancelled": OrderStatus.CANCELED,
    "canceled": OrderStatus.CANCELED, "Cancelled  after market order": OrderStatus.CANCELED,
    "frozen": OrderStatus.UNKNOWN, "--": OrderStatus.UNKNOWN,
}  # fmt: skip


@pytest.mark.parametrize(("word", "status"), STATUSES.items())
def test_status_words(word: str, status: OrderStatus) -> None:
    assert only_order(ordSt=word).status is status


def test_an_order_through_the_trading_api_is_a_program_s() -> None:
    words = {"ADMINCPPAPI_NEOTRADEAPI": OrderSource.ALGO, "NEOFINTECH001": OrderSource.ALGO, "WEB": OrderSource.UNKNOWN}
    assert {word: only_order(ordSrc=word).source for word in words} == words
    assert only_order(ordSrc="NA").source is OrderSource.UNKNOWN


def test_orders_in_part_amo_and_types() -> None:
    part = only_order(fldQty=75, avgPrc="4.25")
    assert (part.status, part.average_price) == (OrderStatus.PARTIALLY_FILLED, Decimal("4.25"))
    assert only_order(ordGenTp="AMO").variety == "amo"
    assert only_order(GuiOrdId="").tag is None
    types = {"MKT": OrderType.MARKET, "SL": OrderType.STOP, "SL-M": OrderType.STOP_MARKET, "2L": OrderType.UNKNOWN}
    assert {word: only_order(prcTp=word).type for word in types} == types


def test_a_changed_stop_has_not_triggered_by_that() -> None:
    assert only_order(ordSt="modified", prcTp="SL").status is OrderStatus.PENDING_REPLACE
    assert only_order(ordSt="Modified", prcTp="SL", fldQty=75).status is OrderStatus.PARTIALLY_FILLED
    assert only_order(ordSt="modified").status is OrderStatus.NEW


def test_whether_the_order_was_changed() -> None:
    for said in ({"ordModNo": "2"}, {"ordModNo": 1}, {"mfdBy": "AB123"}, {"ordModNo": "", "mfdBy": "AB123"}):
        assert only_order(**said).modified is True
    for nothing in ({}, {"ordModNo": "", "mfdBy": "NA"}, {"ordModNo": "0"}):
        assert only_order(**nothing).modified is None


@pytest.mark.parametrize("blank", ["--", "NA", "", None])
def test_a_blank_filled_quantity_blinds_its_own_order_only(blank: Any) -> None:
    done, waiting, other = parse.parse_orders(
        ok([
            order(ordSt="complete", fldQty=blank),
            order(nOrdNo="2", ordSt="trigger pending", fldQty=blank),
            order(nOrdNo="3"),
        ]), AT,
    ).rows  # fmt: skip
    assert (done.status, done.filled_quantity) == (OrderStatus.UNKNOWN, 0)
    assert waiting.status is OrderStatus.TRIGGER_PENDING
    assert other.status is OrderStatus.NEW


def test_a_repeated_row_is_one_row_and_two_that_differ_are_a_fault() -> None:
    assert len(parse.parse_orders(ok([order(), order()]), AT).rows) == 1
    with pytest.raises(BrokerDataError, match=r"orders row 2 .*stands twice under one number"):
        parse.parse_orders(ok([order(), order(fldQty=75)]), AT)
    with pytest.raises(BrokerDataError, match=r"trades row 2 .*stands twice under one number"):
        parse.parse_trades(ok([trade(), trade(trnsTp="S")]), AT)


@pytest.mark.parametrize("name", ["nOrdNo", "qty", "trnsTp", "trdSym", "prod", "exSeg"])
def test_an_order_without_its_state_is_refused(name: str) -> None:
    with pytest.raises(BrokerDataError, match=f"orders row 1.*'{name}'"):
        only_order(**{name: "--"})


def test_one_order_may_come_as_an_object() -> None:
    (read,) = parse.parse_orders(ok(order()), AT).rows
    assert read.id == "260915000000101"


def test_fields_a_row_leaves_out_come_from_the_symbol() -> None:
    read = only_order(sym="--", optTp="XX", stkPrc="0.00", expDt="NA", it="--").instrument
    assert (read.kind, read.underlying, read.right, read.strike) == (InstrumentKind.OPTION, "INFY", Right.PUT, 1500)
    assert read.expiry == Expiry(2026, 9, LAST_OF_MONTH)
    share = only_order(exSeg="nse_cm", trdSym="IDEA-EQ", sym="IDEA", optTp="- ", stkPrc="0.00", expDt="NA", it="EQ")
    assert (share.instrument.kind, share.instrument.underlying) == (InstrumentKind.EQUITY, "IDEA")


def test_history_comes_newest_first_and_is_turned() -> None:
    words = ["complete", "open", "open pending", "put order req received"]
    states = [order(ordSt=word, flDtTm=f"15-Sep-2026 09: 15: {40 - n}", exchTmstp="--") for n, word in enumerate(words)]
    history = parse.parse_order_history(ok(states))
    assert [event.status for event in history.events] == [
        OrderStatus.PENDING_NEW, OrderStatus.PENDING_NEW, OrderStatus.NEW, OrderStatus.FILLED,
    ]  # fmt: skip
    assert history.events[0].at == datetime(2026, 9, 15, 3, 45, 37, tzinfo=UTC)
    with pytest.raises(BrokerDataError, match="no state"):
        parse.parse_order_history(ok([]))
    with pytest.raises(BrokerDataError, match="several orders"):
        parse.parse_order_history(ok([order(), order(nOrdNo="2")]))


def trade(**changes: Any) -> dict[str, Any]:
    return contract(
        nOrdNo="9", flId="5550001", trnsTp="B", fldQty=75, avgPrc="7.15", qty=0, prc="", tok="",
        exTm="15-Sep-2026 09:16:00", flDt="15-Sep-2026", flTm="09:16:05",
    ) | changes  # fmt: skip


def test_trades_are_one_row_a_fill_each_once() -> None:
    rows = [trade(), trade(), trade(exSeg="bse_fo"), trade(flId="2", exTm="--")]
    book = parse.parse_trades(ok(rows, "ok"), AT)
    assert [(fill.instrument.exchange, fill.id) for fill in book.rows] == [
        ("nse_fo", "5550001"), ("bse_fo", "5550001"), ("nse_fo", "2"),
    ]  # fmt: skip
    assert (book.rows[0].quantity, book.rows[0].price, book.rows[0].instrument.token) == (75, Decimal("7.15"), None)
    assert book.rows[0].filled_at == datetime(2026, 9, 15, 3, 46, tzinfo=UTC)
    assert book.rows[2].filled_at == book.as_of == datetime(2026, 9, 15, 3, 46, 5, tzinfo=UTC)


amounts = st.decimals(min_value=Decimal("0.01"), max_value=10**12, places=2, allow_nan=False, allow_infinity=False)


@given(amounts, amounts, amounts, amounts)
def test_every_paisa_survives_parsing(cf_buy: Decimal, cf_sell: Decimal, buy: Decimal, sell: Decimal) -> None:
    leg = only_leg(cfBuyAmt=str(cf_buy), cfSellAmt=str(cf_sell), buyAmt=str(buy), sellAmt=str(sell))
    assert (leg.day_buy_value, leg.day_sell_value, leg.opening_value) == (buy, sell, cf_buy - cf_sell)
