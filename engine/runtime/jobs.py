"""What is done at certain times of an exchange's day, as a table; who runs it in which time stands in `job_driver`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from engine.domain.session import Calendar, Session
from engine.runtime.hours import AFTER_CLOSE

# A long holiday, and then some: beyond this no next time is looked for.
_DAYS_AHEAD: Final = 14
# Accounts are asked from half an hour before the open on; who is not read by then needs a person.
_IN_TIME: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Job:
    """
    One thing to do on each date of an exchange that has it.

    at: when, by the session of the date; None when the date has none of it. doc: what for.
    """

    name: str
    doc: str
    at: Callable[[Calendar, Session], datetime | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due. session: of the date it is due on."""

    job: str
    exchange: str
    at: datetime
    session: Session


def next_due(job: Job, calendar: Calendar, after: datetime) -> Due | None:
    """Return when a job is due first after an instant; None when it is not within two weeks."""
    for ahead in range(_DAYS_AHEAD):
        session = _session(calendar, after, ahead)
        at = job.at(calendar, session)
        if at is not None and at > after:
            return Due(job.name, calendar.exchange, at, session)
    return None


def due_between(
    jobs: Iterable[Job], calendars: Iterable[Calendar], after: datetime, until: datetime
) -> tuple[Due, ...]:
    """Return what is due after one instant and no later than another, in order of time; within one, of the table."""
    found: list[Due] = []
    table = tuple(jobs)
    for calendar in calendars:
        for job in table:
            due = next_due(job, calendar, after)
            while due is not None and due.at <= until:
                found.append(due)
                due = next_due(job, calendar, due.at)
    return tuple(sorted(found, key=lambda due: due.at))


def begun_by(jobs: Iterable[Job], calendar: Calendar, now: datetime) -> tuple[Due, ...]:
    """Return what was due today by now: a start that comes late does it then, and it is harmless when repeated."""
    midnight = _midnight(calendar, calendar.session_at(now)) - timedelta(microseconds=1)
    return due_between(jobs, (calendar,), midnight, now)


def _session(calendar: Calendar, after: datetime, ahead: int) -> Session:
    day = after.astimezone(calendar.zone).date() + timedelta(days=ahead)
    return calendar.session_at(datetime.combine(day, time(12), tzinfo=calendar.zone))


def _midnight(calendar: Calendar, session: Session) -> datetime:
    return datetime.combine(session.trading_date, time(0), tzinfo=calendar.zone)


def _before_open(span: timedelta) -> Callable[[Calendar, Session], datetime | None]:
    return lambda _, session: None if session.opens_at is None else session.opens_at - span


def _after_close(span: timedelta) -> Callable[[Calendar, Session], datetime | None]:
    return lambda _, session: None if session.closes_at is None else session.closes_at + span


def _early(calendar: Calendar, session: Session) -> datetime | None:
    return _midnight(calendar, session) + timedelta(hours=8)


NEW_DAY: Final = "new day"
SESSION: Final = "session"
READINESS: Final = "readiness"
OPEN: Final = "open"
CLOSE: Final = "close"
RETENTION: Final = "retention"

JOBS: Final[tuple[Job, ...]] = (
    Job(NEW_DAY, "what belongs to the day before is over", _midnight),
    Job(SESSION, "people are told when nobody knows today's session, and that it is armed", _early),
    Job(READINESS, "people are told of accounts that are not read yet", _before_open(_IN_TIME)),
    Job(OPEN, "the session begins", _before_open(timedelta(0))),
    Job(CLOSE, "the session ends", _after_close(timedelta(0))),
    Job(RETENTION, "what is kept for a while only is thrown away", _after_close(AFTER_CLOSE)),
)

# What a start that comes late does at once.
TOLD_LATE: Final = tuple(job for job in JOBS if job.name == SESSION)
