"""Things to write to a journal, short to say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from engine.domain.enums import Mode
from engine.domain.journal import Command, DecisionRecord, Lease, StateChange, Tick
from engine.domain.latch import Latch
from engine.stores.database import Place
from engine.stores.journal import SqlJournal

Answer = TypeVar("Answer")
NOW = datetime(2026, 11, 23, 4, 45, tzinfo=UTC)
SPAN = timedelta(seconds=30)


def decision(number: int = 1, account: str = "A1", *, latch: Latch | None = None, **more: object) -> DecisionRecord:
    """A decision of a policy called kill."""
    told = {
        "key": f"{account}-{number}-".ljust(64, "0"),
        "account": account,
        "policy": "kill",
        "row": None,
        "period": "2026-11-23",
        "episode": number,
        "mode": Mode.ENFORCE,
        "decided_at": NOW + timedelta(seconds=number),
        "latch": latch,
        "because": "loss 12,000.00 INR of 10,000.00 INR",
        "actions": (("square_off", "/then/0", "square off everything"),),
        "policy_set": "0" * 64,
        **more,
    }
    return DecisionRecord(**told)  # type: ignore[arg-type]


def latch(number: int = 1, subject: str = "A1") -> Latch:
    """A latch of that policy; another for another number."""
    return Latch("kill", subject, "2026-11-23", Mode.ENFORCE, number)


def tick(*decisions: DecisionRecord, **more: object) -> Tick:
    """A tick with some decisions."""
    return Tick(NOW, decisions=decisions, **more)  # type: ignore[arg-type]


def parts(**texts: str) -> StateChange:
    """A change of some parts of a state."""
    return StateChange(texts)


def command(key: str = "c1", account: str = "A1", *, at: datetime = NOW, lasts: timedelta = SPAN) -> Command:
    """A person's wish."""
    return Command(key, account, "stop", "desk", "lunch", at, at + lasts, {"ask": "no"})


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[SqlJournal]:
    """A journal that is closed in the end."""
    journal = await SqlJournal.opened(place)
    try:
        yield journal
    finally:
        await journal.close()


def on(place: Place, work: Callable[[SqlJournal], Awaitable[Answer]]) -> Answer:
    """What comes of some work on a journal."""

    async def run() -> Answer:
        async with opened(place) as journal:
            return await work(journal)

    return asyncio.run(run())


def with_lease(place: Place, work: Callable[[SqlJournal, Lease], Awaitable[Answer]]) -> Answer:
    """What comes of some work on account A1 by its holder."""

    async def run(journal: SqlJournal) -> Answer:
        return await work(journal, await journal.acquire("A1", "me", NOW, SPAN))

    return on(place, run)
