"""
Exchange calendars from their checked YAML files; what a session is, `engine.domain.session` says.

A year without a file is not guessed: the session of such a day is unknown, hence armed (law 18).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jsonschema.exceptions import ValidationError

from engine.domain.enums import Weekday
from engine.domain.expiries import Expiries, ExpiryRule
from engine.domain.session import Calendar, CalendarYear, Hours
from engine.errors import SettingsError
from engine.policy.findings import suggestion
from engine.runtime.data_file import DataFile, validator_of
from engine.runtime.resources import package_dir

SCHEMA = "calendar.schema.json"
# What stands for every underlying of an exchange that is not named.
_ANY_OTHER = "ANY OTHER"

_Made = TypeVar("_Made")


def calendar_for(exchange: str, folder: Path | None = None) -> Calendar:
    """
    Return the calendar of an exchange or of one of its aliases (`NFO`, `nse_fo`), case aside.

    folder: where the calendar files lie; the shipped ones by default.
    Raises: SettingsError for an unknown name or a wrong file.
    """
    known = calendars() if folder is None else load_calendars(folder)
    found = known.get(exchange.upper())
    if found is None:
        hint = suggestion(exchange.upper(), known) or f"known are {', '.join(known)}"
        raise SettingsError(f"no calendar for the exchange '{exchange}'; {hint}")
    return found


@cache
def calendars() -> Mapping[str, Calendar]:
    """Return the shipped calendars by code and alias. Raises: as `load_calendars`."""
    return load_calendars()


def load_calendars(folder: Path | None = None) -> Mapping[str, Calendar]:
    """
    Return every calendar of a folder by its code and by each alias, in upper case.

    Raises: SettingsError with file and line for the first thing wrong.
    """
    folder = package_dir() / "calendars" if folder is None else folder
    validator = validator_of(SCHEMA)
    documents = [_Document.read(path, validator) for path in sorted(folder.glob("*.yaml"))]
    if not documents:
        raise SettingsError(f"no calendar files in {folder}")
    years = [document for document in documents if "year" in document.data]
    exchanges = [document for document in documents if "year" not in document.data]
    known = {document.data["exchange"] for document in exchanges}
    for document in years:
        if document.data["exchange"] not in known:
            raise document.error("exchange", f"the exchange '{document.data['exchange']}' has no file with its hours")
    return MappingProxyType(_by_name(exchanges, years))


@dataclass(frozen=True, slots=True)
class _Document(DataFile):
    """A calendar file."""

    def violation(self, wrong: ValidationError) -> SettingsError:
        """Return a schema error in words."""
        if wrong.validator == "not":
            at = [str(step) for step in wrong.absolute_path]
            return self.error(at, "a session with `hours: unannounced` has no opens or closes")
        return DataFile.violation(self, wrong)

    def session(self, entry: Mapping[str, str], name: str, at: Iterable[str]) -> Hours:
        """Return a session whose end is after its start; without hours when they are unannounced."""
        if "hours" in entry:
            return Hours(None, None, name)
        opens, closes = time.fromisoformat(entry["opens"]), time.fromisoformat(entry["closes"])
        if opens >= closes:
            raise self.error(at, f"the session opens at {opens:%H:%M} and closes at {closes:%H:%M}; it must end later")
        return Hours(opens, closes, name)


def _by_name(exchanges: Iterable[_Document], years: Iterable[_Document]) -> dict[str, Calendar]:
    result: dict[str, Calendar] = {}
    rules: dict[str, tuple[ExpiryRule, ...]] = {}
    others: dict[str, tuple[ExpiryRule, ...]] = {}
    for document in exchanges:
        code = document.data["exchange"]
        calendar = _calendar(document, [year for year in years if year.data["exchange"] == code])
        found = _expiry_rules(document, calendar)
        for name in (code, *document.data["aliases"]):
            if name in result:
                raise document.error("aliases", f"'{name}' already names the calendar of {result[name].exchange}")
            result[name] = calendar
            others[name] = found.get(_ANY_OTHER, ())
        for name in found.keys() & rules.keys():
            raise document.error("expiries", f"contracts of '{name}' expire by the rules of another exchange too")
        rules |= {name: one for name, one in found.items() if name != _ANY_OTHER}
    expiries = Expiries(MappingProxyType(rules), MappingProxyType(others))
    whole = {calendar.exchange: replace(calendar, expiries=expiries) for calendar in result.values()}
    return {name: whole[calendar.exchange] for name, calendar in result.items()}


def _expiry_rules(document: _Document, calendar: Calendar) -> dict[str, tuple[ExpiryRule, ...]]:
    # A special session (Muhurat, a budget day) is no ordinary trading day, and nothing expires on one.
    closed = MappingProxyType(
        {number: frozenset({*year.holidays, *year.special}) for number, year in calendar.years.items()}
    )
    found: dict[str, list[ExpiryRule]] = {}
    for index, entry in enumerate(document.data.get("expiries", [])):
        since = document.day(entry["from"], ("expiries", str(index), "from"))
        weekday = [day.value for day in Weekday].index(entry["weekday"])
        for name in entry["underlyings"]:
            found.setdefault(name, []).append(ExpiryRule(since, weekday, entry["every"] == "week", closed))
    newest = {name: sorted(rules, key=lambda rule: rule.since, reverse=True) for name, rules in found.items()}
    return {name: tuple(rules) for name, rules in newest.items()}


def _calendar(document: _Document, years: Iterable[_Document]) -> Calendar:
    try:
        zone = ZoneInfo(document.data["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        raise document.error("zone", f"there is no time zone '{document.data['zone']}'") from None
    hours: dict[date, Hours] = {}
    for index, entry in enumerate(document.data["hours"]):
        at = ("hours", str(index))
        start = document.day(entry["from"], (*at, "from"))
        if hours and start <= max(hours):
            raise document.error(
                (*at, "from"), f"{start} does not come after {max(hours)}; hours stand in order of time"
            )
        hours[start] = document.session(entry, "regular", at)
    first = min(hours)
    known: dict[int, CalendarYear] = {}
    for year in years:
        checked = _year(year)
        if checked.year in known:
            raise year.error("year", f"a second file for {document.data['exchange']} {checked.year}")
        if date(checked.year, 1, 1) < first:
            raise year.error("year", f"ordinary hours are known from {first} on ({document.path.name})")
        known[checked.year] = checked
    changes = {start: session for start, session in hours.items() if start != first}
    return Calendar(document.data["exchange"], zone, hours[first], MappingProxyType(known), MappingProxyType(changes))


def _year(document: _Document) -> CalendarYear:
    number = int(document.data["year"])
    holidays = _dated(document, "holidays", number, lambda name, _: str(name))
    special = _dated(document, "special", number, lambda entry, at: document.session(entry, entry["name"], at))
    for day in holidays:
        if day in special:
            raise document.error(("holidays", day.isoformat()), f"{day} stands under special too; keep one of them")
        if day.weekday() >= 5:
            raise document.error(("holidays", day.isoformat()), f"{day} is a {day:%A}; the weekend is closed anyway")
    return CalendarYear(number, holidays, special)


def _dated(
    document: _Document, key: str, year: int, make: Callable[[Any, tuple[str, str]], _Made]
) -> Mapping[date, _Made]:
    result: dict[date, _Made] = {}
    for text, value in document.data.get(key, {}).items():
        at = (key, text)
        day = document.day(text, at)
        if day.year != year:
            raise document.error(at, f"{day} does not lie in {year}")
        result[day] = make(value, at)
    return MappingProxyType(result)
