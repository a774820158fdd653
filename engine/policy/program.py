"""The compiled, frozen form of a policy set: what evaluation reads. It never changes; state is another value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from engine.actions.base import ActionSpec, Arguments
from engine.actions.catalogue import ACTIONS
from engine.domain.enums import Mode, Severity
from engine.domain.events import NO_EVENTS, Around, Events
from engine.domain.numbers import CONTEXT, HUNDRED
from engine.domain.truth import Truth
from engine.facts.base import Catalogue, Demands, Part, RowSpec
from engine.policy.findings import Place
from engine.policy.ir import Node


@dataclass(frozen=True, slots=True)
class Confirm:
    """
    How long a condition must be true before it fires.

    samples: true readings. at_least: from the first to the last. max_gap: longest pause between two, None for 3 polls.
    at_once_beyond: a money line past which one known, two-sided reading fires at once.
    """

    samples: int = 2
    at_least: timedelta = timedelta(0)
    max_gap: timedelta | None = None
    at_once_beyond: Node | None = None


@dataclass(frozen=True, slots=True)
class OnUnknown:
    """What continuous unknown does, each after its time; None does nothing."""

    alert: timedelta | None = None
    block_entries: timedelta | None = None
    fire: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """The latch. scope: account, position, order, fill, group or episode. period: day, week, or empty for ever."""

    scope: str
    period: str = ""


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """
    On how many accounts a policy may act within a time before a person is asked.

    accounts: so many. share: percent of the accounts it watches instead, at least one.
    """

    accounts: int | None
    share: Decimal | None
    within: timedelta

    def most(self, watched: int) -> int:
        """Return the number of accounts, of so many watched ones."""
        if self.accounts is not None or self.share is None:
            return self.accounts or 1
        return max(1, int(CONTEXT.divide(CONTEXT.multiply(self.share, Decimal(watched)), HUNDRED)))


@dataclass(frozen=True, slots=True)
class Window:
    """
    When a policy runs.

    margin: inside the session at each end. start, end: seconds since midnight, or None. around: the times of an event.
    """

    name: str = "market_hours"
    margin: timedelta = timedelta(0)
    start: Decimal | None = None
    end: Decimal | None = None
    around: Around | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """Which accounts a policy watches: all, by id, or by labels."""

    ids: tuple[str, ...] | None = None
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def selects(self, account_id: str, labels: Mapping[str, str]) -> bool:
        """Return whether an account is watched."""
        if self.ids is not None:
            return account_id in self.ids
        return all(labels.get(key) == value for key, value in self.labels.items())


@dataclass(frozen=True, slots=True)
class ActionCall:
    """One order of `then`, as data: the action's name and its checked arguments. pointer: where it stands."""

    name: str
    arguments: Arguments
    pointer: str

    @property
    def spec(self) -> ActionSpec:
        """How the action is declared."""
        return ACTIONS[self.name]

    @property
    def words(self) -> str:
        """The call in a person's words."""
        return self.spec.words(self.arguments)


@dataclass(frozen=True, slots=True)
class Template:
    """The `because` text: plain pieces and (source, expression) pairs, in order; it can never influence a verdict."""

    pieces: tuple[str | tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One of a policy's own proofs: given values by name (None is unknown), the truth `when` must have."""

    title: str
    given: Mapping[str, object]
    expect: Truth
    place: Place


@dataclass(frozen=True, slots=True)
class Policy:
    """
    One compiled policy.

    lets: values of this policy by name. demands: what it asks of facts beyond the account's profile.
    needs: every part it is read from.
    freshness: by sentence (JSON Pointer) the parts that must be taken anew for it to be a new reading; none for a
    sentence about the link, the clock or age itself, which takes every slot.
    wakes: what else wakes it than the account's slots, by `on`.
    fingerprint: of the canonical form of when, where, confirm and for_each; equal fingerprints keep rule state.
    place: of its name.
    """

    name: str
    title: str
    severity: Severity
    mode: Mode
    accounts: Selector
    during: Window
    for_each: RowSpec | None
    where: Node | None
    when: Node
    clear_when: Node | None
    confirm: Confirm
    on_unknown: OnUnknown
    once: Once | None
    cooldown: timedelta | None
    then: tuple[ActionCall, ...]
    because: Template
    lets: Mapping[str, Node]
    demands: Demands
    needs: frozenset[Part]
    freshness: Mapping[str, frozenset[Part]]
    fingerprint: str
    file: str
    description: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    required: bool = False
    was: str | None = None
    blast_radius: BlastRadius | None = None
    wakes: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    place: Place = field(default_factory=lambda: Place(""))

    @property
    def ladder(self) -> str:
        """What the author's `policy:` says: its own name, or for a level (`loss-ladder/warn`) that of its ladder."""
        return self.name.partition("/")[0]

    @property
    def is_level(self) -> bool:
        """Whether it is one level of a ladder."""
        return "/" in self.name

    @property
    def conditions(self) -> tuple[Node, ...]:
        """Every tree that decides something: `when`, `where`, `clear_when`, the line of `confirm`, rows to act on."""
        chosen = (call.arguments.get("where") for call in self.then)
        trees = (self.when, self.where, self.clear_when, self.confirm.at_once_beyond, *chosen)
        return tuple(tree for tree in trees if tree is not None)

    @property
    def trees(self) -> tuple[Node, ...]:
        """Every tree of the policy but its values: the conditions, and what `because` tells."""
        return (*self.conditions, *(piece[1] for piece in self.because.pieces if isinstance(piece, tuple)))

    @property
    def is_of_group(self) -> bool:
        """Whether its accounts are taken together as one, which no account can judge by itself."""
        return self.for_each is not None and self.for_each.spans_accounts

    @property
    def reduces_risk(self) -> bool:
        """Whether it cancels, exits or blocks: such a policy runs inside an unknown session (law 18)."""
        return any(not call.spec.only_tells for call in self.then)


@dataclass(frozen=True, slots=True)
class Program:
    """
    A whole checked set.

    values: desk values by name. digest: content hash over every file it was read from. catalogue: what its names mean.
    events: of the desk's calendar.
    by_tree: judge every condition by the tree evaluator alone, never by a generated function; slower, the same.
    memo: what was worked out from all this once; never read by callers.
    """

    policies: tuple[Policy, ...]
    values: Mapping[str, Node]
    digest: str
    catalogue: Catalogue
    by_tree: bool = False
    events: Events = NO_EVENTS
    memo: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def policy(self, name: str) -> Policy | None:
        """Return a policy by name, or None."""
        return next((policy for policy in self.policies if policy.name == name), None)

    def called(self, name: str) -> tuple[Policy, ...]:
        """Return the policy of a name, or every level of the ladder of that name; none when there is neither."""
        return tuple(policy for policy in self.policies if name in (policy.name, policy.ladder))

    def formerly(self, name: str) -> tuple[Policy, ...]:
        """Return the policy that says it had a name before, or every level that says it was of the ladder so named."""
        return tuple(
            policy for policy in self.policies if policy.was and name in (policy.was, policy.was.partition("/")[0])
        )
