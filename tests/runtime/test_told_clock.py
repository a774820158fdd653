"""Whose time the engine lives by: a simulator's on this machine when the environment names one, else the machine's."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.errors import SettingsError
from engine.runtime import clock, told_clock
from engine.runtime.clock import RealClock
from engine.runtime.told_clock import VARIABLE, clock_of
from engine.sim.host import host

NINE = datetime(2026, 11, 23, 3, 45, tzinfo=UTC)


def simulator(*told: object) -> Starlette:
    """Tells one answer after another, the last one for ever."""
    answers = list(told)

    async def answer(_: Request) -> Response:
        body = answers.pop(0) if len(answers) > 1 else answers[0]
        return Response(body, 503) if isinstance(body, str) else JSONResponse(body)

    return Starlette(routes=[Route("/clock", answer)])


def at(minutes: int = 0, **more: object) -> dict[str, object]:
    return {"now": (NINE + timedelta(minutes=minutes)).isoformat(), "rate": 1, "flows": False, **more}


async def told(app: Starlette, span: timedelta | None = None) -> datetime:
    async with host({"sim": app}) as addresses, clock_of({VARIABLE: f"{addresses['sim']}/clock"}) as found:
        if span is not None:
            await found.sleep(span)
        return found.now()


def test_without_a_word_it_is_the_machines() -> None:
    async def found(environment: Mapping[str, str]) -> object:
        async with clock_of(environment) as one:
            return type(one)

    assert asyncio.run(found({})) is RealClock
    assert asyncio.run(found({VARIABLE: " "})) is RealClock


def test_a_simulator_tells_the_time() -> None:
    assert asyncio.run(told(simulator(at()))) == NINE


def test_it_goes_on_at_the_simulators_pace() -> None:
    before = clock.now()
    found = asyncio.run(told(simulator(at(flows=True, rate=4))))
    assert NINE <= found <= NINE + 4 * (clock.now() - before)


def test_a_stepped_clock_is_waited_for() -> None:
    app = simulator(at(), at(), at(1), at(3))
    assert asyncio.run(told(app, timedelta(minutes=2))) == NINE + timedelta(minutes=3)


def test_one_that_nobody_steps_is_told_of_with_what_moves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told_clock, "_STANDS_STILL", timedelta(milliseconds=200))
    with pytest.raises(SettingsError, match=r"stands still, and 60 s of its time .*curl -d '\{step: 1s\}' http://127"):
        asyncio.run(told(simulator(at()), timedelta(minutes=1)))


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/clock", "http://192.168.1.4/clock", "http://sim.example/clock", "yesterday"]
)
def test_only_this_machine_may_tell_it(address: str) -> None:
    async def enter() -> None:
        async with clock_of({VARIABLE: address}):
            pass

    with pytest.raises(SettingsError, match="only a simulator on this machine may tell the time"):
        asyncio.run(enter())


@pytest.mark.parametrize("body", ["closed", {}, {"now": "nine", "rate": 1, "flows": True}, ["x"]])
def test_a_simulator_that_does_not_tell_is_an_error(body: object) -> None:
    with pytest.raises(SettingsError, match=r"^REKHA_CLOCK: no simulator tells the time at http://127\.0\.0\.1:"):
        asyncio.run(told(simulator(body)))


def test_a_simulator_that_is_gone_is_an_error() -> None:
    async def enter() -> None:
        async with host({"sim": simulator(at())}) as addresses:
            address = addresses["sim"]
        async with clock_of({VARIABLE: address}):
            pass

    with pytest.raises(SettingsError, match="no simulator tells the time"):
        asyncio.run(enter())
