"""How a fact is declared and what it is computed from; the facts themselves live in the sibling modules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from engine.domain.account import Account
from engine.domain.block import Block
from engine.domain.kinds import Type
from engine.domain.numbers import HUNDRED
from engine.domain.session import Session
from engine.domain.snapshot import Snapshot
from engine.domain.values import Unknown, Value
from engine.facts.history import NOTHING_KEPT, History
from engine.facts.memory import DayMemory


class Part(Enum):
    """
    What a fact is read from; decides which calls a poll makes and what makes a reading new.

    PRICES is what legs are marked by: the quotes where an account reads depth, else the last price in the positions.
    QUOTES is the quotes themselves.
    """

    POSITIONS = "positions"
    ORDERS = "orders"
    FILLS = "fills"
    FUNDS = "funds"
    PRICES = "prices"
    QUOTES = "quotes"
    LINK = "link"
    CLOCK = "clock"


class Sign(Enum):
    """What the sign of a number means, so that a limit typed with the wrong sign is caught at load."""

    PLUS_MINUS = "profit is +, loss is −"
    MAGNITUDE = "never negative"
    NONE = "no sign"


@dataclass(frozen=True, slots=True)
class Demands:
    """
    What one policy asks of the facts beyond the account's profile: a tighter age, the share a stop must fill.

    max_gap: of a policy that asks of history, the longest pause between two readings; None for 3 polls.
    """

    max_age: timedelta | None = None
    stop_loss_share: Decimal = HUNDRED
    max_gap: timedelta | None = None


@dataclass(frozen=True)
class View:
    """
    Everything a fact may see at one evaluation.

    memory: the day so far, this snapshot already folded in (see `engine.facts.memory.observe`).
    now: the one instant of this evaluation, aware. blocks: those that live as it begins.
    history: what the readings of the day have said of the series that are asked for.
    cache, kept_values, settled_values, held_values: values already computed; never read by callers.
    """

    account: Account
    snapshot: Snapshot
    memory: DayMemory
    session: Session
    now: datetime
    demands: Demands = field(default_factory=Demands)
    cache: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    kept_values: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    settled_values: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    held_values: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    blocks: tuple[Block, ...] = ()
    history: History = NOTHING_KEPT

    def once(self, name: object, compute: Callable[["View"], Any]) -> Any:
        """Return `compute(self)`, computed at most once per view."""
        if name not in self.cache:
            self.cache[name] = compute(self)
        return self.cache[name]

    def kept(self, name: object, compute: Callable[["View"], Any]) -> Any:
        """
        Return `compute(self)`, computed at most once while nothing it may depend on changes.

        What is kept goes on to the next view when account, session, demands, link, blocks, every row, the doubted
        prices and the day's memory (not its samples) are the same and nothing is stale in either. So it may depend on
        these and on nothing else: neither on `now` nor on when anything was taken.
        """
        if name not in self.kept_values:
            self.kept_values[name] = compute(self)
        return self.kept_values[name]

    def settled(self, name: object, compute: Callable[["View"], Any]) -> Any:
        """
        Return `compute(self)`, computed at most once while at most prices move.

        As `kept`, for what depends on no price either: neither on a row's last price nor on quotes, funds, doubted
        prices or the day's peak. So it may hold no leg: the next view has another one, of another price.
        """
        if name not in self.settled_values:
            self.settled_values[name] = compute(self)
        return self.settled_values[name]

    def held(self, name: object, compute: Callable[["View"], Any]) -> Any:
        """
        Return `compute(self)`, computed at most once while no trade takes place.

        As `settled`, for what depends on no order, no value and not on the day's memory either: only on account,
        session, demands, the trades, and the contract, product and quantities of each leg, in the order of the book.
        """
        if name not in self.held_values:
            self.held_values[name] = compute(self)
        return self.held_values[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """
    One fact, declared once; checker, schema, `rekha explain`, completion and the reference page derive from it.

    compute: View -> Value; raises nothing for bad data.
    needs: the parts it is read from. as_of in reports is the oldest of theirs.
    is_pnl: zero on a flat book; the sign guard sets it to 0.
    low, high: the range no reading can leave, None unbounded; used by the sign guard and the always-true check.
    is_fixed: read once and fixed for the day, so a confirmation does not wait for it to be read again.
    only_grows: a count that is only added to during a day.
    """

    name: str
    type: Type
    doc: str
    example: str
    compute: Callable[[View], Value]
    needs: frozenset[Part]
    sign: Sign = Sign.NONE
    is_pnl: bool = False
    is_fixed: bool = False
    only_grows: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


def _nothing(_view: View, _row: Any) -> Value:
    raise TypeError("a field that does not stand in its row must be computed")


def _standing_at(path: str) -> Callable[[View, Any], Value]:
    read = attrgetter(path)

    def compute(_view: View, row: Any) -> Value:
        value: Value = read(row)
        return str(value.value) if isinstance(value, Enum) else value

    return compute


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """
    One field of a kind of rows; as `FactSpec`, computed from the view and one row.

    path: where it just stands in the row (`instrument.symbol`); empty where it must be computed. None there is not
    known, and then `compute` tells why; without `compute` it is never None. A choice stands there as its Enum.
    is_always_told: worked out: it just stands in the row and is never None.
    """

    name: str
    type: Type
    doc: str
    needs: frozenset[Part]
    path: str = ""
    compute: Callable[[View, Any], Value] = _nothing
    example: str = ""
    sign: Sign = Sign.NONE
    is_pnl: bool = False
    is_fixed: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    is_always_told: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if self.compute is _nothing:
            object.__setattr__(self, "is_always_told", True)
            object.__setattr__(self, "compute", _standing_at(self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSpec:
    """
    One kind of rows: `positions` in aggregates, `position.` for a single one.

    rows: View -> the rows, or Unknown when the book they come from is.
    key: a row's stable name within the account, used for `for_each` state, latches and reports.
    latches: how long a `once` per row may last (`day`, `week`, empty for ever); none for rows no rule is about.
    may_doubt: whether a row may carry a reason why it is perhaps not there (`doubt_of`).
    spans_accounts: one row is made of several accounts; no account has such rows of its own.
    """

    plural: str
    singular: str
    doc: str
    rows: Callable[[View], tuple[Any, ...] | Unknown]
    key: Callable[[Any], str]
    needs: frozenset[Part]
    fields: Mapping[str, FieldSpec]
    latches: tuple[str, ...] = ()
    may_doubt: bool = False
    spans_accounts: bool = False


def doubt_of(row: Any) -> Unknown | None:
    """Return why a row is perhaps not there, None when it is; most kinds of rows never say so."""
    doubt: Unknown | None = getattr(row, "doubt", None)
    return doubt


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One argument of a function: its name in the words about it, and its type.

    one_of: what it names (an event), when only `choices` are there to be named; it is then written out in quotes.
    """

    name: str
    type: Type
    one_of: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """
    One function, declared once as a fact is: what its name and arguments say of the account is its value.

    parameters: the arguments, by position. compute: (View, known arguments) -> Value; raises nothing for bad data.
    needs, low, high: as of `FactSpec`.
    """

    name: str
    type: Type
    doc: str
    example: str
    parameters: tuple[Parameter, ...]
    compute: Callable[..., Value]
    needs: frozenset[Part]
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def words(self) -> str:
        """The call with its sentence, as `spot(u): the price …`."""
        names = ", ".join(parameter.name for parameter in self.parameters)
        return f"{self.name}({names}): {self.doc[:1].lower()}{self.doc[1:].rstrip('.')}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    All facts, rows and functions of the language, by name.

    `stop_loss.order_id` is a fact whose name holds a dot.
    rows: an account's own, which a sentence may run over. shared: those that span accounts; only `for_each` names them.
    """

    facts: Mapping[str, FactSpec]
    rows: Mapping[str, RowSpec]
    functions: Mapping[str, FunctionSpec] = field(default_factory=lambda: MappingProxyType({}))
    shared: Mapping[str, RowSpec] = field(default_factory=lambda: MappingProxyType({}))

    def kind(self, plural: str) -> RowSpec:
        """Return a kind of rows, an account's own or shared. Raises KeyError when there is none."""
        return self.rows[plural] if plural in self.rows else self.shared[plural]

    def singular(self, name: str) -> RowSpec | None:
        """Return the rows whose single row is called `name`."""
        return next((rows for rows in (*self.rows.values(), *self.shared.values()) if rows.singular == name), None)

    @property
    def subjects(self) -> tuple[RowSpec, ...]:
        """The rows a rule may be about, each with a verdict of its own: those of `for_each`."""
        return tuple(rows for rows in (*self.rows.values(), *self.shared.values()) if rows.latches)
