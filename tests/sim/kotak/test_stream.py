"""Kotak's order and position socket: both handshakes, frames, repetition, silence (fact sheet §11)."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from engine.sim.faults import FaultKind
from engine.sim.host import hosted
from engine.sim.kotak.wire import Manner
from tests.sim.kotak.day import CALL, UCC, Day, carried
from tests.sim.kotak.test_socket import SocketDay

ACK = {"ak": "ok", "type": "cn", "task": "cn", "msg": "connected"}


@contextmanager
def opened(**terms: Any) -> Iterator[SocketDay]:
    day = SocketDay(**terms)
    with hosted({"kotak": day.app}) as hosting:
        day.hosting, day.address = hosting, hosting["kotak"]
        day.sign_in()
        yield day


@contextmanager
def socket(day: SocketDay, first: str | None = None) -> Iterator[ClientConnection]:
    address = day.address.replace("http", "ws") + day.base + "/realtime"
    with connect(address, proxy=None) as client:
        client.send(quoted(day) if first is None else first)
        yield client


def quoted(day: Day) -> str:
    told = {"type": "cn", "Authorization": day.session["Auth"], "Sid": day.session["Sid"], "src": "WEB"}
    return json.dumps(told)


def unquoted(day: Day) -> str:
    return f"{{type:cn,Authorization:{day.session['Auth']},Sid:{day.session['Sid']},src:WEB}}"


def heard(client: ClientConnection) -> Any:
    return json.loads(client.recv(timeout=10))


def is_silent(client: ClientConnection) -> bool:
    # The server answers pings in order: what it had to say before is here by then.
    client.ping().wait(10)
    try:
        client.recv(timeout=0)
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("first", [quoted, unquoted])
def test_11_both_handshakes_are_acknowledged(first: Any) -> None:
    with opened() as day, socket(day, first(day)) as client:
        assert heard(client) == ACK


def test_11_the_socket_is_under_the_base_url() -> None:
    with opened(manner=Manner("/gateway", calls_per_second=None)) as day, socket(day) as client:
        assert day.base == "/gateway"
        assert heard(client) == ACK


@pytest.mark.parametrize("first", ["hello", "{type:xx}", '{"type": "cn"}', "[]"])
def test_11_another_first_frame_is_refused(first: str) -> None:
    with opened() as day, socket(day, first) as client:
        assert heard(client) == {
            "ak": "nk", "type": "failed to process request", "task": "nk", "msg": "invalid request format"
        }  # fmt: skip
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=10)


def test_11_orders_and_positions_are_told_as_they_change() -> None:
    with opened() as day, socket(day) as client:
        assert heard(client) == ACK
        number = day.place(pr="120", ig="R1").body["nOrdNo"]
        received = heard(client)
        assert received["type"] == "order"
        assert (received["data"]["nOrdNo"], received["data"]["ordSt"]) == (number, "put order req received")
        day.passes()
        order, position = heard(client), heard(client)
        told = {name: order["data"][name] for name in ("ordSt", "avgPrc", "qty", "fldQty", "unFldSz", "trdSym", "tok")}
        assert told == {
            "ordSt": "complete", "avgPrc": "100.05", "qty": 65, "fldQty": 65, "unFldSz": 0, "trdSym": CALL,
            "tok": "43125",
        }  # fmt: skip
        assert position["type"] == "position"
        assert position["data"].keys() == {
            "actId", "sym", "exSeg", "prod", "flBuyQty", "flSellQty", "buyAmt", "sellAmt", "posFlg", "sqrFlg", "lotSz",
            "multiplier", "hsUpTm",
        }  # fmt: skip
        assert (position["data"]["flBuyQty"], position["data"]["buyAmt"]) == ("65", "6503.25")


def test_11_after_a_reconnect_everything_is_told_again() -> None:
    with opened(positions=(carried(CALL, -65, "110"),)) as day:
        number = day.placed(pr="80")
        for _ in range(2):
            with socket(day) as client:
                assert heard(client) == ACK
                assert heard(client)["data"]["nOrdNo"] == number
                assert heard(client)["data"]["exSeg"] == "nse_fo"
                assert is_silent(client)


def test_11_a_heartbeat_is_not_answered_and_another_account_is_not_heard() -> None:
    with opened() as day, socket(day) as client:
        heard(client)
        client.send("{type:hb}")
        day.sign_in("XY987")
        day.placed(pr="80")
        assert is_silent(client)


def test_11_a_socket_without_a_good_session_stays_silent() -> None:
    with opened(positions=(carried(CALL, -65, "110"),)) as day:
        stale = {"type": "cn", "Authorization": day.session["Auth"], "Sid": "other"}
        with socket(day, json.dumps(stale)) as client:
            assert is_silent(client)
        told = day.told("call")[-1]
        assert (told["account"], told["call"], told["authenticated"]) == (UCC, "stream", False)


def test_11_a_silent_socket_says_nothing_until_it_speaks_again() -> None:
    with opened() as day:
        day.strike(FaultKind.SILENT, None)
        with socket(day) as client:
            day.placed(pr="80")
            assert is_silent(client)
            day.faults.clear()
            day.passes()
            assert heard(client)["data"]["ordSt"] == "open"


def test_11_an_ended_session_closes_its_socket() -> None:
    with opened() as day, socket(day) as client:
        heard(client)
        day.hosting.ask(day.wire.end_sessions, UCC)
        day.passes()
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=10)


def test_the_ledger_tells_of_the_socket() -> None:
    with opened() as day, socket(day) as client:
        heard(client)
        told = day.told("call")[-1]
        assert (told["account"], told["call"], told["path"], told["authenticated"]) == (
            UCC,
            "stream",
            "/realtime",
            True,
        )


def test_an_open_socket_does_not_keep_the_broker_from_ending(caplog: pytest.LogCaptureFixture) -> None:
    with ExitStack() as clients:
        with opened() as day:
            client = clients.enter_context(socket(day))
            assert heard(client) == ACK
        with pytest.raises(ConnectionClosed):
            client.recv(timeout=10)
    assert caplog.records == []
