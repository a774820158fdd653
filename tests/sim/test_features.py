"""Scenario files played on the exchange: every scenario of `features/sim`."""

from pytest_bdd import given, parsers, scenarios, then, when

from engine.domain.numbers import canonical
from engine.policy.findings import Report
from engine.runtime.calendars import calendars
from engine.sim.clock import Pace
from engine.sim.scenario.reader import read_scenario
from engine.sim.simulation import Simulation

scenarios("sim")


class Play:
    """A day as it is told, and the simulation of it once time goes by."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._simulation: Simulation | None = None

    @property
    def simulation(self) -> Simulation:
        if self._simulation is None:
            report = Report()
            scenario = read_scenario(self.text, "the day", calendars(), report)
            assert scenario is not None, [one.message for one in report.sorted()]
            self._simulation = Simulation(scenario, pace=Pace.STEPPED)
        return self._simulation


@given("a day on which", target_fixture="play")
def _(docstring: str) -> Play:
    return Play(docstring + "\n")


@given("also")
def _(play: Play, docstring: str) -> None:
    play.text += docstring + "\n"


@when(parsers.parse("it is {time}"))
def _(play: Play, time: str) -> None:
    play.simulation.clock.move_to(play.simulation.scenario.names.day.at(time))


@then(parsers.parse("it is still {time}"))
def _(play: Play, time: str) -> None:
    assert play.simulation.clock.now() == play.simulation.scenario.names.day.at(time)


@then(parsers.parse("{account} holds {legs}"))
def _(play: Play, account: str, legs: str) -> None:
    rows = play.simulation.exchange.positions(account)
    assert (", ".join(f"{row.contract.symbol} {canonical(row.net)}" for row in rows) or "nothing") == legs


@then(parsers.parse("{account} has made {amount}"))
def _(play: Play, account: str, amount: str) -> None:
    money = play.simulation.exchange.money(account)
    assert canonical(money.realized + money.unrealized) == amount


@then(parsers.parse("the order {tag} of {account} is {stage}"))
def _(play: Play, tag: str, account: str, stage: str) -> None:
    found = [order.stage.value for order in play.simulation.exchange.orders(account) if order.ticket.tag == tag]
    assert found == [stage]


@then(parsers.parse("the ledger tells of {tag}: {kinds}"))
def _(play: Play, tag: str, kinds: str) -> None:
    entries = [one for one in play.simulation.ledger.entries() if one.details.get("tag") == tag]
    assert ", ".join(one.kind.value for one in entries) == kinds
