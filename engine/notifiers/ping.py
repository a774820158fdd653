"""A sign of life to an address outside, which alerts people when none comes: an engine that is dead tells nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import httpx

from engine.domain.secret import Secret
from engine.ports import Clock

_PATIENCE = 10


@asynccontextmanager
async def pinging(address: Secret | None, every: timedelta | None, clock: Clock) -> AsyncIterator[None]:
    """Call an address again and again while the block runs; without an address or a span nothing is called."""
    if address is None or every is None:
        yield
        return
    async with httpx.AsyncClient(trust_env=False, timeout=_PATIENCE) as http:
        task = asyncio.create_task(_ping(http, address, every, clock))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _ping(http: httpx.AsyncClient, address: Secret, every: timedelta, clock: Clock) -> None:
    while True:
        # Who waits for a call that fails notices that it did not come; that is what it is for.
        with suppress(httpx.HTTPError, httpx.InvalidURL):
            await http.get(address.reveal())
        await clock.sleep(every)
