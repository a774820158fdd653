"""The day's memory: when the peak rises, what stays for the day, and that a reading heard twice changes nothing."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.session import Session
from engine.domain.values import Unknown
from engine.facts import tracks
from engine.facts.base import View
from engine.facts.lineage import stops_in
from engine.facts.memory import DayMemory, PositionTrack, Sample, StopHit, merge_hits
from engine.facts.observe import held_level, observe
from tests.facts.build import (
    CE,
    LAST,
    NOT_READ,
    NOW,
    SESSION,
    after,
    at,
    d,
    fact,
    field,
    fill,
    funds,
    leg,
    one_leg,
    option,
    order,
    snapshot,
    view,
)


def reading(seconds: Any, mtm: Any) -> Any:
    """A reading some seconds after 11:00 whose certain result is `mtm`; None takes the price away."""
    price = None if mtm is None else 100 - d(mtm) / 100
    return snapshot([leg(sold=(100, 100), last=price)], taken_at=NOW + timedelta(milliseconds=int(d(seconds) * 1000)))


def peak(*readings: tuple[Any, Any]) -> Decimal:
    memory = DayMemory()
    for seconds, mtm in readings:
        one = reading(seconds, mtm)
        memory = observe(memory, LAST, one, SESSION, one.taken_at)
    return memory.mtm_peak


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        pytest.param([], 0, id="nothing read"),
        pytest.param([(0, 500)], 0, id="one reading holds nothing"),
        pytest.param([(0, 500), (2, 500)], 0, id="two readings too close"),
        pytest.param([(0, 500), ("2.999", 500)], 0, id="a moment short of three seconds"),
        pytest.param([(0, 500), (3, 500)], 500, id="three seconds apart"),
        pytest.param([(0, 500), (3, 400)], 400, id="the lower of the two"),
        pytest.param([(0, 500), (2, 100), (4, 500)], 100, id="and of all between"),
        pytest.param([(0, 0), (2, 900), (4, 0), (6, 0)], 0, id="a spike of one reading"),
        pytest.param([(0, 0), (2, 900), (4, 900), (6, 900)], 900, id="a level that stays"),
        pytest.param([(0, 500), (2, None), (4, 500)], 0, id="an unknown leg between holds nothing"),
        pytest.param([(0, 500), (2, None), (4, 500), (7, 600)], 500, id="then it holds again"),
        pytest.param([(0, 500), (3, 500), (6, -900), (9, 100)], 500, id="a peak never falls"),
        pytest.param([(0, -500), (3, -400)], 0, id="it starts from zero"),
        pytest.param([(0, 500), (60, 600)], 500, id="a gap: the two readings are all there is"),
    ],
)
def test_the_peak(readings: list[tuple[Any, Any]], expected: int) -> None:
    assert peak(*readings) == d(expected)


def test_a_doubted_leg_cannot_raise_the_peak() -> None:
    memory = DayMemory()
    for seconds in (0, 4):
        one = reading(seconds, 500)
        one = replace(one, doubted=((one.positions.rows[0].key, "it jumped"),))
        memory = observe(memory, LAST, one, SESSION, one.taken_at)
    assert memory.mtm_peak == 0


def test_only_readings_in_the_session_raise_the_peak() -> None:
    memory = DayMemory()
    for clock in ("09:00:00", "09:10:00", "15:31:00", "15:40:00"):
        one = snapshot([leg(sold=(100, 100), last=50)], taken_at=at(clock))
        memory = observe(memory, LAST, one, SESSION, one.taken_at)
    assert memory.mtm_peak == 0
    assert memory.samples == ()


def test_the_samples_kept_stay_few() -> None:
    memory = DayMemory()
    for second in range(0, 600, 2):
        one = reading(second, 100)
        memory = observe(memory, LAST, one, SESSION, one.taken_at)
    assert len(memory.samples) == 3


def test_drawdown_is_what_was_given_back() -> None:
    memory = DayMemory()
    for second, mtm in ((0, 900), (4, 900), (8, 300)):
        one = reading(second, mtm)
        memory = observe(memory, LAST, one, SESSION, one.taken_at)
    seen = view(reading(8, 300), memory=memory)
    assert fact("mtm_peak", seen) == d(900)
    assert fact("drawdown", seen) == d(600)
    above = view(reading(10, 2000), memory=memory)
    assert fact("drawdown", above) == 0
    blind = fact("drawdown", view(reading(10, None), memory=memory))
    assert isinstance(blind, Unknown)
    assert (blind.low, blind.high) == (0, None)


@pytest.mark.parametrize("later", [0, 30])
def test_the_same_reading_twice_changes_nothing(later: int) -> None:
    one = snapshot([leg(sold=(75, 100), last=90)], [order(status=OrderStatus.TRIGGER_PENDING)], money=funds(capital=5))
    first = observe(DayMemory(), LAST, one, SESSION, NOW)
    assert observe(first, LAST, one, SESSION, NOW + timedelta(seconds=later)) == first


def test_an_older_reading_changes_nothing() -> None:
    first = observe(DayMemory(), LAST, reading(10, 100), SESSION, NOW + timedelta(seconds=10))
    assert observe(first, LAST, reading(4, 900), SESSION, NOW + timedelta(seconds=10)) == first


def test_a_new_trading_date_starts_afresh_and_yesterdays_reading_is_not_in_it() -> None:
    yesterday = observe(DayMemory(), LAST, reading(0, 100), SESSION, NOW)
    next_day = replace(SESSION, trading_date=date(2026, 11, 24))
    fresh = observe(yesterday, LAST, reading(0, 100), next_day, NOW + timedelta(hours=14))
    assert replace(fresh, week=()) == DayMemory(trading_date=date(2026, 11, 24))
    assert [(one.on, one.mtm) for one in fresh.week] == [(date(2026, 11, 23), d(100))]


def test_capital_is_the_first_one_known_and_fixed() -> None:
    memory = DayMemory()
    for second, figure in ((0, None), (2, 0), (4, 500_000), (6, 700_000)):
        taken_at = NOW + timedelta(seconds=second)
        one = snapshot(money=funds(taken_at, capital=figure), taken_at=taken_at)
        memory = observe(memory, LAST, one, SESSION, taken_at)
        assert memory.capital == (None if second < 4 else d(500_000))


def test_yesterdays_funds_are_not_todays_capital() -> None:
    one = snapshot(money=funds(NOW - timedelta(days=1), capital=500_000))
    assert observe(DayMemory(), LAST, one, SESSION, NOW).capital is None


def test_stops_seen_and_hits_stay() -> None:
    sold = leg(sold=(75, 100), last=90)
    one = snapshot([sold], [order(status=OrderStatus.TRIGGER_PENDING), order("L1", type_=OrderType.LIMIT)])
    memory = observe(DayMemory(), LAST, one, SESSION, NOW)
    assert memory.stops_seen == {"S1"}
    later = snapshot(NOT_READ, NOT_READ, NOT_READ, taken_at=NOW + timedelta(seconds=2))
    assert observe(memory, LAST, later, SESSION, later.taken_at).stops_seen == {"S1"}


def test_primaries_are_underlyings_with_a_sold_option_at_some_time() -> None:
    bank = option(52000, underlying="BANKNIFTY")
    gold = option(7000, underlying="GOLD")
    legs = [
        leg(sold=(75, 100), bought=(75, 90)),
        leg(bank, opening=-30, settled=1, bought=(30, 1)),
        leg(gold, bought=(9, 9)),
    ]
    fills = [fill("E1", Side.SELL, 75, 100, "09:20:00"), fill("S1", Side.BUY, 75, 90, "09:30:00")]
    memory = observe(DayMemory(), LAST, snapshot(legs, fills=fills), SESSION, NOW)
    assert memory.primaries == {"NIFTY", "BANKNIFTY"}


def track(memory: DayMemory) -> PositionTrack:
    return memory.tracks[0]


def follow(*nets: int | None) -> list[tuple[int, Any]]:
    """(number, opened_at) after each reading, two seconds apart, the trades not read; None drops the row."""
    memory, lived = DayMemory(), []
    for index, net in enumerate(nets):
        taken_at = NOW + timedelta(seconds=2 * index)
        row = [] if net is None else [leg(sold=(200, 1), bought=(200 + net, 1), last=1)]
        one = snapshot(row, [], NOT_READ, taken_at=taken_at)
        memory = observe(memory, LAST, one, SESSION, taken_at)
        lived.append((track(memory).number, track(memory).opened_at))
    return lived


def test_a_position_is_numbered_anew_when_net_leaves_zero_or_flips() -> None:
    second = timedelta(seconds=2)
    assert follow(-75, -75, -25, 0, -75, 75, None, 75) == [
        (1, NOW),
        (1, NOW),
        (1, NOW),
        (1, None),
        (2, NOW + 4 * second),
        (3, NOW + 5 * second),
        (3, None),
        (4, NOW + 7 * second),
    ]


def test_the_trades_show_openings_between_two_readings() -> None:
    twice = [
        fill("E1", Side.SELL, 75, 100, "09:20:00"),
        fill("C1", Side.BUY, 75, 90, "09:30:00"),
        fill("E2", Side.SELL, 75, 110, "10:00:00"),
    ]
    one = snapshot([leg(sold=(150, 105), bought=(75, 90), last=100)], fills=twice)
    memory = observe(DayMemory(), LAST, one, SESSION, NOW)
    assert (track(memory).number, track(memory).opened_at) == (2, at("10:00:00"))
    blind = snapshot(one.positions, [], NOT_READ, taken_at=NOW + timedelta(seconds=2))
    again = observe(memory, LAST, blind, SESSION, blind.taken_at)
    assert (track(again).number, track(again).opened_at) == (2, at("10:00:00"))


@pytest.mark.parametrize("fills", [[], NOT_READ])
def test_a_carried_position_stands_since_the_open(fills: Any) -> None:
    one = snapshot([leg(opening=-75, settled=100, last=90)], fills=fills)
    seen = view(one)
    assert seen.memory.tracks[0].opened_at == SESSION.opens_at
    assert field("age", seen, one_leg(seen)) == d(105 * 60)


def test_a_carried_position_of_an_unknown_session_stands_since_it_was_seen() -> None:
    armed = Session(SESSION.trading_date, None, None, known=False, note="no calendar")
    memory = observe(DayMemory(), LAST, snapshot([leg(opening=-75, settled=100, last=90)]), armed, NOW)
    assert track(memory).opened_at == NOW


def test_a_row_without_any_trade_is_no_position_yet() -> None:
    memory = observe(DayMemory(), LAST, snapshot([leg(last=90)]), SESSION, NOW)
    assert track(memory) == PositionTrack((CE.exchange, CE.symbol, "NRML"), d(0), 0, None)
    opened = snapshot([leg(sold=(75, 1), last=1)], [], NOT_READ, taken_at=NOW + timedelta(seconds=2))
    assert track(observe(memory, LAST, opened, SESSION, opened.taken_at)).number == 1


def test_unread_or_stale_positions_end_no_position() -> None:
    memory = observe(DayMemory(), LAST, reading(0, 100), SESSION, NOW)
    blind = snapshot(NOT_READ, taken_at=NOW + timedelta(seconds=2))
    assert observe(memory, LAST, blind, SESSION, blind.taken_at).tracks == memory.tracks


def test_a_day_on_which_nothing_happens_is_the_same_object() -> None:
    bank = option(52000, underlying="BANKNIFTY")
    orders = [order(status=OrderStatus.TRIGGER_PENDING)]
    first = view(snapshot([leg(sold=(75, 1), last=1), leg(bank, bought=(30, 1), last=1)], orders, NOT_READ)).memory
    again = snapshot([leg(sold=(75, 1), last=2), leg(bank, bought=(60, 1), last=1)], orders, NOT_READ)
    before, seen = first.tracks, view(after(again, 2), memory=first)
    assert seen.memory.tracks[0] is not before[0]
    assert seen.memory.tracks[1] is before[1]
    assert seen.memory.primaries is first.primaries
    later = View(seen.account, seen.snapshot, seen.memory, seen.session, seen.now)
    assert tracks.follow(later) is seen.memory.tracks
    assert tracks.primaries(later) is seen.memory.primaries
    assert stops_in(seen.snapshot.orders, first.stops_seen) is first.stops_seen
    assert stops_in(seen.snapshot.orders, frozenset({"S9"})) == {"S1", "S9"}
    assert stops_in(NOT_READ, first.stops_seen) is first.stops_seen


def hit(order_id: str, share: int, filled_at: Any = NOW) -> StopHit:
    return StopHit(order_id, "X", filled_at, d(1), None, d(share), d(1), "by its history")


def test_hits_merge_by_order_and_the_share_only_grows() -> None:
    late = hit("B", 100, NOW + timedelta(seconds=9))
    assert merge_hits([hit("A", 40), late], [hit("A", 100), hit("B", 50)]) == (hit("A", 100), late)
    assert merge_hits([hit("A", 40)], [hit("A", 40, NOW + timedelta(seconds=1))]) == (hit("A", 40),)


lows = st.none() | st.integers(-1000, 1000).map(Decimal)


@given(st.lists(st.tuples(st.integers(1, 5), lows), min_size=1, max_size=12))
def test_a_held_level_was_reached_by_two_readings(steps: list[tuple[int, Decimal | None]]) -> None:
    when, samples = NOW, []
    for gap, low in steps:
        when += timedelta(seconds=gap)
        samples.append(Sample(when, low))
    level = held_level(tuple(samples))
    newest = samples[-1]
    if level > 0:
        assert newest.mtm_low is not None
        assert newest.mtm_low >= level
        assert any(
            s.mtm_low is not None and s.mtm_low >= level and newest.taken_at - s.taken_at >= timedelta(seconds=3)
            for s in samples
        )


@given(st.lists(st.tuples(st.integers(1, 5), lows), max_size=12))
def test_the_fold_keeps_all_the_peak_needs(steps: list[tuple[int, Decimal | None]]) -> None:
    memory, seconds, whole, expected = DayMemory(), 0, (), Decimal(0)
    for gap, low in steps:
        seconds += gap
        one = reading(seconds, low)
        memory = observe(memory, LAST, one, SESSION, one.taken_at)
        whole = (*whole, Sample(one.taken_at, low))
        expected = max(expected, held_level(whole))
    assert memory.mtm_peak == expected
