"""The clock, the session and the link as facts."""

from dataclasses import replace
from datetime import date, timedelta

from engine.domain.enums import TradingState
from engine.domain.session import Session
from engine.domain.snapshot import Link
from engine.domain.values import Unknown
from engine.facts.session import time_of_day
from tests.facts.build import DAY, NOW, SESSION, at, d, fact, snapshot, view


def test_the_time_is_the_exchanges() -> None:
    seen = view(snapshot(), now=at("14:45:30"))
    assert time_of_day(seen) == d(14 * 3600 + 45 * 60 + 30)
    assert time_of_day(replace(seen, now=seen.now + timedelta(microseconds=250_000))) == d("53130.25")


def test_minutes_from_open_and_to_close() -> None:
    assert fact("minutes_since_open", view(snapshot(), now=at("09:30:00"))) == d(15)
    assert fact("minutes_since_open", view(snapshot(), now=at("09:15:20"))) == d("0.3333")
    assert fact("minutes_since_open", view(snapshot(), now=at("09:00:00"))) == d(-15)
    assert fact("minutes_to_close", view(snapshot(), now=at("15:20:00"))) == d(10)
    assert fact("minutes_to_close", view(snapshot(), now=at("15:30:30"))) == d("-0.5")


def test_a_day_without_hours_says_which_and_why() -> None:
    holiday = Session(DAY, None, None, known=True, note="holiday: Gurpurab")
    seen = view(snapshot(), session=holiday)
    assert fact("minutes_to_close", seen) == Unknown(("no session hours for 2026-11-23: holiday: Gurpurab",))
    assert fact("minutes_since_open", seen) == fact("minutes_to_close", seen)


def test_the_date_and_the_day_of_the_week() -> None:
    seen = view(snapshot())
    assert fact("trading_date", seen) == date(2026, 11, 23)
    assert fact("weekday", seen) == "MON"
    sunday = view(snapshot(), session=replace(SESSION, trading_date=date(2026, 11, 29)))
    assert fact("weekday", sunday) == "SUN"


def test_the_age_of_the_reading() -> None:
    assert fact("snapshot_age", view(snapshot(), now=NOW + timedelta(seconds=7))) == d(7)
    assert fact("snapshot_age", view(snapshot(), now=NOW - timedelta(seconds=1))) == 0


def test_the_link() -> None:
    plain = view(snapshot())
    assert fact("broker_connected", plain) is True
    assert fact("stop_file", plain) is False
    assert fact("trading_state", plain) == "ACTIVE"
    assert fact("locked_at", plain) == Unknown(("the account is not locked",))
    locked = Link(connected=False, stop_file=True, trading_state=TradingState.HALTED, locked_at=NOW)
    seen = view(snapshot(link=locked))
    assert fact("broker_connected", seen) is False
    assert fact("stop_file", seen) is True
    assert fact("trading_state", seen) == "HALTED"
    assert fact("locked_at", seen) == NOW
