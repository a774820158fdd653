"""Order limits: the worked figures of squaring off, slices at the freeze quantity, and losses in a row."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.account import Account, Profile
from engine.domain.enums import InstrumentKind, OrderStatus, Right, Side
from engine.domain.instrument import Instrument
from engine.domain.rulebook import OrderLimits, Rulebook
from engine.domain.values import Unknown
from engine.facts.limits import seconds_for
from tests.facts.build import CE, NOT_READ, bounds, d, fact, fill, leg, option, order, snapshot, view

TEN, FIVE = OrderLimits(d(10), d(400), d(5000)), OrderLimits(d(5))
CONDOR = [(24000, Right.CALL), (24500, Right.CALL), (23500, Right.PUT), (23000, Right.PUT)]


def account(limits: OrderLimits | None) -> Account:
    return Account("A1", profile=Profile("kite"), rulebook=Rulebook("kite", limits=limits))


def flat_in(legs: Any, orders: Any = (), limits: OrderLimits | None = TEN) -> Any:
    return fact("time_to_flat", view(snapshot(legs, orders), account(limits)))


def of_65(strike: int, right: Right = Right.CALL, freeze: int | None = 1800, lot: int | None = 65) -> Instrument:
    return replace(option(strike, right, lot=lot), freeze_quantity=None if freeze is None else d(freeze))


@pytest.mark.parametrize(("lots", "seconds"), [(27, "0.8"), (100, "2"), (200, "3.6"), (500, "8")])
def test_four_legs_and_four_cancels(lots: int, seconds: str) -> None:
    legs = [leg(of_65(strike, right), sold=(lots * 65, 10)) for strike, right in CONDOR]
    stops = [order(str(n), status=OrderStatus.TRIGGER_PENDING) for n in range(4)]
    assert flat_in(legs, stops) == d(seconds)
    assert flat_in(legs, stops, FIVE) == 2 * d(seconds)


def test_slices_are_whole_lots_under_the_freeze_quantity() -> None:
    assert flat_in([leg(of_65(24000), sold=(1755, 10))]) == d("0.1")
    assert flat_in([leg(of_65(24000), sold=(1820, 10))]) == d("0.2")
    assert flat_in([leg(of_65(24000, freeze=None), sold=(325, 10))]) == d("0.1")
    assert flat_in([leg(of_65(24000, freeze=None), sold=(390, 10))]) == d("0.2")
    assert flat_in([leg(of_65(24000, freeze=30), sold=(130, 10))]) == d("0.2")
    assert flat_in([leg(of_65(24000, lot=None), sold=(1801, 10))]) == d("0.2")
    assert bounds(flat_in([leg(of_65(24000, freeze=None, lot=None), sold=(75, 10))])) == (d("0.1"), None)


def test_delivered_shares_are_not_squared_off_and_intraday_ones_are() -> None:
    share = Instrument("NSE", "TCS", InstrumentKind.EQUITY)
    assert flat_in([leg(share, bought=(10, 3000), product="CNC")]) == 0
    assert flat_in([leg(share, bought=(10, 3000), product="MIS")]) == d("0.1")


@pytest.mark.parametrize(("calls", "seconds"), [(0, 0), (400, 40), (401, "60.1"), (800, 100), (801, "120.1")])
def test_what_a_minute_allows_holds_a_large_book_back(calls: int, seconds: Any) -> None:
    assert seconds_for(d(calls), TEN) == d(seconds)


def test_a_broker_nobody_looked_up_and_books_nobody_read() -> None:
    assert bounds(flat_in([leg(sold=(75, 10))], limits=None)) == (0, None)
    assert flat_in([], limits=None) == 0
    assert bounds(flat_in(NOT_READ)) == (0, None)
    assert bounds(flat_in([leg(sold=(75, 10))], NOT_READ)) == (d("0.1"), None)
    unsure = order(status=OrderStatus.UNKNOWN, status_text="zzz")
    assert bounds(flat_in([leg(sold=(75, 10))], [unsure])) == (d("0.1"), d("0.2"))


def test_the_budget_of_the_day() -> None:
    def left(orders: Any, limits: OrderLimits | None) -> Any:
        return fact("order_budget_left", view(snapshot(orders=orders), account(limits)))

    assert left([order("1"), order("2")], TEN) == d(4998)
    assert left([order("1"), order("2")], OrderLimits(d(10), None, d(1))) == 0
    assert bounds(left([order("1", placed=None)], TEN)) == (d(4999), d(5000))
    assert bounds(left(NOT_READ, TEN)) == (0, d(5000))
    assert bounds(left([], FIVE)) == (0, None)


def streak(legs: Any, fills: Any) -> Any:
    return fact("losing_streak", view(snapshot(legs, fills=fills)))


def test_a_flip_ends_one_position_and_begins_another() -> None:
    sold = leg(sold=(75, 100), bought=(150, 110), last=100)
    fills = [fill("1", Side.SELL, 75, 100, "09:20:00"), fill("2", Side.BUY, 150, 110, "09:30:00")]
    assert streak([sold], fills) == 1
    more = [*fills, fill("3", Side.SELL, 75, 111, "09:40:00")]
    assert streak([leg(sold=(150, "105.5"), bought=(150, 110))], more) == 0


def test_a_carried_position_counts_from_the_settlement() -> None:
    closed = [fill("1", Side.BUY, 75, 110, "09:20:00")]
    assert streak([leg(opening=-75, settled=100, bought=(75, 110))], closed) == 1
    assert streak([leg(opening=-75, settled=120, bought=(75, 110))], closed) == 0
    assert bounds(streak([leg(opening=-75, bought=(75, 110))], closed)) == (0, 1)


def test_breaking_even_is_no_loss() -> None:
    closed = [fill("1", Side.BUY, 75, 110, "09:20:00"), fill("2", Side.SELL, 75, 110, "09:21:00")]
    assert streak([leg(bought=(75, 110), sold=(75, 110))], closed) == 0


def test_trades_that_do_not_tell_the_day_leave_it_open() -> None:
    one = leg(bought=(75, 110), sold=(75, 100))
    part = [fill("1", Side.BUY, 75, 110, "09:20:00")]
    value = streak([one], part)
    assert value == Unknown((f"the trades do not tell the day of NFO:{CE.symbol}",), Decimal(0), None)
    # A contract that was only sold cannot have been closed.
    assert streak([leg(sold=(75, 100))], []) == 0
    assert streak([leg(sold=(75, 100))], NOT_READ) == 0
