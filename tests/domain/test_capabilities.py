"""A capability counts only where it is plainly there."""

from types import MappingProxyType

from engine.domain.capabilities import Ability, Capabilities, Capability
from engine.domain.truth import Truth

KNOWN = Capabilities(
    "paper",
    MappingProxyType(
        {
            Capability.LIMIT: Ability(Truth.TRUE, "its own code", verified=True),
            Capability.STOP_MARKET: Ability(Truth.FALSE, "its own code", note="send a stop with a limit"),
            Capability.IOC: Ability(Truth.UNKNOWN, "nobody tells"),
        }
    ),
)


def test_what_is_unknown_is_not_counted_on():
    assert [one for one in Capability if KNOWN.has(one)] == [Capability.LIMIT]


def test_it_says_why_something_is_not_there():
    assert KNOWN.why_not(Capability.STOP_MARKET) == "paper has no 'stop_market': send a stop with a limit"
    assert KNOWN.why_not(Capability.IOC) == "paper is not known to have 'ioc'"
    assert KNOWN.why_not(Capability.HISTORY) == "paper does not declare 'history'"
