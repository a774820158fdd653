"""What a journal keeps and answers, as data: decisions, outcomes, events, commands, leases, state and readings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Final

from engine.domain.enums import Mode
from engine.domain.latch import Latch

# The chain of what concerns no account alone; no account can be called so.
ENGINE: Final = ""


class EventKind(Enum):
    """What an event of the audit chain tells; what its body holds follows from it."""

    DECISION = "decision"
    OUTCOME = "outcome"
    COMMAND = "command"
    POLICY_SET = "policy_set"
    LEASE = "lease"
    NOTE = "note"


class CommandState(Enum):
    """Where a command stands. WAITING: nobody has taken it."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Lease:
    """
    Who watches an account, until when.

    holder: in words that name the process. epoch: rises whenever another takes over; a write under an older one is
    refused.
    """

    account: str
    holder: str
    epoch: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """
    One decision as it is journalled: written once, never changed.

    key: its idempotency key. actions: (name, pointer in the policy, in words), in order. policy_set: digest of the set
    that decided. trace, reading: JSON texts, the reasons and the books as they were believed; empty for none.
    is_of_group: whether a rule about several accounts decided it, whose state is not the account's.
    """

    key: str
    account: str
    policy: str
    row: str | None
    period: str
    episode: int
    mode: Mode
    decided_at: datetime
    latch: Latch | None
    because: str
    actions: tuple[tuple[str, str, str], ...]
    policy_set: str
    trace: str = ""
    reading: str = ""
    is_of_group: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """What came of one step of a decision. result: a word of the executor's. details: texts by name."""

    decision: str
    step: str
    result: str
    at: datetime
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Note:
    """Anything else worth keeping: a word for what it is, what it is about, and texts by name."""

    word: str
    at: datetime
    subject: str = ""
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Event:
    """
    One link of an audit chain. seq: from 1, without gaps.

    subject: a decision's or command's key, or what a note is about.
    body: JSON text. previous: digest of the link before, empty for the first. digest: over all the rest.
    """

    chain: str
    seq: int
    at: datetime
    kind: EventKind
    subject: str
    body: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain: how many there are, and the digest of the last."""

    chain: str
    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class StateChange:
    """
    What differs in an account's state from what was written last.

    parts: JSON texts by name, only those that changed. heard: what each new reading has added to the history, by when
    it was taken. begins: whether the history begins anew, and nothing that was heard before counts.
    """

    parts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    heard: tuple[tuple[datetime, str], ...] = ()
    begins: bool = False


@dataclass(frozen=True, slots=True)
class StoredState:
    """
    An account's state as it was written last.

    parts: all of them. heard: every addition to the history, oldest first. latches: rows that stand, also those that
    were written without the state.
    """

    parts: Mapping[str, str]
    heard: tuple[str, ...] = ()
    latches: frozenset[Latch] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of an account as its broker gave it, before it was judged. parts: JSON texts by name."""

    account: str
    taken_at: datetime
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When an engine was last alive, and what it said of itself: texts by name."""

    holder: str
    at: datetime
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Command:
    """
    What a person asks a running engine to do.

    id: chosen by who asks, so that asking twice is asking once. kind: a word. who, why: in their own words.
    result: what came of it, empty until it is done.
    """

    id: str
    account: str
    kind: str
    who: str
    why: str
    asked_at: datetime
    expires_at: datetime
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    state: CommandState = CommandState.WAITING
    result: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """
    All that one evaluation of an account leaves behind; it is written whole or not at all.

    decisions: each with its latch; those of rules about groups may be of several accounts.
    done: commands carried out, with their result, by id.
    """

    at: datetime
    state: StateChange = StateChange()
    decisions: tuple[DecisionRecord, ...] = ()
    outcomes: tuple[OutcomeRecord, ...] = ()
    notes: tuple[Note, ...] = ()
    reading: Reading | None = None
    done: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Written:
    """
    What a write has come to. refused: keys of the decisions that were there already, or whose latch was; they were not
    written and must not be acted on.
    """

    refused: frozenset[str] = frozenset()
