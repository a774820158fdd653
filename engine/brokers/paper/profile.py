"""What the paper broker can do: its own code is the source, so every line is verified."""

from types import MappingProxyType
from typing import Final

from engine.brokers.paper.house import BROKER
from engine.domain.capabilities import Ability, Capabilities, Capability
from engine.domain.truth import Truth

# It has no terminal, and the exchange behind it turns stop-market orders down.
_NOT_THERE: Final = frozenset({Capability.STOP_MARKET, Capability.KILL_SWITCH_API, Capability.KILL_SWITCH_WEB})

PAPER: Final = Capabilities(
    broker=BROKER,
    lines=MappingProxyType(
        {
            word: Ability(Truth.of(word not in _NOT_THERE), source="the paper broker's own code", verified=True)
            for word in Capability
        }
    ),
)
