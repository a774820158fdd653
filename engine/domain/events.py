"""A desk's own events (a budget, a central bank's decision, a holiday of the desk): on which days, at what times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Occasion:
    """One day of an event; at: the time of day in the exchange zone, None when it is the whole day."""

    on: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """
    A desk's calendar.

    years: those somebody entered; of any other year it tells nothing. occasions: by event.
    """

    years: frozenset[int] = frozenset()
    occasions: Mapping[str, tuple[Occasion, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def falls_on(self, name: str, day: date) -> bool | None:
        """Return whether a day is one of an event's; None when the calendar does not hold its year."""
        if day.year not in self.years:
            return None
        return any(occasion.on == day for occasion in self.occasions.get(name, ()))


NO_EVENTS = Events()


@dataclass(frozen=True, slots=True)
class Around:
    """A window round each time of an event: from `begins` to before `ends` of it. years: those the calendar holds."""

    begins: timedelta
    ends: timedelta
    occasions: tuple[Occasion, ...]
    years: frozenset[int]

    def contains(self, now: datetime, zone: tzinfo) -> bool | None:
        """Return whether an instant lies in it; None when the calendar does not hold its year."""
        local = now.astimezone(zone)
        for occasion in self.occasions:
            moment = datetime.combine(occasion.on, occasion.at or time(), tzinfo=zone)
            if moment + self.begins <= local < moment + self.ends:
                return True
        return False if local.year in self.years else None
