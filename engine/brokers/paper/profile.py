"""What the paper broker can do and how often it may be asked; its own code is the source, so all of it is verified."""

from datetime import timedelta
from types import MappingProxyType
from typing import Final

from engine.brokers.budget import Pace
from engine.brokers.paper.house import BROKER
from engine.domain.capabilities import Ability, Capabilities, Capability, TagRule
from engine.domain.truth import Truth

_SOURCE: Final = "the paper broker's own code"
# It has no terminal, and the exchange behind it turns stop-market orders down.
_NOT_THERE: Final = frozenset({Capability.STOP_MARKET, Capability.KILL_SWITCH_API, Capability.KILL_SWITCH_WEB})

PAPER: Final = Capabilities(
    broker=BROKER,
    lines=MappingProxyType(
        {word: Ability(Truth.of(word not in _NOT_THERE), _SOURCE, verified=True) for word in Capability}
    ),
    tag=TagRule(longest=20, characters="A-Za-z0-9-", source=_SOURCE, verified=True),
)
# Calls of every kind together.
CALLS: Final = (Pace(10, timedelta(seconds=1), held_back=2),)
