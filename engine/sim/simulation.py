"""One scenario, running: the exchange, the clock it lives by, the faults, the post."""

from collections.abc import Mapping
from datetime import timedelta

from engine.ports import Clock
from engine.sim.asgi import App
from engine.sim.clock import Pace, SimClock
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.ledger import Ledger
from engine.sim.fault_layer import Answer, Classify, FaultLayer
from engine.sim.faults import FaultKind, Faults
from engine.sim.post import PostOffice
from engine.sim.scenario.model import Scenario


class Simulation:
    """
    Holds together what the wires of one scenario share.

    pace, outside, rate, dwell: of the clock, as `SimClock` has them; pace and rate are the scenario's when left out.
    Equal scenarios, seeds and calls at a stepped clock give equal ledgers.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 0,
        *,
        pace: Pace | None = None,
        outside: Clock | None = None,
        rate: float | None = None,
        dwell: timedelta = timedelta(0),
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.exchange = Exchange(scenario.setup, seed)
        self.clock = SimClock(
            scenario.setup.start,
            scenario.pace if pace is None else pace,
            outside,
            rate=scenario.rate if rate is None else rate,
            dwell=dwell,
        )
        self.clock.carry(self.exchange)
        self.faults = Faults(scenario.faults)
        self.post = PostOffice()

    @property
    def ledger(self) -> Ledger:
        """What happened so far."""
        return self.exchange.ledger

    def guard(self, app: App, classify: Classify, refusals: Mapping[FaultKind, Answer] | None = None) -> App:
        """Return a wire behind the faults, its calls written down; refusals: the broker's own words for them."""
        return FaultLayer(
            app, classify, clock=self.clock, faults=self.faults, ledger=self.ledger, refusals=refusals or {}
        )
