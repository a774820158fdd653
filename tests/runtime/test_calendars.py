"""The shipped exchange calendars and their loader: right dates, strict files, errors that name the line."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.domain.session import Hours
from engine.errors import SettingsError
from engine.runtime.calendars import calendar_for, load_calendars
from engine.runtime.resources import package_dir

KOLKATA = ZoneInfo("Asia/Kolkata")
SHIPPED = package_dir() / "calendars"

EXCHANGE = """\
exchange: ABC
aliases: [ABC_FO]
zone: Asia/Kolkata
hours:
  - from: 2025-01-01
    opens: 09:15
    closes: 15:30
    source: the exchange
verified_on: 2026-01-01
"""
YEAR = """\
exchange: ABC
year: 2026
source: the exchange
checked_against:
  - a second list
verified_on: 2026-01-01
holidays:
  2026-01-26: Republic Day
special:
  2026-02-01:
    name: Budget
    opens: 09:15
    closes: 15:30
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KOLKATA)


def days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "abc.yaml").write_text(EXCHANGE, encoding="utf-8")
    (tmp_path / "abc-2026.yaml").write_text(YEAR, encoding="utf-8")
    return tmp_path


# --- the shipped ones


@pytest.mark.parametrize(
    ("name", "exchange"),
    [
        ("NSE", "NSE"),
        ("NFO", "NSE"),
        ("nse_fo", "NSE"),
        ("BSE", "BSE"),
        ("bfo", "BSE"),
        ("BSE_FO", "BSE"),
        ("MCX", "MCX"),
    ],
)
def test_an_exchange_and_its_segments_share_a_calendar(name: str, exchange: str) -> None:
    assert calendar_for(name).exchange == exchange


def test_an_unknown_exchange_is_refused_with_a_hint() -> None:
    with pytest.raises(SettingsError, match="no calendar for the exchange 'NSX'; did you mean 'NSE'"):
        calendar_for("NSX")


@pytest.mark.parametrize("exchange", ["NSE", "BSE"])
@pytest.mark.parametrize(
    ("instant", "inside"),
    [
        pytest.param("2025-02-01 10:00", True, id="budget-saturday-2025"),
        pytest.param("2025-10-21 10:00", False, id="muhurat-2025-morning"),
        pytest.param("2025-10-21 13:45", True, id="muhurat-2025-opens"),
        pytest.param("2025-10-21 14:45", False, id="muhurat-2025-closes"),
        pytest.param("2025-10-22 10:00", False, id="balipratipada-2025"),
        pytest.param("2026-01-15 10:00", False, id="municipal-elections-2026"),
        pytest.param("2026-02-01 10:00", True, id="budget-sunday-2026"),
        pytest.param("2026-07-31 15:30", False, id="last-day-to-1530"),
        pytest.param("2026-08-03 15:39", True, id="first-day-to-1540"),
        pytest.param("2026-08-03 15:40", False, id="closed-at-1540"),
        pytest.param("2026-12-04 15:42", False, id="last-day-to-1540"),
        pytest.param("2026-12-07 15:44", True, id="first-day-to-1545"),
    ],
)
def test_equity_derivatives_sessions(exchange: str, instant: str, *, inside: bool) -> None:
    session = calendar_for(exchange).session_at(at(instant))
    assert session.known
    assert session.contains(at(instant)) is inside


@pytest.mark.parametrize("exchange", ["NSE", "BSE", "MCX"])
@pytest.mark.parametrize("instant", ["2026-11-08 18:30", "2024-06-03 10:00", "2027-01-04 10:00"])
def test_unannounced_hours_and_unknown_years_are_armed(exchange: str, instant: str) -> None:
    session = calendar_for(exchange).session_at(at(instant))
    assert not session.known
    assert session.contains(at(instant))


@pytest.mark.parametrize(
    ("exchange", "year", "closed"), [("NSE", 2025, 14), ("NSE", 2026, 16), ("BSE", 2025, 14), ("BSE", 2026, 16)]
)
def test_number_of_weekdays_without_an_ordinary_session(exchange: str, year: int, closed: int) -> None:
    # As the exchanges themselves count in their yearly circulars; a Muhurat weekday counts as closed.
    checked = calendar_for(exchange).years[year]
    weekdays = [day for day in days(year) if day.weekday() < 5]
    assert sum(day in checked.holidays or day in checked.special for day in weekdays) == closed


def test_nse_and_bse_close_on_the_same_days() -> None:
    nse, bse = calendar_for("NSE"), calendar_for("BSE")
    assert {year: (set(y.holidays), dict(y.special)) for year, y in nse.years.items()} == {
        year: (set(y.holidays), dict(y.special)) for year, y in bse.years.items()
    }
    assert (nse.regular, nse.changes) == (bse.regular, bse.changes)


def test_mcx_evenings_follow_us_daylight_saving_time() -> None:
    mcx, new_york = calendar_for("MCX"), ZoneInfo("America/New_York")
    for year, checked in mcx.years.items():
        for day in days(year):
            summer = datetime(day.year, day.month, day.day, 17, tzinfo=new_york).dst() != timedelta(0)
            evening = time(23, 30) if summer else time(23, 55)
            special = checked.special.get(day)
            if special is not None and special.opens == time(17):
                assert special.closes == evening, day
            elif day.weekday() < 5:
                assert mcx.regular_on(day) == Hours(time(9), evening), day


def test_mcx_trades_in_the_evening_of_most_equity_holidays() -> None:
    mcx, nse = calendar_for("MCX"), calendar_for("NSE")
    for year in mcx.years:
        whole = set(mcx.years[year].holidays)
        assert whole <= set(nse.years[year].holidays)
        evenings = {day for day, hours in mcx.years[year].special.items() if hours.opens == time(17)}
        assert set(nse.years[year].holidays) - whole == evenings


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_a_file_is_named_for_what_it_holds(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    entries = dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith((" ", "#")))
    expected = entries["exchange"].lower() + (f"-{entries['year']}" if "year" in entries else "")
    assert path.stem == expected


# --- the loader


def test_a_folder_of_ones_own(folder: Path) -> None:
    calendar = calendar_for("abc_fo", folder)
    assert calendar.session_at(at("2026-02-01 10:00")).note == "Budget"
    assert set(load_calendars(folder)) == {"ABC", "ABC_FO"}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            "abc-2026",
            "2026-01-26: R",
            "2026-02-30: R",
            r"abc-2026.yaml:8  there is no day 2026-02-30",
            id="no-such-day",
        ),
        pytest.param(
            "abc-2026",
            "2026-01-26: R",
            "2025-12-25: R",
            r"abc-2026.yaml:8  2025-12-25 does not lie in 2026",
            id="other-year",
        ),
        pytest.param(
            "abc-2026",
            "2026-01-26: R",
            "26-01-2026: R",
            r":8  '26-01-2026' cannot .* like 2026-01-15",
            id="other-date-order",
        ),
        pytest.param("abc-2026", "2026-01-26: R", "2026-01-25: R", r":8  2026-01-25 is a Sunday", id="weekend-holiday"),
        pytest.param(
            "abc-2026", "2026-01-26: R", "2026-02-01: R", r":8  2026-02-01 stands under special too", id="both"
        ),
        pytest.param(
            "abc-2026",
            "closes: 15:30",
            "closes: 3:30",
            r":13  '3:30' cannot stand here; write it like 09:15",
            id="clock",
        ),
        pytest.param(
            "abc-2026",
            "closes: 15:30",
            "closes: 09:15",
            r":10  the session opens at 09:15 and closes at 09:15",
            id="empty-session",
        ),
        pytest.param(
            "abc-2026", "closes: 15:30", "hours: unannounced", r":10  .*no opens or closes", id="half-announced"
        ),
        pytest.param(
            "abc-2026", "    closes: 15:30\n", "", r":10  2026-02-01: 'closes' is a required property", id="no-close"
        ),
        pytest.param(
            "abc-2026",
            "    name: Budget",
            "    nmae: Budget",
            r":11  unknown key 'nmae'; did you mean 'name'",
            id="misspelt",
        ),
        pytest.param(
            "abc-2026",
            "source: the",
            "sources: the",
            r":3  unknown key 'sources'; did you mean 'source'",
            id="misspelt-top",
        ),
        pytest.param(
            "abc-2026",
            "exchange: ABC",
            "exchange: XYZ",
            r":1  the exchange 'XYZ' has no file with its hours",
            id="orphan-year",
        ),
        pytest.param("abc-2026", "year: 2026", "year: 2024", r"does not lie in 2024", id="wrong-year"),
        pytest.param("abc-2026", "holidays:", "holidays: [", r"abc-2026.yaml:\d+  not valid YAML", id="not-yaml"),
        pytest.param(
            "abc-2026", "special:", "holidays:", r":9  the key 'holidays' stands here a second time", id="twice"
        ),
        pytest.param("abc", "Asia/Kolkata", "Asia/Poona", r"abc.yaml:3  there is no time zone 'Asia/Poona'", id="zone"),
        pytest.param(
            "abc",
            "from: 2025-01-01",
            "from: 2026-02-01",
            r"abc-2026.yaml:2  ordinary hours are known from 2026-02-01 on",
            id="hours-too-late",
        ),
        pytest.param("abc", "ABC_FO", "ABC", r":2  'ABC' already names the calendar of ABC", id="alias-of-itself"),
        pytest.param("abc", EXCHANGE, "", r"abc.yaml:1  the file: 'exchange' is a required property", id="empty-file"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(folder: Path, file: str, old: str, new: str, message: str) -> None:
    path = folder / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_calendars(folder)


def test_hours_stand_in_order_of_time(folder: Path) -> None:
    row = EXCHANGE[EXCHANGE.index("  - from") : EXCHANGE.index("verified_on")]
    (folder / "abc.yaml").write_text(EXCHANGE.replace("verified_on", f"{row}verified_on"), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"abc.yaml:9  2025-01-01 does not come after 2025-01-01"):
        load_calendars(folder)


def test_a_second_file_for_a_year_is_refused(folder: Path) -> None:
    (folder / "copy.yaml").write_text(YEAR, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"copy.yaml:2  a second file for ABC 2026"):
        load_calendars(folder)


def test_an_empty_folder_is_not_a_calendar_without_holidays(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no calendar files"):
        load_calendars(tmp_path)


def test_bytes_that_are_not_text_are_refused(folder: Path) -> None:
    (folder / "abc.yaml").write_bytes(b"exchange: \xff\n")
    with pytest.raises(SettingsError, match=r"abc.yaml:1  byte 0xFF is not UTF-8"):
        load_calendars(folder)


def test_the_shipped_calendars_are_read_once() -> None:
    assert calendar_for("NSE") is calendar_for("nse_fo")
    assert calendar_for("BSE") is calendar_for("BSE")


def test_an_underlying_expires_by_the_rules_of_one_exchange_only(tmp_path: Path) -> None:
    for name in ("nse.yaml", "bse.yaml"):
        (tmp_path / name).write_bytes((package_dir() / "calendars" / name).read_bytes())
    text = (tmp_path / "bse.yaml").read_text(encoding="utf-8").replace("[SENSEX]", "[SENSEX, NIFTY]")
    (tmp_path / "bse.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"nse.yaml:\d+  contracts of 'NIFTY' expire by the rules of another"):
        load_calendars(tmp_path)
