"""Interval arithmetic: bounds as tight as can be, exact to the last digit, never falsely certain."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from engine.domain import values
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value, bounds, compare, interval, merge_causes, show_bounds, unknown

D = Decimal


def number(text: str) -> Value:
    """`3`, `1..5`, `..5`, `1..`, `..`."""
    if ".." not in text:
        return D(text)
    low, high = text.split("..")
    return Unknown(("dim",), D(low) if low else None, D(high) if high else None)


def shape(value: Value) -> str:
    if isinstance(value, Unknown):
        low, high = ("" if end is None else f"{end.normalize():f}" for end in (value.low, value.high))
        return f"{low}..{high}"
    assert isinstance(value, Decimal)
    return f"{value.normalize():f}"


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("1", "2", "3"),
        ("1", "2..3", "3..4"),
        ("..1", "2..3", "..4"),
        ("1..", "2..3", "3.."),
        ("..1", "2..", ".."),
        ("..", "5", ".."),
        ("-1..1", "-1..1", "-2..2"),
    ],
)
def test_add(left: str, right: str, wanted: str) -> None:
    assert shape(values.add(number(left), number(right))) == wanted
    assert shape(values.add(number(right), number(left))) == wanted


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("1", "2", "-1"),
        ("1", "2..3", "-2..-1"),
        ("1..", "2..3", "-2.."),
        ("1", "..3", "-2.."),
        ("1..2", "1..2", "-1..1"),
    ],
)
def test_subtract(left: str, right: str, wanted: str) -> None:
    assert shape(values.subtract(number(left), number(right))) == wanted


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("2", "3", "6"),
        ("2", "1..3", "2..6"),
        ("-2", "1..3", "-6..-2"),
        ("0", "..", "0"),
        ("0", "1..", "0"),
        ("-1..2", "3..4", "-4..8"),
        ("-1..2", "-3..4", "-6..8"),
        ("2", "1..", "2.."),
        ("-2", "1..", "..-2"),
        ("0..", "0..", "0.."),
        ("0..", "..0", "..0"),
        ("..", "..", ".."),
        ("-1..1", "5..", ".."),
        ("0..1", "5..", "0.."),
        ("..-1", "..-1", "1.."),
        ("0..1", "..", ".."),
    ],
)
def test_multiply(left: str, right: str, wanted: str) -> None:
    assert shape(values.multiply(number(left), number(right))) == wanted
    assert shape(values.multiply(number(right), number(left))) == wanted


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("6", "3", "2"),
        ("6", "0", ".."),
        ("0", "0", ".."),
        ("6", "1..3", "2..6"),
        ("6", "-3..-1", "-6..-2"),
        ("6", "-1..1", ".."),
        ("6", "0..1", ".."),
        ("6", "..0", ".."),
        ("6", "2..", "0..3"),
        ("-6", "2..", "-3..0"),
        ("6", "..-2", "-3..0"),
        ("1..", "2..4", "0.25.."),
        ("..1", "2..4", "..0.5"),
        ("..", "2", ".."),
        ("1..2", "2..", "0..1"),
        ("1..", "2..", "0.."),
        ("0", "2..4", "0"),
    ],
)
def test_divide(left: str, right: str, wanted: str) -> None:
    assert shape(values.divide(number(left), number(right))) == wanted


def test_the_exact_quotient_lies_within_the_bounds() -> None:
    # By way of a rounded inverse the upper bound would be 0.999…9, and 3 ÷ 3 outside it.
    assert compare("<", values.divide(D(3), number("3..6")), D(1)) is Truth.UNKNOWN
    for left, right in product(range(1, 40), repeat=2):
        low, high = bounds(values.divide(D(left), Unknown(("dim",), D(right), D(right + 1))))
        exact = values.divide(D(left), D(right))
        assert isinstance(exact, Decimal)
        assert low is not None
        assert high is not None
        assert low <= exact <= high


def test_division_by_zero_says_so() -> None:
    result = values.divide(D(1), D(0))
    assert isinstance(result, Unknown)
    assert result.cause == "division by zero"


@pytest.mark.parametrize(
    ("given", "least", "greatest"),
    [
        (["3", "1", "2"], "1", "3"),
        (["3", "1..2"], "1..2", "3"),
        (["3", "1..5"], "1..3", "3..5"),
        (["3", ".."], "..3", "3.."),
        (["1..2", "3..4"], "1..2", "3..4"),
        (["3", "3..5"], "3", "3..5"),
        (["3", "1..3"], "1..3", "3"),
        ([".."], "..", ".."),
        (["..1", "2"], "..1", "2"),
    ],
)
def test_least_and_greatest(given: list[str], least: str, greatest: str) -> None:
    assert shape(values.least(map(number, given))) == least
    assert shape(values.greatest(map(number, given))) == greatest
    assert shape(values.least(map(number, reversed(given)))) == least


def test_over_nothing() -> None:
    assert values.total(()) == D(0)
    for extreme in (values.least(()), values.greatest(())):
        assert isinstance(extreme, Unknown)
        assert "no rows" in extreme.cause


def test_a_total_of_unknown_legs_keeps_every_cause_once() -> None:
    result = values.total([D(1), Unknown(("A",), D(0), D(1)), Unknown(("B", "A"), D(0), None)])
    assert isinstance(result, Unknown)
    assert (result.causes, result.low, result.high) == (("A", "B"), D(1), None)


OPERATORS = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
             "==": lambda a, b: a == b, "!=": lambda a, b: a != b}  # fmt: skip
RANGES = ["0", "1", "2", "0..1", "1..2", "0..2", "..1", "1..", ".."]


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(("left", "right"), list(product(RANGES, repeat=2)))
def test_a_comparison_is_what_every_completion_gives(operator: str, left: str, right: str) -> None:
    def within(text: str) -> list[Decimal]:
        low, high = bounds(number(text))
        return [
            D(n) / 2 for n in range(-4, 9) if (low is None or D(n) / 2 >= low) and (high is None or D(n) / 2 <= high)
        ]

    answers = {OPERATORS[operator](one, other) for one, other in product(within(left), within(right))}
    wanted = Truth.of(answers.pop()) if len(answers) == 1 else Truth.UNKNOWN
    assert compare(operator, number(left), number(right)) is wanted


def test_texts_and_dates_compare_when_both_are_known() -> None:
    assert compare("==", "A", "A") is Truth.TRUE
    assert compare("!=", "A", unknown("not told")) is Truth.UNKNOWN
    assert compare("<", date(2026, 1, 1), date(2026, 1, 2)) is Truth.TRUE
    assert compare("==", D(1) == D(1), unknown("not told")) is Truth.UNKNOWN


def test_bounds_that_meet_are_a_number() -> None:
    assert interval(D(1), D(1), ("dim",)) == D(1)
    assert isinstance(interval(None, None, ("dim",)), Unknown)
    with pytest.raises(TypeError):
        bounds("text")


def test_causes_are_merged_in_order_once() -> None:
    assert merge_causes([D(1), unknown("B"), unknown("A"), unknown("B")]) == ("B", "A")


@pytest.mark.parametrize(
    ("text", "shown"), [("-200..50", "between -200 and 50"), ("3..", "at least 3"), ("..3", "at most 3"), ("..", "")]
)
def test_bounds_in_words(text: str, shown: str) -> None:
    value = number(text)
    assert isinstance(value, Unknown)
    assert show_bounds(value) == shown
