"""Expiry days by rule: the weekday, the last week of a month, holidays in a row, and years nobody checked."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.expiries import Expiries, ExpiryRule

TUESDAY = 1
HOLIDAYS = frozenset({date(2026, 11, 24), date(2026, 11, 23)})
WEEKLY = ExpiryRule(date(2026, 1, 1), TUESDAY, weekly=True, closed={2026: HOLIDAYS})
MONTHLY = ExpiryRule(date(2026, 1, 1), TUESDAY, weekly=False, closed={2026: HOLIDAYS})


def test_two_holidays_in_a_row_move_it_over_the_weekend() -> None:
    days = [date(2026, 11, day) for day in range(16, 28) if WEEKLY.expires_on(date(2026, 11, day))]
    assert days == [date(2026, 11, 17), date(2026, 11, 20)]
    assert [MONTHLY.expires_on(day) for day in days] == [False, True]


def test_a_year_that_is_not_held_is_unknown_only_where_it_decides() -> None:
    # 5 January 2027 is a Tuesday; what opens in 2027 is not known.
    assert WEEKLY.expires_on(date(2027, 1, 5)) is None
    assert WEEKLY.expires_on(date(2026, 12, 30)) is False
    # Only Thursday and Friday, the last of December and the first of January, lie between: nobody knows of the Friday.
    eve = ExpiryRule(date(2026, 1, 1), 4, weekly=True, closed={2026: frozenset({date(2026, 12, 31)})})
    assert eve.expires_on(date(2026, 12, 30)) is None


def test_before_a_rule_nothing_is_told() -> None:
    rules = Expiries({"NIFTY": (WEEKLY,)}, {"NFO": (MONTHLY,)})
    assert rules.expires_on("NIFTY", date(2025, 12, 30)) is None
    assert rules.expires_on("TCS", date(2026, 11, 17)) is None
    assert rules.expires_on("TCS", date(2026, 11, 17), "nfo") is False


@given(st.frozensets(st.dates(date(2026, 3, 1), date(2026, 9, 30)), max_size=60), st.integers(0, 4), st.booleans())
def test_every_named_day_expires_on_the_last_open_day_up_to_it(closed: frozenset[date], on: int, weekly: bool) -> None:
    rule = ExpiryRule(date(2026, 1, 1), on, weekly, {2026: closed})
    expected: set[date] = set()
    for named in (date(2026, 3, 1) + timedelta(days=n) for n in range(230)):
        if named.weekday() == on and (weekly or (named + timedelta(days=7)).month != named.month):
            before = (named - timedelta(days=n) for n in range(8))
            opened = next((day for day in before if day.weekday() < 5 and day not in closed), None)
            expected |= {opened} - {None}
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(220)]
    assert {day for day in days if rule.expires_on(day)} == {day for day in expected if day in days}


def test_the_day_of_a_month_is_the_one_of_it_on_which_the_monthly_contract_expires() -> None:
    rules = Expiries({"NIFTY": (WEEKLY,)}, {"NFO": (MONTHLY,)})
    assert rules.last_of_month("NIFTY", 2026, 11) == date(2026, 11, 20)
    assert rules.last_of_month("TCS", 2026, 10, "NFO") == date(2026, 10, 27)
    assert rules.last_of_month("TCS", 2026, 10) is None
    assert rules.last_of_month("NIFTY", 2025, 12) is None
    assert rules.last_of_month("NIFTY", 2027, 1) is None
