"""The shipped days on the exchange: what they promise in their titles happens."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.runtime.scenarios import load_scenario, shipped_scenarios
from engine.sim.clock import Pace
from engine.sim.exchange.ledger import LedgerEntry
from engine.sim.simulation import Simulation


class Played:
    """A shipped day, moved on by its times of day."""

    def __init__(self, name: str, seed: int = 0) -> None:
        self.simulation = Simulation(load_scenario(name), seed, pace=Pace.STEPPED)

    def until(self, text: str) -> None:
        self.simulation.clock.move_to(self.simulation.scenario.names.day.at(text))

    def mtm(self, account: str) -> Decimal:
        money = self.simulation.exchange.money(account)
        return money.realized + money.unrealized

    def nets(self, account: str) -> list[int]:
        return [int(row.net) for row in self.simulation.exchange.positions(account)]

    def of(self, account: str, tag: str) -> list[LedgerEntry]:
        entries = self.simulation.ledger.entries()
        return [one for one in entries if one.account == account and one.details.get("tag") == tag]

    def kinds(self, account: str, tag: str) -> list[str]:
        return [one.kind.value for one in self.of(account, tag)]


def test_on_kill_day_the_look_alikes_leave_the_book_as_it_was() -> None:
    day = Played("kill-day")
    day.until("10:30")
    assert day.kinds("A", "ENTRY") == ["order", "trigger", "fill"]
    assert day.kinds("A", "HEDGE") == ["order", "trigger", "fill"]
    assert day.kinds("A", "GONE") == ["order", "cancel"]
    assert day.kinds("A", "PART") == ["order", "trigger", "fill", "cancel"]
    assert [one.details.get("fill_quantity") for one in day.of("A", "PART")] == [None, None, "65", None]
    assert day.nets("A") == [-780, -780, 780, 780, 0]
    assert day.mtm("A") > -1000


def test_on_kill_day_the_loss_crosses_first_and_the_stop_fills_later() -> None:
    day = Played("kill-day")
    day.until("10:45")
    assert (day.mtm("A"), day.mtm("B"), day.mtm("C")) == (Decimal(-6500), Decimal("-1462.50"), 0)
    day.until("11:00:30")
    assert (day.mtm("A"), day.kinds("A", "SLCE")) == (Decimal(-12350), ["order"])
    day.until("11:03:30")
    assert day.kinds("A", "SLCE") == ["order", "trigger", "fill"]
    assert day.nets("A") == [0, -780, 780, 780, 0]
    assert (day.mtm("A"), day.kinds("B", "SLCE")) == (Decimal(-13949), ["order"])


def test_on_a_gap_the_stop_triggers_and_does_not_fill() -> None:
    day = Played("gap")
    day.until("10:35")
    assert day.kinds("A", "SLCE") == ["order", "trigger"]
    assert day.nets("A") == [-390, -390, 390, 390]
    assert day.mtm("A") < -10_000


def test_on_a_quiet_day_nothing_comes_near_a_limit() -> None:
    day = Played("quiet-day")
    least = Decimal(0)
    for quarter in range(26):
        hours, minutes = divmod(9 * 60 + 15 + 15 * quarter, 60)
        day.until(f"{hours:02}:{minutes:02}")
        least = min(least, day.mtm("A"))
    assert least > -500
    assert day.mtm("A") > 1000


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_day_is_the_same_in_one_step_or_in_many(name: str) -> None:
    at_once, in_steps = Played(name, 7), Played(name, 7)
    at_once.until("15:45")
    while in_steps.simulation.clock.now() < at_once.simulation.clock.now():
        in_steps.simulation.clock.move_to(in_steps.simulation.clock.now() + timedelta(seconds=37))
    told = [[one.as_json() for one in day.simulation.ledger.entries()] for day in (at_once, in_steps)]
    assert told[0] == told[1]
    assert told[0]


def test_on_kill_day_yesterdays_orders_stand_in_the_book_and_nowhere_else() -> None:
    day = Played("kill-day")
    stop, gone = day.simulation.exchange.orders("A")[:2]
    assert [(one.ticket.tag, one.stage.value, int(one.filled_quantity)) for one in (stop, gone)] == [
        ("OLDSL", "complete", 780), ("OLDGONE", "cancelled", 0),
    ]  # fmt: skip
    assert (stop.id[:6], str(stop.placed_at.date()), stop.average_price) == ("261120", "2026-11-20", 121)
    assert [one.stage.value for one in stop.history] == ["received", "trigger pending", "complete"]
    assert (day.kinds("A", "OLDSL"), day.kinds("A", "OLDGONE")) == ([], [])
    assert day.simulation.exchange.trades("A") == ()
    assert (day.nets("A"), day.mtm("A")) == ([-780, -780, 780, 780], 0)
