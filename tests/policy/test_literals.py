"""Literals, from text to exact value and kind: what `parse_literal` reads in a YAML value."""

from decimal import Decimal

import pytest

from engine.domain.kinds import DURATION, MONEY, NUMBER, PERCENT, TIME, Type
from engine.policy.literals import parse_duration, parse_literal, parse_time


@pytest.mark.parametrize(
    ("text", "value", "type_", "bare"),
    [
        ("0", "0", NUMBER, True),
        ("10_000", "10000", NUMBER, True),
        ("10,000", "10000", NUMBER, True),
        ("1,00,000", "100000", NUMBER, True),
        ("1,000,000", "1000000", NUMBER, True),
        ("10,000.50", "10000.5", NUMBER, True),
        ("50k", "50000", NUMBER, True),
        ("50 k", "50000", NUMBER, True),
        ("2.5 lakh", "250000", NUMBER, True),
        ("1.5 crore", "15000000", NUMBER, True),
        ("10,000 INR", "10000", MONEY, False),
        ("2 lakh INR", "200000", MONEY, False),
        ("-5k", "-5000", NUMBER, True),
        ("- 5k", "-5000", NUMBER, True),
        ("5%", "5", PERCENT, False),
        ("0.5 %", "0.5", PERCENT, False),
        ("30s", "30", DURATION, False),
        ("5m", "300", DURATION, False),
        ("1h30m", "5400", DURATION, False),
        ("1.5h", "5400", DURATION, False),
        ("90m", "5400", DURATION, False),
        ("9:15", "33300", TIME, False),
        ("15:20:30", "55230", TIME, False),
        ("24:00", "86400", TIME, False),
        ("0.000000000000000000000000000001", "1E-30", NUMBER, True),
        ("999999999999999999999999999999", "999999999999999999999999999999", NUMBER, True),
    ],
)
def test_a_literal(text: str, value: str, type_: Type, bare: bool) -> None:
    literal = parse_literal(text)
    assert literal is not None
    assert (literal.value, literal.type, literal.bare) == (Decimal(value), type_, bare)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "k", "lakh", "10,00", "1,0000", "10,000,00", ",000", "10,,000", "1_", "_1", "1__0", "1.", ".5",
        "5 %%", "%", "5s5m", "5 s", "s", "h", "25:00", "24:01", "12:60", "1:2", "1:234", "::", "1e5", "0x1", "NaN",
        "Infinity", "५०", "１０", "10.000.000", "50K", "5kk", "10 inr", "10 RUPEES", "--5", "+5", "5-",
        "1000000000000000000000000000000", "9" * 400, "0." + "0" * 40 + "1", "10 000", "5 lakhs5",
    ],
)  # fmt: skip
def test_no_literal(text: str) -> None:
    assert parse_literal(text) is None


def test_a_sign_keeps_every_digit() -> None:
    literal = parse_literal("-" + "9" * 30)
    assert literal is not None
    assert literal.value == Decimal("-" + "9" * 30)


def test_a_duration_and_a_time_are_not_each_other() -> None:
    assert parse_duration("5m") == 300
    assert parse_duration("5:00") is None
    assert parse_duration("5") is None
    assert parse_time("5:00") == 18000
    assert parse_time("5m") is None


def test_the_currency_is_kept_as_written() -> None:
    literal = parse_literal("10 USD")
    assert literal is not None
    assert literal.currency == "USD"
