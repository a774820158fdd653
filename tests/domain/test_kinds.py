"""Values as people and machines read them: exact, with their unit, whatever their size."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.domain import kinds
from engine.domain.enums import Mode, Weekday
from engine.domain.kinds import (
    BOOL,
    DATE,
    DURATION,
    INSTANT,
    MONEY,
    NUMBER,
    PERCENT,
    TEXT,
    TIME,
    Kind,
    Type,
    canonical_value,
    choice,
    count_of,
    show,
    unit_of,
)
from engine.domain.values import Unknown, Value, unknown

INDIA = ZoneInfo("Asia/Kolkata")
LOTS = count_of("lots")
D = Decimal


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (D("4180"), MONEY, "4,180.00 INR"),
        (D("-1234567.5"), MONEY, "-1,234,567.50 INR"),
        (D("0.125"), MONEY, "0.125 INR"),
        (D("0.00001"), MONEY, "0.00 INR"),
        (D("0"), MONEY, "0.00 INR"),
        (D("92.5"), PERCENT, "92.5 %"),
        (D("33.33333333"), PERCENT, "33.3333 %"),
        (D("45"), DURATION, "45s"),
        (D("90"), DURATION, "1m30s"),
        (D("60"), DURATION, "1m"),
        (D("7500"), DURATION, "2h05m"),
        (D("0"), DURATION, "0s"),
        (D("-90.5"), DURATION, "-1m30s"),
        (D("9.5"), DURATION, "9.5s"),
        (D("53100"), TIME, "14:45"),
        (D("53130"), TIME, "14:45:30"),
        (D("2"), LOTS, "2 lots"),
        (D("3"), Type(Kind.COUNT), "3"),
        (D("3.14159265"), NUMBER, "3.141593"),
        (D("100"), NUMBER, "100"),
        (True, BOOL, "yes"),
        (False, BOOL, "no"),
        ("NIFTY", TEXT, "NIFTY"),
        (Weekday.TUE, choice(Weekday), "TUE"),
        (date(2026, 11, 24), DATE, "2026-11-24"),
        (datetime(2026, 11, 24, 4, 30, tzinfo=UTC), INSTANT, "2026-11-24 10:00:00"),
        (unknown("no quote"), MONEY, "unknown (no quote)"),
        (Unknown(("no quote",), D(-200), D(50)), MONEY, "unknown (between -200.00 INR and 50.00 INR; no quote)"),
    ],
)
def test_a_value_as_a_person_reads_it(value: Value, type_: Type, text: str) -> None:
    assert show(value, type_, "INR", INDIA) == text


@pytest.mark.parametrize("type_", [MONEY, PERCENT, DURATION, TIME, LOTS, NUMBER])
@pytest.mark.parametrize("number", ["1E30", "-1E30", "1E-30", "9" * 34, "0.3333333333333333333333333333333333", "1E60"])
def test_no_number_is_too_absurd_to_be_shown(type_: Type, number: str) -> None:
    assert show(D(number), type_, "INR", INDIA)


def test_money_loses_no_digit() -> None:
    assert kinds.show_money(D("1234567890123456789012345678901.25"), "INR").startswith("1,234,567,890")
    assert kinds.show_money(D("1234567890123456789012345678901.25"), "INR").endswith("901.25 INR")


@pytest.mark.parametrize(
    ("value", "type_", "machine"),
    [
        (D("-0.50"), MONEY, "-0.5"),
        (D("53100"), TIME, "14:45"),
        (D("90"), DURATION, "90"),
        (True, BOOL, True),
        (unknown("no quote"), MONEY, None),
        (Mode.DRY_RUN, choice(Mode), "dry_run"),
        (date(2026, 11, 24), DATE, "2026-11-24"),
        (datetime(2026, 11, 24, 4, 30, tzinfo=UTC), INSTANT, "2026-11-24T10:00:00+05:30"),
    ],
)
def test_a_value_as_a_machine_reads_it(value: Value, type_: Type, machine: object) -> None:
    assert canonical_value(value, type_, INDIA) == machine


def test_units() -> None:
    units = [unit_of(type_, "INR") for type_ in (MONEY, PERCENT, DURATION, LOTS, NUMBER, TIME, BOOL)]
    assert units == ["INR", "%", "s", "lots", None, None, None]


def test_a_choice_holds_the_words_an_author_writes() -> None:
    assert choice(Mode).members == ("off", "dry_run", "enforce")
    assert not choice(Mode).is_numeric
    assert MONEY.is_numeric
    assert str(TIME) == "time of day"
