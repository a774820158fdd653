"""The day a scenario happens on: its times of day as instants, its contracts' days of expiry."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from engine.domain.expiries import Expiries

ZONE: Final = ZoneInfo("Asia/Kolkata")
TIME: Final = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?"
EXPIRY: Final = r"\d{1,2}[A-Z]{3}(20)?(\d\d)?"

_TIME = re.compile(TIME, re.ASCII)
_EXPIRY = re.compile(r"(?P<day>\d{1,2})(?P<month>[A-Z]{3})(?P<year>(20)?\d\d)?", re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_A_DAY = timedelta(days=1)
_LOOK_AHEAD = 45


@dataclass(frozen=True, slots=True)
class Day:
    """One trading date in India. expiries: the exchanges' rules, to hold the contracts to."""

    on: date
    expiries: Expiries = field(default_factory=Expiries, repr=False)

    def at(self, text: str) -> datetime:
        """Return the instant of a time of day such as `09:15` or `15:20:30.5`. Raises: ValueError."""
        if not _TIME.fullmatch(text):
            raise ValueError(f"'{text}' is not a time of day; write it like 09:15 or 15:20:30")
        clock, _, part = text.partition(".")
        hours, minutes, *seconds = map(int, clock.split(":"))
        moment = time(hours, minutes, seconds[0] if seconds else 0, int(part.ljust(6, "0") or 0))
        return datetime.combine(self.on, moment, ZONE).astimezone(UTC)

    def expiry(self, text: str, underlying: str, exchange: str) -> date:
        """
        Return the day a contract ends from `01DEC`, the next one from the scenario's day on, or `01DEC26`.

        Raises: ValueError for no such day, or one on which such contracts do not expire.
        """
        found = _EXPIRY.fullmatch(text)
        if found is None or found["month"] not in _MONTHS:
            raise ValueError(f"'{text}' is not an expiry; write the day and month like 01DEC")
        month, day, year = _MONTHS.index(found["month"]) + 1, int(found["day"]), found["year"]
        years = [2000 + int(year[-2:])] if year else [self.on.year, self.on.year + 1]
        try:
            days = [date(one, month, day) for one in years]
        except ValueError:
            raise ValueError(f"there is no day {text}") from None
        ends = next((one for one in days if one >= self.on), days[-1])
        if ends < self.on:
            raise ValueError(f"a contract of {text} ended before the scenario's day {self.on}")
        if self.expiries.expires_on(underlying, ends, exchange) is False:
            raise ValueError(
                f"{underlying} contracts do not expire on {_shown(ends)}{self._next(underlying, exchange)}"
            )
        return ends

    def is_monthly(self, ends: date, underlying: str, exchange: str) -> bool:
        """Return whether a contract is the last of its month, whose symbol names the month alone."""
        told = self.expiries.last_of_month_on(underlying, ends, exchange)
        return (ends + 7 * _A_DAY).month != ends.month if told is None else told

    def _next(self, underlying: str, exchange: str) -> str:
        ahead = (self.on + number * _A_DAY for number in range(_LOOK_AHEAD))
        days = [day for day in ahead if self.expiries.expires_on(underlying, day, exchange)]
        return f"; the next days are {', '.join(map(_shown, days[:3]))}" if days else ""


def _shown(day: date) -> str:
    return f"{day.day:02}{_MONTHS[day.month - 1]} ({day:%A})"
