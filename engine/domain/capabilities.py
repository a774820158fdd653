"""What a broker can do, requires and does by itself: closed words, each with a source and whether it was verified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
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
class Told:
    """One thing a source says in words."""

    words: str
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class TagRule:
    """What a tag of ours may be, so that it comes back as it was sent. characters: of a regular expression's set."""

    longest: int
    characters: str
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class KillSwitch:
    """
    A broker's own kill switch.

    how: where it is. requires_flat: it is refused while anything is open. blocks_api_orders: it stops our orders too.
    undone_same_day: whoever used it can take it back before the next trading day.
    """

    how: str
    requires_flat: Truth
    blocks_api_orders: Truth
    undone_same_day: Truth
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """
    What is known of a broker; a capability that is not listed is not there.

    day_basis: what its day figures count from. session_ends_at: when a session ends by itself, in the broker's zone.
    read_on: when the sources were read.
    """

    broker: str
    lines: Mapping[Capability, Ability] = field(default_factory=lambda: MappingProxyType({}))
    kill_switch: KillSwitch | None = None
    tag: TagRule | None = None
    day_basis: Told | None = None
    session_ends_at: time | None = None
    session_end: Told | None = None
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
