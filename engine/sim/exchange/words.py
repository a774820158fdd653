"""What is traded, asked for and answered on the simulated exchange: frozen values without behaviour."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from engine.domain.enums import InstrumentKind, OrderType, Right, Side
from engine.domain.numbers import CONTEXT, ZERO

# (exchange, symbol) of a contract.
Key = tuple[str, str]


class Stage(Enum):
    """
    Where an order is on its way; brokers have their own words for each.

    is_terminal: whether it can no longer trade.
    """

    RECEIVED = "received"
    VALIDATING = "validating"
    SENDING = "sending"
    PARKED = "parked"
    OPEN = "open"
    TRIGGER_PENDING = "trigger pending"
    MODIFY_VALIDATING = "modify validating"
    MODIFYING = "modifying"
    MODIFIED = "modified"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    COMPLETE = "complete"
    REJECTED = "rejected"

    def __init__(self, word: str) -> None:
        self.is_terminal = word in ("cancelled", "complete", "rejected")


class Refusal(Enum):
    """Why the risk system or the exchange refuses an order; brokers have their own codes and texts for each."""

    UNKNOWN_CONTRACT = "unknown contract"
    MARKET_CLOSED = "market closed"
    LOT_SIZE = "not a multiple of the lot"
    TICK_SIZE = "not a multiple of the tick"
    FREEZE_QUANTITY = "over the freeze quantity"
    PRODUCT = "product not allowed here"
    PRICE_BAND = "outside the day's price band"
    EXECUTION_BAND = "outside the execution band"
    TRIGGER_SIDE = "trigger on the wrong side"
    PRICE_MISSING = "no price"
    STOP_MARKET = "stop-market orders are not taken"
    NOT_TRADED = "contract not traded"
    BAN_PERIOD = "only decreases in the ban period"
    MARGIN = "not enough margin"
    LOCKED = "segment disabled by the client"
    FINISHED = "order is completed"
    UNKNOWN_ORDER = "no such order"
    UNKNOWN_ACCOUNT = "no such account"
    TOO_MANY_CHANGES = "too many modifications"
    NOT_FLAT = "positions or orders are open"


class LockBlocks(Enum):
    """What a segment that its client disabled refuses; which of them a broker does is for its profile to say."""

    EVERYTHING = "everything"
    OPENING = "opening"
    NOTHING = "nothing"


class Source(Enum):
    """Who sent an order: the API, the broker's own terminal, the broker itself, or the scenario as a trader's hand."""

    API = "api"
    TERMINAL = "terminal"
    BROKER = "broker"
    SCENARIO = "scenario"


class Validity(Enum):
    """How long an order rests."""

    DAY = "DAY"
    IOC = "IOC"


@dataclass(frozen=True, slots=True)
class Contract:
    """
    One contract of the day.

    symbol: the exchange's spelling. token: the number quotes are asked by. Quantities are units; freeze_quantity is the
    most one order may have. low, high: the day's price band. factor: money per unit of price and quantity.
    """

    exchange: str
    symbol: str
    token: str
    kind: InstrumentKind
    underlying: str
    lot_size: Decimal
    tick_size: Decimal
    freeze_quantity: Decimal
    previous_close: Decimal
    low: Decimal
    high: Decimal
    expiry: date | None = None
    strike: Decimal | None = None
    right: Right | None = None
    factor: Decimal = Decimal(1)
    is_banned: bool = False

    @property
    def key(self) -> Key:
        """(exchange, symbol)."""
        return self.exchange, self.symbol


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a client asks to trade. price, trigger_price: None where the type has none. tag: kept, never checked."""

    exchange: str
    symbol: str
    side: Side
    quantity: Decimal
    product: str
    type: OrderType
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    validity: Validity = Validity.DAY
    after_market: bool = False
    tag: str = ""
    source: Source = Source.API

    @property
    def key(self) -> Key:
        """(exchange, symbol)."""
        return self.exchange, self.symbol


@dataclass(frozen=True, slots=True)
class Change:
    """What a client wants different of a working order; None stays. quantity: the whole order's, filled included."""

    type: OrderType | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class State:
    """One step of an order's history."""

    stage: Stage
    at: datetime
    type: OrderType
    quantity: Decimal
    filled_quantity: Decimal
    price: Decimal | None
    trigger_price: Decimal | None


@dataclass(frozen=True, slots=True)
class SimOrder:
    """
    One order as it stands.

    id: the broker's number. exchange_id: None until the exchange took it. ticket: as placed and since changed.
    average_price: None while nothing is filled. refusal, reason: for a rejection or a cancellation not asked for.
    history: oldest first. modified: how many times.
    """

    id: str
    account: str
    ticket: Ticket
    stage: Stage
    placed_at: datetime
    updated_at: datetime
    filled_quantity: Decimal = ZERO
    average_price: Decimal | None = None
    cancelled_quantity: Decimal = ZERO
    exchange_id: str | None = None
    refusal: Refusal | None = None
    reason: str = ""
    modified: int = 0
    history: tuple[State, ...] = ()

    @property
    def open_quantity(self) -> Decimal:
        """What may still fill; 0 once it is finished."""
        return ZERO if self.stage.is_terminal else CONTEXT.subtract(self.ticket.quantity, self.filled_quantity)


@dataclass(frozen=True, slots=True)
class Trade:
    """One fill."""

    id: str
    order_id: str
    account: str
    exchange: str
    symbol: str
    product: str
    side: Side
    quantity: Decimal
    price: Decimal
    at: datetime
    tag: str = ""

    @property
    def key(self) -> Key:
        """(exchange, symbol)."""
        return self.exchange, self.symbol


@dataclass(frozen=True, slots=True)
class Position:
    """
    One row of an account's day: a contract and product carried in or traded today.

    carried: signed quantity at the day's start, valued at carried_price, the previous settlement. Values are money,
    factor included, never negative for options.
    """

    contract: Contract
    product: str
    carried: Decimal = ZERO
    carried_price: Decimal = ZERO
    bought: Decimal = ZERO
    bought_value: Decimal = ZERO
    sold: Decimal = ZERO
    sold_value: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """Signed quantity now: carried plus bought less sold."""
        return CONTEXT.add(self.carried, CONTEXT.subtract(self.bought, self.sold))


@dataclass(frozen=True, slots=True)
class Money:
    """
    An account's money now.

    cash: at the day's start, collateral included. realized, unrealized: of the day, before charges. margin_used: what
    positions and working orders block. available: what is free; below 0 after a hedge was sold before its short.
    """

    cash: Decimal
    realized: Decimal
    unrealized: Decimal
    margin_used: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class Margin:
    """What an order would need: required on top of what is used, and by how much it is short (0 when it is not)."""

    required: Decimal
    available: Decimal
    shortfall: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """One price of a side of the depth."""

    price: Decimal
    quantity: Decimal
    orders: int = 1


@dataclass(frozen=True, slots=True)
class Market:
    """The market of one contract now; an empty side is an empty tuple, best price first."""

    last_price: Decimal
    at: datetime
    traded_at: datetime
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal = ZERO


class Entry(Enum):
    """What the ledger tells of."""

    ORDER = "order"
    MODIFY = "modify"
    TRIGGER = "trigger"
    FILL = "fill"
    CANCEL = "cancel"
    REJECT = "reject"
    CALL = "call"
    LOGIN = "login"
    LOCK = "lock"
    MARGIN = "margin"


class Call(Enum):
    """The kinds of calls an account makes; WEB: at the web terminal. is_write: whether one may change something."""

    LOGIN = "login"
    LOGOUT = "logout"
    ORDERS = "orders"
    ORDER = "order"
    HISTORY = "history"
    TRADES = "trades"
    POSITIONS = "positions"
    HOLDINGS = "holdings"
    FUNDS = "funds"
    MARGIN = "margin"
    QUOTES = "quotes"
    CONTRACTS = "contracts"
    PLACE = "place"
    MODIFY = "modify"
    CANCEL = "cancel"
    STREAM = "stream"
    WEB = "web"
    OTHER = "other"

    def __init__(self, word: str) -> None:
        self.is_write = word in ("place", "modify", "cancel")
