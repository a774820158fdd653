"""Mark-to-market on the day basis: worked legs, intervals, and that its parts add up to it exactly."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.enums import Right
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Book, Leg
from engine.domain.truth import Truth
from engine.domain.values import Unknown, add, compare
from engine.domain.values import bounds as ends
from engine.facts.pnl import account_mtm, account_realized, account_unrealized, leg_mtm, leg_realized, leg_unrealized
from tests.facts.build import (
    CE,
    DEPTH,
    LAST,
    NAME,
    NOT_READ,
    NOW,
    bounds,
    d,
    fact,
    field,
    future,
    leg,
    option,
    quote,
    snapshot,
    view,
)


@pytest.mark.parametrize(
    ("row", "mtm", "realized"),
    [
        pytest.param(leg(sold=(75, 100), last=90), 750, 0, id="short opened today, in profit"),
        pytest.param(leg(sold=(75, 100), last=130), -2250, 0, id="short opened today, in loss"),
        pytest.param(leg(bought=(75, 40), last=55), 1125, 0, id="long opened today"),
        pytest.param(leg(sold=(75, 100), bought=(75, 130), last=500), -2250, -2250, id="closed leg needs no price"),
        pytest.param(leg(opening=-75, settled=100, last=110), -750, 0, id="carried short from the settlement"),
        pytest.param(leg(opening=-75, settled=100, bought=(75, 90)), 750, 750, id="carried short bought back"),
        pytest.param(leg(opening=150, settled=20, sold=(75, 30), last=25), 1125, 750, id="carried long, half sold"),
        pytest.param(leg(sold=(150, 100), bought=(75, 120), last=110), -2250, -1500, id="half bought back"),
        pytest.param(leg(opening=-75, settled=100, bought=(150, 90), last=95), 1125, 750, id="flip"),
        pytest.param(leg(future(), bought=(50, 100), last=101, factor=1000), 50000, 0, id="contract factor"),
    ],
)
def test_a_leg(row: Leg, mtm: int, realized: int) -> None:
    seen = view(snapshot([row]))
    assert leg_mtm(seen, row) == d(mtm)
    assert leg_realized(row) == d(realized)
    assert leg_unrealized(seen, row) == d(mtm) - d(realized)


def test_a_brokers_worked_example_of_a_carried_future() -> None:
    row = leg(future("GOLD"), opening=3, settled=23232, bought=(1, 23388), sold=(4, 23340), last=23355)
    assert leg_mtm(view(snapshot([row])), row) == d(276)


def test_an_unknown_short_option_has_lost_at_least_nothing_known_and_won_at_most_its_premium() -> None:
    row = leg(sold=(75, 100))
    assert bounds(leg_mtm(view(snapshot([row])), row)) == (None, d(7500))


def test_an_unknown_long_option_has_lost_at_most_what_was_paid() -> None:
    row = leg(bought=(75, 100))
    assert bounds(leg_mtm(view(snapshot([row])), row)) == (d(-7500), None)


def test_an_unknown_future_can_be_anything() -> None:
    row = leg(future(), bought=(75, 24000))
    assert bounds(leg_mtm(view(snapshot([row])), row)) == (None, None)


def test_a_short_option_without_an_offer_has_lost_at_least_down_to_the_bid() -> None:
    row = leg(sold=(75, 100))
    seen = view(snapshot([row], quotes=[quote(CE, 190, 200, None)]), DEPTH)
    assert bounds(leg_mtm(seen, row)) == (None, d(-7500))
    assert bounds(fact("loss", seen)) == (d(7500), None)
    assert compare(">=", fact("loss", seen), d(7000)) is Truth.TRUE
    assert compare(">=", fact("loss", seen), d(10000)) is Truth.UNKNOWN


def test_without_the_settlement_a_carried_leg_is_unknown_and_says_why() -> None:
    row = leg(opening=-75, last=20)
    seen = view(snapshot([row]))
    assert leg_mtm(seen, row) == Unknown((f"previous settlement price of {NAME} not known",), d(-1500), None)
    assert leg_realized(row) == ZERO
    part_closed = leg(opening=-75, bought=(25, 20), last=20)
    assert isinstance(leg_realized(part_closed), Unknown)


def test_the_account_sums_all_legs_and_a_known_sum_needs_all_of_them() -> None:
    closed = leg(option(23000), sold=(75, 100), bought=(75, 180), last=1)
    open_ = leg(sold=(75, 100), last=90)
    seen = view(snapshot([closed, open_]))
    assert account_mtm(seen) == d(-5250)
    assert account_realized(seen) == d(-6000)
    assert account_unrealized(seen) == d(750)
    assert fact("loss", seen) == d(5250)
    assert fact("profit", seen) == ZERO
    blind = view(snapshot([closed, leg(sold=(75, 100))]))
    assert bounds(account_mtm(blind)) == (None, d(1500))


def test_an_interval_that_is_never_a_loss_is_no_loss() -> None:
    seen = view(snapshot([leg(sold=(75, 100), bought=(75, 50)), leg(option(25000), bought=(75, 10))]))
    assert bounds(fact("mtm", seen)) == (d(3000), None)
    assert fact("loss", seen) == ZERO
    assert bounds(fact("profit", seen)) == (d(3000), None)


def test_an_empty_book_is_zero_and_an_unread_one_is_not() -> None:
    assert fact("mtm", view(snapshot([]))) == ZERO
    assert fact("mtm", view(snapshot(NOT_READ))) == Unknown(("positions not read: the call timed out",))
    assert fact("loss", view(snapshot(NOT_READ))) == Unknown(("positions not read: the call timed out",), ZERO, None)


@pytest.mark.parametrize(("age", "known"), [("6", True), ("6.001", False)])
def test_positions_are_stale_after_three_polls(age: str, known: bool) -> None:
    seen = view(snapshot([leg(sold=(75, 100), last=90)]), now=NOW + timedelta(milliseconds=int(d(age) * 1000)))
    assert isinstance(fact("mtm", seen), Unknown) is not known


def test_stale_positions_say_so() -> None:
    seen = view(snapshot([leg(sold=(75, 100), last=90)]), now=NOW + timedelta(seconds=14))
    assert fact("mtm", seen) == Unknown(("positions are 14s old (limit 6s)",))


def test_two_rows_for_one_key_are_not_added_up() -> None:
    row = leg(sold=(75, 100), last=90)
    assert fact("mtm", view(snapshot([row, row]))) == Unknown((f"positions show two rows for {NAME} (NRML)",))


def test_figures_beyond_all_reason_do_not_raise() -> None:
    row = leg(sold=("1e29", "1"), bought=("3", "1e29"), last="1e29")
    assert isinstance(leg_realized(row), Decimal)


money = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False, allow_infinity=False)
quantity = st.integers(min_value=0, max_value=200_000).map(Decimal)


@st.composite
def rows(draw: st.DrawFn) -> Leg:
    instrument = draw(st.sampled_from([option(k, r) for k in (23000, 24000) for r in Right] + [future()]))
    price = st.none() | st.decimals(min_value="0.05", max_value=30000, places=2)
    opening = draw(st.integers(-200_000, 200_000))
    return leg(
        instrument,
        bought=(draw(quantity), draw(money)),
        sold=(draw(quantity), draw(money)),
        opening=opening,
        settled=draw(money),
        last=draw(price),
        factor=draw(st.sampled_from([1, 1000])),
    )


@st.composite
def books(draw: st.DrawFn) -> list[Leg]:
    return list({row.key: row for row in draw(st.lists(rows(), max_size=5))}.values())


@given(books())
def test_mtm_is_realized_plus_unrealized_exactly(legs: list[Leg]) -> None:
    seen = view(snapshot(legs))
    for whole, one, other in (
        (account_mtm(seen), account_realized(seen), account_unrealized(seen)),
        *((leg_mtm(seen, row), leg_realized(row), leg_unrealized(seen, row)) for row in legs),
    ):
        assert ends(add(one, other)) == ends(whole)


@given(books(), st.integers(1, 100_000).map(Decimal), st.integers(0, 500), st.booleans())
def test_an_unknown_leg_never_turns_an_undecided_loss_into_a_clear_one(
    legs: list[Leg], limit: Decimal, price: int, short: bool
) -> None:
    before = compare(">=", fact("loss", view(snapshot(legs))), limit)
    blind = leg(option(99000), sold=(75, price)) if short else leg(option(99000), bought=(75, price))
    after = compare(">=", fact("loss", view(snapshot([*legs, blind]))), limit)
    if before is not Truth.FALSE:
        assert after is not Truth.FALSE


@given(books(), st.integers(1, 100_000).map(Decimal))
def test_taking_a_price_away_never_contradicts_what_was_decided_with_it(legs: list[Leg], limit: Decimal) -> None:
    with_price = compare(">=", fact("loss", view(snapshot(legs))), limit)
    blind = [replace(row, last_price=None) for row in legs]
    without = compare(">=", fact("loss", view(snapshot(blind))), limit)
    assert without in (with_price, Truth.UNKNOWN)


@given(
    bid=st.none() | st.decimals("0.05", 1000, places=2),
    ask=st.none() | st.decimals("0.05", 1000, places=2),
    last=st.none() | st.decimals("0.05", 1000, places=2),
)
def test_a_mark_lies_between_bid_and_offer(bid: Decimal | None, ask: Decimal | None, last: Decimal | None) -> None:
    row = leg(sold=(75, 100))
    seen = view(snapshot([row], quotes=[quote(CE, last, bid, ask)]), DEPTH)
    low, high = ends(field("mark", seen, row))
    if bid is not None and ask is not None and bid <= ask:
        assert low is not None
        assert high is not None
        assert bid <= low <= high <= ask


def test_the_book_is_stale_only_while_the_session_runs() -> None:
    reading = snapshot([leg(sold=(75, 100), last=90)])
    old = Book(reading.positions.rows, NOW - timedelta(minutes=5))  # type: ignore[union-attr]
    assert isinstance(fact("mtm", view(replace(reading, positions=old), LAST)), Unknown)
    evening = NOW + timedelta(hours=6)
    assert fact("mtm", view(reading, LAST, now=evening)) == d(750)
