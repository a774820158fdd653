"""Kotak Neo's books the fast way: rows as they should be, mostly texts, decoded straight to what is needed."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import field

from engine.brokers.cost import opened_today_at
from engine.brokers.drafts import LegDraft, OrderDraft
from engine.brokers.kept import Symbols
from engine.brokers.kotak.books import (
    SIDES,
    STATUSES,
    TYPES,
    factor_of,
    fill_of,
    instrument_of,
    leg_of,
    order_of,
    updated_at,
)
from engine.brokers.kotak.market import quote_of
from engine.brokers.kotak.reply import BLANKS, BROKER
from engine.brokers.stamps import from_epoch, from_ist, newest, oldest
from engine.brokers.typed_rows import Contracts, Table, Told, object_in
from engine.brokers.usual import UnusualError, number, plain
from engine.brokers.wire import Fields, cleaned
from engine.brokers.words import cancelled_by, placed_through, with_told_fills
from engine.domain.enums import OrderStatus
from engine.domain.instrument import Instrument
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Fill, Leg, Order, Quote

# A number as Kotak spells it: mostly a text, sometimes a number, a blank where there is none.
_Number = Any
_Id = str | int

_OK = frozenset({"ok", "success"})
_STATUSES = {**STATUSES, "cancelled": OrderStatus.CANCELED, "canceled": OrderStatus.CANCELED}
_CONTRACT = ("exSeg", "trdSym", "tok", "optTp", "it", "type", "expDt", "sym", "stkPrc")


class _Reply(msgspec.Struct, gc=False):
    stat: str
    code: int | str = field(name="stCode")
    data: list[msgspec.Raw] = field(name="data")
    error: None = None


class _Row(msgspec.Struct, gc=False, kw_only=True):
    exchange: str = field(name="exSeg")
    symbol: str = field(name="trdSym")
    product: str = field(name="prod")
    token: _Id | None = field(name="tok", default=None)
    right: str | None = field(name="optTp", default=None)
    kind: str | None = field(name="it", default=None)
    other_kind: str | None = field(name="type", default=None)
    expiry: str | None = field(name="expDt", default=None)
    underlying: str | None = field(name="sym", default=None)
    strike: _Id | None = field(name="stkPrc", default=None)

    def contract(self, contracts: Contracts) -> Instrument:
        return contracts[
            self.exchange, self.symbol, self.token, self.right, self.kind, self.other_kind, self.expiry,
            self.underlying, self.strike,
        ]  # fmt: skip


class _Leg(_Row, gc=False, kw_only=True):
    carried_buy: _Number = field(name="cfBuyQty")
    carried_sell: _Number = field(name="cfSellQty")
    carried_paid: _Number = field(name="cfBuyAmt")
    carried_received: _Number = field(name="cfSellAmt")
    bought: _Number = field(name="flBuyQty")
    sold: _Number = field(name="flSellQty")
    paid: _Number = field(name="buyAmt")
    received: _Number = field(name="sellAmt")
    multiplier: _Number
    gen_num: _Number = field(name="genNum")
    gen_den: _Number = field(name="genDen")
    prc_num: _Number = field(name="prcNum")
    prc_den: _Number = field(name="prcDen")
    received_at: _Number = field(name="updRecvTm", default=None)
    updated_at: str | None = field(name="hsUpTm", default=None)


class _Order(_Row, gc=False, kw_only=True):
    id: _Id = field(name="nOrdNo")
    side: str = field(name="trnsTp")
    type: str = field(name="prcTp")
    status: str = field(name="ordSt")
    quantity: _Number = field(name="qty")
    filled: _Number = field(name="fldQty")
    price: _Number = field(name="prc", default=None)
    trigger_price: _Number = field(name="trgPrc", default=None)
    average_price: _Number = field(name="avgPrc", default=None)
    reason: str | None = field(name="rejRsn", default=None)
    tag: _Id | None = field(name="GuiOrdId", default=None)
    way: str | None = field(name="ordGenTp", default=None)
    ordered_at: str | None = field(name="ordDtTm", default=None)
    entered_at: str | None = field(name="ordEntTm", default=None)
    confirmed_at: str | None = field(name="exCfmTm", default=None)
    received_at: _Number = field(name="updRecvTm", default=None)
    updated_at: str | None = field(name="hsUpTm", default=None)
    changes: _Id | None = field(name="ordModNo", default=None)
    changed_by: _Id | None = field(name="mfdBy", default=None)
    source: str | None = field(name="ordSrc", default=None)


class _Fill(_Row, gc=False, kw_only=True):
    id: _Id = field(name="flId")
    order_id: _Id = field(name="nOrdNo")
    side: str = field(name="trnsTp")
    quantity: _Number = field(name="fldQty")
    price: _Number = field(name="avgPrc")
    at: str | None = field(name="exTm", default=None)
    day: str | None = field(name="flDt", default=None)
    time: str | None = field(name="flTm", default=None)


class _Level(msgspec.Struct, gc=False):
    price: _Number = None


class _Depth(msgspec.Struct, gc=False):
    buy: list[_Level]
    sell: list[_Level]


class _Quote(msgspec.Struct, gc=False, kw_only=True):
    exchange: str
    token: _Id | None = field(name="exchange_token", default=None)
    name: str | None = field(name="display_symbol", default=None)
    last: _Number = field(name="ltp", default=None)
    depth: _Depth | None = None
    updated_at: _Number = field(name="lstup_time", default=None)


_REPLY = msgspec.json.Decoder(_Reply).decode
_LIST = msgspec.json.Decoder(list[msgspec.Raw]).decode
_LEG = msgspec.json.Decoder(_Leg, float_hook=Decimal).decode
_ORDER = msgspec.json.Decoder(_Order, float_hook=Decimal).decode
_FILL = msgspec.json.Decoder(_Fill, float_hook=Decimal).decode
_QUOTE = msgspec.json.Decoder(_Quote, float_hook=Decimal).decode


def contract(key: tuple[Any, ...]) -> Instrument:
    """Return the contract of the fields of a row that tell it. Raises: BrokerDataError as the careful parser."""
    told = {name: number(value) if type(value) is int else value for name, value in zip(_CONTRACT, key, strict=True)}
    return instrument_of(Fields(told, "a row", BROKER, BLANKS))


def _leg(raw: bytes, contracts: Contracts) -> Told[Leg]:
    row = _LEG(raw)
    of = row.contract(contracts)
    carried_buy, carried_sell = _units(row.carried_buy), _units(row.carried_sell)
    opening = CONTEXT.subtract(carried_buy, carried_sell)
    before = _amount(row.carried_paid, carried_buy), _amount(row.carried_received, carried_sell)
    if before[0] is None or before[1] is None:
        if opening == 0:
            raise UnusualError
        opening_value = None
    else:
        opening_value = CONTEXT.subtract(before[0], before[1])
    bought, sold = _units(row.bought), _units(row.sold)
    paid, received = _amount(row.paid, bought), _amount(row.received, sold)
    shares = (_some(one) for one in (row.gen_num, row.prc_num, row.gen_den, row.prc_den, row.multiplier))
    leg = LegDraft()
    leg.instrument = of
    leg.product = _text(row.product)
    leg.net_quantity = net = CONTEXT.subtract(CONTEXT.add(opening, bought), sold)
    leg.opening_quantity = opening
    leg.opening_value = opening_value
    leg.day_buy_quantity = bought
    leg.day_buy_value = paid
    leg.day_sell_quantity = sold
    leg.day_sell_value = received
    leg.factor = factor = factor_of(*shares)
    leg.last_price = leg.reported_mtm = None
    leg.entry_price = None if opening else opened_today_at(net, factor, (bought, paid), (sold, received))
    leg.number = 1
    return leg.frozen(), _updated(row)


def _order(raw: bytes, contracts: Contracts) -> Told[Order]:
    row = _ORDER(raw)
    told = _told(row.filled)
    if told is not None and told < 0:
        raise UnusualError
    placed = oldest((_stamp(row.ordered_at), _stamp(row.entered_at)))
    last = newest((placed, _stamp(row.confirmed_at), _updated(row)))
    changed = (_identity_or_none(row.changes) or "0", _identity_or_none(row.changed_by) or "0") != ("0", "0")
    order = OrderDraft()
    order.id = _text(str(row.id))
    order.instrument = row.contract(contracts)
    order.product = _text(row.product)
    order.side = SIDES[row.side]
    order.type = TYPES[row.type]
    order.status, order.filled_quantity = with_told_fills(_STATUSES[row.status], told)
    order.quantity = _units(row.quantity)
    order.status_text = row.status
    order.price = _price(row.price)
    order.trigger_price = _price(row.trigger_price)
    order.average_price = _price(row.average_price)
    order.placed_at = placed
    order.updated_at = last
    order.reason = reason = _text_or_empty(row.reason)
    order.tag = _identity_or_none(row.tag)
    order.parent_id = order.history = None
    order.variety = "amo" if _text_or_empty(row.way).upper() == "AMO" else "regular"
    order.cancelled_by = cancelled_by(order.status, reason)
    order.modified = True if changed else None
    order.source = placed_through(_text_or_empty(row.source))
    return order.frozen(), last


def _fill(raw: bytes, contracts: Contracts) -> Told[Fill]:
    row = _FILL(raw)
    fill = Fill(
        id=_text(str(row.id)),
        order_id=_text(str(row.order_id)),
        instrument=row.contract(contracts),
        product=_text(row.product),
        side=SIDES[row.side],
        quantity=_some(row.quantity),
        price=_needed(row.price),
        filled_at=_stamp(row.at) or from_ist(f"{_text_or_empty(row.day)} {_text_or_empty(row.time)}"),
    )
    return fill, fill.filled_at


def _quote(raw: bytes, symbols: Symbols) -> Told[Quote]:
    row = _QUOTE(raw)
    exchange, token, depth = _text_or_empty(row.exchange), _identity_or_none(row.token), row.depth
    symbol = (symbols.get((exchange, token)) if token else None) or _text_or_empty(row.name) or token
    if not exchange or not symbol:
        return None, None
    quote = Quote(
        exchange=exchange,
        symbol=symbol,
        last_price=_price(row.last),
        has_depth=depth is not None,
        bid=_price(depth.buy[0].price) if depth is not None and depth.buy else None,
        ask=_price(depth.sell[0].price) if depth is not None and depth.sell else None,
        as_of=from_epoch(_told(row.updated_at)),
    )
    return quote, quote.as_of


def _told(value: object) -> Decimal | None:
    """Return a number that is there, None where there is a blank. Raises: UnusualError or ArithmeticError."""
    if type(value) is str:
        return None if value.strip() in BLANKS else plain(value)
    return None if value is None else number(value)


def _needed(value: object) -> Decimal:
    found = _told(value)
    if found is None:
        raise UnusualError
    return found


def _units(value: object) -> Decimal:
    found = _needed(value)
    if found < ZERO:
        raise UnusualError
    return found


def _some(value: object) -> Decimal:
    found = _needed(value)
    if found <= ZERO:
        raise UnusualError
    return found


def _amount(value: object, quantity: Decimal) -> Decimal | None:
    found = _told(value)
    if found is None:
        found = ZERO
    if found < ZERO:
        raise UnusualError
    return None if quantity and not found else found


def _price(value: object) -> Decimal | None:
    return _told(value) or None


def _text(value: str) -> str:
    found = _text_or_empty(value)
    if not found:
        raise UnusualError
    return found


def _text_or_empty(value: str | None) -> str:
    return "" if value is None or value.strip() in BLANKS else cleaned(value)


def _identity_or_none(value: _Id | None) -> str | None:
    return None if value is None else _text_or_empty(str(value)) or None


def _stamp(value: str | None) -> datetime | None:
    return None if value is None else from_ist(value)


def _updated(row: _Leg | _Order) -> datetime | None:
    return from_epoch(_told(row.received_at)) or _stamp(row.updated_at)


def _careful_leg(raw: bytes, _contracts: object) -> Told[Leg]:
    row = _fields(raw)
    return leg_of(row), updated_at(row)


def _careful_order(raw: bytes, _contracts: object) -> Told[Order]:
    order = order_of(_fields(raw))
    return order, order.updated_at


def _careful_fill(raw: bytes, _contracts: object) -> Told[Fill]:
    fill = fill_of(_fields(raw))
    return fill, fill.filled_at


def _careful_quote(raw: bytes, symbols: Symbols) -> Told[Quote]:
    quote = quote_of(_fields(raw), symbols.get)
    return quote, None if quote is None else quote.as_of


def _fields(raw: bytes) -> Fields:
    return Fields(object_in(raw), "a row", BROKER, BLANKS)


def _rows(reply: _Reply) -> list[bytes]:
    if reply.code not in (200, "200") or reply.stat.strip().lower() not in _OK:
        raise UnusualError
    return [bytes(row) for row in reply.data]


TABLES: Mapping[str, Table[Any]] = MappingProxyType(
    {
        "positions": Table(
            _REPLY, _rows, _leg, _careful_leg, attrgetter("instrument.exchange", "instrument.symbol", "product"),
        ),
        "orders": Table(_REPLY, _rows, _order, _careful_order, attrgetter("id"), is_followed=True),
        "trades": Table(
            _REPLY, _rows, _fill, _careful_fill, attrgetter("instrument.exchange", "instrument.symbol", "id"),
            is_followed=True,
        ),
        "quotes": Table(
            _LIST, lambda rows: [bytes(row) for row in rows], _quote, _careful_quote,
        ),
    }
)  # fmt: skip
