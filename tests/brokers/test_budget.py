"""A broker's budget: no span of time is overfilled, exits go first, and a part is theirs alone."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.brokers.budget import Budget, Pace, Spend, paces_of
from engine.domain.requests import Urgency
from engine.domain.rulebook import OrderLimits
from engine.errors import InvariantError, SettingsError
from engine.sim.clock import SimClock

START = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CALL, ORDER, EXIT, ROUTINE = Spend.CALL, Spend.ORDER, Urgency.EXIT, Urgency.ROUTINE


class Run:
    """Calls made through a budget on a stepped clock, and when each got its turn."""

    def __init__(self, *, calls: tuple[Pace, ...] = (), orders: tuple[Pace, ...] = ()) -> None:
        self.clock = SimClock(START)
        self.budget = Budget(self.clock, calls, orders)
        self.turns: list[tuple[str, timedelta]] = []

    async def one(self, name: str, spend: Spend, urgency: Urgency, after: timedelta = timedelta(0)) -> None:
        if after:
            await self.clock.sleep(after)
        await self.budget.spend(spend, urgency)
        self.turns.append((name, self.clock.now() - START))

    def all(self, *work: Coroutine[Any, Any, None]) -> list[tuple[str, timedelta]]:
        async def together() -> None:
            await asyncio.gather(*work)

        asyncio.run(self.clock.drive(together()))
        return self.turns


def test_a_second_holds_no_more_than_its_pace() -> None:
    run = Run(calls=(Pace(3, SECOND),))
    turns = run.all(*(run.one(str(number), CALL, ROUTINE) for number in range(7)))
    assert turns == [(str(number), number // 3 * SECOND) for number in range(7)]


def test_the_window_slides() -> None:
    run = Run(calls=(Pace(2, SECOND),))
    late = timedelta(milliseconds=900)
    turns = run.all(
        run.one("a", CALL, ROUTINE),
        run.one("b", CALL, ROUTINE, late),
        run.one("c", CALL, ROUTINE, late),
        run.one("d", CALL, ROUTINE, late),
    )
    assert turns == [("a", 0 * SECOND), ("b", late), ("c", SECOND), ("d", SECOND + late)]


def test_what_is_held_back_only_an_exit_spends() -> None:
    run = Run(calls=(Pace(4, SECOND, held_back=2),))
    turns = run.all(
        *(run.one(f"routine {number}", CALL, ROUTINE) for number in range(3)),
        *(run.one(f"exit {number}", CALL, EXIT) for number in range(3)),
    )
    at_once = [name for name, at in turns if not at]
    assert at_once == ["routine 0", "routine 1", "exit 0", "exit 1"]
    assert sorted(turns[4:]) == [("exit 2", SECOND), ("routine 2", SECOND)]


def test_exits_on_their_own_turn_leave_the_rest_of_the_span_to_others() -> None:
    run = Run(calls=(Pace(4, SECOND, held_back=2),), orders=(Pace(2, SECOND),))
    turns = run.all(
        *(run.one("exit", ORDER, EXIT) for _ in range(4)),
        *(run.one("routine", CALL, ROUTINE) for _ in range(3)),
    )
    assert turns == [
        *[("exit", 0 * SECOND)] * 2, *[("routine", 0 * SECOND)] * 2, *[("exit", SECOND)] * 2, ("routine", SECOND),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [(0, SECOND, 0), (2, SECOND, 2), (1, 0 * SECOND, 0), (2, SECOND, -1)])
def test_a_pace_lets_somebody_through(wrong: tuple[int, timedelta, int]) -> None:
    with pytest.raises(InvariantError, match="nobody"):
        Pace(*wrong)


def test_exits_go_before_whoever_waits_already() -> None:
    run = Run(orders=(Pace(1, SECOND),))
    moment = timedelta(milliseconds=10)
    turns = run.all(
        *(run.one(f"routine {number}", ORDER, ROUTINE) for number in range(3)),
        *(run.one(f"exit {number}", ORDER, EXIT, moment) for number in range(2)),
    )
    assert [name for name, _ in turns] == ["routine 0", "exit 0", "exit 1", "routine 1", "routine 2"]


def test_orders_that_wait_for_their_own_window_hold_up_no_reads() -> None:
    run = Run(calls=(Pace(8, SECOND),), orders=(Pace(2, SECOND),))
    turns = run.all(
        *(run.one("order", ORDER, EXIT) for _ in range(6)),
        *(run.one("read", CALL, ROUTINE) for _ in range(3)),
    )
    assert [at for name, at in turns if name == "read"] == [timedelta(0)] * 3
    assert [at // SECOND for name, at in turns if name == "order"] == [0, 0, 1, 1, 2, 2]


def test_whoever_gives_up_waiting_uses_nothing() -> None:
    run = Run(calls=(Pace(1, SECOND),))

    async def work() -> None:
        await run.one("first", CALL, ROUTINE)
        gone = asyncio.ensure_future(run.one("gone", CALL, ROUTINE))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        assert run.budget.waiting == 0
        await run.one("second", CALL, ROUTINE)

    assert run.all(work()) == [("first", 0 * SECOND), ("second", SECOND)]


class Gone(SimClock):
    """Tells no time to whoever waits by it."""

    async def sleep(self, span: timedelta) -> None:
        raise SettingsError("no time is told any more")


def test_nobody_waits_by_a_clock_that_fails() -> None:
    budget = Budget(Gone(START), (Pace(1, SECOND),))

    async def calls() -> list[BaseException | None]:
        spent = (budget.spend(CALL, urgency) for urgency in (ROUTINE, ROUTINE, EXIT))
        return await asyncio.wait_for(asyncio.gather(*spent, return_exceptions=True), 5)

    first, *others = asyncio.run(calls())
    assert first is None
    assert [str(one) for one in others] == ["no time is told any more"] * 2
    assert budget.waiting == 0


def test_the_paces_of_a_rulebook() -> None:
    limits = OrderLimits(Decimal(10), Decimal(400), Decimal(5000))
    assert paces_of(limits) == (
        Pace(10, SECOND, 2),
        Pace(400, timedelta(minutes=1), 100),
        Pace(5000, timedelta(days=1), 1250),
    )
    assert paces_of(OrderLimits(Decimal(1))) == (Pace(1, SECOND, 0),)


@given(
    calls=st.lists(
        st.tuples(st.sampled_from(Spend), st.sampled_from(Urgency), st.integers(0, 3000)), min_size=1, max_size=40
    )
)
@pytest.mark.filterwarnings("error")
def test_no_span_is_ever_overfilled_and_everybody_gets_a_turn(calls: list[tuple[Spend, Urgency, int]]) -> None:
    run = Run(calls=(Pace(5, SECOND, 1),), orders=(Pace(2, SECOND), Pace(6, 5 * SECOND, 2)))
    turns = run.all(*(run.one(spend.value, spend, urgency, timedelta(milliseconds=at)) for spend, urgency, at in calls))
    assert len(turns) == len(calls)
    orders = [at for name, at in turns if name == ORDER.value]
    for stamps, count, span in (([at for _, at in turns], 5, SECOND), (orders, 2, SECOND), (orders, 6, 5 * SECOND)):
        for first, over in zip(stamps, stamps[count:], strict=False):
            assert over - first >= span


def test_a_clock_that_is_put_back_starves_nobody() -> None:
    run = Run(calls=(Pace(2, SECOND),), orders=(Pace(5, timedelta(days=1)),))

    async def work() -> None:
        for _ in range(2):
            await run.one("before", ORDER, EXIT)
        back = SimClock(START - timedelta(hours=5, minutes=30))
        run.budget._clock = back
        await back.drive(run.budget.spend(ORDER, EXIT))
        assert back.now() - START == SECOND - timedelta(hours=5, minutes=30)

    asyncio.run(work())
