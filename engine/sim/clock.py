"""
The simulation's clock: real, stepped by hand, or skipping what is quiet; the market moves with it.

All of it happens in one event loop. Stepped, it is deterministic: nothing moves but by `step`, `move_to` and `drive`.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum
from heapq import heappop, heappush
from itertools import count
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from engine.errors import InvariantError
from engine.ports import Clock

LEAST_RATE, MOST_RATE = 1, 4

# Turns of the event loop in which whoever was woken gets to act, in process and over loopback sockets.
_TURNS = 100

_Returned = TypeVar("_Returned")


class Pace(Enum):
    """
    How time goes by.

    REAL: as outside, times the rate. STEPPED: only when told. SKIPPING: from one due thing to the next, but as outside,
    times the rate, while something is held open.
    """

    REAL = "real"
    STEPPED = "stepped"
    SKIPPING = "skipping"


def checked_rate(rate: float) -> float:
    """Return a rate that a clock may go at. Raises: ValueError for one that is too slow, too fast or no number."""
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise ValueError(f"the rate is a number from {LEAST_RATE} to {MOST_RATE}, not {rate}")
    return rate


class World(Protocol):
    """What lives by the clock: an exchange."""

    def advance(self, to: datetime) -> None:
        """Let everything happen that is due until an instant."""
        ...

    def next_event_at(self) -> datetime | None:
        """Return when something happens next by itself."""
        ...


class SimClock:
    """
    Fills `engine.ports.Clock`. Reading the time lets everything happen on the market that is due by then. Unless it is
    STEPPED, nobody who sleeps is woken but while `run` runs.

    outside: the real clock; STEPPED needs none. rate: 1 to 4. dwell: of SKIPPING, how long in real time time goes on as
    outside after each skip and each hold, so that another process can follow. Without it time stands still in between
    and the next due thing comes at once, which suits an engine that runs in the same event loop.
    """

    def __init__(
        self,
        start: datetime,
        pace: Pace = Pace.STEPPED,
        outside: Clock | None = None,
        *,
        rate: float = 1,
        dwell: timedelta = timedelta(0),
    ) -> None:
        if outside is None and pace is not Pace.STEPPED:
            raise InvariantError(f"a {pace.value} clock needs the real one")
        self.pace = pace
        self._outside = outside
        self._dwell = dwell
        self._worlds: list[World] = []
        self._at = start
        self._outside_at = start if outside is None else outside.now()
        self._rate = checked_rate(rate)
        self._quiet_since = self._outside_at
        self._holds: Counter[str] = Counter()
        self._waiters: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._changed = asyncio.Event()
        self._at_work = 0
        self._back = asyncio.Event()

    def carry(self, world: World) -> None:
        """Let a market live by this clock."""
        self._worlds.append(world)
        world.advance(self._at)

    def now(self) -> datetime:
        """Return the simulation's instant, once everything due by then has happened."""
        self._catch_up()
        return self._at

    def peek(self) -> datetime:
        """Return the simulation's instant and let nothing happen; may be asked from another thread."""
        return self._at + self._gone(self._outside_now())

    @property
    def is_flowing(self) -> bool:
        """Whether time goes by itself now."""
        if self.pace is Pace.SKIPPING:
            return bool(self._holds) or self._dwell > timedelta(0)
        return self.pace is Pace.REAL

    @property
    def rate(self) -> float:
        """How much faster than real time it goes while it goes by itself."""
        return self._rate

    def run_at(self, rate: float) -> None:
        """Go 1 to 4 times as fast as real time. Raises: ValueError beyond."""
        checked = checked_rate(rate)
        self._catch_up()
        self._rate = checked
        self._changed.set()

    @property
    def holds(self) -> Mapping[str, int]:
        """What is held open, and how often."""
        return MappingProxyType(dict(self._holds))

    def take(self, name: str) -> None:
        """Hold time to its real course, for a login, a sequence or a call, until it is released as often."""
        self._catch_up()
        self._holds[name] += 1
        self._changed.set()

    def release(self, name: str, *, lingers: bool = True) -> None:
        """Let go of one hold; of one that is not there, nothing happens. lingers: whether the dwell begins anew."""
        self._catch_up()
        if lingers:
            self._quiet_since = self._outside_at
        self._holds[name] -= 1
        self._holds = +self._holds
        self._changed.set()

    @contextmanager
    def hold(self, name: str, *, lingers: bool = True) -> Iterator[None]:
        """Hold time to its real course inside a block; lingers: as for `release`."""
        self.take(name)
        try:
            yield
        finally:
            self.release(name, lingers=lingers)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let no time pass by steps or driving inside a block: what is done there, such as a thread's, takes none."""
        if not self._at_work:
            self._back = asyncio.Event()
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._back.set()

    async def sleep(self, span: timedelta) -> None:
        """Wait for a span of simulated time."""
        if span <= timedelta(0):
            await asyncio.sleep(0)
            return
        await self.sleep_until(self.now() + span)

    async def sleep_until(self, instant: datetime) -> None:
        """Wait for an instant of simulated time; whoever waits for the same one is woken in the order of asking."""
        waiter = asyncio.get_running_loop().create_future()
        heappush(self._waiters, (instant, next(self._numbers), waiter))
        self._changed.set()
        await waiter

    def move_to(self, instant: datetime) -> None:
        """Go to an instant at once; whoever waited until then is woken in order of time, all finding it that late."""
        self._jump(instant)
        self._wake()
        self._changed.set()

    async def step(self, span: timedelta) -> None:
        """Go on by a span, stopping wherever somebody wakes, so that each acts in its own time."""
        until = self.peek() + span
        await self._settle()
        while (due := self._first_waiter()) is not None and due <= until:
            self.move_to(due)
            await self._settle()
        self.move_to(until)
        await self._settle()

    async def drive(self, work: Coroutine[Any, Any, _Returned]) -> _Returned:
        """Do some work, going on to the next waiter whenever everybody only waits, until it is done."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await self._settle()
                due = self._first_waiter()
                if not task.done() and due is not None:
                    self.move_to(due)
        except BaseException:
            task.cancel()
            raise
        return task.result()

    async def run(self) -> None:
        """Let time go by, waking whoever is due, until cancelled; a stepped clock waits for its steps."""
        self._changed = asyncio.Event()
        while True:
            self._changed.clear()
            self.now()
            self._wake()
            due = min((at for at in (self._first_waiter(), self._next_event()) if at is not None), default=None)
            await self._pass_until(due)

    async def _pass_until(self, due: datetime | None) -> None:
        skips = self.pace is Pace.SKIPPING and not self._holds
        if due is None or self.pace is Pace.STEPPED:
            await self._changed.wait()
        elif skips and not self._dwell:
            await self._settle()
            if not self._changed.is_set():
                self._jump(due)
        else:
            ahead = (due - self.peek()) / self._rate
            dwells = self._quiet_since + self._dwell - self._outside_now()
            if skips and dwells <= timedelta(0):
                self._jump(due)
            else:
                await self._changes_within(min(ahead, dwells) if skips else ahead)

    async def _changes_within(self, span: timedelta) -> None:
        """Wait for a span of real time, or for something to change before."""
        assert self._outside is not None
        over = asyncio.ensure_future(self._outside.sleep(span))
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait({over, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            changed.cancel()

    def _outside_now(self) -> datetime:
        return self._outside_at if self._outside is None else self._outside.now()

    def _gone(self, outside: datetime) -> timedelta:
        # The real clock may be set back; this one never goes back.
        return max(outside - self._outside_at, timedelta(0)) * self._rate if self.is_flowing else timedelta(0)

    def _catch_up(self) -> None:
        outside = self._outside_now()
        at = self._at + self._gone(outside)
        self._outside_at = outside
        self._set(at)

    def _jump(self, instant: datetime) -> None:
        self._catch_up()
        self._quiet_since = self._outside_at
        self._set(max(instant, self._at))

    def _set(self, at: datetime) -> None:
        self._at = at
        for world in self._worlds:
            world.advance(at)

    def _first_waiter(self) -> datetime | None:
        while self._waiters and self._waiters[0][2].done():
            heappop(self._waiters)
        return self._waiters[0][0] if self._waiters else None

    def _next_event(self) -> datetime | None:
        return min((at for world in self._worlds if (at := world.next_event_at()) is not None), default=None)

    async def _settle(self) -> None:
        """Let whoever was woken act, and what is at work outside this event loop come back."""
        left = _TURNS
        while left:
            if self._at_work:
                await self._back.wait()
                left = _TURNS
            await asyncio.sleep(0)
            left -= 1

    def _wake(self) -> None:
        while (due := self._first_waiter()) is not None and due <= self._at:
            heappop(self._waiters)[2].set_result(None)
