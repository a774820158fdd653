"""Exact numbers: digit for digit from a text, refused when absurd, one canonical spelling."""

from datetime import timedelta
from decimal import ROUND_UP, Context, Decimal, localcontext

import pytest

from engine.domain.numbers import CONTEXT, MAX_DIGITS, canonical, exact, rounded, seconds_of, span_of, sum_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("-0.50", "-0.50"),
        (" 12.5 ", "12.5"),
        ("1E3", "1E3"),
        ("+7", "7"),
        ("0.1", "0.1"),
        ("00123", "123"),
        ("9" * MAX_DIGITS, "9" * MAX_DIGITS),
    ],
)
def test_a_number_is_read_digit_for_digit(text: str, number: str) -> None:
    assert exact(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1,000",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1e999999",
        "1e-999999",
        "9" * (MAX_DIGITS + 1),
        "1E31",
        "1E-31",
        "0x10",
        "1 2",
        "--1",
        "1" * 1_000_000,
    ],
)
def test_what_is_no_sane_number_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="number") as caught:
        exact(text)
    assert len(str(caught.value)) < 120


def test_zero_with_any_exponent_costs_nothing() -> None:
    assert exact("0E+5") == 0
    assert canonical(Decimal("0E-30")) == "0"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("-0", "0"),
        ("-0.50", "-0.5"),
        ("100", "100"),
        ("1E3", "1000"),
        ("1.10", "1.1"),
        ("0.000", "0"),
        ("1E-7", "0.0000001"),
        ("120.00", "120"),
    ],
)
def test_there_is_one_spelling(number: str, text: str) -> None:
    assert canonical(Decimal(number)) == text


def test_equal_numbers_are_spelt_alike() -> None:
    assert canonical(Decimal("5.0")) == canonical(Decimal(5)) == canonical(Decimal("0.5E1"))


def test_the_context_holds_products_of_the_largest_amounts() -> None:
    largest = Decimal("9" * 18 + "." + "9" * 8)
    assert CONTEXT.multiply(largest, Decimal("0.01")) == largest.scaleb(-2)


def test_a_sum_is_exact_and_of_nothing_zero() -> None:
    large = Decimal("123456789012345678.12345678")
    with localcontext(Context(prec=3)):
        assert sum_of([large, Decimal("0.00000001"), Decimal(-1)]) == Decimal("123456789012345677.12345679")
        assert sum_of([]) == 0


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [("2.5", 0, "2"), ("3.5", 0, "4"), ("1234567.125", 2, "1234567.12"), ("-0.0004", 3, "-0.000"), ("7", 2, "7.00")],
)
def test_rounding_is_to_even(number: str, places: int, text: str) -> None:
    with localcontext(Context(prec=3, rounding=ROUND_UP)):
        assert str(rounded(Decimal(number), places)) == text


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        (timedelta(0), "0"),
        (timedelta(days=400, seconds=1, microseconds=1), "34560001.000001"),
        (timedelta(microseconds=-1), "-0.000001"),
        (timedelta(hours=2), "7200"),
    ],
)
def test_a_span_is_exact_seconds_and_back(span: timedelta, seconds: str) -> None:
    with localcontext(Context(prec=3)):
        assert canonical(seconds_of(span)) == seconds
        assert span_of(Decimal(seconds)) == span


def test_what_is_below_a_microsecond_is_cut_off() -> None:
    assert span_of(Decimal("0.0000019")) == timedelta(microseconds=1)
