"""Margin, capital and exposure of an account, known and unknown."""

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.numbers import ZERO
from engine.domain.snapshot import Missing
from engine.domain.truth import Truth
from engine.domain.values import Unknown, compare
from engine.facts.money import LEAST_CAPITAL
from tests.facts.build import NOW, bounds, d, fact, funds, future, leg, option, snapshot, view

NO_FUNDS = Missing("the call timed out")


def with_funds(**figures: Any) -> Any:
    return view(snapshot(money=funds(**figures)))


def test_margin_as_told() -> None:
    seen = with_funds(margin_used=900, margin_available=100)
    assert fact("margin_used", seen) == d(900)
    assert fact("margin_available", seen) == d(100)
    assert fact("margin_used_pct", seen) == d(90)


@pytest.mark.parametrize(
    ("used", "available", "expected"),
    [
        pytest.param(100, -20, d(125), id="overdrawn"),
        pytest.param(100, -100, (d(100), None), id="overdrawn by all of it: at least all"),
        pytest.param(100, -150, (d(100), None), id="overdrawn beyond all"),
        pytest.param(0, 0, (ZERO, None), id="an empty account"),
        pytest.param(None, 100, (ZERO, None), id="used not told"),
        pytest.param(100, None, (ZERO, None), id="available not told"),
        pytest.param(0, 100, ZERO, id="nothing used"),
    ],
)
def test_margin_used_in_percent(used: Any, available: Any, expected: Any) -> None:
    value = fact("margin_used_pct", with_funds(margin_used=used, margin_available=available))
    assert (bounds(value) if isinstance(expected, tuple) else value) == expected


def test_an_account_overdrawn_by_all_is_over_any_margin_limit() -> None:
    value = fact("margin_used_pct", with_funds(margin_used=100, margin_available=-150))
    assert compare(">=", value, d(90)) is Truth.TRUE


def test_unread_funds_are_unknown_and_never_zero() -> None:
    seen = view(snapshot(money=NO_FUNDS))
    for name in ("margin_used", "margin_available", "margin_used_pct", "capital"):
        value = fact(name, seen)
        assert isinstance(value, Unknown)
        assert value.causes == ("funds not read: the call timed out",)


@pytest.mark.parametrize(("age", "known"), [("60", True), ("60.001", False)])
def test_funds_are_stale_after_a_minute(age: str, known: bool) -> None:
    now = NOW + timedelta(milliseconds=int(d(age) * 1000))
    seen = view(snapshot(money=funds(margin_used=1, margin_available=1)), now=now)
    assert isinstance(fact("margin_used", seen), Unknown) is not known


def test_capital_stays_known_when_the_funds_are_not() -> None:
    first = with_funds(capital=500_000)
    later = snapshot(money=NO_FUNDS, taken_at=NOW + timedelta(minutes=5))
    assert fact("capital", view(later, memory=first.memory)) == d(500_000)


@pytest.mark.parametrize("capital", [None, 0])
def test_a_capital_of_nothing_is_not_told_so_no_percent_of_it_fires(capital: int | None) -> None:
    value = fact("capital", with_funds(capital=capital))
    assert value == Unknown(("capital not told by the broker",), LEAST_CAPITAL, None)
    assert compare("<=", value, ZERO) is Truth.FALSE


BOOK = [
    leg(option(24000), sold=(75, 100), last=90),
    leg(option(24500), bought=(75, 50), last=40),
    leg(future(), bought=(50, 24000), last=24010),
]


def test_exposure_adds_options_by_premium_and_futures_by_price() -> None:
    seen = view(snapshot(BOOK, money=funds(capital=600_000)))
    assert fact("gross_exposure", seen) == d(75 * 90 + 75 * 40 + 50 * 24010)
    assert fact("net_exposure", seen) == d(-75 * 90 + 75 * 40 + 50 * 24010)
    assert round(fact("leverage", seen), 4) == d("2.0171")  # type: ignore[arg-type, call-overload]


def test_exposure_with_an_unknown_price_is_an_interval() -> None:
    seen = view(snapshot([leg(sold=(75, 100)), BOOK[1]], money=funds(capital=1000)))
    assert bounds(fact("gross_exposure", seen)) == (d(3000), None)
    assert bounds(fact("net_exposure", seen)) == (None, d(3000))
    assert bounds(fact("leverage", seen)) == (d(3), None)


def test_a_future_without_a_price_still_has_no_negative_gross_exposure() -> None:
    seen = view(snapshot([leg(future(), bought=(50, 24000))]))
    assert bounds(fact("gross_exposure", seen)) == (ZERO, None)
    assert bounds(fact("net_exposure", seen)) == (None, None)


def test_leverage_needs_capital() -> None:
    assert bounds(fact("leverage", view(snapshot(BOOK)))) == (ZERO, bounds(fact("leverage", view(snapshot(BOOK))))[1])
    assert isinstance(fact("leverage", view(snapshot(BOOK))), Unknown)
