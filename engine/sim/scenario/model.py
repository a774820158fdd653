"""What a scenario file says, as values: the exchange's setup, the faults, the clock's pace, the terminal's looks."""

from dataclasses import dataclass, field
from enum import Enum

from engine.sim.clock import Pace
from engine.sim.exchange.setup import Setup
from engine.sim.faults import Fault


class Skin(Enum):
    """How the broker's web terminal is made: ordinary HTML, or painted on a canvas."""

    HTML = "html"
    FLUTTER = "flutter"


class OtpBy(Enum):
    """How the terminal's one-time password comes."""

    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Terminal:
    """The broker's web terminal."""

    skin: Skin = Skin.HTML
    otp: OtpBy = OtpBy.MAIL


@dataclass(frozen=True, slots=True)
class Scenario:
    """One simulated day. pace, rate: of the clock, unless whoever runs it wants another. text: the file's."""

    name: str
    title: str
    setup: Setup
    faults: tuple[Fault, ...] = ()
    pace: Pace = Pace.SKIPPING
    rate: float = 1
    terminal: Terminal = Terminal()
    text: str = field(default="", repr=False)
