"""Jobs come at the exchange's own times, by whichever clock; on a date that has none of it nothing is due."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.domain.session import Calendar
from engine.runtime.calendars import calendar_for
from engine.runtime.clock import RealClock
from engine.runtime.job_driver import TableTrigger, drive, stepped
from engine.runtime.jobs import JOBS, Due, Job, begun_by, due_between
from engine.sim.clock import SimClock

INDIA = ZoneInfo("Asia/Kolkata")
NSE = calendar_for("NSE")


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=INDIA)


def on(day: date, calendar: Calendar = NSE) -> list[tuple[str, str]]:
    """What is due on a date, with its time there."""
    found = due_between(JOBS, (calendar,), midnight(day) - timedelta(microseconds=1), midnight(day) + timedelta(days=1))
    return [(due.job, f"{due.at:%H:%M}") for due in found if due.at.date() == day]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (
            date(2026, 3, 16),
            ["new day 00:00", "session 08:00", "readiness 09:05", "open 09:15", "close 15:30", "retention 15:45"],
        ),
        (date(2026, 1, 26), ["new day 00:00", "session 08:00"]),
        (date(2026, 3, 14), ["new day 00:00", "session 08:00"]),
        # A budget on a Sunday.
        (
            date(2026, 2, 1),
            ["new day 00:00", "session 08:00", "readiness 09:05", "open 09:15", "close 15:30", "retention 15:45"],
        ),
        (date(2031, 3, 17), ["new day 00:00", "session 08:00"]),
    ],
    ids=["an ordinary day", "a holiday", "a weekend", "a special session", "a year nobody knows"],
)
def test_a_day_has_what_its_session_has(day: date, expected: list[str]) -> None:
    assert [" ".join(one) for one in on(day)] == expected


def test_a_late_start_finds_what_was_due_today() -> None:
    now = datetime(2026, 3, 16, 10, 0, tzinfo=INDIA)
    assert [due.job for due in begun_by(JOBS, NSE, now)] == ["new day", "session", "readiness", "open"]


def fired(job: Job, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instants at which the scheduler would run a job."""
    trigger, at = TableTrigger(job, NSE, since), None
    while (at := trigger.get_next_fire_time(at, since)) is not None and at <= until:
        yield at


def test_the_scheduler_and_the_stepped_driver_do_the_same_at_the_same_times() -> None:
    since, days = datetime(2026, 10, 30, 12, tzinfo=INDIA), 70
    until = since + timedelta(days=days)
    clock, done = SimClock(since.astimezone(UTC)), list[Due]()

    async def do(due: Due) -> None:
        assert clock.now() == due.at
        done.append(due)

    async def run() -> None:
        task = asyncio.create_task(stepped(JOBS, (NSE,), clock, do))
        await clock.sleep_until(until)
        task.cancel()

    asyncio.run(clock.drive(run()))
    by_trigger = sorted(at for job in JOBS for at in fired(job, since, until))
    assert [due.at for due in done] == by_trigger
    assert len(by_trigger) > 4 * days
    assert tuple(done) == due_between(JOBS, (NSE,), since, until)


def test_real_time_runs_them_by_the_scheduler() -> None:
    since = RealClock().now()
    soon = Job("soon", "to see it run", lambda _, __: since + timedelta(milliseconds=30))

    async def run() -> Due:
        found: asyncio.Future[Due] = asyncio.get_running_loop().create_future()

        async def do(due: Due) -> None:
            found.set_result(due)

        task = asyncio.create_task(drive((soon,), (NSE,), RealClock(), do))
        async with asyncio.timeout(30):
            due = await found
        task.cancel()
        return due

    assert asyncio.run(run()).at == since + timedelta(milliseconds=30)
