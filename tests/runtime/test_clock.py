"""The clock: aware, in UTC, and moving forward."""

from datetime import UTC, timedelta

from engine.runtime import clock


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_now_moves() -> None:
    first, second = clock.now(), clock.now()
    assert timedelta(0) <= second - first < timedelta(minutes=1)
