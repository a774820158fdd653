"""The mark of a leg: which price, from where, and the bounds when there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.numbers import ZERO
from engine.domain.snapshot import Book
from engine.domain.values import Unknown
from engine.facts.mark import last_price, mark
from tests.facts.build import (
    CE,
    DEPTH,
    LAST,
    NAME,
    NOT_READ,
    NOW,
    at,
    bounds,
    d,
    field,
    future,
    leg,
    one_leg,
    quote,
    snapshot,
    view,
)

SOLD = leg(sold=(75, 100), last=90)


@pytest.mark.parametrize(
    ("last", "bid", "ask", "expected"),
    [
        pytest.param(101, 100, 102, 101, id="inside"),
        pytest.param(100, 100, 102, 100, id="at-the-bid"),
        pytest.param(102, 100, 102, 102, id="at-the-offer"),
        pytest.param(90, 100, 102, 100, id="below: the bid is nearer"),
        pytest.param(300, 100, 102, 102, id="above: the offer is nearer"),
        pytest.param(None, 100, 100, 100, id="no trade, no spread"),
    ],
)
def test_with_both_sides_the_mark_is_known(last: int, bid: int, ask: int, expected: int) -> None:
    seen = view(snapshot([SOLD], quotes=[quote(CE, last, bid, ask)]), DEPTH)
    assert mark(seen, SOLD) == d(expected)


@pytest.mark.parametrize(
    ("last", "bid", "ask", "low", "high", "cause"),
    [
        pytest.param(101, 100, None, d(100), None, f"no offer for {NAME}", id="no-offer"),
        pytest.param(101, None, 102, ZERO, d(102), f"no bid for {NAME}", id="no-bid"),
        pytest.param(101, None, None, ZERO, None, f"no bid and no offer for {NAME}", id="empty-book"),
        pytest.param(101, 0, 102, ZERO, d(102), f"no bid for {NAME}", id="a bid of zero is none"),
        pytest.param(None, 100, 102, d(100), d(102), f"no trade of {NAME} today", id="no-trade"),
        pytest.param(101, 103, 102, ZERO, None, f"bid above offer for {NAME}", id="crossed"),
    ],
)
def test_with_a_side_missing_the_mark_is_an_interval(last, bid, ask, low, high, cause) -> None:
    value = mark(view(snapshot([SOLD], quotes=[quote(CE, last, bid, ask)]), DEPTH), SOLD)
    assert bounds(value) == (low, high)
    assert isinstance(value, Unknown)
    assert value.causes == (cause,)


def test_a_future_has_no_lower_bound() -> None:
    row = leg(future(), bought=(75, 24000))
    seen = view(snapshot([row], quotes=[quote(row.instrument, 24000, None, 24010)]), DEPTH)
    assert bounds(mark(seen, row)) == (None, d(24010))
    assert bounds(mark(view(snapshot([row]), DEPTH), row)) == (None, None)


@pytest.mark.parametrize(
    ("quotes", "cause"),
    [
        pytest.param([], f"no quote for {NAME}", id="no-quote"),
        pytest.param(NOT_READ, "quotes not read: the call timed out", id="not-read"),
        pytest.param([quote(CE, None, depth=False)], f"no price in the quote of {NAME}", id="quote-without-a-price"),
    ],
)
def test_without_a_quote_a_sold_option_may_cost_anything_from_nothing_up(quotes: object, cause: str) -> None:
    value = mark(view(snapshot([SOLD], quotes=quotes), DEPTH), SOLD)
    assert value == Unknown((cause,), ZERO, None)


def test_a_quote_without_depth_gives_its_last_trade() -> None:
    seen = view(snapshot([SOLD], quotes=[quote(CE, 95, depth=False)]), DEPTH)
    assert mark(seen, SOLD) == d(95)


@pytest.mark.parametrize(
    ("age", "max_age", "known"),
    [
        pytest.param("10", None, True, id="exactly at the limit is fresh"),
        pytest.param("10.001", None, False, id="beyond"),
        pytest.param("5", 5, True, id="at a policy's tighter limit"),
        pytest.param("5.001", 5, False, id="beyond a policy's tighter limit"),
        pytest.param("10.001", 60, False, id="a policy cannot loosen"),
    ],
)
def test_a_quote_grows_stale(age: str, max_age: int | None, known: bool) -> None:
    reading = snapshot([SOLD], quotes=[quote(CE, 101, 100, 102)])
    now = NOW + timedelta(milliseconds=int(d(age) * 1000))
    fresh = replace(reading, positions=replace(reading.positions, taken_at=now))
    demands = {} if max_age is None else {"max_age": timedelta(seconds=max_age)}
    value = mark(view(fresh, DEPTH, now=now, **demands), SOLD)
    assert isinstance(value, Unknown) is not known


def test_a_stale_quote_says_how_old_it_is() -> None:
    reading = snapshot([SOLD], quotes=[quote(CE, 101, 100, 102)])
    value = mark(view(reading, DEPTH, now=NOW + timedelta(seconds=34)), SOLD)
    assert value == Unknown((f"quote of {NAME} is 34s old (limit 10s)",), ZERO, None)


def test_nothing_grows_stale_after_the_close() -> None:
    reading = snapshot([SOLD], quotes=[quote(CE, 101, 100, 102)], taken_at=at("15:29:59"))
    assert mark(view(reading, DEPTH, now=at("15:30:00") + timedelta(hours=1)), SOLD) == d(101)


def test_a_doubted_price_is_not_used() -> None:
    doubted = ((SOLD.key, "it jumped 80 % while NIFTY stood still"),)
    for account, quotes in ((DEPTH, [quote(CE, 101, 100, 102)]), (LAST, [])):
        value = mark(view(snapshot([SOLD], quotes=quotes, doubted=doubted), account), SOLD)
        expected = f"price of {NAME} not believed: it jumped 80 % while NIFTY stood still"
        assert value == Unknown((expected,), ZERO, None)


def test_the_last_trade_basis_reads_the_row_and_no_quote() -> None:
    assert mark(view(snapshot([SOLD], quotes=[quote(CE, 200, 199, 201)]), LAST), SOLD) == d(90)


@pytest.mark.parametrize("price", [None, 0, -1])
def test_a_row_without_a_believable_price_is_unknown_and_never_zero(price: int | None) -> None:
    row = leg(sold=(75, 100), last=price)
    assert mark(view(snapshot([row]), LAST), row) == Unknown((f"no last price of {NAME}",), ZERO, None)


def test_last_price_is_the_quotes_where_depth_is_read_else_the_rows() -> None:
    reading = snapshot([SOLD], quotes=[quote(CE, 300, 100, 102)])
    assert last_price(view(reading, DEPTH), SOLD) == d(300)
    assert last_price(view(reading, LAST), SOLD) == d(90)
    assert isinstance(last_price(view(snapshot([SOLD]), DEPTH), SOLD), Unknown)


def test_the_quote_fields_of_a_row() -> None:
    deal = quote(CE, 101, 100, 102, traded_at=at("10:55:00"))
    seen = view(snapshot([SOLD], quotes=[deal]), DEPTH, now=NOW + timedelta(seconds=4))
    row = one_leg(seen)
    assert field("bid", seen, row) == d(100)
    assert field("ask", seen, row) == d(102)
    assert field("quote_age", seen, row) == d(4)
    assert field("trade_age", seen, row) == d(304)
    spread = field("spread_pct", seen, row)
    assert not isinstance(spread, Unknown)
    assert round(spread, 6) == d("1.980198")


def test_the_age_of_a_stale_quote_is_still_known() -> None:
    seen = view(snapshot([SOLD], quotes=[quote(CE, 101, 100, 102)]), DEPTH, now=NOW + timedelta(seconds=34))
    assert field("quote_age", seen, SOLD) == d(34)
    assert isinstance(field("bid", seen, SOLD), Unknown)


@pytest.mark.parametrize(
    ("behind", "limit", "known"),
    [
        pytest.param(60, 10, True, id="exactly a minute"),
        pytest.param(61, 10, False, id="more than a minute"),
        pytest.param(100, 20, True, id="exactly five times the age a quote may have"),
        pytest.param(101, 20, False, id="more than that"),
        pytest.param(60, 2, True, id="never less than a minute"),
    ],
)
def test_a_quote_that_froze_behind_the_others_is_stale(behind: int, limit: int, known: bool) -> None:
    index = quote(future(), 24000, 23999, 24001, as_of=NOW)
    frozen = quote(CE, 101, 100, 102, as_of=NOW - timedelta(seconds=behind))
    account = replace(DEPTH, profile=replace(DEPTH.profile, quotes_max_age=timedelta(seconds=limit)))
    value = mark(view(snapshot([SOLD], quotes=[frozen, index]), account), SOLD)
    assert isinstance(value, Unknown) is not known
    closed = snapshot([SOLD], quotes=[frozen, index], taken_at=at("16:00:00"))
    assert mark(view(closed, account), SOLD) == d(101)


def test_a_frozen_quote_says_how_far_it_is_behind() -> None:
    stamps = {"as_of": NOW - timedelta(minutes=40)}
    seen = view(snapshot([SOLD], quotes=[quote(CE, 101, 100, 102, **stamps), quote(future(), 1, as_of=NOW)]), DEPTH)
    cause = f"quote of {NAME} is 40m behind the newest quote (limit 1m)"
    assert mark(seen, SOLD) == Unknown((cause,), ZERO, None)
    assert bounds(field("bid", seen, SOLD)) == (ZERO, None)
    assert field("quote_age", seen, SOLD) == ZERO


def test_the_stamps_of_one_answer_are_compared_with_each_other_only() -> None:
    ahead = quote(future(), 24000, as_of=NOW + timedelta(hours=1))
    minute_old = quote(CE, 101, 100, 102, as_of=NOW - timedelta(seconds=60))
    assert mark(view(snapshot([SOLD], quotes=[minute_old, ahead]), DEPTH), SOLD) == d(101)
    assert mark(view(snapshot([SOLD], quotes=[replace(minute_old, as_of=None), ahead]), DEPTH), SOLD) == d(101)
    book = Book((minute_old,), NOW, NOW + timedelta(seconds=0))
    assert mark(view(snapshot([SOLD], quotes=book), DEPTH), SOLD) == d(101)
    late = Book((replace(minute_old, as_of=NOW - timedelta(seconds=61)),), NOW, NOW)
    assert isinstance(mark(view(snapshot([SOLD], quotes=late), DEPTH), SOLD), Unknown)
