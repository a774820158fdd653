"""One immutable, timed reading of one account: what the broker said, in our words, and which parts it did not say."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from engine.domain.enums import CancelledBy, OrderSource, OrderStatus, OrderType, Side, TradingState
from engine.domain.instrument import Instrument
from engine.domain.numbers import ZERO

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that was not read or could not be believed. Never the same as an empty part."""

    cause: str


@dataclass(frozen=True, slots=True)
class Book(Generic[Row]):
    """
    All rows of one answer; an empty tuple means the broker answered "none".

    taken_at: when we received it. as_of: the newest stamp of the broker's own in it, None when it carries none.
    """

    rows: tuple[Row, ...]
    taken_at: datetime
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """
    One row of the position book: a contract and product carried into or traded today, open or closed.

    Quantities are in units, long +, short −. Values are money in account currency, contract factor included, both
    positive for a positive quantity.
    opening_quantity: net at the day's start. opening_value: that quantity at the previous settlement price (signed as
    the quantity). It and the day's values are None when the broker did not say the price, which makes the day's
    figures unknown.
    factor: money per unit of price per unit of quantity (1 on NSE and BSE derivatives, 1000 on currency futures).
    last_price: the broker's last trade in this row; None when it gives none.
    entry_price: true average cost of what is open; None where only the settlement value is known.
    reported_mtm: the broker's own figure for the day, for drift only.
    number: n of the position's key, rising when net leaves zero or flips.
    """

    instrument: Instrument
    product: str
    net_quantity: Decimal
    opening_quantity: Decimal
    opening_value: Decimal | None
    day_buy_quantity: Decimal
    day_buy_value: Decimal | None
    day_sell_quantity: Decimal
    day_sell_value: Decimal | None
    factor: Decimal = Decimal(1)
    last_price: Decimal | None = None
    entry_price: Decimal | None = None
    reported_mtm: Decimal | None = None
    number: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """(exchange, symbol, product)."""
        return self.instrument.exchange, self.instrument.symbol, self.product

    @property
    def is_open(self) -> bool:
        """Whether anything is held."""
        return bool(self.net_quantity)

    @property
    def is_short(self) -> bool:
        """Whether more is sold than bought."""
        return self.net_quantity < ZERO

    @property
    def is_short_option(self) -> bool:
        """Whether this is a sold (primary) option."""
        return self.net_quantity < ZERO and self.instrument.is_option


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One state in an order's history. at: the broker's stamp, None when it gave none."""

    status: OrderStatus
    type: OrderType
    at: datetime | None = None
    trigger_price: Decimal | None = None
    filled_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """
    One row of the day's order book.

    status_text: the broker's own word. reason: the broker's own text for a rejection or cancellation.
    history: the order's states, oldest first; None when its history was not read.
    average_price: of the filled part; None while nothing is filled.
    modified: whether the order was changed after it was placed; None when the broker does not say.
    source: where the book says it came from; whether it was us its tag tells.
    """

    id: str
    instrument: Instrument
    product: str
    side: Side
    type: OrderType
    status: OrderStatus
    quantity: Decimal
    filled_quantity: Decimal
    status_text: str = ""
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    average_price: Decimal | None = None
    placed_at: datetime | None = None
    updated_at: datetime | None = None
    reason: str = ""
    tag: str | None = None
    parent_id: str | None = None
    variety: str = ""
    cancelled_by: CancelledBy = CancelledBy.UNKNOWN
    history: tuple[OrderEvent, ...] | None = None
    modified: bool | None = None
    source: OrderSource = OrderSource.UNKNOWN

    @property
    def key(self) -> tuple[str, str, str]:
        """(exchange, symbol, product): the leg this order belongs to."""
        return self.instrument.exchange, self.instrument.symbol, self.product

    @property
    def is_working(self) -> bool:
        """Whether the order may still trade; an unknown status is alive until proved dead."""
        return not self.status.is_terminal


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution. filled_at: the exchange's time as the broker reports it."""

    id: str
    order_id: str
    instrument: Instrument
    product: str
    side: Side
    quantity: Decimal
    price: Decimal
    filled_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """(exchange, symbol, product): the leg this fill moved."""
        return self.instrument.exchange, self.instrument.symbol, self.product


@dataclass(frozen=True, slots=True)
class Funds:
    """
    Money of the account, in its currency; None where the broker did not say.

    margin_available: free for new positions. margin_used: blocked now. capital: the day's starting base
    (cash and collateral at the open). reported_mtm: the broker's own day figure, for drift only.
    """

    taken_at: datetime
    margin_available: Decimal | None
    margin_used: Decimal | None
    capital: Decimal | None
    reported_mtm: Decimal | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """
    The market of one contract.

    has_depth: whether the answer carried an order book at all; bid, ask: best prices, None when that side is empty.
    as_of: the broker's stamp on the quote. traded_at: time of the last trade.
    """

    exchange: str
    symbol: str
    last_price: Decimal | None
    has_depth: bool = False
    bid: Decimal | None = None
    ask: Decimal | None = None
    as_of: datetime | None = None
    traded_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(exchange, symbol)."""
        return self.exchange, self.symbol


@dataclass(frozen=True, slots=True)
class Link:
    """What is not in the books: whether the broker answers, and what stops the account locally."""

    connected: bool = True
    stop_file: bool = False
    trading_state: TradingState = TradingState.ACTIVE
    locked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    One reading of one account.

    taken_at: when the reading was complete, aware. Each part is a `Book` (or `Funds`) or `Missing` with its cause.
    doubted: legs (by key) whose price is not believed in this reading, with the reason (see `reconcile`).
    """

    account: str
    taken_at: datetime
    positions: Book[Leg] | Missing
    orders: Book[Order] | Missing
    fills: Book[Fill] | Missing
    funds: Funds | Missing
    quotes: Book[Quote] | Missing
    link: Link = field(default_factory=Link)
    doubted: tuple[tuple[tuple[str, str, str], str], ...] = ()
