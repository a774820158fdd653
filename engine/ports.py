"""
Every socket to the outside, as a Protocol; who fills it stands elsewhere.

A broker is spoken to through `Broker` alone: rules see only snapshots, the shell sees only this.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Protocol

from engine.domain.capabilities import Capabilities
from engine.domain.instrument import Instrument
from engine.domain.journal import (
    ENGINE,
    Command,
    DecisionRecord,
    Lease,
    Note,
    OutcomeRecord,
    StoredState,
    Tick,
    Written,
)  # fmt: skip
from engine.domain.message import Message, Text
from engine.domain.requests import NewOrder, OrderChange, Receipt, Urgency
from engine.domain.secret import Secret
from engine.domain.snapshot import Order, OrderEvent, Snapshot


class Clock(Protocol):
    """Time for the shell: real, or a simulation's."""

    def now(self) -> datetime:
        """Return this instant, aware."""
        ...

    async def sleep(self, span: timedelta) -> None:
        """Wait for a span of this clock's time; not at all when it is not above zero."""
        ...


class SessionState(Enum):
    """
    Whether an account may be asked.

    NONE: never logged in. OPEN: tokens are good as far as we know. EXPIRED: refused, a login may mend it. REFUSED: a
    login was refused or too many failed; a person must look. LOGGED_OUT: ended on purpose, for good.
    """

    NONE = "none"
    OPEN = "open"
    EXPIRED = "expired"
    REFUSED = "refused"
    LOGGED_OUT = "logged_out"


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which parts of a snapshot are asked for; what is not is Missing("not asked for").

    quotes: of every contract that is held or has a working order, and of what these contracts are on.
    spots: further underlyings whose own price is asked for, by name, as `NIFTY` or `TCS`.
    histories: of orders whose past matters and is not known yet. urgency: whose turn the calls are.
    """

    positions: bool = True
    orders: bool = True
    fills: bool = True
    funds: bool = True
    quotes: bool = True
    histories: bool = True
    spots: tuple[str, ...] = ()
    urgency: Urgency = Urgency.ROUTINE


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class ContractList:
    """A broker's contracts. on: the day their file is of; earlier than asked for where that day's was not to be had."""

    on: date
    rows: tuple[Instrument, ...]


class Broker(Protocol):
    """
    One account at one broker: every call for the account goes through this one object.

    Reads are repeated by itself with growing delays, writes never. Only one login runs at a time; a read or write that
    was refused for its session is repeated once after a login, as long as logins are allowed; after `logout` none is.
    """

    @property
    def account(self) -> str:
        """The account's name in the desk."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this broker can do, each line with its source and whether it was verified."""
        ...

    @property
    def session(self) -> SessionState:
        """Whether the account may be asked."""
        ...

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far our clock is ahead of the broker's, by its last answer's Date; None when none has told."""
        ...

    async def login(self) -> None:
        """
        Begin a session, or take up a saved one that still holds.

        Raises: BrokerAuthError when it is refused or not allowed any more, BrokerUnavailable when nobody answers.
        """
        ...

    async def logout(self) -> None:
        """End the session for good: tokens are dropped, the broker is told where it can be; nothing logs in again."""
        ...

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        """
        Return one reading. It raises nothing a broker can cause: a part that was not read is Missing with its cause.

        Each part has its own `taken_at`; `link.connected` says whether anything answered.
        """
        ...

    async def fetch_history(self, order_id: str) -> tuple[OrderEvent, ...]:
        """Return an order's states, oldest first. Raises: BrokerError; CapabilityMissing."""
        ...

    async def fetch_by_tag(self, tag: str, urgency: Urgency = Urgency.EXIT) -> tuple[Order, ...]:
        """
        Return the orders of today that carry a tag, from a fresh order book.

        Empty means: not there now; an order on its way may show a moment later. Raises: BrokerError.
        """
        ...

    async def fetch_contracts(self, on: date) -> ContractList:
        """
        Return the contracts of a trading date, from that day's kept file if there is one.

        Where that day's file cannot be had it is the last one kept, which says of which day it is; the snapshots that
        follow use it too. Raises: BrokerError when there is none at all; CapabilityMissing.
        """
        ...

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """
        Ask for an order, once.

        Raises: BrokerRejected with code and reason, nothing was done; BrokerOutcomeUnknown, it may have been done: look
        the tag up; CapabilityMissing for what the broker does not take; BrokerAuthError, BrokerUnavailable: not sent.
        """
        ...

    async def send_change(self, order: Order, change: OrderChange, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """Ask for a change of a working order, once. Raises: as `send_order`; OrderFinished: too late."""
        ...

    async def send_cancel(self, order: Order, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """Ask for a cancel, once. Raises: as `send_order`; OrderFinished: too late."""
        ...

    async def close(self) -> None:
        """Give connections back; the session stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class SavedSession:
    """
    What goes on after a restart without a login.

    secrets, details: texts by the adapter's own names, the first never shown. expires_at: None when nobody tells.
    """

    broker: str
    account: str
    secrets: Mapping[str, Secret] = field(repr=False)
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    expires_at: datetime | None = None


class SessionKeeper(Protocol):
    """Where sessions outlive the process, out of others' sight."""

    def load(self, broker: str, account: str) -> SavedSession | None:
        """Return the session kept for an account; None for one that is not there or cannot be read."""
        ...

    def save(self, session: SavedSession) -> None:
        """Keep a session in place of the account's last one; one that cannot be kept is not worth an error."""
        ...

    def forget(self, broker: str, account: str) -> None:
        """Drop the account's session, if one is kept."""
        ...


class FileCache(Protocol):
    """Where large files of a broker are kept by the day they are of; each name has its own days."""

    def load(self, broker: str, name: str, on: date) -> bytes | None:
        """Return the file of a day; None when it is not there."""
        ...

    def last(self, broker: str, name: str, before: date) -> tuple[date, bytes] | None:
        """Return the newest file of an earlier day and that day; None when there is none."""
        ...

    def save(self, broker: str, name: str, on: date, body: bytes) -> None:
        """Keep the file of a day."""
        ...


OpenBroker = Callable[[], Awaitable[Broker]]


class StateStore(Protocol):
    """What an account's evaluation remembers, kept over a restart; it is written with the tick that made it."""

    async def restore(self, account: str) -> StoredState | None:
        """
        Return the state as it was written last, with all latches that stand; None when none was.

        account: ENGINE for that of the rules about groups. Raises: StoreError.
        """
        ...


class Journal(Protocol):
    """
    What was decided and done, kept so that nothing is done twice and nothing is forgotten.

    A write is durable when it returns. Raises everywhere: StoreError when it cannot be kept; then nothing of it is.
    """

    async def acquire(self, account: str, holder: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of an account, ours until `now + span`. Raises: LeaseHeld."""
        ...

    async def renew(self, held: Iterable[Lease], now: datetime, span: timedelta) -> tuple[Lease, ...]:
        """Return leases with a later end. Raises: LeaseLost when another has taken one; then none is renewed."""
        ...

    async def release(self, lease: Lease, now: datetime) -> None:
        """Let another take an account over at once."""
        ...

    async def write(self, lease: Lease, tick: Tick, *beside: Lease) -> Written:
        """
        Write what one evaluation leaves behind, whole or not at all.

        beside: leases of the other accounts it has decisions of. Raises: LeaseLost.
        """
        ...

    async def tell(self, *notes: Note, chain: str = ENGINE) -> None:
        """Write notes without a lease: what the engine as a whole has met, or who refused to watch an account."""
        ...

    async def keep_policies(self, digest: str, files: Mapping[str, str], now: datetime) -> None:
        """Keep the texts of a policy set by its digest; once for all."""
        ...

    async def beat(self, holder: str, now: datetime, details: Mapping[str, str]) -> None:
        """Say that an engine is alive."""
        ...

    async def ask(self, command: Command) -> bool:
        """Leave a command for who watches its account; False when one of its id was left before."""
        ...

    async def take(self, held: Iterable[Lease], now: datetime) -> tuple[Command, ...]:
        """Return the commands that wait for these accounts, oldest first; each is taken once. Raises: LeaseLost."""
        ...

    async def decision(self, key: str) -> DecisionRecord | None:
        """Return a decision by its key."""
        ...

    async def decisions(self, account: str, since: datetime) -> tuple[DecisionRecord, ...]:
        """Return an account's decisions from an instant on, oldest first."""
        ...

    async def outcomes(self, key: str) -> tuple[OutcomeRecord, ...]:
        """Return what came of a decision so far, oldest first."""
        ...

    async def close(self) -> None:
        """Write what waits and let go of it."""
        ...


class Notifier(Protocol):
    """
    Tells people. A message is queued and nobody waits for its way; one that cannot be told delays and masks nothing.
    """

    async def tell(self, message: Message) -> None:
        """Queue a message. It raises nothing."""
        ...


class Channel(Protocol):
    """One way to people, such as a chat."""

    async def send(self, text: Text) -> None:
        """Send a text and wait until it was taken. Raises: NotifyError."""
        ...
