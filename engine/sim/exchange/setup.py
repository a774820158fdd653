"""What a simulated exchange starts from and what will happen on it by itself: frozen values, without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from engine.domain.enums import Side
from engine.domain.numbers import ONE
from engine.sim.exchange.words import Change, Contract, Key, Level, LockBlocks, Ticket


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When an exchange trades on the day: [opens_at, closes_at)."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """How long something takes, in milliseconds: from `least` to `most`, drawn from the seed."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Latencies:
    """
    How long an order takes from stage to stage, each step drawn for itself.

    receiving: until the broker's risk checks begin. validating: the checks themselves. sending: until the exchange has
    it. changing: until a modification holds. cancelling: until a cancel holds; a fill before that wins.
    """

    receiving: Span = Span(5, 15)
    validating: Span = Span(5, 20)
    sending: Span = Span(10, 40)
    changing: Span = Span(20, 60)
    cancelling: Span = Span(20, 60)


@dataclass(frozen=True, slots=True)
class BandStep:
    """The width of a band for reference prices below `below` (None: all others): so many per cent, or this amount."""

    below: Decimal | None
    percent: Decimal | None = None
    amount: Decimal | None = None


# How far beyond the last price a broker lets a market order go, by price (options): a limit in truth.
OPTION_PROTECTION = (
    BandStep(Decimal(1), amount=Decimal("0.10")),
    BandStep(Decimal(5), percent=Decimal(10)),
    BandStep(Decimal(10), percent=Decimal(5)),
    BandStep(Decimal(100), percent=Decimal(3)),
    BandStep(Decimal(500), percent=Decimal(2)),
    BandStep(None, percent=ONE),
)
# The same for shares and futures.
OTHER_PROTECTION = (
    BandStep(Decimal(100), percent=Decimal(2)),
    BandStep(Decimal(500), percent=ONE),
    BandStep(None, percent=Decimal("0.5")),
)
# How far beyond the last price the exchange lets an order be executed. The exchanges' own table is not public in one
# place; these are round figures of its kind, a scenario may say others.
EXECUTION_BAND = (
    BandStep(Decimal(50), amount=Decimal(20)),
    BandStep(None, percent=Decimal(40)),
)


@dataclass(frozen=True, slots=True)
class MarginRates:
    """
    The simple risk model of `margin.py`, in shares of the underlying's previous close.

    range: how far the underlying is moved either way. exposure: on top, for each short option and each future.
    intraday_share: of a share position's value that an intraday product blocks; others block all of it.
    """

    range: Decimal = Decimal("0.093")
    exposure: Decimal = Decimal("0.02")
    intraday_share: Decimal = Decimal("0.2")
    intraday_products: frozenset[str] = frozenset({"MIS"})


@dataclass(frozen=True, slots=True)
class SquareOff:
    """
    The broker closes positions of these products by itself at an instant, after cancelling their orders.

    underlyings: only these; empty for all. on_expiry_only: only contracts that expire on the trading date.
    """

    at: datetime
    products: frozenset[str]
    underlyings: frozenset[str] = frozenset()
    on_expiry_only: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What the broker and the exchange allow.

    no_market_orders: contracts too illiquid for them. delivery_products: for shares alone. most_changes: of one order;
    None without end. lock_blocks: what a segment disabled by the client refuses. lock_needs_flat: whether one can be
    disabled only without positions or orders.
    """

    latencies: Latencies = Latencies()
    option_protection: tuple[BandStep, ...] = OPTION_PROTECTION
    other_protection: tuple[BandStep, ...] = OTHER_PROTECTION
    execution_band: tuple[BandStep, ...] = EXECUTION_BAND
    margin: MarginRates = MarginRates()
    square_offs: tuple[SquareOff, ...] = ()
    no_market_orders: frozenset[Key] = frozenset()
    takes_stop_market: bool = False
    delivery_products: frozenset[str] = frozenset({"CNC", "MTF"})
    most_changes: int | None = 25
    checks_margin: bool = True
    lock_blocks: LockBlocks = LockBlocks.EVERYTHING
    lock_needs_flat: bool = False


@dataclass(frozen=True, slots=True)
class DepthShape:
    """The depth made around a last price where none is given: the best prices lie `gap` ticks beside it."""

    gap: int = 1
    levels: int = 5
    lots: int = 100


@dataclass(frozen=True, slots=True)
class Tick:
    """
    The market of a contract or index from an instant on; its depth is full again.

    bids, asks: best first; None: made by the contract's DepthShape; () for an empty side. volume: since the last.
    """

    at: datetime
    key: Key
    last_price: Decimal
    bids: tuple[Level, ...] | None = None
    asks: tuple[Level, ...] | None = None
    volume: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class FillRule:
    """
    How orders are filled between two instants; of several rules the last that concerns an order holds.

    accounts, keys: empty for all. share: of an order's quantity that is filled at a time, in whole lots, one at least;
    0 fills nothing. delay: before the first. every: between two; None: at the next tick of the contract.
    """

    share: Decimal = ONE
    delay: timedelta = timedelta(0)
    every: timedelta | None = None
    keys: frozenset[Key] = frozenset()
    accounts: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A position from the day before, or a holding. quantity: signed units. price: None for the previous close."""

    key: Key
    product: str
    quantity: Decimal
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A fill of the day before the start: an order of its own that is complete."""

    at: datetime
    key: Key
    product: str
    side: Side
    quantity: Decimal
    price: Decimal
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """
    An order of an earlier trading date that the book still shows, over since then.

    on: its trading date. filled_at: the price all of it was filled at; None: it was cancelled. Today's positions, fills
    and money know nothing of it.
    """

    on: date
    at: datetime
    ticket: Ticket
    filled_at: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """
    What a trader does at an instant, at a terminal: a new order, or a change or cancel of the working orders of a tag.

    One of ticket, change and cancel is given; change and cancel with the tag.
    """

    at: datetime
    account: str
    ticket: Ticket | None = None
    tag: str = ""
    change: Change | None = None
    cancel: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """
    One client.

    cash: at the day's start, collateral included. resting: orders that work from the start on, taken unchecked.
    segments: the exchanges it may trade on; None for all.
    """

    code: str
    cash: Decimal
    carried: tuple[Carried, ...] = ()
    done: tuple[Done, ...] = ()
    resting: tuple[Ticket, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    holdings: tuple[Carried, ...] = ()
    segments: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """
    Everything one exchange starts from; with equal seeds and calls, equal setups give equal ledgers.

    contracts: indices too, of kind INDEX: an underlying's spot is the INDEX or EQUITY contract of its name.
    sessions: by exchange; one that is not named never opens. ticks: in any order; a market without one stands at its
    previous close. depths: by contract, where `depth` shall not hold. refill: how long consumed depth takes to be full
    again; None: until the contract's next tick.
    """

    start: datetime
    trading_date: date
    contracts: tuple[Contract, ...]
    accounts: tuple[Account, ...]
    sessions: Mapping[str, SessionTimes]
    ticks: tuple[Tick, ...] = ()
    hands: tuple[Hand, ...] = ()
    fills: tuple[FillRule, ...] = ()
    rules: Rules = Rules()
    depth: DepthShape = DepthShape()
    depths: Mapping[Key, DepthShape] = field(default_factory=lambda: MappingProxyType({}))
    refill: timedelta | None = None
