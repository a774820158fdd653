"""Exact numbers: digit for digit from a text, refused when absurd, one canonical spelling."""

from decimal import Decimal

import pytest

from engine.domain.numbers import CONTEXT, MAX_DIGITS, canonical, exact


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
