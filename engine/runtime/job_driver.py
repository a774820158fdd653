"""Runs the table of jobs: by a scheduler in real time, or stepped along any other clock."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from engine.domain.session import Calendar
from engine.ports import Clock
from engine.runtime.clock import RealClock
from engine.runtime.jobs import Due, Job, due_between, next_due

Do = Callable[[Due], Awaitable[None]]
_AFTER: Final = timedelta(microseconds=1)


async def drive(jobs: Iterable[Job], calendars: Iterable[Calendar], clock: Clock, do: Do) -> None:
    """Do every job when it is due, from now on and for ever."""
    table, known = tuple(jobs), tuple({one.exchange: one for one in calendars}.values())
    if isinstance(clock, RealClock):
        await _scheduled(table, known, clock, do)
    else:
        await stepped(table, known, clock, do)


async def stepped(jobs: tuple[Job, ...], calendars: tuple[Calendar, ...], clock: Clock, do: Do) -> None:
    """Do them along a clock that is asked when it is."""
    after = clock.now()
    while True:
        ahead = [due.at for one in calendars for job in jobs if (due := next_due(job, one, after)) is not None]
        # Without anything ahead the calendar is looked at again tomorrow.
        until = min(ahead, default=after + timedelta(days=1))
        await clock.sleep(until - clock.now())
        now = max(until, clock.now())
        for due in due_between(jobs, calendars, after, now):
            await do(due)
        after = now


class TableTrigger(BaseTrigger):  # type: ignore[misc]
    """Tells the scheduler when a job of the table is due next on an exchange."""

    def __init__(self, job: Job, calendar: Calendar, since: datetime) -> None:
        self._job = job
        self._calendar = calendar
        self._since = since

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the first instant after the last one, aware; None when there is none in sight."""
        due = next_due(self._job, self._calendar, previous_fire_time or self._since)
        return None if due is None else due.at


async def _scheduled(jobs: tuple[Job, ...], calendars: tuple[Calendar, ...], clock: Clock, do: Do) -> None:
    scheduler = scheduler_of(jobs, calendars, clock.now(), do)
    scheduler.start()
    try:
        while True:
            await clock.sleep(timedelta(days=1))
    finally:
        scheduler.shutdown(wait=False)


def scheduler_of(jobs: Iterable[Job], calendars: Iterable[Calendar], since: datetime, do: Do) -> Any:
    """Return a scheduler that holds the table and has not begun; a job is never dropped for being late, nor doubled."""
    scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})
    for calendar in calendars:
        for job in jobs:
            at = _Last(job, calendar, since, do)
            name = f"{calendar.exchange} {job.name}"
            scheduler.add_job(at.run, TableTrigger(job, calendar, since), id=name, name=name)
    return scheduler


class _Last:
    """What a job of the scheduler does: the last of what has come due since it was done before."""

    def __init__(self, job: Job, calendar: Calendar, since: datetime, do: Do) -> None:
        self._job = job
        self._calendar = calendar
        self._done = since
        self._do = do

    async def run(self) -> None:
        due = due_between((self._job,), (self._calendar,), self._done, RealClock().now())
        if due:
            self._done = due[-1].at
            await self._do(due[-1])
