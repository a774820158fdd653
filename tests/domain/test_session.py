"""Sessions: what a day is to an exchange, and that what nobody checked is armed rather than guessed."""

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from engine.domain.session import Calendar, CalendarYear, Hours, Session, falls_on

KOLKATA = ZoneInfo("Asia/Kolkata")
MINUTE = timedelta(minutes=1)

CALENDAR = Calendar(
    exchange="NSE",
    zone=KOLKATA,
    regular=Hours(time(9, 15), time(15, 30)),
    years=MappingProxyType(
        {
            2026: CalendarYear(
                year=2026,
                holidays=MappingProxyType({date(2026, 1, 26): "Republic Day"}),
                special=MappingProxyType(
                    {
                        date(2026, 2, 1): Hours(time(9, 15), time(15, 30), "Union Budget"),
                        date(2026, 3, 7): Hours(time(9, 15), time(10, 0), "drill on a Saturday"),
                        date(2026, 10, 21): Hours(time(13, 45), time(14, 45), "Muhurat"),
                        date(2026, 11, 8): Hours(None, None, "Muhurat"),
                    }
                ),
            )
        }
    ),
    changes=MappingProxyType({date(2026, 8, 3): Hours(time(9, 15), time(15, 40))}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KOLKATA)


@pytest.mark.parametrize(
    ("instant", "inside"),
    [
        pytest.param("2026-01-05 09:14:59", False, id="before-the-open"),
        pytest.param("2026-01-05 09:15:00", True, id="the-open-is-in"),
        pytest.param("2026-01-05 15:29:59", True, id="last-second"),
        pytest.param("2026-01-05 15:30:00", False, id="the-close-is-out"),
        pytest.param("2026-01-26 11:00:00", False, id="holiday"),
        pytest.param("2026-01-10 11:00:00", False, id="saturday"),
        pytest.param("2026-01-11 11:00:00", False, id="sunday"),
        pytest.param("2026-02-01 11:00:00", True, id="budget-sunday"),
        pytest.param("2026-03-07 09:30:00", True, id="special-saturday"),
        pytest.param("2026-03-07 10:00:00", False, id="special-saturday-after-its-close"),
        pytest.param("2026-10-21 13:44:59", False, id="muhurat-before"),
        pytest.param("2026-10-21 13:45:00", True, id="muhurat"),
        pytest.param("2026-10-21 14:45:00", False, id="muhurat-after"),
        pytest.param("2026-10-21 10:00:00", False, id="muhurat-day-has-no-ordinary-session"),
        pytest.param("2026-07-31 15:35:00", False, id="day-before-longer-hours"),
        pytest.param("2026-08-03 15:35:00", True, id="first-day-of-longer-hours"),
    ],
)
def test_session_contains(instant: str, *, inside: bool) -> None:
    session = CALENDAR.session_at(at(instant))
    assert session.known
    assert session.contains(at(instant)) is inside


@pytest.mark.parametrize(
    ("instant", "note"),
    [
        pytest.param("2027-01-04 03:00:00", "no NSE calendar for 2027", id="unknown-year-at-night"),
        pytest.param("2025-12-31 11:00:00", "no NSE calendar for 2025", id="unknown-year-before"),
        pytest.param("2026-11-08 02:00:00", "Muhurat: hours not announced in our calendar", id="unannounced-hours"),
    ],
)
def test_what_nobody_checked_is_armed(instant: str, note: str) -> None:
    session = CALENDAR.session_at(at(instant))
    assert (session.known, session.opens_at, session.closes_at, session.note) == (False, None, None, note)
    assert session.contains(at(instant))
    assert session.contains(at(instant), margin=timedelta(hours=9))


@pytest.mark.parametrize(
    ("instant", "inside"),
    [
        pytest.param("2026-01-05 09:15:59", False, id="before"),
        pytest.param("2026-01-05 09:16:00", True, id="at-the-inner-open"),
        pytest.param("2026-01-05 15:28:59", True, id="last-second"),
        pytest.param("2026-01-05 15:29:00", False, id="at-the-inner-close"),
    ],
)
def test_margin_lies_inside_at_each_end(instant: str, *, inside: bool) -> None:
    assert CALENDAR.session_at(at(instant)).contains(at(instant), margin=MINUTE) is inside


def test_margin_wider_than_the_session_leaves_nothing() -> None:
    session = CALENDAR.session_at(at("2026-10-21 14:15:00"))
    assert not session.contains(at("2026-10-21 14:15:00"), margin=timedelta(minutes=31))


@pytest.mark.parametrize(
    ("instant", "trading_date"),
    [
        pytest.param(datetime(2026, 1, 4, 18, 29, 59, tzinfo=UTC), date(2026, 1, 4), id="a-second-before-midnight"),
        pytest.param(datetime(2026, 1, 4, 18, 30, tzinfo=UTC), date(2026, 1, 5), id="midnight-at-the-exchange"),
    ],
)
def test_trading_date_is_the_exchanges_own(instant: datetime, trading_date: date) -> None:
    assert CALENDAR.session_at(instant).trading_date == trading_date


def test_a_closed_day_says_why() -> None:
    assert CALENDAR.session_at(at("2026-01-26 11:00")).note == "holiday: Republic Day"
    assert CALENDAR.session_at(at("2026-01-10 11:00")).note == "weekend"


def test_session_times_are_aware_and_of_the_exchange() -> None:
    session = CALENDAR.session_at(datetime(2026, 1, 5, 6, 0, tzinfo=UTC))
    assert session.opens_at == datetime(2026, 1, 5, 3, 45, tzinfo=UTC)
    assert session.closes_at == datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


def test_a_calendar_without_changes_keeps_its_hours() -> None:
    plain = Calendar("X", KOLKATA, Hours(time(9), time(10)), CALENDAR.years)
    assert plain.regular_on(date(2026, 12, 1)) == Hours(time(9), time(10))


def test_a_known_session_without_hours_contains_nothing() -> None:
    assert not Session(date(2026, 1, 10), None, None, known=True).contains(at("2026-01-10 11:00"))


# Clocks change at midnight (Havana, Asunción), within the day (Berlin), a whole day is left out (Apia), never (India).
ZONES = ["Asia/Kolkata", "Europe/Berlin", "America/Havana", "America/Asuncion", "Pacific/Apia", "UTC"]
DATES = [
    date(2011, 12, 30),
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 11, 1),
    date(2026, 11, 23),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("on", DATES)
def test_an_instant_falls_on_the_date_the_zone_says(zone: str, on: date) -> None:
    there = ZoneInfo(zone)
    falls = falls_on(on, there)
    start = datetime.combine(on, time(0), UTC) - timedelta(hours=30)
    for half_hour in range(160):
        for instant in (start + half_hour * 30 * MINUTE, start + half_hour * 30 * MINUTE - timedelta(microseconds=1)):
            assert falls(instant) is (instant.astimezone(there).date() == on)
            assert falls(instant.astimezone(KOLKATA)) is falls(instant)


@pytest.mark.parametrize("on", [date.min, date.max])
def test_the_first_and_the_last_date_of_all_can_be_asked_for(on: date) -> None:
    noon = datetime.combine(on, time(12), UTC)
    assert falls_on(on, KOLKATA)(noon)
    assert not falls_on(on, KOLKATA)(at("2026-01-05 09:15:00"))
