"""What is served on loopback, what fails as on a bad day, and that in process it fails alike."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from engine.sim.asgi import Scope
from engine.sim.clock import SimClock
from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.words import Call
from engine.sim.fault_layer import Answer, Called, FaultLayer
from engine.sim.faults import Fault, FaultKind, Faults
from engine.sim.host import Served, host, hosted
from engine.sim.in_process import InProcess

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
WORDS = "a" * 500


class Wire:
    """A wire with one call that reads and one that places."""

    def __init__(self, *faults: Fault) -> None:
        self.clock = SimClock(START)
        self.faults = Faults(faults)
        self.ledger = Ledger()
        self.placed: list[str] = []
        routes = [Route("/orders", self._orders), Route("/place", self._place, methods=["POST"])]
        self.app = FaultLayer(
            Starlette(routes=routes),
            self._classify,
            clock=self.clock,
            faults=self.faults,
            ledger=self.ledger,
            refusals={FaultKind.RATE_LIMITED: Answer(429, b'{"stCode": 429}', "application/json")},
        )

    def _classify(self, scope: Scope) -> Called:
        call = Call.PLACE if scope["path"] == "/place" else Call.ORDERS
        return Called("A", call, (b"auth", b"good") in scope["headers"])

    async def _orders(self, _: Request) -> JSONResponse:
        return JSONResponse({"orders": self.placed, "words": WORDS})

    async def _place(self, request: Request) -> JSONResponse:
        self.placed.append((await request.body()).decode())
        return JSONResponse({"ok": True})

    def calls(self) -> list[tuple[object, ...]]:
        return [
            (entry.details["call"], entry.details["status"], entry.details["authenticated"], entry.details.get("fault"))
            for entry in self.ledger.entries()
        ]


@asynccontextmanager
async def over_a_socket(wire: Wire) -> AsyncIterator[httpx.AsyncClient]:
    async with host({"wire": wire.app}) as addresses, httpx.AsyncClient(base_url=addresses["wire"]) as client:
        yield client


@asynccontextmanager
async def in_process(wire: Wire) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url="http://wire", transport=InProcess(wire.app)) as client:
        yield client


Way = Callable[[Wire], AbstractAsyncContextManager[httpx.AsyncClient]]
both_ways = pytest.mark.parametrize("way", [over_a_socket, in_process])


def asked(way: Way, wire: Wire, *paths: str, **headers: str) -> list[httpx.Response]:
    async def ask() -> list[httpx.Response]:
        async with way(wire) as client:
            return [
                await client.post(path, content=b"one", headers=headers)
                if path == "/place"
                else await client.get(path, headers=headers)
                for path in paths
            ]

    return asyncio.run(ask())


@both_ways
def test_a_call_is_answered_and_written_down(way: Way) -> None:
    wire = Wire()
    placed, read = asked(way, wire, "/place", "/orders?of=today", auth="good")
    assert placed.json() == {"ok": True}
    assert read.json() == {"orders": ["one"], "words": WORDS}
    assert wire.calls() == [("place", 200, True, None), ("orders", 200, True, None)]
    assert wire.ledger.entries()[1].as_json() == {
        "seq": 2,
        "at": "2026-11-23T04:00:00+00:00",
        "account": "A",
        "kind": "call",
        "call": "orders",
        "method": "GET",
        "path": "/orders",
        "status": 200,
        "authenticated": True,
    }


@both_ways
def test_a_path_nobody_serves_is_not_found(way: Way) -> None:
    wire = Wire()
    assert asked(way, wire, "/nothing")[0].status_code == 404
    assert wire.calls() == [("orders", 404, False, None)]


@both_ways
def test_an_outage_does_no_work(way: Way) -> None:
    wire = Wire(Fault(FaultKind.OUTAGE, times=1))
    first, second = asked(way, wire, "/place", "/place")
    assert (first.status_code, first.headers["content-type"], second.status_code) == (503, "text/html", 200)
    assert "503 Service Temporarily Unavailable" in first.text
    assert wire.placed == ["one"]
    assert wire.calls() == [("place", 503, False, "outage"), ("place", 200, False, None)]


@both_ways
def test_too_many_calls_are_refused_in_the_brokers_words(way: Way) -> None:
    wire = Wire(Fault(FaultKind.RATE_LIMITED))
    (answer,) = asked(way, wire, "/place")
    assert (answer.status_code, answer.json(), wire.placed) == (429, {"stCode": 429}, [])


@both_ways
def test_garbage_is_what_the_fault_says(way: Way) -> None:
    told = Fault(FaultKind.GARBAGE, calls=frozenset({Call.ORDERS}), details={"text": "<oops", "status": "502"})
    wire = Wire(told)
    (answer,) = asked(way, wire, "/orders")
    assert (answer.status_code, answer.text) == (502, "<oops")
    wire = Wire(Fault(FaultKind.GARBAGE))
    (answer,) = asked(way, wire, "/place")
    assert (answer.status_code, answer.text[:15], wire.placed) == (200, "<!DOCTYPE html>", ["one"])


@both_ways
def test_a_lost_reply_did_the_work(way: Way) -> None:
    wire = Wire(Fault(FaultKind.REPLY_LOST, times=1))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        asked(way, wire, "/place")
    assert wire.placed == ["one"]
    assert wire.calls() == [("place", 200, False, "reply_lost")]
    assert asked(way, wire, "/orders")[0].json()["orders"] == ["one"]


@both_ways
def test_half_an_answer_is_a_broken_connection(way: Way) -> None:
    wire = Wire(Fault(FaultKind.HALF_ANSWER))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        asked(way, wire, "/orders")


@both_ways
def test_a_slow_answer_waits_in_simulated_time(way: Way) -> None:
    wire = Wire(Fault(FaultKind.SLOW, times=1, details={"seconds": 20}))

    async def ask() -> list[datetime]:
        async with way(wire) as client:
            seen = []
            for _ in range(2):
                await wire.clock.drive(client.get("/orders"))
                seen.append(wire.clock.now())
            return seen

    assert asyncio.run(ask()) == [START + A_MINUTE / 3] * 2


@both_ways
def test_a_client_that_gives_up_leaves_the_work_done(way: Way) -> None:
    wire = Wire(Fault(FaultKind.SLOW))

    async def ask() -> None:
        async with way(wire) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post("/place", content=b"one", timeout=0.05)

    asyncio.run(ask())
    assert wire.placed == ["one"]


@both_ways
def test_after_a_burst_every_call_hangs_for_a_while(way: Way) -> None:
    wire = Wire(Fault(FaultKind.HANG_AFTER_BURST, times=1, details={"burst": 3, "seconds": 60}))

    async def ask() -> list[datetime]:
        async with way(wire) as client:
            seen = []
            for _ in range(6):
                await wire.clock.drive(client.get("/orders"))
                seen.append(wire.clock.now())
            return seen

    assert asyncio.run(ask()) == [START] * 3 + [START + A_MINUTE] * 3


def test_what_hangs_is_done_though_its_client_has_gone_away(caplog: pytest.LogCaptureFixture) -> None:
    wire = Wire(Fault(FaultKind.HANG_AFTER_BURST, times=1, details={"burst": 0, "seconds": 60}))

    async def ask() -> list[str]:
        async with over_a_socket(wire) as client:
            call = asyncio.ensure_future(client.post("/place", content=b"one"))
            while not wire.clock.holds:
                await asyncio.sleep(0)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            before = list(wire.placed)
            await wire.clock.step(A_MINUTE)
            async with asyncio.timeout(20):
                while not wire.ledger.entries():
                    await asyncio.sleep(0)
            return before

    assert asyncio.run(ask()) == []
    assert wire.placed == ["one"]
    assert wire.calls() == [("place", 200, False, "hang_after_burst")]
    assert caplog.records == []


def test_what_hangs_when_the_host_ends_is_hung_up() -> None:
    wire = Wire(Fault(FaultKind.SLOW))

    async def ask() -> BaseException | httpx.Response:
        async with httpx.AsyncClient() as client:
            async with host({"wire": wire.app}) as addresses:
                call = asyncio.ensure_future(client.get(f"{addresses['wire']}/orders"))
                while not wire.ledger.entries():
                    await asyncio.sleep(0)
            return (await asyncio.gather(call, return_exceptions=True))[0]

    assert isinstance(asyncio.run(ask()), httpx.TransportError)


def test_two_applications_have_two_addresses_on_loopback() -> None:
    one, other = Wire(), Wire()
    with hosted({"one": one.app, "other": other.app}) as addresses:
        assert httpx.post(f"{addresses['one']}/place", content=b"x").json() == {"ok": True}
        assert addresses["other"].startswith("http://127.0.0.1:")
        assert addresses.ask(lambda: one.placed) == ["x"]
        assert addresses.ask(one.clock.step, A_MINUTE) is None
    assert (one.placed, other.placed, one.clock.now()) == (["x"], [], START + A_MINUTE)


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"), hosted({"wire": Served(Wire().app, taken.getsockname()[1])}):
            pass


def test_a_chosen_port_is_used_and_free_again() -> None:
    with hosted({"wire": Wire().app}) as addresses:
        port = int(addresses["wire"].rsplit(":", 1)[1])
    for _ in range(2):
        with hosted({"wire": Served(Wire().app, port)}) as addresses:
            assert httpx.get(f"{addresses['wire']}/orders").status_code == 200


def test_what_runs_beside_ends_with_the_host() -> None:
    clock = SimClock(START)
    with hosted({"wire": Wire().app}, beside=clock.run):
        pass


def test_what_fails_beside_is_not_kept_quiet() -> None:
    async def fail() -> None:
        raise LookupError("the market is gone")

    async def serve() -> None:
        async with host({"wire": Wire().app}, beside=fail):
            await asyncio.sleep(0)

    with pytest.raises(LookupError, match="the market is gone"):
        asyncio.run(serve())
