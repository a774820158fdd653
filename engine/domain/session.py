"""Trading days and sessions of an exchange, from a checked calendar given as data; unknown years say so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.domain.expiries import Expiries


def falls_on(on: date, zone: tzinfo) -> Callable[[datetime], bool]:
    """
    Return the test whether an instant falls on a date of a zone.

    An instant in UTC, as brokers' stamps are kept, is only compared with the day's two midnights; it is looked up in
    the zone where the offset of that changes between them.
    """

    def in_zone(at: datetime) -> bool:
        return at.astimezone(zone).date() == on

    if not MINYEAR < on.year < MAXYEAR:
        return in_zone
    begins, ends = (datetime.combine(day, time(0), tzinfo=zone) for day in (on, on + timedelta(days=1)))
    if begins.utcoffset() != ends.utcoffset():
        return in_zone
    first, end = begins.astimezone(UTC), ends.astimezone(UTC)

    def between(at: datetime) -> bool:
        return first <= at < end if at.tzinfo is UTC else in_zone(at)

    return between


@dataclass(frozen=True, slots=True)
class Hours:
    """One session of a day, [opens, closes), exchange time; None hours mean the exchange has not announced them."""

    opens: time | None
    closes: time | None
    name: str = "regular"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One exchange's year: holidays, and days whose session differs from the ordinary one (special, Muhurat)."""

    year: int
    holidays: Mapping[date, str]
    special: Mapping[date, Hours]


@dataclass(frozen=True, slots=True)
class Session:
    """
    Where an instant lies.

    trading_date: the exchange's date. opens_at, closes_at: the session of that date, None on a day without one.
    known: False when the calendar does not hold the year or the hours are not announced; such a session is *armed*:
    policies that reduce risk run, entries are blocked, and an alert is due each day (law 18).
    """

    trading_date: date
    opens_at: datetime | None
    closes_at: datetime | None
    known: bool
    note: str = ""

    def contains(self, now: datetime, margin: timedelta = timedelta(0)) -> bool:
        """Return whether `now` lies in the session, `margin` inside at each end; an unknown session contains all."""
        if not self.known:
            return True
        if self.opens_at is None or self.closes_at is None:
            return False
        return self.opens_at + margin <= now < self.closes_at - margin


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    An exchange's ordinary hours and the years somebody checked.

    regular: the ordinary hours. changes: days from which other ordinary hours hold, until the next change.
    expiries: when contracts expire, on this exchange and on those known beside it.
    """

    exchange: str
    zone: ZoneInfo
    regular: Hours
    years: Mapping[int, CalendarYear]
    changes: Mapping[date, Hours] = field(default_factory=lambda: MappingProxyType({}))
    expiries: Expiries = field(default_factory=Expiries, repr=False)

    def regular_on(self, day: date) -> Hours:
        """Return the ordinary hours that hold on a day."""
        begun = [start for start in self.changes if start <= day]
        return self.changes[max(begun)] if begun else self.regular

    def session_at(self, now: datetime) -> Session:
        """
        Return the session of the exchange date `now` falls on.

        Shape: `now` aware. Unknown years and unannounced hours give `known=False` with the reason in `note`.
        """
        day = now.astimezone(self.zone).date()
        year = self.years.get(day.year)
        if year is None:
            return Session(day, None, None, known=False, note=f"no {self.exchange} calendar for {day.year}")
        hours = year.special.get(day)
        if hours is not None and (hours.opens is None or hours.closes is None):
            return Session(day, None, None, known=False, note=f"{hours.name}: hours not announced in our calendar")
        if hours is None:
            if day in year.holidays:
                return Session(day, None, None, known=True, note=f"holiday: {year.holidays[day]}")
            if day.weekday() >= 5:
                return Session(day, None, None, known=True, note="weekend")
            hours = self.regular_on(day)
        return Session(day, self._at(day, hours.opens), self._at(day, hours.closes), known=True, note=hours.name)

    def _at(self, day: date, clock: time | None) -> datetime | None:
        return None if clock is None else datetime.combine(day, clock, tzinfo=self.zone)
