"""Kotak's order book, history, trades, positions and holdings: every field with its type (fact sheet §4.1 to §4.5)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.enums import OrderType, Side
from engine.sim.exchange.setup import Carried, Done, Hand
from engine.sim.exchange.words import Source, Ticket
from engine.sim.kotak.contract_fields import contract_fields
from tests.sim.kotak.day import CALL, CONTRACTS, PUT, START, UCC, Day, carried, tick

EMPTY = {"stat": "Not_Ok", "errMsg": "No Data", "stCode": 5203, "desc": "data not found"}

ORDER_TEXTS = {
    "nOrdNo", "exOrdId", "GuiOrdId", "actId", "usrId", "ordSt", "stat", "rejRsn", "exSeg", "trdSym", "sym", "tok",
    "series", "optTp", "stkPrc", "expDt", "expDtSsb", "it", "trnsTp", "prcTp", "prod", "vldt", "prc", "trgPrc",
    "avgPrc", "ordDtTm", "ordEntTm", "exCfmTm", "hsUpTm", "uSec", "brdLtQty", "lotSz", "multiplier", "precision",
    "tckSz", "genNum", "genDen", "prcNum", "prcDen", "algId", "algCat", "algSeqNo", "brkClnt", "defMktProV",
    "dscQtyPct", "exUsrInfo", "mktProPct", "mktPro", "mfdBy", "mktProFlg", "noMktProFlg", "ordAutSt", "odCrt",
    "ordGenTp", "ordSrc", "ordValDt", "rmk", "rptTp", "reqId", "sipInd", "symOrdId", "classification", "vendorCode",
    "locId", "appInstlId", "ordModNo", "strategyCode",
}  # fmt: skip
ORDER_NUMBERS = {
    "qty", "fldQty", "unFldSz", "cnlQty", "dscQty", "minQty", "refLmtPrc", "boeSec", "updRecvTm", "coPct",
}  # fmt: skip
HISTORY_TEXTS = {
    "nOrdNo", "ordSt", "flDtTm", "exchTmstp", "exchOrdId", "trdSym", "sym", "scripName", "exch", "exSeg", "tok",
    "trnsTp", "prcTp", "prod", "ordDur", "prc", "avgPrc", "trgPrc", "rejRsn", "ordUsrMsg", "legOrdInd", "cstFrm",
    "ordSrc", "ordGenTp", "mfdBy", "nReqId", "lotSz", "multiplier", "precision", "genNum", "genDen", "prcNum",
    "prcDen", "GuiOrdId", "expDt", "optTp", "stkPrc", "series", "mktPro", "vendorCode", "classification", "symOrdId",
    "locId", "strategyCode", "ordValDt", "algId", "algCat", "algSeqNo", "rptTp", "uSec",
}  # fmt: skip
HISTORY_NUMBERS = {"qty", "fldQty", "unFldSz", "brdLtQty", "dclQty", "updRecvTm", "boeSec"}
TRADE_TEXTS = {
    "nOrdNo", "exOrdId", "flId", "GuiOrdId", "trdSym", "sym", "exSeg", "tok", "series", "optTp", "stkPrc", "exp",
    "expDt", "trnsTp", "prcTp", "prod", "ordDur", "rptTp", "avgPrc", "prc", "flDt", "flTm", "exTm", "tm", "hsUpTm",
    "uSec", "lotSz", "multiplier", "precision", "genNum", "genDen", "prcNum", "prcDen", "actId", "usrId", "algId",
    "algCat", "brkClnt", "cstFrm", "nReqId", "ordGenTp", "rmk", "locId", "ordSrc", "strategyCode", "posFlg", "it",
}  # fmt: skip
TRADE_NUMBERS = {"flLeg", "fldQty", "qty", "minQty", "boeSec", "updRecvTm", "brdLtQty"}
POSITION_TEXTS = {
    "actId", "exSeg", "trdSym", "sym", "tok", "prod", "series", "optTp", "stkPrc", "type", "expDt", "exp", "cfBuyQty",
    "cfSellQty", "cfBuyAmt", "cfSellAmt", "flBuyQty", "flSellQty", "buyAmt", "sellAmt", "lotSz", "multiplier",
    "precision", "genNum", "genDen", "prcNum", "prcDen", "sqrFlg", "posFlg", "dscQty", "upldPrc", "hsUpTm",
}  # fmt: skip
POSITION_NUMBERS = {"brdLtQty", "updRecvTm"}


def kinds(row: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The names of the texts and of the whole numbers of a row; there is nothing else in one."""
    texts = {name for name, value in row.items() if isinstance(value, str)}
    numbers = {name for name, value in row.items() if type(value) is int}
    assert texts | numbers == row.keys()
    return texts, numbers


@pytest.fixture
def day() -> Day:
    return Day().sign_in()


@pytest.mark.parametrize("book", ["orders", "trades", "positions"])
def test_8_an_empty_book_has_a_code_of_its_own(day: Day, book: str) -> None:
    assert (day.get(f"quick/user/{book}").status, day.get(f"quick/user/{book}").body) == (200, EMPTY)


# --- §4.1 order book


def test_4_1_order_book_types(day: Day) -> None:
    day.placed(pr="80")
    body = day.orders().body
    assert (body["stat"], body["stCode"]) == ("Ok", 200)
    assert kinds(body["data"][0]) == (ORDER_TEXTS, ORDER_NUMBERS)


def test_4_1_order_book_values(day: Day) -> None:
    number = day.placed(pr="80.5", tt="S", qt="130", pt="SL", tp="81", ig="R1")
    row = day.order(number)
    told = {
        "exSeg": "nse_fo", "trdSym": CALL, "sym": "NIFTY", "tok": "43125", "optTp": "CE", "stkPrc": "24000.00",
        "expDt": "24 Nov, 2026", "expDtSsb": "1795478400", "it": "OPTIDX", "series": "XX", "trnsTp": "S",
        "prcTp": "SL", "prod": "NRML", "vldt": "DAY", "prc": "80.50", "trgPrc": "81.00", "avgPrc": "0.00", "qty": 130,
        "fldQty": 0, "unFldSz": 130, "cnlQty": 0, "rejRsn": "--", "actId": UCC, "GuiOrdId": "R1", "algId": "99999",
        "ordSrc": "ADMINCPPAPI_NEOTRADEAPI", "ordDtTm": "23-Nov-2026 10:00:00", "hsUpTm": "2026/11/23 10:00:00",
        "lotSz": "65", "brdLtQty": "65", "tckSz": "0.05", "multiplier": "1",
    }  # fmt: skip
    assert {name: row[name] for name in told} == told
    assert row["ordSt"] == row["stat"] == "trigger pending"


def test_4_1_a_stamp_in_nanoseconds_needs_64_bits(day: Day) -> None:
    row = day.order(day.placed(pr="80"))
    assert row["updRecvTm"] // 1_000_000_000 == row["boeSec"] == int(row["uSec"])
    assert row["updRecvTm"] > 2**53
    assert row["updRecvTm"] % 1000


def test_4_1_what_the_exchange_has_not_confirmed_has_no_stamp_of_it(day: Day) -> None:
    number = day.place(pr="80").body["nOrdNo"]
    assert (day.order(number)["exCfmTm"], day.order(number)["exOrdId"]) == ("--", "NA")
    day.passes()
    assert day.order(number)["exCfmTm"] == "23-Nov-2026 10:00:00"
    assert day.order(number)["exOrdId"].isdigit()


def test_4_1_a_share_and_a_future_have_no_option_terms(day: Day) -> None:
    share = day.order(day.placed(es="nse_cm", ts="TCS-EQ", pc="CNC", qt="3", pr="2000"))
    assert (share["it"], share["series"], share["optTp"], share["expDt"]) == ("EQ", "EQ", "- ", "NA")
    future = day.order(day.placed(ts="TCS26NOVFUT", qt="225", pr="2000"))
    assert (future["it"], future["series"], future["optTp"], future["stkPrc"]) == ("FUTSTK", "XX", "XX", "0.00")


def test_4_1_an_order_of_the_terminal_carries_no_tag_and_no_algo_id() -> None:
    ticket = Ticket("NFO", CALL, Side.BUY, Decimal(65), "NRML", OrderType.LIMIT, Decimal(80), source=Source.SCENARIO)
    day = Day(hands=(Hand(START, UCC, ticket),)).sign_in()
    day.passes()
    (row,) = day.orders().rows
    assert (row["GuiOrdId"], row["algId"], row["ordSrc"]) == ("", "NA", "ADMINCPPAPI_WEB")


def test_4_1_one_order_has_the_same_envelope(day: Day) -> None:
    number = day.placed(pr="80")
    day.placed(pr="81")
    assert day.get(f"quick/user/orders/{number}").row == day.order(number)
    assert day.get("quick/user/orders/261123999999999").body == EMPTY


# --- §4.2 history


def test_4_2_history_is_newest_first_with_stray_spaces(day: Day) -> None:
    number = day.placed(pr="80")
    body = day.post("quick/order/history", {"nOrdNo": number}).body
    assert (body["stat"], body["stCode"]) == ("Ok", 200)
    rows = body["data"]
    assert [row["ordSt"] for row in rows] == ["open", "open pending", "validation pending", "put order req received"]
    assert {row["flDtTm"] for row in rows} == {"23-Nov-2026 10: 00: 00"}
    assert {row["nOrdNo"] for row in rows} == {number}


def test_4_2_history_types_and_names(day: Day) -> None:
    number = day.placed(pr="80", qt="130")
    for row in day.post("quick/order/history", {"nOrdNo": number}).rows:
        assert kinds(row) == (HISTORY_TEXTS, HISTORY_NUMBERS)
        assert (row["ordDur"], row["exch"], row["qty"], row["prc"]) == ("DAY", "NSE", 130, "80.00")


def test_4_2_before_the_exchange_has_it_there_is_no_number_and_stamp_of_the_exchange(day: Day) -> None:
    number = day.placed(pr="80")
    rows = day.post("quick/order/history", {"nOrdNo": number}).rows
    assert [(row["exchOrdId"] == "NA", row["exchTmstp"] == "--") for row in rows] == [
        (False, False), (True, True), (True, True), (True, True),
    ]  # fmt: skip


def test_4_2_a_stop_that_has_triggered_keeps_that_state() -> None:
    day = Day(ticks=(tick(CALL, "125", after=60),)).sign_in()
    number = day.placed(pt="SL", pr="122", tp="120")
    day.passes(90)
    states = [row["ordSt"] for row in day.post("quick/order/history", {"nOrdNo": number}).rows]
    assert states[:2] == ["open", "trigger pending"]
    assert day.order(number)["fldQty"] == 0


def test_4_2_the_reason_stands_in_the_last_state(day: Day) -> None:
    number = day.placed(qt="64")
    rows = day.post("quick/order/history", {"nOrdNo": number}).rows
    assert rows[0]["rejRsn"].startswith("RMS:Rule")
    assert {row["rejRsn"] for row in rows[1:]} == {"--"}


def test_4_2_a_history_of_no_order_is_none(day: Day) -> None:
    assert day.post("quick/order/history", {"nOrdNo": "1"}).body["stCode"] == 1006
    assert day.post("quick/order/history", {"on": "1"}).body["stCode"] == 1007


# --- §4.3 trades


def test_4_3_trade_book_types(day: Day) -> None:
    day.placed(pr="120")
    body = day.get("quick/user/trades").body
    assert (body["stat"], body["stCode"]) == ("ok", 200)
    assert kinds(body["data"][0]) == (TRADE_TEXTS, TRADE_NUMBERS)


def test_4_3_quantity_and_price_of_a_fill_stand_in_two_fields_of_their_own(day: Day) -> None:
    number = day.placed(qt="130", pr="120", ig="R5")
    row = day.get("quick/user/trades").rows[0]
    assert (row["fldQty"], row["avgPrc"], row["qty"], row["prc"], row["tok"]) == (130, "100.05", 0, "", "")
    assert (row["nOrdNo"], row["GuiOrdId"], row["rptTp"], row["flId"].isdigit()) == (number, "R5", "fill", True)
    assert (row["flDt"], row["flTm"], row["exTm"]) == ("23-Nov-2026", "10:00:00", "23-Nov-2026 10:00:00")
    assert row["exOrdId"] == day.order(number)["exOrdId"]


def test_4_3_one_row_a_fill() -> None:
    day = Day().sign_in()
    day.placed(es="nse_cm", ts="TCS-EQ", pc="CNC", qt="3", pr="2200")
    day.placed(pr="120")
    rows = day.get("quick/user/trades").rows
    assert [row["trdSym"] for row in rows] == [CALL, "TCS-EQ"]
    assert len({row["flId"] for row in rows}) == 2
    assert (rows[1]["optTp"], rows[1]["exp"], rows[1]["expDt"]) == ("- ", "-", "NA")


# --- §4.4 positions


def test_4_4_position_types() -> None:
    day = Day(positions=(carried(CALL, -65, "110"),)).sign_in()
    body = day.get("quick/user/positions").body
    assert (body["stat"], body["stCode"]) == ("ok", 200)
    assert kinds(body["data"][0]) == (POSITION_TEXTS, POSITION_NUMBERS)


def test_4_4_carried_rows_are_valued_at_the_previous_settlement() -> None:
    day = Day(positions=(carried(CALL, -130, "110.05"), carried(PUT, 65, "95"))).sign_in()
    short, long = day.get("quick/user/positions").rows
    assert (short["cfSellQty"], short["cfSellAmt"], short["cfBuyQty"], short["cfBuyAmt"]) == (
        "130", "14306.50", "0", "0.00"
    )  # fmt: skip
    assert (long["cfBuyQty"], long["cfBuyAmt"], long["cfSellQty"]) == ("65", "6175.00", "0")
    assert {row["upldPrc"] for row in (short, long)} == {"0.00"}
    assert "qty" not in short


def test_4_4_a_closed_row_stays_with_equal_quantities() -> None:
    day = Day(positions=(carried(CALL, -65, "110"),)).sign_in()
    day.placed(pr="120")
    row = day.get("quick/user/positions").row
    assert (row["cfSellQty"], row["cfSellAmt"], row["flBuyQty"], row["buyAmt"]) == ("65", "7150.00", "65", "6503.25")


def test_4_4_a_row_is_stamped_with_its_last_fill_not_with_the_asking() -> None:
    day = Day(positions=(carried(CALL, -65, "110"),)).sign_in()
    before = day.get("quick/user/positions")
    assert before.row["hsUpTm"] == "2026/11/23 07:00:00"
    day.passes(60)
    assert day.get("quick/user/positions").text == before.text
    day.placed(pr="120")
    assert day.get("quick/user/positions").row["hsUpTm"] == "2026/11/23 10:01:00"


def test_4_4_the_documents_own_future(day: Day) -> None:
    day.placed(ts="TCS26NOVFUT", qt="225", pr="2200", pc="MIS")
    row = day.get("quick/user/positions").row
    assert (row["type"], row["brdLtQty"], row["lotSz"], row["prod"]) == ("FUTSTK", 225, "225", "MIS")
    assert (row["flBuyQty"], row["exp"], row["expDt"]) == ("225", "1795478400", "24 Nov, 2026")


@pytest.mark.parametrize(
    ("symbol", "told"), [("TCS", "TCS-EQ"), ("BAJAJ-AUTO", "BAJAJ-AUTO-EQ"), ("TCS-BE", "TCS-BE")]
)  # fmt: skip
def test_1_a_share_is_told_with_its_series(symbol: str, told: str) -> None:
    share = next(one for one in CONTRACTS if one.symbol == "TCS")
    assert contract_fields(replace(share, symbol=symbol), cash_right="-", no_day="NA")["trdSym"] == told


def test_6_factors_stand_in_the_row() -> None:

    whole = contract_fields(replace(CONTRACTS[0], factor=Decimal(100)), cash_right="-", no_day="NA")
    assert (whole["multiplier"], whole["prcNum"], whole["prcDen"]) == ("100", "1", "1")
    half = contract_fields(replace(CONTRACTS[0], factor=Decimal("2.5")), cash_right="-", no_day="NA")
    assert (half["multiplier"], half["prcNum"], half["prcDen"]) == ("1", "5", "2")


def test_6_a_carried_amount_has_the_factor_in_it() -> None:
    setup = Day(positions=(carried(CALL, -65, "110"),)).exchange.setup
    contracts = (replace(CONTRACTS[0], factor=Decimal(100)), *CONTRACTS[1:])
    row = Day(setup=replace(setup, contracts=contracts)).sign_in().get("quick/user/positions").row
    assert (row["cfSellQty"], row["cfSellAmt"]) == ("65", "715000.00")


def test_a_days_fill_before_the_start_stands_in_all_books() -> None:
    done = Done(START - timedelta(minutes=20), ("NFO", CALL), "NRML", Side.SELL, Decimal(65), Decimal("111.1"))
    day = Day(done=(done,)).sign_in()
    assert day.orders().row["ordSt"] == "complete"
    assert day.get("quick/user/trades").row["avgPrc"] == "111.10"
    assert day.get("quick/user/positions").row["sellAmt"] == "7221.50"


# --- §4.5 holdings


HOLDING = {
    "instrumentType", "sector", "instrumentToken", "commonScripCode", "instrumentName", "quantity", "averagePrice",
    "holdingCost", "closingPrice", "mktValue", "scripId", "isAlternateScrip", "unrealisedGainLoss", "sqGainLoss",
    "delGainLoss", "subTotal", "prevDayLtp", "subType", "instrumentStatus", "marketLot", "expiryDate", "optType",
    "strikePrice", "symbol", "displaySymbol", "exchangeSegment", "series", "exchangeIdentifier", "sellableQuantity",
    "securityType", "securitySubType", "logoUrl", "cmotCode",
}  # fmt: skip


def test_4_5_holdings_have_a_wrapper_without_stat(day: Day) -> None:
    assert day.get("portfolio/v1/holdings").body == {"data": []}


def test_4_5_numbers_of_a_holding_are_numbers() -> None:
    held = Carried(("NSE", "TCS"), "CNC", Decimal(12), Decimal("1900.5"))
    day = Day(account={"holdings": (held,)}, ticks=(tick("TCS", "2150", exchange="NSE"),)).sign_in()
    row = day.get("portfolio/v1/holdings").row
    assert row.keys() == HOLDING
    told = {
        "symbol": "TCS", "displaySymbol": "TCS-EQ", "exchangeSegment": "nse_cm", "exchangeIdentifier": "11536",
        "quantity": 12, "sellableQuantity": 12, "averagePrice": 1900.5, "closingPrice": 2100, "holdingCost": 22806,
        "mktValue": 25800, "unrealisedGainLoss": 2994, "strikePrice": "0.00",
    }  # fmt: skip
    assert {name: row[name] for name in told} == told
    assert isinstance(row["instrumentToken"], int)
