"""What a scenario file says, as values: the exchange's setup, the faults, the clock's pace, the terminal's looks."""

from dataclasses import dataclass, field

from engine.sim.clock import Pace
from engine.sim.exchange.setup import Setup
from engine.sim.faults import Fault
from engine.sim.scenario.names import Names
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Channel


@dataclass(frozen=True, slots=True)
class Terminal:
    """The broker's web terminal."""

    skin: Skin = Skin.HTML
    otp: Channel = Channel.MAIL


@dataclass(frozen=True, slots=True)
class Scenario:
    """One simulated day. pace, rate: of the clock, if no other is wanted. names: what is told later may name."""

    name: str
    title: str
    setup: Setup
    names: Names
    faults: tuple[Fault, ...] = ()
    pace: Pace = Pace.REAL
    rate: float = 1
    terminal: Terminal = Terminal()
    text: str = field(default="", repr=False)
