"""The same calls, in process or over a socket, leave the same ledger: faults, fills and all."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pyotp

from engine.runtime.scenarios import load_scenario
from engine.sim.asgi import App
from engine.sim.clock import Pace
from engine.sim.exchange.words import Call
from engine.sim.faults import Fault, FaultKind
from engine.sim.host import host
from engine.sim.in_process import InProcess
from engine.sim.kotak.credentials import made_credentials
from engine.sim.kotak.house import KotakHouse
from engine.sim.simulation import Simulation

SEED = 11
CALL = "NIFTY26D0124300CE"
FAULTS = (
    Fault(FaultKind.REPLY_LOST, calls=frozenset({Call.PLACE}), times=1),
    Fault(FaultKind.HALF_ANSWER, calls=frozenset({Call.ORDERS}), times=1),
    Fault(FaultKind.OUTAGE, calls=frozenset({Call.TRADES}), times=2),
    Fault(FaultKind.GARBAGE, calls=frozenset({Call.FUNDS}), times=1),
    Fault(FaultKind.SLOW, calls=frozenset({Call.POSITIONS}), times=1, details={"seconds": "8"}),
    Fault(FaultKind.SESSION_EXPIRED, calls=frozenset({Call.CANCEL}), times=1),
)
Told = list[dict[str, object]]


@asynccontextmanager
async def over_a_socket(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with host({"api": app}) as addresses, httpx.AsyncClient(base_url=addresses["api"]) as client:
        yield client


@asynccontextmanager
async def in_process(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url="http://broker", transport=InProcess(app)) as client:
        yield client


class Client:
    """Account A of the kill day, at Kotak Neo, at a stepped clock."""

    def __init__(self, simulation: Simulation, http: httpx.AsyncClient) -> None:
        self._clock = simulation.clock
        self._own = made_credentials(SEED, "A")
        self._http = http
        self._headers: dict[str, str] = {}
        self.seen: list[object] = []

    async def sign_in(self) -> None:
        opening = {"Authorization": self._own.access_token.reveal(), "neo-fin-key": "neotradeapi"}
        code = pyotp.TOTP(self._own.totp_secret.reveal()).at(self._clock.now())
        body = {"mobileNumber": self._own.mobile.reveal(), "ucc": "A", "totp": code}
        view = (await self._http.post("/login/1.0/tradeApiLogin", headers=opening, json=body)).json()["data"]
        second = {**opening, "sid": view["sid"], "Auth": view["token"]}
        mpin = {"mpin": self._own.mpin.reveal()}
        trade = (await self._http.post("/login/1.0/tradeApiValidate", headers=second, json=mpin)).json()["data"]
        self._headers = {**opening, "Sid": trade["sid"], "Auth": trade["token"]}

    async def call(self, path: str, form: dict[str, str] | None = None) -> Any:
        """Make a call, and note what came of it: a status, or the way the connection failed."""
        sent = {} if form is None else {"data": {"jData": json.dumps(form)}}
        asked = self._http.request("GET" if form is None else "POST", path, headers=self._headers, **sent)
        try:
            answer = await self._clock.drive(asked)
        except httpx.TransportError as error:
            self.seen.append((path, type(error).__name__))
            return None
        self.seen.append((path, answer.status_code))
        return answer.json() if answer.headers["content-type"] == "application/json" else None

    async def place(self, **changes: str) -> Any:
        form = {
            "am": "NO", "dq": "0", "es": "nse_fo", "mp": "0", "pc": "NRML", "pr": "70", "pt": "L", "qt": "65",
            "rt": "DAY", "tp": "0", "ts": CALL, "tt": "B", **changes,
        }  # fmt: skip
        return await self.call("/quick/order/rule/ms/place", form)

    async def passes(self, **span: int) -> None:
        await self._clock.step(timedelta(**span))


async def trade(client: Client) -> None:
    """A morning: orders that rest, fill, change, are lost and are refused, and every book read on a bad line."""
    await client.sign_in()
    await client.passes(minutes=6)
    await client.place(ig="LOST")
    await client.passes(seconds=1)
    resting = (await client.place(ig="RESTS", pr="60"))["nOrdNo"]
    await client.place(ig="FILLS", pr="90")
    await client.place(ig="REFUSED", pr="60.03")
    await client.passes(seconds=2)
    for path in ("orders", "orders", "trades", "trades", "trades", "positions", "positions"):
        await client.call(f"/quick/user/{path}")
    await client.call("/quick/user/limits", {"seg": "ALL", "exch": "ALL", "prod": "ALL"})
    await client.call(
        "/quick/order/vr/modify",
        {"no": resting, "qt": "130", "pr": "61", "pt": "L", "tp": "0", "dq": "0", "vd": "DAY", "mp": "0", "am": "NO"},
    )
    await client.passes(seconds=1)
    await client.call("/quick/order/cancel", {"on": resting, "am": "NO"})
    await client.passes(minutes=1)
    await client.sign_in()
    await client.call("/quick/order/cancel", {"on": resting, "am": "NO"})
    await client.passes(hours=2)


def played(way: Callable[[App], AbstractAsyncContextManager[httpx.AsyncClient]]) -> tuple[Told, list[object]]:
    async def play() -> tuple[Told, list[object]]:
        simulation = Simulation(load_scenario("kill-day"), SEED, pace=Pace.STEPPED)
        for fault in FAULTS:
            simulation.faults.add(fault)
        async with way(KotakHouse(simulation).api) as http:
            client = Client(simulation, http)
            await trade(client)
        return [entry.as_json() for entry in simulation.ledger.entries()], client.seen

    return asyncio.run(play())


def test_a_socket_and_a_call_in_process_leave_the_same_ledger() -> None:
    on_the_wire, inside = played(over_a_socket), played(in_process)
    assert on_the_wire == inside
    ledger, seen = inside
    assert {entry["kind"] for entry in ledger} == {
        "order", "modify", "trigger", "fill", "cancel", "reject", "call", "login", "margin",
    }  # fmt: skip
    assert {entry["fault"] for entry in ledger if "fault" in entry} == {
        "reply_lost", "half_answer", "outage", "garbage", "slow",
    }  # fmt: skip
    assert [tag for entry in ledger if entry["kind"] == "order" and (tag := entry["tag"]) in ("LOST", "RESTS")] == [
        "LOST", "RESTS",
    ]  # fmt: skip
    assert ("/quick/order/rule/ms/place", "RemoteProtocolError") in seen
    assert ("/quick/user/orders", "RemoteProtocolError") in seen


def test_the_same_calls_leave_the_same_ledger_again() -> None:
    assert played(in_process) == played(in_process)
