"""Kotak's trading calls: receipts first, reasons later, two ways to be too late (fact sheet §1, §3, §5, §8, §9)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.enums import InstrumentKind, OrderType, Side
from engine.sim.exchange.setup import Earlier
from engine.sim.exchange.words import Call, Ticket
from engine.sim.faults import FaultKind
from tests.sim.kotak.day import CALL, SESSION, START, Day, level, plain, tick

BODY_INVALID = {"stCode": 1007, "errMsg": "body invalid", "stat": "bad request"}
PLACE = "quick/order/rule/ms/place"


@pytest.fixture
def day() -> Day:
    return Day().sign_in()


def modify(day: Day, number: str, **changes: str) -> Any:
    form = {
        "no": number, "qt": "65", "pr": "90", "pt": "L", "tp": "0", "dq": "0", "vd": "DAY", "mp": "0", "am": "NO",
        "os": "NEOTRADEAPI", **changes,
    }  # fmt: skip
    return day.post("quick/order/vr/modify", form)


def cancel(day: Day, number: str, **changes: str) -> Any:
    return day.post("quick/order/cancel", {"on": number, "am": "NO", **changes})


# --- §3.1 place


def test_3_1_a_receipt_has_the_day_in_its_order_number(day: Day) -> None:
    body = day.place().body
    assert body == {"nOrdNo": body["nOrdNo"], "stat": "Ok", "stCode": 200}
    assert body["nOrdNo"].startswith("261123")
    assert len(body["nOrdNo"]) == 15


@pytest.mark.parametrize("key", ["am", "dq", "es", "mp", "pc", "pr", "pt", "qt", "rt", "tp", "ts", "tt"])
def test_3_1_every_mandatory_key_is_wanted(day: Day, key: str) -> None:
    form = {
        "am": "NO", "dq": "0", "es": "nse_fo", "mp": "0", "pc": "NRML", "pr": "100", "pt": "L", "qt": "65",
        "rt": "DAY", "tp": "0", "ts": CALL, "tt": "B",
    }  # fmt: skip
    assert day.post(PLACE, form).body["stat"] == "Ok"
    del form[key]
    reply = day.post(PLACE, form)
    assert (reply.status, reply.body) == (400, BODY_INVALID)


@pytest.mark.parametrize(
    "wrong",
    [
        {"am": "no"}, {"tt": "BUY"}, {"pc": "INTRADAY"}, {"pc": "BO"}, {"pt": "2L"}, {"pt": "LIMIT"}, {"rt": "GTC"},
        {"pr": "-1"}, {"tp": "0.0"}, {"pr": "0.00"}, {"pr": "ten"}, {"tp": ""}, {"pt": "SL", "tp": "0"},
    ],
)  # fmt: skip
def test_5_words_that_are_none_of_the_lists_are_refused(day: Day, wrong: dict[str, str]) -> None:
    assert day.place(**wrong).body == BODY_INVALID
    assert day.orders().body["stCode"] == 5203


@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ({"es": "NFO"}, {"stat": "Not_Ok", "emsg": "Invalid exchange.", "stCode": 1006}),
        ({"es": "cde_fo"}, {"stat": "Not_Ok", "emsg": "Invalid exchange.", "stCode": 1006}),
        ({"ts": "NIFTY99"}, {"stat": "Not_Ok", "emsg": "Invalid symbol.", "stCode": 1007}),
        ({"es": "nse_cm", "ts": "TCS"}, {"stat": "Not_Ok", "emsg": "Invalid symbol.", "stCode": 1007}),
        ({"qt": "0"}, {"stat": "Not_Ok", "emsg": "Invalid quantity.", "stCode": 1009}),
        ({"qt": "65.0"}, {"stat": "Not_Ok", "emsg": "Invalid quantity.", "stCode": 1009}),
        ({"qt": "-65"}, {"stat": "Not_Ok", "emsg": "Invalid quantity.", "stCode": 1009}),
    ],
)
def test_8_documented_codes_of_what_is_refused_at_the_door(day: Day, wrong: dict[str, str], body: Any) -> None:
    reply = day.place(**wrong)
    assert (reply.status, reply.body) == (200, body)


def test_1_a_share_carries_its_series(day: Day) -> None:
    number = day.placed(es="nse_cm", ts="TCS-EQ", pc="CNC", qt="3", pr="2000")
    assert day.order(number)["trdSym"] == "TCS-EQ"


FORM = {
    "am": "NO", "dq": "0", "es": "nse_fo", "mp": "0", "pc": "NRML", "pr": "100", "pt": "L", "qt": "65", "rt": "DAY",
    "tp": "0", "ts": CALL, "tt": "B",
}  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"am": "NO"}},
        {"data": {"jData": "no json"}},
        {"data": {"jData": '["am"]'}},
        {"data": {"jData": '{"am": 1}'}},
        {"data": {"jData": '{"am": "NO"}', "other": "1"}},
        {"data": {"jdata": '{"am": "NO"}'}},
        {"content": b"jData=%FF", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"data": {"jData": json.dumps({"am": "NO", "qt": 65})}},
        {"data": {"jData": json.dumps({**FORM, "qt": 65})}},
        {"data": {"jData": json.dumps({**FORM, "dq": 0})}},
    ],
)
def test_1_a_body_that_is_no_form_of_texts_is_invalid(day: Day, body: dict[str, Any]) -> None:
    headers = {**day.session, **body.pop("headers", {})}
    reply = day.request("POST", "/" + PLACE, headers, **body)
    assert (reply.status, reply.body) == (400, BODY_INVALID)


def test_1_a_query_with_an_old_server_id_is_ignored(day: Day) -> None:
    assert day.get("quick/user/orders?sId=server3").body["stCode"] == 5203


def test_3_1_ok_means_received_and_the_reason_comes_later() -> None:
    day = Day(cash="10").sign_in()
    number = day.place(tt="S").body["nOrdNo"]
    assert day.order(number)["ordSt"] == "put order req received"
    day.passes()
    row = day.order(number)
    assert (row["ordSt"], row["stat"]) == ("rejected", "rejected")
    assert row["rejRsn"].startswith("RMS:Margin Exceeds")
    assert (row["fldQty"], row["unFldSz"]) == (0, 0)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"qt": "64"}, "RMS:Rule: Quantity is not a multiple of the lot size"),
        ({"qt": "1820"}, "RMS:Rule: Order quantity exceeds freeze quantity"),
        ({"pr": "100.03"}, "RMS:Rule: Price is not a multiple of the tick size"),
        ({"pr": "901"}, "EXCH: The order price is out of the current price range"),
    ],
)
def test_3_1_what_the_exchange_refuses_stands_in_the_book(day: Day, order: dict[str, str], reason: str) -> None:
    row = day.order(day.placed(**order))
    assert row["ordSt"] == "rejected"
    assert row["rejRsn"].startswith(reason)


def test_8_a_stop_market_order_is_rejected_later_with_the_algo_ids_reason(day: Day) -> None:
    number = day.place(pt="SL-M", pr="0", tp="120").body["nOrdNo"]
    day.passes()
    row = day.order(number)
    assert (row["ordSt"], row["prcTp"]) == ("rejected", "SL-M")
    assert row["rejRsn"] == "Market order with Algo Id not allowed"


def test_3_1_a_limit_of_zero_is_taken_for_one_and_filled() -> None:
    day = Day(ticks=(tick(CALL, "3"),)).sign_in()
    number = day.placed(tt="S", pr="0")
    row = day.order(number)
    assert (row["prc"], row["ordSt"]) == ("1.00", "complete")


def test_8_a_market_order_does_not_go_beyond_its_protection() -> None:
    # An option at 100 is protected by 2 %: 102, and only 65 are offered below.
    asks = (level("101", 65), level("103"))
    day = Day(ticks=(tick(CALL, "100", asks=asks, bids=(level("99"),)),)).sign_in()
    row = day.order(day.placed(pt="MKT", pr="0", qt="130"))
    assert (row["ordSt"], row["fldQty"], row["unFldSz"], row["avgPrc"]) == ("open", 65, 65, "101.00")


def test_5_what_cannot_fill_at_once_is_cancelled_when_it_shall_not_rest(day: Day) -> None:
    row = day.order(day.placed(rt="IOC", pr="80"))
    assert (row["ordSt"], row["vldt"], row["cnlQty"]) == ("cancelled", "IOC", 65)


# --- §5 the ladder


def test_5_the_ladder_of_statuses(day: Day) -> None:
    number = day.place(pr="80").body["nOrdNo"]
    seen = [day.order(number)["ordSt"]]
    for _ in range(300):
        day.passes(0.001)
        status = day.order(number)["ordSt"]
        if status != seen[-1]:
            seen.append(status)
    assert seen == ["put order req received", "validation pending", "open pending", "open"]


def test_5_a_stop_waits_for_its_trigger(day: Day) -> None:
    assert day.order(day.placed(pt="SL", pr="122", tp="120"))["ordSt"] == "trigger pending"


def test_5_a_part_fill_stays_open() -> None:
    asks = (level("100", 65),)
    day = Day(ticks=(tick(CALL, "100", asks=asks, bids=()),)).sign_in()
    row = day.order(day.placed(qt="195", pr="100"))
    assert (row["ordSt"], row["qty"], row["fldQty"], row["unFldSz"]) == ("open", 195, 65, 130)


def test_5_changes_and_cancels_have_words_of_their_own(day: Day) -> None:
    number = day.placed(pr="80")
    modify(day, number)
    changing = day.order(number)["ordSt"]
    day.passes()
    changed = day.order(number)
    assert changing in ("modify validation pending", "modify pending")
    assert (changed["prc"], changed["qty"]) == ("90.00", 65)
    cancel(day, number)
    assert day.order(number)["ordSt"] == "cancel pending"
    day.passes()
    assert day.order(number)["ordSt"] == "cancelled"
    assert day.order(number)["cnlQty"] == 65


# --- §3.2, §3.3 modify and cancel


def test_3_2_a_change_is_answered_like_an_order(day: Day) -> None:
    number = day.placed(pr="80")
    assert modify(day, number).body == {"nOrdNo": number, "stat": "Ok", "stCode": 200}


def test_3_2_old_keys_are_not_needed_and_do_no_harm(day: Day) -> None:
    number = day.placed(pr="80")
    old = {"tk": "43125", "pc": "NRML", "dd": "NA", "fq": "0", "ts": CALL, "tt": "B", "es": "nse_fo"}
    assert modify(day, number, **old).body["stat"] == "Ok"


@pytest.mark.parametrize("wrong", [{"vd": "GTC"}, {"pt": "X"}, {"pr": "x"}])
def test_3_2_a_change_in_no_words_of_kotaks_is_invalid(day: Day, wrong: dict[str, str]) -> None:
    assert modify(day, day.placed(pr="80"), **wrong).body == BODY_INVALID
    assert day.post("quick/order/vr/modify", {"no": "1", "rt": "DAY"}).body == BODY_INVALID
    assert modify(day, day.placed(pr="80"), qt="no").body["stCode"] == 1009


def test_3_2_a_stop_may_become_a_limit_order(day: Day) -> None:
    number = day.placed(pt="SL", pr="122", tp="120")
    assert modify(day, number, pt="L", pr="101", tp="0").body["stat"] == "Ok"
    day.passes()
    row = day.order(number)
    assert (row["prcTp"], row["ordSt"], row["trgPrc"]) == ("L", "complete", "0.00")


def test_3_3_a_filled_order_is_completed_for_both(day: Day) -> None:
    number = day.placed(pr="120")
    finished = {"stCode": 1021, "errMsg": "order is completed", "stat": "please provide valid order number"}
    for reply in (cancel(day, number), modify(day, number)):
        assert (reply.status, reply.body) == (400, finished)


def test_3_3_a_cancelled_order_or_none_at_all_is_not_found(day: Day) -> None:
    number = day.placed(pr="80")
    cancel(day, number)
    day.passes()
    gone = {"stat": "Not_Ok", "emsg": "Order already cancelled or not found.", "stCode": 1006}
    for reply in (cancel(day, number), modify(day, number), cancel(day, "261123999999999")):
        assert (reply.status, reply.body) == (200, gone)


@pytest.mark.parametrize("form", [{"am": "NO"}, {"on": "1"}, {"on": "1", "am": "X"}])
def test_3_3_a_cancel_names_its_order(day: Day, form: dict[str, str]) -> None:
    assert day.post("quick/order/cancel", form).body == BODY_INVALID


def test_3_3_an_after_market_order_is_cancelled_as_one_with_its_symbol() -> None:
    day = Day().sign_in()
    day.clock.move_to(day.clock.now() + timedelta(hours=6))
    number = day.placed(am="YES")
    row = day.order(number)
    assert (row["ordSt"], row["ordGenTp"]) == ("after market order req received", "AMO")
    assert cancel(day, number).body["stCode"] == 1006
    assert cancel(day, number, am="YES").body["stCode"] == 1006
    assert cancel(day, number, am="YES", ts=CALL).body["stat"] == "Ok"
    day.passes()
    assert day.order(number)["ordSt"] == "cancelled after market order"


def test_5_a_changed_after_market_order_has_a_word_of_its_own() -> None:
    day = Day().sign_in()
    day.clock.move_to(day.clock.now() + timedelta(hours=6))
    number = day.placed(am="YES", pr="80")
    assert modify(day, number, am="YES").body["stat"] == "Ok"
    day.passes()
    assert day.order(number)["ordSt"] == "modify after market order req received"


# --- §9 the tag


def test_9_the_tag_comes_back_and_does_not_stop_a_second_order(day: Day) -> None:
    first, second = day.placed(ig="R7Q", pr="120"), day.placed(ig="R7Q", pr="120")
    assert first != second
    assert [row["GuiOrdId"] for row in day.orders().rows] == ["R7Q", "R7Q"]
    trades = day.get("quick/user/trades").rows
    assert {row["GuiOrdId"] for row in trades} == {"R7Q"}
    history = day.post("quick/order/history", {"nOrdNo": first}).rows
    assert {row["GuiOrdId"] for row in history} == {"R7Q"}


def test_9_an_order_without_a_tag_gets_an_identifier_of_kotaks(day: Day) -> None:
    number = day.placed(ig="")
    assert len(day.order(number)["GuiOrdId"].split("-")) == 5


# --- §8 codes nothing else causes


@pytest.mark.parametrize(
    ("code", "status", "text"),
    [
        (1004, 200, "Insufficient balance."), (1005, 500, "Internal error, please retry."),
        (1017, 200, "algo order not allowed"),
    ],
)  # fmt: skip
def test_8_a_scenario_may_ask_for_an_error_by_its_code(day: Day, code: int, status: int, text: str) -> None:
    day.strike(FaultKind.BROKER_ERROR, calls=frozenset({Call.PLACE}), details={"code": code})
    reply = day.place()
    assert (reply.status, reply.body["stCode"]) == (status, code)
    assert text in reply.body.values()
    assert day.orders().body["stCode"] == 5203


def test_8_an_address_that_is_not_registered_is_refused_for_order_calls_only(day: Day) -> None:
    number = day.placed(pr="80")
    writes = frozenset(call for call in Call if call.is_write)
    day.strike(FaultKind.BROKER_ERROR, None, calls=writes, details={"code": 100008})
    refused = {"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"}
    assert [day.place().body, modify(day, number).body, cancel(day, number).body] == [refused] * 3
    assert day.order(number)["ordSt"] == "open"


def test_5_in_commodities_every_order_is_for_the_day() -> None:
    crude = plain(
        "MCX", "CRUDEOIL26DECFUT", "430001", InstrumentKind.FUTURE, "6480", underlying="CRUDEOIL",
        expiry=date(2026, 12, 18), factor=Decimal(100),
    )  # fmt: skip
    setup = Day().exchange.setup
    day = Day(setup=replace(setup, contracts=(*setup.contracts, crude), sessions={"MCX": SESSION})).sign_in()
    order = {"es": "mcx_fo", "ts": "CRUDEOIL26DECFUT", "qt": "1", "pr": "6480"}
    assert day.place(**order, rt="IOC").body == BODY_INVALID
    assert day.order(day.placed(**order))["exSeg"] == "mcx_fo"


@pytest.mark.parametrize("product", ["CNC", "MTF"])
def test_5_products_of_delivery_are_for_shares(day: Day, product: str) -> None:
    row = day.order(day.placed(pc=product))
    assert (row["ordSt"], row["rejRsn"]) == (
        "rejected", f"RMS:Rule: Product is not allowed in this segment, {product} is for shares",
    )  # fmt: skip
    share = day.order(day.placed(es="nse_cm", ts="TCS-EQ", qt="1", pr="2100", pc=product))
    assert share["ordSt"] in ("open", "complete")


def test_4_1_yesterdays_orders_stand_under_their_own_day_and_are_over() -> None:
    stop = Ticket(
        "NFO", CALL, Side.BUY, Decimal(65), "NRML", OrderType.STOP, Decimal(155), Decimal(150), tag="SL1",
    )  # fmt: skip
    on, at = date(2026, 11, 20), START - timedelta(days=3)
    earlier = (Earlier(on, at, stop, Decimal("151.5")), Earlier(on, at, stop))
    day = Day(account={"earlier": earlier}).sign_in()
    gone, done = day.orders().rows
    assert (done["ordSt"], done["prcTp"], done["fldQty"], done["unFldSz"], done["avgPrc"], done["GuiOrdId"]) == (
        "complete", "SL", 65, 0, "151.50", "SL1",
    )  # fmt: skip
    assert (gone["ordSt"], gone["fldQty"], gone["cnlQty"]) == ("cancelled", 0, 65)
    assert (done["nOrdNo"][:6], done["ordDtTm"], done["exCfmTm"]) == (
        "261120", "20-Nov-2026 10:00:00", "20-Nov-2026 10:00:00",
    )  # fmt: skip
    for book in ("trades", "positions"):
        assert day.get(f"quick/user/{book}").body["stCode"] == 5203
    states = day.post("quick/order/history", {"nOrdNo": done["nOrdNo"]}).rows
    assert [one["ordSt"] for one in states] == ["complete", "trigger pending", "put order req received"]
    assert day.post("quick/order/cancel", {"on": done["nOrdNo"], "am": "NO"}).body["stCode"] == 1021
    assert day.placed() not in (done["nOrdNo"], gone["nOrdNo"])
