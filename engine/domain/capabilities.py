"""What a broker can do, requires and does by itself: closed words, each with a source and whether it was verified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType

from engine.domain.truth import Truth


class Capability(Enum):
    """What a broker may be able to do; the conformance scenarios are tagged by these words."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_MARKET = "stop_market"
    IOC = "ioc"
    AFTER_MARKET = "after_market"
    MODIFY = "modify"
    STOP_TO_LIMIT = "stop_to_limit"
    HISTORY = "history"
    TAG_LOOKUP = "tag_lookup"
    TRADES = "trades"
    FUNDS = "funds"
    QUOTES = "quotes"
    DEPTH = "depth"
    CONTRACT_FILE = "contract_file"
    LOGIN = "login"
    LOGOUT_CALL = "logout_call"
    KILL_SWITCH_API = "kill_switch_api"
    KILL_SWITCH_WEB = "kill_switch_web"


@dataclass(frozen=True, slots=True)
class Ability:
    """One line of what is known. is_there: unknown where no source tells. verified: whether the broker says so."""

    is_there: Truth
    source: str
    verified: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What is known of a broker; a capability that is not listed is not there. read_on: when the sources were read."""

    broker: str
    lines: Mapping[Capability, Ability] = field(default_factory=lambda: MappingProxyType({}))
    read_on: date | None = None

    def has(self, capability: Capability) -> bool:
        """Return whether it is plainly there; what is unknown is not counted on."""
        line = self.lines.get(capability)
        return line is not None and line.is_there is Truth.TRUE

    def why_not(self, capability: Capability) -> str:
        """Return a sentence saying why it is not there, for who wanted it."""
        line = self.lines.get(capability)
        if line is None:
            return f"{self.broker} does not declare '{capability.value}'"
        doubt = "is not known to have" if line.is_there is Truth.UNKNOWN else "has no"
        return f"{self.broker} {doubt} '{capability.value}'" + (f": {line.note}" if line.note else "")
