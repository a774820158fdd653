"""Kotak Neo behind the port: what goes out, what single bodies mean, and what is never sent."""

import asyncio
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from engine.brokers.budget import Budget, Pace
from engine.domain.enums import OrderType, Side
from engine.domain.requests import OrderChange, Urgency, Validity
from engine.domain.snapshot import Book, Funds, Missing
from engine.domain.truth import Truth
from engine.errors import (
    BrokerAuthError,
    BrokerDataError,
    BrokerLoggedOut,
    BrokerOutcomeUnknown,
    BrokerRateLimited,
    BrokerRejected,
    BrokerSessionExpired,
    BrokerUnavailable,
    CapabilityMissing,
    InvariantError,
    OrderFinished,
)
from engine.ports import SessionState, Wanted
from engine.sim.clock import SimClock
from tests.brokers.kotak import neo
from tests.brokers.kotak.neo import Desk

RECEIPT = {"nOrdNo": "261124000007242", "stat": "Ok", "stCode": 200}


def test_an_order_goes_out_as_a_form_of_texts_with_every_header_and_below_the_base_path() -> None:
    desk = Desk()
    desk.neo.tell(neo.PLACE, RECEIPT)
    stop = neo.order(
        type=OrderType.STOP, side=Side.SELL, trigger_price=Decimal("11.00"), validity=Validity.DAY, tag="R1",
        instrument=neo.contract("M&M26NOVFUT"),
    )  # fmt: skip
    assert desk.run(desk.broker.send_order(stop)).order_id == "261124000007242"
    request = desk.neo.asked(neo.PLACE)[0]
    assert str(request.url) == neo.BASE + neo.PLACE
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    sent = {name: request.headers[name] for name in ("Sid", "Auth", "Authorization", "neo-fin-key")}
    assert sent == {
        "Sid": "sid-1", "Auth": neo.jwt(1), "Authorization": "consumer-key", "neo-fin-key": "neotradeapi"
    }  # fmt: skip
    assert desk.neo.forms(neo.PLACE) == [
        {
            "am": "NO", "dq": "0", "es": "nse_fo", "mp": "0", "pc": "NRML", "pf": "N", "pr": "12.5", "pt": "SL",
            "qt": "75", "rt": "DAY", "tp": "11", "ts": "M&M26NOVFUT", "tt": "S", "ig": "R1",
        }
    ]  # fmt: skip


def test_a_change_and_a_cancel_have_their_own_names_for_the_same_things() -> None:
    desk = Desk()
    desk.neo.tell(neo.MODIFY, {"stat": "Ok", "stCode": 200})
    desk.neo.tell(neo.CANCEL, RECEIPT)
    desk.neo.tell(neo.ORDERS, neo.book(neo.order_row(), neo.order_row(nOrdNo="261124000000002", ordGenTp="AMO")))

    async def work() -> None:
        change = OrderChange(Decimal(150), OrderType.LIMIT, price=Decimal("13.05"), validity=Validity.IOC)
        for order in await desk.broker.fetch_by_tag("RABC234"):
            assert (await desk.broker.send_change(order, change)).order_id == order.id
            await desk.broker.send_cancel(order)

    desk.run(work())
    same = {"qt": "150", "pr": "13.05", "pt": "L", "tp": "0", "dq": "0", "vd": "IOC", "mp": "0"}
    assert desk.neo.forms(neo.MODIFY) == [
        {"no": "261124000000001", **same, "am": "NO"},
        {"no": "261124000000002", **same, "am": "YES"},
    ]
    assert desk.neo.forms(neo.CANCEL) == [
        {"on": "261124000000001", "am": "NO"},
        {"on": "261124000000002", "am": "YES", "ts": "NIFTY26NOV24000CE"},
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": OrderType.STOP_MARKET, "trigger_price": Decimal(9), "price": None},
        {"validity": Validity.IOC},
        {"after_market": True},
    ],
)
def test_what_the_broker_does_not_take_is_not_sent(changes: dict[str, Any]) -> None:
    desk = Desk(capabilities=neo.abilities(ioc=Truth.UNKNOWN, after_market=Truth.FALSE))
    with pytest.raises(CapabilityMissing, match="as told"):
        desk.run(desk.broker.send_order(neo.order(**changes)))
    assert desk.neo.requests == []


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": Decimal(0)},
        {"quantity": Decimal("-75")},
        {"quantity": Decimal("0.5")},
        {"price": None},
        {"price": Decimal(0)},
        {"type": OrderType.STOP},
        {"type": OrderType.STOP, "trigger_price": Decimal(0)},
        {"trigger_price": Decimal(9)},
        {"type": OrderType.MARKET},
        {"type": OrderType.UNKNOWN},
        {"tag": ""},
        {"tag": "R" * 21},
        {"tag": "R_1"},
    ],
)
def test_what_makes_no_sense_is_our_bug_and_is_not_sent(changes: dict[str, Any]) -> None:
    desk = Desk()
    with pytest.raises(InvariantError):
        desk.run(desk.broker.send_order(neo.order(**changes)))
    assert desk.neo.requests == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ({"stat": "Not_Ok", "emsg": "Insufficient balance.", "stCode": 1004}, BrokerRejected),
        ({"stat": "Ok", "errMsg": "algo order not allowed", "stCode": 1017}, BrokerRejected),
        ({"stCode": 1007, "errMsg": "body invalid", "stat": "bad request"}, BrokerRejected),
        ({"stat": "Not_Ok", "emsg": "invalid exchange", "stCode": 1006}, BrokerRejected),
        ({"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"}, BrokerAuthError),
        (httpx.Response(429, json={"code": 429, "error": "Rate limit exceeded", "message": "m"}), BrokerOutcomeUnknown),
        ({"code": 429, "error": "Rate limit exceeded", "message": "too many request received"}, BrokerOutcomeUnknown),
        (httpx.ConnectError("refused"), BrokerUnavailable),
        (httpx.ConnectTimeout("slow"), BrokerUnavailable),
        ({"stat": "Not_Ok", "errMsg": "Internal error", "stCode": 1005}, BrokerOutcomeUnknown),
        (httpx.Response(200, text='{"nOrdNo":"26112400'), BrokerOutcomeUnknown),
        (httpx.Response(200, text=""), BrokerOutcomeUnknown),
        (httpx.Response(200, json={}), BrokerOutcomeUnknown),
        (httpx.Response(200, json={"stat": "Ok", "stCode": 200}), BrokerOutcomeUnknown),
        (httpx.Response(200, json=[RECEIPT]), BrokerOutcomeUnknown),
        (httpx.Response(200, json={"nOrdNo": "261124000007242", "stCode": 200}), BrokerOutcomeUnknown),
        (httpx.Response(200, json={**RECEIPT, "stat": "received"}), BrokerOutcomeUnknown),
        (httpx.Response(200, json={**RECEIPT, "stat": "Not_Ok", "stCode": 1004}), BrokerOutcomeUnknown),
        (httpx.Response(200, json={**RECEIPT, "nOrdNo": "NA"}), BrokerOutcomeUnknown),
        (httpx.Response(502, text="<html>Bad Gateway</html>"), BrokerOutcomeUnknown),
        (httpx.Response(503, json={"stat": "Not_Ok", "errMsg": "x", "stCode": 1004}), BrokerOutcomeUnknown),
        (httpx.Response(302, headers={"Location": "https://elsewhere.test/"}), BrokerOutcomeUnknown),
        (httpx.Response(403, json=RECEIPT), BrokerOutcomeUnknown),
        (httpx.Response(429, json=RECEIPT), BrokerOutcomeUnknown),
        (httpx.ReadTimeout("slow"), BrokerOutcomeUnknown),
        (httpx.WriteError("gone"), BrokerOutcomeUnknown),
        (httpx.RemoteProtocolError("server disconnected"), BrokerOutcomeUnknown),
    ],
    ids=str,
)  # fmt: skip
def test_a_new_order_is_sent_once_whatever_comes_back(reply: Any, error: type[Exception]) -> None:
    desk = Desk()
    desk.neo.tell(neo.PLACE, reply)
    with pytest.raises(error) as caught:
        desk.run(desk.broker.send_order(neo.order(), Urgency.EXIT))
    assert type(caught.value) is error
    assert desk.neo.count(neo.PLACE) == 1
    if isinstance(caught.value, BrokerOutcomeUnknown):
        assert caught.value.tag == "RABC234"
    if isinstance(caught.value, BrokerRejected):
        assert (caught.value.code, caught.value.reason) == (
            str(reply["stCode"]),
            reply.get("errMsg", reply.get("emsg")),
        )


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(
            400, json={"stCode": 1021, "errMsg": "order is completed", "stat": "please provide valid order number"}
        ),
        {"stat": "Not_Ok", "emsg": "Order already cancelled or not found.", "stCode": 1006},
    ],
    ids=["1021", "1006"],
)
def test_too_late_for_a_change_or_a_cancel_is_told_apart(reply: Any) -> None:
    desk = Desk()
    desk.neo.tell(neo.MODIFY, reply)
    desk.neo.tell(neo.CANCEL, reply)
    desk.neo.tell(neo.ORDERS, neo.book(neo.order_row()))

    async def work() -> None:
        change = OrderChange(Decimal(75), OrderType.LIMIT, price=Decimal(13))
        (order,) = await desk.broker.fetch_by_tag("RABC234")
        with pytest.raises(OrderFinished):
            await desk.broker.send_change(order, change)
        with pytest.raises(OrderFinished):
            await desk.broker.send_cancel(order)

    desk.run(work())
    assert (desk.neo.count(neo.MODIFY), desk.neo.count(neo.CANCEL)) == (1, 1)


def test_a_write_that_was_refused_for_its_session_is_sent_once_more_after_a_login() -> None:
    desk = Desk()
    desk.neo.tell(neo.PLACE, httpx.Response(403, json=neo.EXPIRED), RECEIPT)
    assert desk.run(desk.broker.send_order(neo.order())).order_id == "261124000007242"
    assert [request.headers["Sid"] for request in desk.neo.asked(neo.PLACE)] == ["sid-1", "sid-2"]
    desk.neo.tell(neo.PLACE, {"stat": "Not_Ok", "emsg": "Invalid session", "stCode": 1003})
    with pytest.raises(BrokerSessionExpired):
        desk.run(desk.broker.send_order(neo.order()))
    assert desk.neo.count(neo.PLACE) == 4


def test_an_unauthorized_address_is_no_reason_for_a_login() -> None:
    desk = Desk()
    desk.neo.tell(neo.PLACE, {"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"})
    with pytest.raises(BrokerAuthError, match="registered"):
        desk.run(desk.broker.send_order(neo.order()))
    assert (desk.neo.count(neo.SECOND), desk.broker.session) == (1, SessionState.OPEN)


def test_a_snapshot_has_every_part_with_the_time_it_came() -> None:
    desk = Desk()
    desk.neo.tell(neo.POSITIONS, neo.book(neo.position_row()))
    desk.neo.tell(neo.ORDERS, neo.book(neo.order_row(tok="61001", trdSym="NIFTY26NOV24100CE")))

    async def slow(_request: httpx.Request) -> Any:
        await desk.clock.sleep(timedelta(seconds=2))
        return neo.NO_DATA

    desk.neo.tell(neo.TRADES, slow)
    desk.neo.tell(
        neo.QUOTES,
        [{"exchange_token": "61000", "exchange": "nse_fo", "display_symbol": "NIFTY 24000 CE", "ltp": "14.00"}],
        [{"exchange_token": "Nifty 50", "exchange": "nse_cm", "display_symbol": "Nifty 50", "ltp": "24010.05"}],
    )
    snapshot = desk.run(desk.broker.fetch_snapshot())
    parts = (snapshot.positions, snapshot.orders, snapshot.fills, snapshot.funds, snapshot.quotes)
    assert all(isinstance(part, Book | Funds) for part in parts)
    seconds = [(part.taken_at - neo.START).seconds for part in parts if isinstance(part, Book | Funds)]
    assert seconds == [0, 0, 2, 0, 2]
    assert snapshot.taken_at == desk.clock.now()
    assert isinstance(snapshot.fills, Book)
    assert snapshot.fills.rows == ()
    assert isinstance(snapshot.quotes, Book)
    assert [(quote.symbol, quote.last_price) for quote in snapshot.quotes.rows] == [
        ("NIFTY26NOV24000CE", Decimal("14.00")),
        ("Nifty 50", Decimal("24010.05")),
    ]
    asked = desk.neo.asked(neo.QUOTES)
    path = b"/gateway/xyz/script-details/1.0/quotes/neosymbol"
    assert [request.extensions["target"] for request in asked] == [
        path + b"/nse_fo|61000,nse_fo|61001/all",
        path + b"/nse_cm|Nifty%2050/all",
    ]
    assert all("Sid" not in request.headers for request in asked)
    assert snapshot.link.connected


def test_spots_are_asked_for_where_their_name_is_known_and_cost_no_other_quote() -> None:
    desk = Desk()
    desk.neo.tell(neo.POSITIONS, neo.book(neo.position_row()))
    held = [{"exchange_token": "61000", "exchange": "nse_fo", "display_symbol": "x", "ltp": "14.00"}]
    desk.neo.tell(neo.QUOTES, held, {"stat": "Not_Ok", "emsg": "Invalid instrument/code", "stCode": 1009})
    wanted = Wanted(spots=("SENSEX", "MIDCPNIFTY", "TCS", "INDIA VIX"))
    snapshot = desk.run(desk.broker.fetch_snapshot(wanted))
    targets = [request.extensions["target"].rsplit(b"/", 2)[1] for request in desk.neo.asked(neo.QUOTES)]
    assert targets == [b"nse_fo|61000", b"nse_cm|Nifty%2050,bse_cm|SENSEX,nse_cm|INDIA%20VIX"]
    assert isinstance(snapshot.quotes, Book)
    assert [quote.symbol for quote in snapshot.quotes.rows] == ["NIFTY26NOV24000CE"]


def test_many_contracts_are_quoted_in_several_calls_and_read_as_one() -> None:
    desk = Desk()
    rows = [neo.position_row(trdSym=f"NIFTY26NOV{24000 + n}CE", tok=str(n)) for n in range(120)]
    desk.neo.tell(neo.POSITIONS, neo.book(*rows))

    def quotes(request: httpx.Request) -> Any:
        named = request.extensions["target"].decode().rsplit("/", 2)[1].split(",")
        keys = [one.split("|") for one in named]
        return [{"exchange": segment, "exchange_token": token, "ltp": "1.00"} for segment, token in keys]

    desk.neo.tell(neo.QUOTES, quotes)
    snapshot = desk.run(desk.broker.fetch_snapshot())
    assert desk.neo.count(neo.QUOTES) == 4
    assert isinstance(snapshot.quotes, Book)
    assert len(snapshot.quotes.rows) == 121


def test_a_part_that_does_not_come_is_missing_with_its_cause_and_the_others_are_there() -> None:
    desk = Desk()
    desk.neo.tell(neo.POSITIONS, httpx.Response(503, text="<html>"))
    desk.neo.tell(neo.ORDERS, httpx.Response(200, text='{"stat":"Ok","stCode":200,"data":[{"nOrdNo"'))
    desk.neo.tell(neo.TRADES, {"stat": "Not_Ok", "errMsg": "something", "stCode": 1234})
    snapshot = desk.run(desk.broker.fetch_snapshot())
    for part, cause in ((snapshot.positions, "HTTP 503"), (snapshot.orders, "no JSON"), (snapshot.fills, "1234")):
        assert isinstance(part, Missing)
        assert cause in part.cause
    assert isinstance(snapshot.funds, Funds)
    assert snapshot.quotes == Missing("no book was read that names a contract")
    assert snapshot.link.connected
    # Reads are tried again after 1 s and 2 s; a plain refusal is not.
    assert [desk.neo.count(path) for path in (neo.POSITIONS, neo.ORDERS, neo.TRADES)] == [3, 3, 1]
    assert desk.passed() == timedelta(seconds=3)


TOO_MANY = httpx.Response(429, json={"code": 429, "error": "Rate limit exceeded", "message": "m"})


def test_after_too_many_calls_only_exits_are_asked_for_a_while() -> None:
    desk = Desk()
    for path in (neo.POSITIONS, neo.ORDERS, neo.TRADES, neo.LIMITS):
        desk.neo.tell(path, TOO_MANY)
    desk.neo.tell(neo.PLACE, RECEIPT)

    async def work() -> None:
        for _ in range(10):
            await desk.broker.fetch_snapshot()
            await desk.clock.sleep(timedelta(seconds=1))
        asked = desk.neo.count(neo.POSITIONS)
        with pytest.raises(BrokerRateLimited, match="nothing but exits"):
            await desk.broker.fetch_history("1")
        await desk.broker.send_order(neo.order(), Urgency.EXIT)
        assert desk.neo.count(neo.POSITIONS) == asked

    desk.run(work())
    # Quiet for 1, 2, 4, 8 … s: a handful of calls where thirty were wanted.
    assert desk.neo.count(neo.POSITIONS) < 8


def test_one_refusal_as_too_many_costs_a_second() -> None:
    desk = Desk()
    desk.neo.tell(neo.POSITIONS, TOO_MANY, neo.NO_DATA)
    snapshot = desk.run(desk.broker.fetch_snapshot())
    assert isinstance(snapshot.positions, Book)
    assert desk.passed() == timedelta(seconds=1)


@pytest.mark.parametrize("told", [neo.NO_DATA, {"stat": "Ok", "stCode": 200, "data": []}], ids=["none", "an object"])
def test_quotes_that_are_no_list_are_missing(told: Any) -> None:
    desk = Desk()
    desk.neo.tell(neo.POSITIONS, neo.book(neo.position_row()))
    desk.neo.tell(neo.QUOTES, [{"exchange_token": "61000", "exchange": "nse_fo", "ltp": "14.00"}], told)
    snapshot = desk.run(desk.broker.fetch_snapshot())
    assert snapshot.quotes == Missing("quotes: the reply is no list of quotes")
    assert isinstance(snapshot.positions, Book)


def test_the_past_of_another_order_is_none_of_this_one() -> None:
    desk = Desk()
    desk.neo.tell(neo.HISTORY, neo.book({"nOrdNo": "2", "ordSt": "complete", "prcTp": "L"}))
    with pytest.raises(BrokerDataError, match="asked for 1 and told of 2"):
        desk.run(desk.broker.fetch_history("1"))


def test_nobody_there_is_a_snapshot_too() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, httpx.ConnectError("refused"))
    snapshot = desk.run(desk.broker.fetch_snapshot())
    assert not snapshot.link.connected
    assert isinstance(snapshot.positions, Missing)
    assert "ConnectError" in snapshot.positions.cause


def test_rows_that_came_the_same_are_the_same_objects() -> None:
    desk = Desk()
    desk.neo.tell(neo.POSITIONS, neo.book(neo.position_row()))
    changed = neo.order_row(ordModNo="1", prcTp="L")
    desk.neo.tell(neo.ORDERS, neo.book(changed))
    desk.neo.tell(
        neo.HISTORY, neo.book(
            {"nOrdNo": "261124000000001", "ordSt": "open", "prcTp": "L", "flDtTm": "24-Nov-2026 09: 31: 00"},
            {"nOrdNo": "261124000000001", "ordSt": "trigger pending", "prcTp": "SL", "trgPrc": "11.00",
             "flDtTm": "24-Nov-2026 09: 30: 00"},
        ),
    )  # fmt: skip

    async def work() -> list[Any]:
        return [await desk.broker.fetch_snapshot() for _ in range(3)]

    _, second, third = desk.run(work())
    assert second.positions.rows is third.positions.rows
    assert second.orders.rows is third.orders.rows
    assert [event.type for event in third.orders.rows[0].history] == [OrderType.STOP, OrderType.LIMIT]
    # The order's past was asked for once; when its row changes it is asked for again.
    assert desk.neo.count(neo.HISTORY) == 1
    desk.neo.tell(neo.ORDERS, neo.book(changed | {"fldQty": 25, "unFldSz": 50}))
    desk.run(desk.broker.fetch_snapshot())
    assert desk.neo.count(neo.HISTORY) == 2


def test_histories_of_one_reading_are_bounded_and_the_rest_comes_later() -> None:
    desk = Desk()
    rows = [neo.order_row(nOrdNo=f"26112400000000{number}", ordModNo="1") for number in range(6)]
    desk.neo.tell(neo.ORDERS, neo.book(*rows))

    def history(request: httpx.Request) -> Any:
        id_ = json.loads(httpx.QueryParams(request.content.decode())["jData"])["nOrdNo"]
        return neo.book({"nOrdNo": id_, "ordSt": "open", "prcTp": "L"})

    desk.neo.tell(neo.HISTORY, history)
    first, second = (desk.run(desk.broker.fetch_snapshot()) for _ in range(2))
    assert isinstance(first.orders, Book)
    assert sum(order.history is not None for order in first.orders.rows) == 4
    assert isinstance(second.orders, Book)
    assert all(order.history is not None for order in second.orders.rows)


def test_a_tag_is_looked_up_in_a_fresh_book() -> None:
    desk = Desk()
    desk.neo.tell(
        neo.ORDERS,
        neo.NO_DATA,
        neo.book(
            neo.order_row(),
            *(
                neo.order_row(nOrdNo=f"26112400000000{number}", GuiOrdId=tag)
                for number, tag in enumerate(("another", "RABC2345", "1RABC234", "rabc234", "", "NA", None), start=2)
            ),
        ),
    )
    assert desk.run(desk.broker.fetch_by_tag("RABC234")) == ()
    assert [order.id for order in desk.run(desk.broker.fetch_by_tag("RABC234"))] == ["261124000000001"]


def test_a_history_comes_oldest_first() -> None:
    desk = Desk()
    desk.neo.tell(
        neo.HISTORY,
        neo.book(
            *({"nOrdNo": "1", "ordSt": word, "prcTp": "L"} for word in ("complete", "open", "put order req received"))
        ),
    )
    events = desk.run(desk.broker.fetch_history("1"))
    assert [event.status.value for event in events] == ["PENDING_NEW", "NEW", "FILLED"]


CSV = (
    "pSymbol,pExchSeg,pTrdSymbol,pSymbolName,pInstType,pOptionType,dStrikePrice;,lLotSize,lFreezeQty,lExpiryDate\n"
    "61000,{segment},{symbol},NIFTY,OPTIDX,CE,2400000.0,75,1800,1480000000\n"
)


def test_contracts_come_from_the_days_files_and_then_from_where_they_are_kept() -> None:
    cache = neo.Files()
    desk = Desk(cache=cache)
    folder = "https://files.test/prod/2026-11-24/transformed"
    links = [f"{folder}/{name}.csv" for name in ("cde_fo", "nse_fo", "bse_fo", "nse_cm-v1")]
    desk.neo.tell(neo.FILES, {"data": {"filesPaths": links, "baseFolder": folder}})
    desk.neo.tell("/nse_fo.csv", CSV.format(segment="nse_fo", symbol="NIFTY26NOV24000CE"))
    desk.neo.tell("/nse_cm-v1.csv", CSV.format(segment="nse_cm", symbol="TCS-EQ"))
    desk.neo.tell("/bse_fo.csv", CSV.format(segment="bse_fo", symbol="SENSEX26NOV80000CE"))
    today = date(2026, 11, 24)

    def fetch(desk: Desk, on: date) -> Any:
        return asyncio.run(desk.broker.fetch_contracts(on))

    found = fetch(desk, today)
    assert (found.on, [one.symbol for one in found.rows]) == (
        today,
        ["NIFTY26NOV24000CE", "SENSEX26NOV80000CE", "TCS-EQ"],
    )
    assert "Authorization" not in desk.neo.asked("/nse_fo.csv")[0].headers
    assert fetch(desk, today) is not None
    assert desk.neo.count("/nse_fo.csv") == 1
    # The snapshot takes what the file says in place of what the symbol tells.
    desk.neo.tell(neo.POSITIONS, neo.book(neo.position_row()))
    snapshot = desk.run(desk.broker.fetch_snapshot())
    assert isinstance(snapshot.positions, Book)
    assert snapshot.positions.rows[0].instrument.freeze_quantity == Decimal(1800)
    # The token of a share stands in the file too.
    desk.run(desk.broker.fetch_snapshot(Wanted(quotes=False, spots=("TCS",))))
    assert desk.neo.asked(neo.QUOTES)[-1].extensions["target"].endswith(b"/nse_cm|61000/all")

    restarted = Desk(cache=cache)
    assert fetch(restarted, today).rows == found.rows
    assert restarted.neo.requests == []

    # The next day's file cannot be had: the last one kept says of which day it is.
    restarted.neo.tell(neo.FILES, {"stat": "Not_Ok", "errMsg": "down", "stCode": 1234})
    later = fetch(restarted, date(2026, 11, 25))
    assert (later.on, later.rows) == (today, found.rows)


def test_the_file_of_the_day_before_is_kept_as_what_it_is() -> None:
    cache = neo.Files()
    desk = Desk(cache=cache)
    links = [f"https://files.test/prod/2026-11-23/transformed/{name}.csv" for name in ("nse_fo", "bse_fo")]
    desk.neo.tell(neo.FILES, {"data": {"filesPaths": links, "baseFolder": ""}})
    desk.neo.tell("/nse_fo.csv", CSV.format(segment="nse_fo", symbol="NIFTY26NOV24000CE"))
    desk.neo.tell("/bse_fo.csv", CSV.format(segment="bse_fo", symbol="SENSEX26NOV80000CE"))
    found = asyncio.run(desk.broker.fetch_contracts(date(2026, 11, 24)))
    assert (found.on, len(found.rows)) == (date(2026, 11, 23), 2)
    assert {day for _, day in cache.kept} == {date(2026, 11, 23)}
    # It is asked for again until the day's own is there, and not at every turn.
    assert asyncio.run(desk.broker.fetch_contracts(date(2026, 11, 24))).on == date(2026, 11, 23)
    assert desk.neo.count(neo.FILES) == 1
    desk.clock.move_to(neo.START + timedelta(minutes=5))
    desk.neo.tell(neo.FILES, {"data": {"filesPaths": [one.replace("-23/", "-24/") for one in links]}})
    assert asyncio.run(desk.broker.fetch_contracts(date(2026, 11, 24))).on == date(2026, 11, 24)


def test_a_file_without_contracts_is_not_kept() -> None:
    desk = Desk(cache=(cache := neo.Files()))
    links = [f"https://files.test/{name}.csv" for name in ("nse_fo", "bse_fo")]
    desk.neo.tell(neo.FILES, {"data": {"filesPaths": links}})
    desk.neo.tell("/nse_fo.csv", CSV.format(segment="nse_fo", symbol="NIFTY26NOV24000CE"))
    desk.neo.tell("/bse_fo.csv", CSV.partition("\n")[0] + "\n")
    assert len(asyncio.run(desk.broker.fetch_contracts(date(2026, 11, 24))).rows) == 1
    assert {name for name, _ in cache.kept} == {"nse_fo"}


def test_a_file_that_lacked_is_asked_for_again_the_same_day() -> None:
    desk = Desk(cache=(cache := neo.Files()))
    cache.kept["bse_fo", date(2026, 11, 23)] = CSV.format(segment="bse_fo", symbol="SENSEX26NOV80000CE").encode()
    links = [f"https://files.test/{name}.csv" for name in ("nse_fo", "bse_fo", "nse_cm")]
    desk.neo.tell(neo.FILES, {"data": {"filesPaths": links}})
    desk.neo.tell("/nse_fo.csv", {"stat": "Not_Ok", "errMsg": "down", "stCode": 1234})
    desk.neo.tell("/bse_fo.csv", CSV.partition("\n")[0] + "\n")
    desk.neo.tell("/nse_cm.csv", CSV.format(segment="nse_cm", symbol="TCS-EQ"))
    today = date(2026, 11, 24)

    def fetch() -> list[str]:
        return sorted(one.symbol for one in asyncio.run(desk.broker.fetch_contracts(today)).rows)

    # Of an exchange whose file came without contracts they are the last ones kept.
    assert fetch() == ["SENSEX26NOV80000CE", "TCS-EQ"]
    desk.neo.tell("/nse_fo.csv", CSV.format(segment="nse_fo", symbol="NIFTY26NOV24000CE"))
    desk.neo.tell("/bse_fo.csv", CSV.format(segment="bse_fo", symbol="SENSEX26NOV81000CE"))
    assert fetch() == ["SENSEX26NOV80000CE", "TCS-EQ"]
    desk.clock.move_to(neo.START + timedelta(minutes=5))
    assert fetch() == ["NIFTY26NOV24000CE", "SENSEX26NOV81000CE", "TCS-EQ"]
    asked = len(desk.neo.requests)
    desk.clock.move_to(neo.START + timedelta(hours=5))
    fetch()
    assert len(desk.neo.requests) == asked


def test_a_file_that_may_not_be_had_costs_no_other_and_no_session() -> None:
    desk = Desk()
    links = [f"https://files.test/{name}.csv" for name in ("nse_fo", "bse_fo", "nse_cm")]
    desk.neo.tell(neo.FILES, {"data": {"filesPaths": links}})
    desk.neo.tell("/nse_fo.csv", httpx.Response(403, text="<Error><Code>AccessDenied</Code></Error>"))
    for name in ("bse_fo", "nse_cm"):
        desk.neo.tell(f"/{name}.csv", CSV.format(segment=name, symbol=name))
    found = desk.run(desk.broker.fetch_contracts(date(2026, 11, 24)))
    assert [one.symbol for one in found.rows] == ["bse_fo", "nse_cm"]
    assert (desk.neo.count(neo.SECOND), desk.broker.session) == (1, SessionState.OPEN)


def test_a_broker_that_does_not_answer_is_waited_for_once_and_not_once_a_file() -> None:
    desk = Desk(cache=(cache := neo.Files()))
    for name in ("nse_fo", "bse_fo", "nse_cm"):
        cache.kept[name, date(2026, 11, 23)] = CSV.format(segment=name, symbol="X").encode()
    desk.neo.tell(neo.FILES, httpx.ReadTimeout("slow"))
    assert desk.run(desk.broker.fetch_contracts(date(2026, 11, 24))).on == date(2026, 11, 23)
    assert desk.neo.count(neo.FILES) == 3


def test_one_exchange_does_without_the_others_file() -> None:
    desk = Desk(cache=(cache := neo.Files()))
    desk.neo.tell(
        neo.FILES, {"data": {"filesPaths": ["https://files.test/bse_fo.csv", "https://files.test/nse_fo.csv"]}}
    )
    desk.neo.tell("/bse_fo.csv", CSV.partition("\n")[0] + "\n")
    desk.neo.tell("/nse_fo.csv", CSV.format(segment="nse_fo", symbol="NIFTY26NOV24000CE"))
    found = desk.run(desk.broker.fetch_contracts(date(2026, 11, 24)))
    assert [row.symbol for row in found.rows] == ["NIFTY26NOV24000CE"]
    assert {name for name, _ in cache.kept} == {"nse_fo"}


def test_a_token_that_would_spoil_the_address_is_left_out() -> None:
    desk = Desk()
    rows = [
        neo.position_row(trdSym=f"S{n}", tok=token) for n, token in enumerate(("1/../x", "2?a", "3,4", "\u20b9", "5"))
    ]
    desk.neo.tell(neo.POSITIONS, neo.book(*rows))
    assert isinstance(desk.run(desk.broker.fetch_snapshot()).quotes, Book)
    assert desk.neo.asked(neo.QUOTES)[0].extensions["target"].endswith(b"/nse_fo|5/all")


def test_contracts_that_are_nowhere_are_an_error() -> None:
    desk = Desk(cache=neo.Files())
    desk.neo.tell(neo.FILES, {"data": {"filesPaths": [], "baseFolder": ""}})
    with pytest.raises(BrokerUnavailable, match="nse_fo"):
        desk.run(desk.broker.fetch_contracts(date(2026, 11, 24)))


def test_after_a_logout_nothing_touches_the_network() -> None:
    desk = Desk(keeper=(keeper := neo.Kept()))

    async def work() -> None:
        await desk.broker.login()
        assert keeper.session is not None
        await desk.broker.logout()
        before = len(desk.neo.requests)
        for ask in (
            desk.broker.login(),
            desk.broker.send_order(neo.order()),
            desk.broker.fetch_by_tag("R1"),
            desk.broker.fetch_history("1"),
            desk.broker.fetch_contracts(date(2026, 11, 24)),
        ):
            with pytest.raises(BrokerLoggedOut):
                await ask
        snapshot = await desk.broker.fetch_snapshot()
        assert isinstance(snapshot.positions, Missing)
        assert "logged out" in snapshot.positions.cause
        assert len(desk.neo.requests) == before

    desk.run(work())
    assert (desk.broker.session, keeper.session) == (SessionState.LOGGED_OUT, None)


def test_who_waits_for_a_turn_keeps_quiet_too_once_others_are_refused_as_too_many() -> None:
    clock = SimClock(neo.START)
    desk = Desk(clock=clock, budget=Budget(clock, (Pace(1, timedelta(seconds=1)),)))
    asked: list[timedelta] = []

    def orders(_request: httpx.Request) -> Any:
        asked.append(desk.passed())
        return neo.NO_DATA if len(asked) > 1 else httpx.Response(429, headers={"Retry-After": "4"})

    desk.neo.tell(neo.ORDERS, orders)

    async def work() -> None:
        await desk.broker.login()
        await asyncio.gather(*(desk.broker.fetch_by_tag("R1", Urgency.ROUTINE) for _ in range(3)))

    desk.run(work())
    first, *others = asked
    assert len(others) == 3
    assert all(at - first >= timedelta(seconds=4) for at in others)


def test_a_book_that_says_none_and_holds_rows_is_no_empty_book() -> None:
    desk = Desk()
    desk.neo.tell(neo.POSITIONS, {**neo.NO_DATA, "data": [neo.position_row()]})
    positions = desk.run(desk.broker.fetch_snapshot()).positions
    assert isinstance(positions, Missing)
    assert "5203" in positions.cause


def test_an_order_for_the_next_session_says_so() -> None:
    desk = Desk()
    desk.neo.tell(neo.PLACE, RECEIPT)
    desk.run(desk.broker.send_order(neo.order(after_market=True, validity=Validity.IOC)))
    (form,) = desk.neo.forms(neo.PLACE)
    assert (form["am"], form["rt"]) == ("YES", "IOC")


def test_a_clock_that_is_put_back_keeps_nobody_quiet() -> None:
    desk = Desk()
    desk.neo.tell(neo.ORDERS, httpx.Response(429, headers={"Retry-After": "30"}), neo.NO_DATA)
    with pytest.raises(BrokerRateLimited):
        desk.run(desk.broker.fetch_by_tag("R1", Urgency.ROUTINE))
    back = neo.START - timedelta(hours=5, minutes=30)
    desk.clock = desk.broker._client._clock = SimClock(back)
    assert desk.run(desk.broker.fetch_by_tag("R1", Urgency.ROUTINE)) == ()
    assert desk.clock.now() == back
