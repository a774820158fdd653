"""Whose time the engine lives by: the machine's, or that of a simulator which a drill points it at."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from engine.domain.numbers import seconds_of
from engine.errors import SettingsError
from engine.ports import Clock
from engine.runtime.clock import RealClock

# Set by who starts a drill; a live desk never has it.
VARIABLE: Final = "REKHA_CLOCK"
_LOOK_AGAIN = timedelta(milliseconds=50)
# Who steps a clock by hand does so while somebody waits; after this long nobody will.
_STANDS_STILL = timedelta(seconds=5)
_PATIENCE = 5


def is_here(address: str) -> bool:
    """Return whether an address is on this machine, where simulators are."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def clock_of(environment: Mapping[str, str]) -> AsyncIterator[Clock]:
    """
    Give the clock that an environment names for the block: the simulator's at the address in `REKHA_CLOCK`, else real.

    Raises: SettingsError when the address is not on this machine, or nobody there tells the time.
    """
    address = environment.get(VARIABLE, "").strip()
    if not address:
        yield RealClock()
        return
    if urlsplit(address).scheme != "http" or not is_here(address):
        raise SettingsError(f"{VARIABLE} is {address!r}: only a simulator on this machine may tell the time")
    async with httpx.AsyncClient(trust_env=False, timeout=_PATIENCE) as http:
        clock = ToldClock(address, http)
        await clock.look()
        yield clock


class ToldClock:
    """Fills `engine.ports.Clock` with a simulation's time; between two looks at it that goes on at its last pace."""

    def __init__(self, address: str, http: httpx.AsyncClient) -> None:
        self._address = address
        self._http = http
        self._outside = RealClock()
        self._looked_at = self._told = self._outside.now()
        self._rate = 0.0

    async def look(self) -> None:
        """Ask the simulator for its time. Raises: SettingsError when it does not tell."""
        try:
            answer = await self._http.get(self._address)
            told: Mapping[str, Any] = answer.raise_for_status().json()
            self._told = datetime.fromisoformat(told["now"])
            self._rate = float(told["rate"]) if told["flows"] else 0.0
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            why = str(error) or type(error).__name__
            raise SettingsError(f"{VARIABLE}: no simulator tells the time at {self._address}: {why}") from error
        self._looked_at = self._outside.now()

    def now(self) -> datetime:
        """Return the simulation's instant."""
        return self._told + (self._outside.now() - self._looked_at) * self._rate

    async def sleep(self, span: timedelta) -> None:
        """
        Wait for a span of the simulation's time; of one that is stepped by hand, until somebody has.

        Raises: SettingsError when that time stands still, or is told no more.
        """
        until, seen, moved_at = self.now() + span, self._told, self._outside.now()
        while (left := until - self.now()) > timedelta(0):
            real = left / self._rate if self._rate else _LOOK_AGAIN
            await asyncio.sleep(min(real, _LOOK_AGAIN).total_seconds())
            await self.look()
            if self._rate or self._told != seen:
                seen, moved_at = self._told, self._outside.now()
            elif self._outside.now() - moved_at >= _STANDS_STILL:
                raise SettingsError(
                    f"the simulator's clock stands still, and {seconds_of(left)} s of its time must go by first; step "
                    f"it meanwhile, as by curl -d '{{step: 1s}}' {self._address}, or start it with --clock real"
                )
