"""Underlyings and expiries as rows: together they are the account, and a doubtful contract is never left out."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.enums import InstrumentKind, OrderStatus, Right
from engine.domain.instrument import LAST_OF_MONTH, Expiry, Instrument
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, total
from engine.domain.values import bounds as ends
from engine.facts.base import View, doubt_of
from engine.facts.catalogue import CATALOGUE
from engine.facts.leg_sets import By, LegSet, leg_sets, perhaps
from tests.facts.build import NOT_READ, bounds, d, fact, field, future, leg, option, order, snapshot, view

# What the account says and its underlyings add up to.
SUMS = ("mtm", "realized_pnl", "unrealized_pnl", "naked_short_lots", "short_option_legs", "long_option_legs",
        "naked_short_legs", "unprotected_short_legs", "open_positions", "gross_exposure", "net_exposure")  # fmt: skip
ODD = Instrument("NFO", "ODD", InstrumentKind.OTHER)


def rows(seen: View, plural: str) -> tuple[Any, ...]:
    found = CATALOGUE.rows[plural].rows(seen)
    assert not isinstance(found, Unknown)
    return found


def keys(seen: View, plural: str) -> list[str]:
    return [CATALOGUE.rows[plural].key(row) for row in rows(seen, plural)]


def of(seen: View, key: str, name: str, plural: str = "underlyings") -> Value:
    (row,) = [row for row in rows(seen, plural) if CATALOGUE.rows[plural].key(row) == key]
    return field(name, seen, row, plural)


quantities = st.sampled_from([(0, 0), (75, 100), (150, 90)])
prices = st.sampled_from([None, 80, 120])
known = st.builds(
    option,
    st.sampled_from([24000, 24500]),
    st.sampled_from([Right.CALL, Right.PUT]),
    underlying=st.sampled_from(["NIFTY", "SENSEX"]),
    expiry=st.sampled_from([Expiry(2026, 11, 24), Expiry(2026, 12, 1), Expiry(2026, 11, LAST_OF_MONTH)]),
    lot=st.sampled_from([75, None]),
)


def book_of(instruments: list[Instrument], draw: Callable[[Any], Any]) -> list[Leg]:
    unique = {instrument.key: instrument for instrument in instruments}
    return [leg(one, bought=draw(quantities), sold=draw(quantities), last=draw(prices)) for one in unique.values()]


@given(st.data(), st.lists(st.one_of(known, st.just(future())), max_size=6))
def test_underlyings_add_up_to_the_account(data: st.DataObject, instruments: list[Instrument]) -> None:
    seen = view(snapshot(book_of(instruments, data.draw)))
    found = rows(seen, "underlyings")
    for name in SUMS:
        assert ends(total(field(name, seen, row, "underlyings") for row in found)) == ends(fact(name, seen)), name


@given(st.data(), st.lists(known, max_size=6))
def test_the_expiries_of_an_underlying_add_up_to_what_of_it_is_open(
    data: st.DataObject, many: list[Instrument]
) -> None:
    seen = view(snapshot(book_of(many, data.draw)))
    for row in rows(seen, "underlyings"):
        own = [one for one in rows(seen, "expiries") if one.underlying == row.underlying]
        for name in ("short_lots", "long_lots", "naked_short_lots", "open_positions", "gross_exposure", "short_calls"):
            whole = field(name, seen, row, "underlyings")
            assert ends(total(field(name, seen, one, "expiries") for one in own)) == ends(whole), name


@given(
    st.data(), st.lists(known, max_size=3), st.lists(st.sampled_from(["A", "B"]), min_size=1, max_size=2, unique=True)
)
def test_whatever_a_contract_turns_out_to_be_of_was_possible(
    data: st.DataObject, instruments: list[Instrument], odd: list[str]
) -> None:
    hidden = [replace(option(24000, underlying=None), symbol=name) for name in odd]
    legs = book_of([*instruments, *hidden], data.draw)
    seen = view(snapshot(legs))
    found = rows(seen, "underlyings")
    sure = sum(doubt_of(row) is None for row in found)
    names = sorted({one.instrument.underlying for one in legs} - {None})
    for told in product([*names, "X", "Y"], repeat=len(hidden)):
        named = dict(zip(odd, told, strict=True))
        real = [_renamed(one, named) for one in legs]
        truth = view(snapshot(real))
        assert sure <= len(rows(truth, "underlyings")) <= len(found)
        for name in names:
            for one in ("mtm", "loss", "short_lots", "short_option_legs", "open_positions", "short_calls"):
                low, high = ends(of(seen, str(name), one))
                true_low, true_high = ends(of(truth, str(name), one))
                assert low is None or (true_low is not None and low <= true_low), one
                assert high is None or (true_high is not None and true_high <= high), one


def _renamed(one: Leg, named: dict[str, str]) -> Leg:
    name = named.get(one.instrument.symbol)
    if name is None:
        return one
    return replace(one, instrument=replace(one.instrument, underlying=name))


def test_rows_have_an_order_of_their_own_not_the_book_s() -> None:
    many = [option(24000, underlying="SENSEX"), option(24000, expiry=Expiry(2027, 1, 7)), option(24000)]
    legs = [leg(one, sold=(75, 100), last=90) for one in many]
    for book in (legs, legs[::-1]):
        seen = view(snapshot(book))
        assert keys(seen, "underlyings") == ["NIFTY", "SENSEX"]
        assert keys(seen, "expiries") == ["NIFTY:2026-11-24", "NIFTY:2027-01-07", "SENSEX:2026-11-24"]


def test_a_share_has_an_underlying_and_no_expiry() -> None:
    share = Instrument("NSE", "INFY", InstrumentKind.EQUITY, "INFY")
    seen = view(snapshot([leg(share, bought=(10, 1500), last=1510)]))
    assert keys(seen, "underlyings") == ["INFY"]
    assert keys(seen, "expiries") == []
    assert of(seen, "INFY", "expires_today") is False
    assert of(seen, "INFY", "mtm") == d(100)


def test_a_closed_contract_that_tells_nothing_makes_no_expiry_but_may_have_cost_one() -> None:
    seen = view(snapshot([leg(sold=(75, 100), last=90), leg(ODD, bought=(10, 50), sold=(10, 40))]))
    assert keys(seen, "expiries") == ["NIFTY:2026-11-24"]
    assert bounds(of(seen, "NIFTY:2026-11-24", "mtm", "expiries")) == (d(650), d(750))


def test_two_contracts_that_tell_nothing_may_be_of_one_underlying() -> None:
    other = Instrument("NFO", "ODDER", InstrumentKind.OTHER)
    seen = view(snapshot([leg(ODD, bought=(10, 50), last=60), leg(other, bought=(10, 50), last=70)]))
    first, second = rows(seen, "underlyings")
    assert (first.key, first.doubt, second.key) == ("NFO:ODD", None, "NFO:ODDER")
    assert second.doubt == Unknown(("underlying of NFO:ODDER not known",))
    assert bounds(of(seen, "NFO:ODD", "mtm")) == (d(100), d(300))


def test_orders_that_tell_no_underlying_count_perhaps() -> None:
    orders = [
        order("1"),
        order("2", option(24000, underlying="SENSEX")),
        order("3", ODD, status=OrderStatus.REJECTED),
        order("4", placed=None),
    ]
    seen = view(snapshot([leg(sold=(75, 100), last=90), leg(ODD, bought=(10, 50), last=60)], orders))
    assert bounds(of(seen, "NIFTY", "orders_today")) == (d(1), d(3))
    assert of(seen, "NFO:ODD", "orders_today") == d(1)
    blind = view(snapshot([leg(sold=(75, 100), last=90)], NOT_READ))
    assert bounds(of(blind, "NIFTY", "orders_today")) == (ZERO, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (d(5), (ZERO, d(5))),
        (d(-5), (d(-5), ZERO)),
        (Unknown(("why",), d(2), d(3)), (ZERO, d(3))),
        (Unknown(("why",), None, d(-3)), (None, ZERO)),
        (True, (None, None)),
    ],
)
def test_what_may_belong_counts_from_nothing(value: Value, expected: tuple[Decimal | None, Decimal | None]) -> None:
    assert bounds(perhaps(value, "it may be of another")) == expected


def test_what_adds_nothing_is_certain() -> None:
    assert perhaps(ZERO, "it may be of another") == ZERO
    assert perhaps(False, "it may be of another") is False  # noqa: FBT003


def test_a_set_of_another_day_says_that_it_is_not_there() -> None:
    seen = view(snapshot([leg(sold=(75, 100), last=90)]))
    gone = LegSet(By.UNDERLYING, "SENSEX", ("SENSEX",))
    assert field("mtm", seen, gone, "underlyings") == Unknown(("positions show no leg of SENSEX",))
    assert bounds(field("open_positions", seen, gone, "underlyings")) == (ZERO, None)
    assert isinstance(leg_sets(view(snapshot(NOT_READ)), By.EXPIRY), Unknown)
