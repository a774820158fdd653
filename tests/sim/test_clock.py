"""Simulated time: stepped it is exact and in order; by itself it follows, or skips, the real one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import InvariantError
from engine.runtime.clock import RealClock
from engine.sim.clock import Pace, SimClock

START = datetime(2026, 11, 23, 3, 45, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


class Market:
    """A world in which something happens at given instants."""

    def __init__(self, *events: datetime) -> None:
        self.events = sorted(events)
        self.at = START
        self.happened: list[datetime] = []

    def advance(self, to: datetime) -> None:
        assert to >= self.at
        self.at = to
        self.happened += [event for event in self.events if event <= to]
        self.events = [event for event in self.events if event > to]

    def next_event_at(self) -> datetime | None:
        return self.events[0] if self.events else None


class Outside:
    """A real clock that goes on only when somebody waits for it, or by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def sleep(self, span: timedelta) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        self.at += span


async def ticking(clock: SimClock, span: timedelta, seen: list[datetime], times: int) -> None:
    for _ in range(times):
        await clock.sleep(span)
        seen.append(clock.now())


def seconds(*after: float) -> list[datetime]:
    return [START + timedelta(seconds=each) for each in after]


def test_stepped_time_moves_only_when_told() -> None:
    clock, market = SimClock(START), Market(*seconds(2, 9))
    clock.carry(market)
    assert clock.now() == START
    clock.move_to(START + 5 * A_SECOND)
    assert (clock.now(), market.happened) == (START + 5 * A_SECOND, seconds(2))
    clock.move_to(START)
    assert clock.now() == START + 5 * A_SECOND


def test_who_waits_wakes_in_order_of_time_and_each_in_its_own() -> None:
    async def day() -> list[datetime]:
        clock, seen = SimClock(START), list[datetime]()
        tasks = [asyncio.ensure_future(ticking(clock, n * A_SECOND, seen, 3)) for n in (2, 3)]
        await clock.step(10 * A_SECOND)
        await asyncio.gather(*tasks)
        assert clock.now() == START + 10 * A_SECOND
        return seen

    assert asyncio.run(day()) == seconds(2, 3, 4, 6, 6, 9)


def test_a_cancelled_waiter_is_forgotten() -> None:
    async def day() -> datetime:
        clock = SimClock(START)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(clock.sleep(A_SECOND), 0)
        await clock.drive(clock.sleep(3 * A_SECOND))
        return clock.now()

    assert asyncio.run(day()) == START + 3 * A_SECOND


def test_no_span_waits_for_nobody() -> None:
    asyncio.run(asyncio.wait_for(SimClock(START).sleep(timedelta(0)), 10))


def test_work_is_driven_through_its_waits() -> None:
    async def day() -> tuple[list[datetime], datetime]:
        clock, market, seen = SimClock(START), Market(*seconds(50)), list[datetime]()
        clock.carry(market)
        await clock.drive(ticking(clock, 40 * A_SECOND, seen, 2))
        assert market.happened == seconds(50)
        return seen, clock.now()

    assert asyncio.run(day()) == (seconds(40, 80), START + 80 * A_SECOND)


def test_real_time_goes_as_fast_as_its_rate() -> None:
    outside = Outside()
    clock = SimClock(START, Pace.REAL, outside)
    outside.at += 10 * A_SECOND
    clock.run_at(4)
    outside.at += 10 * A_SECOND
    assert clock.now() == START + 50 * A_SECOND
    outside.at -= 100 * A_SECOND
    assert clock.now() == START + 50 * A_SECOND


@pytest.mark.parametrize("rate", [0, 0.5, 4.1, 100])
def test_the_rate_has_its_bounds(rate: float) -> None:
    with pytest.raises(ValueError, match=f"from 1 to 4, not {rate}"):
        SimClock(START).run_at(rate)


def test_time_that_goes_by_itself_needs_the_real_one() -> None:
    with pytest.raises(InvariantError, match="a real clock needs the real one"):
        SimClock(START, Pace.REAL)


def test_real_time_wakes_who_waits_and_moves_the_market() -> None:
    async def day() -> tuple[list[datetime], list[datetime]]:
        outside, market, seen = Outside(), Market(*seconds(3)), list[datetime]()
        clock = SimClock(START, Pace.REAL, outside, rate=2)
        clock.carry(market)
        running = asyncio.ensure_future(clock.run())
        await asyncio.wait_for(ticking(clock, 2 * A_SECOND, seen, 3), 10)
        running.cancel()
        return seen, market.happened

    assert asyncio.run(day()) == (seconds(2, 4, 6), seconds(3))


def test_quiet_hours_are_skipped_at_once() -> None:
    async def day() -> tuple[list[datetime], datetime]:
        outside, market, seen = Outside(), Market(*seconds(7000)), list[datetime]()
        clock = SimClock(START, Pace.SKIPPING, outside)
        clock.carry(market)
        running = asyncio.ensure_future(clock.run())
        await asyncio.wait_for(ticking(clock, timedelta(hours=1), seen, 3), 10)
        running.cancel()
        return seen, outside.at

    assert asyncio.run(day()) == (seconds(3600, 7200, 10800), START)


def test_what_is_held_open_takes_its_real_time() -> None:
    async def day() -> tuple[datetime, datetime, datetime]:
        outside = Outside()
        clock = SimClock(START, Pace.SKIPPING, outside, rate=4)
        running = asyncio.ensure_future(clock.run())
        with clock.hold("login"):
            assert clock.holds == {"login": 1}
            await asyncio.wait_for(clock.sleep(8 * A_SECOND), 10)
        held = outside.at
        assert clock.holds == {}
        await asyncio.wait_for(clock.sleep(timedelta(hours=1)), 10)
        running.cancel()
        return held, outside.at, clock.now()

    assert asyncio.run(day()) == (START + 2 * A_SECOND, START + 2 * A_SECOND, START + timedelta(hours=1, seconds=8))


def test_a_dwell_lets_others_see_each_event() -> None:
    async def day() -> tuple[datetime, datetime]:
        outside, market = Outside(), Market(*seconds(3600, 7200))
        clock = SimClock(START, Pace.SKIPPING, outside, dwell=2 * A_SECOND)
        clock.carry(market)
        running = asyncio.ensure_future(clock.run())
        await asyncio.wait_for(clock.sleep(timedelta(hours=2)), 10)
        running.cancel()
        return outside.at, clock.peek()

    assert asyncio.run(day()) == (START + 4 * A_SECOND, START + timedelta(hours=2))


@pytest.mark.parametrize(("lingers", "real"), [(False, 2), (True, 3)])
def test_only_what_lingers_puts_a_skip_off(lingers: bool, real: int) -> None:
    async def day() -> timedelta:
        outside, market = Outside(), Market(*seconds(3600))
        clock = SimClock(START, Pace.SKIPPING, outside, dwell=2 * A_SECOND)
        clock.carry(market)
        outside.at += A_SECOND
        with clock.hold("read", lingers=lingers):
            pass
        running = asyncio.ensure_future(clock.run())
        await asyncio.wait_for(clock.sleep_until(START + timedelta(hours=1)), 10)
        running.cancel()
        return outside.at - START

    assert asyncio.run(day()) == real * A_SECOND


def test_the_real_clock_is_real() -> None:
    async def waited() -> timedelta:
        clock = RealClock()
        before = clock.now()
        await clock.sleep(timedelta(milliseconds=1))
        await clock.sleep(-A_SECOND)
        return clock.now() - before

    assert timedelta(milliseconds=1) <= asyncio.run(waited()) < timedelta(minutes=1)
