"""Brokers' dates and times as aware UTC instants and dates; an unreadable stamp is None, it only describes."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from engine.brokers.wire import cleaned

# India keeps one offset all year and has done so since 1945.
_AHEAD = timedelta(hours=5, minutes=30)
IST = timezone(_AHEAD, "IST")

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.\d+)?"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})[ T]+{_CLOCK}", re.ASCII)
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})-(?P<name>[A-Za-z]{{3}})-(?P<year>\d{{4}})[ T]+{_CLOCK}", re.ASCII)
_DAY = re.compile(r"(?P<day>\d{1,2})[- ]?(?P<name>[A-Za-z]{3})[-, ]*(?P<year>\d{4})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Which unit an epoch number counts is told by its size: seconds until the year 5138, then milli-, micro-, nanoseconds.
_UNITS = ((Decimal("1e11"), 1), (Decimal("1e14"), 1_000), (Decimal("1e17"), 1_000_000))
_NANOSECONDS = 1_000_000_000


def month_number(name: str) -> int | None:
    """Return 1 to 12 for a month's three letters in any case, else None."""
    return _MONTHS.get(name.upper())


def from_ist(text: str) -> datetime | None:
    """Return the instant of an Indian date and time without zone (`2026-11-04 09:15:00`, `04-Nov-2026 09:15: 00`)."""
    # The usual spelling is read in one step; hour 24, which newer Pythons take for the next day, is none of ours.
    if len(text) == 19 and text[4::3] == "-- ::" and text[11:13] != "24":
        try:
            return datetime.fromisoformat(text + "Z") - _AHEAD
        except (ValueError, OverflowError):
            pass
    return _spelt_otherwise(text)


def _spelt_otherwise(text: str) -> datetime | None:
    plain = re.sub(r"\s*:\s*", ":", cleaned(text))
    found = _YEAR_FIRST.fullmatch(plain) or _DAY_FIRST.fullmatch(plain)
    if found is None:
        return None
    parts = found.groupdict()
    month = int(parts["month"]) if "month" in parts else month_number(parts["name"])
    try:
        local = datetime(
            int(parts["year"]), month or 0, int(parts["day"]),
            int(parts["hour"]), int(parts["minute"]), int(parts["second"]), tzinfo=IST,
        )  # fmt: skip
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_epoch(number: Decimal | None) -> datetime | None:
    """Return the instant of a Unix time in seconds, milli-, micro- or nanoseconds, told apart by size."""
    if number is None or number <= 0:
        return None
    unit = next((unit for limit, unit in _UNITS if number < limit), _NANOSECONDS)
    try:
        return _EPOCH + timedelta(microseconds=int(number) * 1_000_000 // unit)
    except OverflowError:
        return None


def calendar_day(text: str) -> date | None:
    """Return the date of `29 Sep, 2026`, `29-Sep-2026`, `29SEP2026` or `2026-09-29`."""
    stripped = text.strip()
    found = _DAY.fullmatch(stripped)
    try:
        if found is None:
            return date.fromisoformat(stripped)
        return date(int(found["year"]), month_number(found["name"]) or 0, int(found["day"]))
    except ValueError:
        return None


def newest(stamps: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of the known stamps."""
    return max((stamp for stamp in stamps if stamp is not None), default=None)


def oldest(stamps: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest of the known stamps."""
    return min((stamp for stamp in stamps if stamp is not None), default=None)
