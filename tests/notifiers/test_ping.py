"""A sign of life to an address outside."""

import asyncio
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.domain.secret import Secret
from engine.notifiers.ping import pinging
from engine.sim.clock import SimClock
from engine.sim.host import host
from tests.notifiers.recorded import START


def test_it_comes_again_and_again_and_a_failure_ends_nothing() -> None:
    calls: list[str] = []
    came = asyncio.Event()

    async def ping(request: Request) -> Response:
        calls.append(request.url.path)
        came.set()
        return Response(status_code=500 if len(calls) == 1 else 200)

    async def run() -> None:
        clock = SimClock(START)
        async with host({"outside": Starlette(routes=[Route("/{key}", ping)])}) as addresses:
            async with pinging(Secret(f"{addresses['outside']}/key"), timedelta(minutes=1), clock):
                for _ in range(3):
                    async with asyncio.timeout(20):
                        while not came.is_set():
                            await asyncio.sleep(0.005)
                            await clock.step(timedelta(seconds=1))
                    came.clear()
            async with pinging(Secret("http://127.0.0.1:9/nobody"), timedelta(minutes=1), clock):
                await clock.step(timedelta(minutes=5))
            async with pinging(None, None, clock):
                pass

    asyncio.run(run())
    assert calls[:3] == ["/key"] * 3
