"""How often a broker may be called: windows of time that no run of calls overfills, with a part held back for exits."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from engine.domain.requests import Urgency
from engine.domain.rulebook import OrderLimits
from engine.errors import EngineError, InvariantError
from engine.ports import Clock

_SECOND, _MINUTE, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
_AT_ONCE = timedelta(0)


class Spend(Enum):
    """What is spent: a call that asks, or one that places, changes or cancels, which is a call too."""

    CALL = "call"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Pace:
    """How many within any span of that length. held_back: how many of them only exits may spend."""

    count: int
    span: timedelta
    held_back: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.held_back < self.count or self.span <= _AT_ONCE:
            raise InvariantError(f"{self} lets nobody through")


def paces_of(limits: OrderLimits | None) -> tuple[Pace, ...]:
    """Return the paces of a rulebook's limits, a quarter of each held back for exits; none where none are known."""
    if limits is None:
        return ()
    told = ((limits.per_second, _SECOND), (limits.per_minute, _MINUTE), (limits.per_day, _DAY))
    return tuple(Pace(int(count), span, int(count) // 4) for count, span in told if count is not None)


class Budget:
    """
    The calls of one account, on one clock.

    Who has to wait goes in order: exits first, then first come first served. A call that waits for the orders' window
    does not hold up those that do not need it.
    """

    def __init__(self, clock: Clock, calls: Iterable[Pace] = (), orders: Iterable[Pace] = ()) -> None:
        self._clock = clock
        every = tuple(_Window(pace) for pace in calls)
        self._windows = {Spend.CALL: every, Spend.ORDER: (*every, *(_Window(pace) for pace in orders))}
        self._waiting: list[_Ticket] = []
        self._pump: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many calls wait for their turn."""
        return len(self._waiting)

    async def spend(self, spend: Spend, urgency: Urgency) -> None:
        """Return when a call may go out; it is counted from then on, whether it is made or not."""
        ticket = _Ticket(spend, urgency)
        self._waiting.append(ticket)
        self._waiting.sort(key=_Ticket.rank)
        self._grant()
        if not ticket.turn.is_set():
            self._start_anew()
        try:
            await ticket.turn.wait()
            if ticket.failed is not None:
                raise ticket.failed
        finally:
            if ticket in self._waiting:
                self._waiting.remove(ticket)

    def _start_anew(self) -> None:
        # A new ticket may have its turn before the one the pump sleeps for.
        if self._pump is not None:
            self._pump.cancel()
        self._pump = asyncio.get_running_loop().create_task(self._serve())

    async def _serve(self) -> None:
        while self._waiting:
            now = self._clock.now()
            try:
                await self._clock.sleep(min(self._wait(ticket, now) for ticket in self._waiting))
            except EngineError as error:
                self._fail(error)
            self._grant()

    def _fail(self, error: EngineError) -> None:
        # Who waits by a clock that fails would wait for ever.
        for ticket in self._waiting:
            ticket.failed = error
            ticket.turn.set()
        self._waiting.clear()

    def _grant(self) -> None:
        now = self._clock.now()
        for ticket in tuple(self._waiting):
            if self._wait(ticket, now) <= _AT_ONCE:
                for window in self._windows[ticket.spend]:
                    window.use(ticket.urgency, now)
                self._waiting.remove(ticket)
                ticket.turn.set()

    def _wait(self, ticket: "_Ticket", now: datetime) -> timedelta:
        return max((window.wait(ticket.urgency, now) for window in self._windows[ticket.spend]), default=_AT_ONCE)


@dataclass(slots=True, eq=False)
class _Ticket:
    spend: Spend
    urgency: Urgency
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    failed: EngineError | None = None

    def rank(self) -> bool:
        # The sort is stable: among equals, first come first served.
        return self.urgency is not Urgency.EXIT


class _Window:
    """The instants of the last calls; a window that slides, for a bucket lets twice its rate through at first."""

    def __init__(self, pace: Pace) -> None:
        self._span = pace.span
        self._most = {Urgency.EXIT: pace.count, Urgency.ROUTINE: pace.count - pace.held_back}
        # All of them, and those that were no exits: only these are kept below what is held back.
        self._used: dict[Urgency, deque[datetime]] = {Urgency.EXIT: deque(), Urgency.ROUTINE: deque()}

    def wait(self, urgency: Urgency, now: datetime) -> timedelta:
        """Return how long until one more fits."""
        kinds = (Urgency.EXIT,) if urgency is Urgency.EXIT else (Urgency.EXIT, Urgency.ROUTINE)
        return max(self._until_fits(self._used[kind], self._most[kind], now) for kind in kinds)

    def use(self, urgency: Urgency, now: datetime) -> None:
        """Count one."""
        self._used[Urgency.EXIT].append(now)
        if urgency is not Urgency.EXIT:
            self._used[urgency].append(now)

    def _until_fits(self, used: deque[datetime], most: int, now: datetime) -> timedelta:
        # A clock that was put back: what was used ahead of now was used now at the latest.
        for place in range(len(used) - 1, -1, -1):
            if used[place] <= now:
                break
            used[place] = now
        while used and used[0] <= now - self._span:
            used.popleft()
        if len(used) < most:
            return _AT_ONCE
        return used[len(used) - most] + self._span - now
