"""Kite's books the fast way: rows that are exactly as Kite documents them, decoded straight to what is needed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec

from engine.brokers.cost import opened_today_at
from engine.brokers.drafts import LegDraft, OrderDraft
from engine.brokers.indian_symbols import instrument
from engine.brokers.kite.books import (
    SIDES,
    STATUSES,
    TYPES,
    fill_of,
    leg_of,
    opening_value,
    order_of,
    own_tag,
    slice_parent,
)
from engine.brokers.kite.market import quote_of
from engine.brokers.kite.reply import BROKER
from engine.brokers.stamps import from_ist, newest, oldest
from engine.brokers.typed_rows import Contracts, Table, Told, object_in
from engine.brokers.usual import amount, identity_or_none, number, price, text, text_or_empty
from engine.brokers.wire import Fields
from engine.brokers.words import cancelled_by, placed_through
from engine.domain.enums import CancelledBy, OrderSource, OrderStatus
from engine.domain.instrument import Instrument
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Fill, Leg, Order, Quote

# Kite spells units as whole numbers. What is beyond these bounds, or spelt otherwise, is the careful parser's.
_MOST = 2**62
_Whole = Annotated[int, msgspec.Meta(ge=-_MOST, le=_MOST)]
_Units = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
_Some = Annotated[int, msgspec.Meta(ge=1, le=_MOST)]
# Read as it is spelt: an int, or a Decimal where there is a point; judged by `number` and its like.
_Number = Any

_STATUSES = {**STATUSES, "CANCELLED": OrderStatus.CANCELED}
_WORKING, _PARTLY = OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED
_NOBODY, _NOWHERE = CancelledBy.UNKNOWN, OrderSource.UNKNOWN


class _Reply(msgspec.Struct, gc=False):
    status: Literal["success"]
    data: list[msgspec.Raw]
    error_type: None = None


class _Contract(msgspec.Struct, gc=False):
    exchange: str
    tradingsymbol: str


class _Net(msgspec.Struct, gc=False):
    net: list[msgspec.Raw]
    day: list[_Contract] | None = None


class _Positions(msgspec.Struct, gc=False):
    status: Literal["success"]
    data: _Net
    error_type: None = None


class _Quotes(msgspec.Struct, gc=False):
    status: Literal["success"]
    data: dict[str, msgspec.Raw]
    error_type: None = None


class _Leg(msgspec.Struct, gc=False):
    exchange: str
    tradingsymbol: str
    product: str
    quantity: _Whole
    overnight_quantity: _Whole
    multiplier: _Some
    day_buy_quantity: _Units
    day_buy_value: _Number
    day_sell_quantity: _Units
    day_sell_value: _Number
    close_price: _Number = None
    last_price: _Number = None
    m2m: _Number = None
    instrument_token: int | str | None = None


class _Order(msgspec.Struct, gc=False):
    order_id: str
    exchange: str
    tradingsymbol: str
    product: str
    transaction_type: str
    order_type: str
    status: str
    quantity: _Units
    filled_quantity: _Units
    price: _Number = None
    trigger_price: _Number = None
    average_price: _Number = None
    instrument_token: int | str | None = None
    order_timestamp: str | None = None
    exchange_timestamp: str | None = None
    exchange_update_timestamp: str | None = None
    status_message: str | None = None
    parent_order_id: str | int | None = None
    variety: str | None = None
    tag: str | None = None
    tags: list[str] | None = None
    modified: bool | None = None
    placed_by: str | None = None


class _Fill(msgspec.Struct, gc=False):
    trade_id: str
    order_id: str
    exchange: str
    tradingsymbol: str
    product: str
    transaction_type: str
    quantity: _Some
    average_price: _Number
    instrument_token: int | str | None = None
    fill_timestamp: str | None = None
    exchange_timestamp: str | None = None


class _Level(msgspec.Struct, gc=False):
    price: _Number = None


class _Depth(msgspec.Struct, gc=False):
    buy: list[_Level]
    sell: list[_Level]


class _Quote(msgspec.Struct, gc=False):
    last_price: _Number = None
    depth: _Depth | None = None
    timestamp: str | None = None
    last_trade_time: str | None = None


_LEG = msgspec.json.Decoder(_Leg, float_hook=Decimal).decode
_ORDER = msgspec.json.Decoder(_Order, float_hook=Decimal).decode
_FILL = msgspec.json.Decoder(_Fill, float_hook=Decimal).decode
_QUOTE = msgspec.json.Decoder(_Quote, float_hook=Decimal).decode
_REPLY = msgspec.json.Decoder(_Reply).decode
_POSITIONS = msgspec.json.Decoder(_Positions).decode
_QUOTES = msgspec.json.Decoder(_Quotes).decode


def contract(key: tuple[Any, ...]) -> Instrument:
    """Return the contract of a row's exchange, symbol and token. Raises: UnusualError where one is blank."""
    exchange, symbol, token = key
    return instrument(text(exchange), text(symbol), identity_or_none(token))


def _leg(raw: bytes, contracts: Contracts) -> Told[Leg]:
    row = _LEG(raw)
    of = contracts[row.exchange, row.tradingsymbol, row.instrument_token]
    opening, factor = row.overnight_quantity, Decimal(row.multiplier)
    net = Decimal(row.quantity)
    bought, sold = Decimal(row.day_buy_quantity), Decimal(row.day_sell_quantity)
    paid, received = amount(row.day_buy_value, bought), amount(row.day_sell_value, sold)
    close, last, mtm = row.close_price, row.last_price, row.m2m
    leg = LegDraft()
    leg.instrument = of
    leg.product = text(row.product)
    leg.net_quantity = net
    leg.opening_quantity = carried = Decimal(opening) if opening else ZERO
    leg.opening_value = opening_value(carried, price(close), factor) if opening else ZERO
    leg.day_buy_quantity = bought
    leg.day_buy_value = paid
    leg.day_sell_quantity = sold
    leg.day_sell_value = received
    leg.factor = factor
    leg.last_price = price(last) if last else None
    leg.entry_price = None if opening else opened_today_at(net, factor, (bought, paid), (sold, received))
    leg.reported_mtm = None if mtm is None else number(mtm)
    leg.number = 1
    return leg.frozen(), None


def _order(raw: bytes, contracts: Contracts) -> Told[Order]:
    row = _ORDER(raw)
    status, filled = _STATUSES[row.status], row.filled_quantity
    first, last = _first_and_last(row)
    order = OrderDraft()
    order.id = text(row.order_id)
    order.instrument = contracts[row.exchange, row.tradingsymbol, row.instrument_token]
    order.product = text(row.product)
    order.side = SIDES[row.transaction_type]
    order.type = TYPES[row.order_type]
    order.status = _PARTLY if filled and status is _WORKING else status
    order.quantity = Decimal(row.quantity)
    order.filled_quantity = Decimal(filled) if filled else ZERO
    order.status_text = row.status
    order.price = price(row.price) if row.price else None
    order.trigger_price = price(row.trigger_price) if row.trigger_price else None
    order.average_price = price(row.average_price) if row.average_price else None
    order.placed_at = first
    order.updated_at = last
    order.reason = reason = text_or_empty(row.status_message)
    order.tag = order.parent_id = order.history = None
    if row.tag or row.tags or row.parent_order_id is not None:
        tags = [tag for tag in (text_or_empty(row.tag), *(row.tags or ())) if tag]
        order.tag, order.parent_id = own_tag(tags), identity_or_none(row.parent_order_id) or slice_parent(tags)
    order.variety = text_or_empty(row.variety)
    order.cancelled_by = cancelled_by(status, reason) if reason else _NOBODY
    order.modified = row.modified
    order.source = placed_through(row.placed_by) if row.placed_by else _NOWHERE
    return order.frozen(), last


def _first_and_last(row: _Order) -> tuple[datetime | None, datetime | None]:
    # Often the three are the same second, and one text is read once.
    here, there, moved = row.order_timestamp, row.exchange_timestamp, row.exchange_update_timestamp
    first = from_ist(here) if here else None
    if here == there == moved:
        return first, first
    second = first if there == here else from_ist(there) if there else None
    third = first if moved == here else second if moved == there else from_ist(moved) if moved else None
    return oldest((first, second, third)), newest((first, second, third))


def _fill(raw: bytes, contracts: Contracts) -> Told[Fill]:
    row = _FILL(raw)
    filled_at = (from_ist(row.fill_timestamp) if row.fill_timestamp else None) or (
        from_ist(row.exchange_timestamp) if row.exchange_timestamp else None
    )
    fill = Fill(
        id=text(row.trade_id),
        order_id=text(row.order_id),
        instrument=contracts[row.exchange, row.tradingsymbol, row.instrument_token],
        product=text(row.product),
        side=SIDES[row.transaction_type],
        quantity=Decimal(row.quantity),
        price=number(row.average_price),
        filled_at=filled_at,
    )
    return fill, filled_at


def _quote(named: tuple[str, bytes], _context: object) -> Told[Quote]:
    key, raw = named
    if ":" not in key:
        return None, None
    exchange, symbol = key.split(":", 1)
    row = _QUOTE(raw)
    depth = row.depth
    quote = Quote(
        exchange=exchange,
        symbol=symbol,
        last_price=price(row.last_price),
        has_depth=depth is not None,
        bid=price(depth.buy[0].price) if depth is not None and depth.buy else None,
        ask=price(depth.sell[0].price) if depth is not None and depth.sell else None,
        as_of=from_ist(row.timestamp) if row.timestamp else None,
        traded_at=from_ist(row.last_trade_time) if row.last_trade_time else None,
    )
    return quote, quote.as_of


def _is_whole(reply: _Positions, legs: Sequence[Leg]) -> bool:
    day = reply.data.day
    if not day:
        return True
    contracts = {leg.instrument.key for leg in legs}
    return all((row.exchange, row.tradingsymbol) in contracts for row in day)


def _careful_leg(raw: bytes, _contracts: object) -> Told[Leg]:
    return leg_of(_fields(raw)), None


def _careful_order(raw: bytes, _contracts: object) -> Told[Order]:
    order = order_of(_fields(raw))
    return order, order.updated_at


def _careful_fill(raw: bytes, _contracts: object) -> Told[Fill]:
    fill = fill_of(_fields(raw))
    return fill, fill.filled_at


def _careful_quote(named: tuple[str, bytes], _context: object) -> Told[Quote]:
    quote = quote_of(named[0], _fields(named[1]))
    return quote, quote.as_of


def _fields(raw: bytes) -> Fields:
    return Fields(object_in(raw), "a row", BROKER)


def _rows(reply: _Reply) -> list[bytes]:
    return [bytes(row) for row in reply.data]


TABLES: Mapping[str, Table[Any]] = MappingProxyType(
    {
        "positions": Table(
            reply=_POSITIONS,
            texts=lambda reply: [bytes(row) for row in reply.data.net],
            usual=_leg,
            careful=_careful_leg,
            identity=attrgetter("instrument.exchange", "instrument.symbol", "product"),
            is_whole=_is_whole,
            once=(b'"data"', b'"net"', b'"day"'),
        ),
        "orders": Table(_REPLY, _rows, _order, _careful_order, attrgetter("id"), is_followed=True),
        "trades": Table(
            _REPLY, _rows, _fill, _careful_fill, attrgetter("instrument.exchange", "instrument.symbol", "id"),
            is_followed=True,
        ),
        "quotes": Table(
            reply=_QUOTES,
            texts=lambda reply: [(key, bytes(row)) for key, row in reply.data.items()],
            usual=_quote,
            careful=_careful_quote,
        ),
    }
)  # fmt: skip
