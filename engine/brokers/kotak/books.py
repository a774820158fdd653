"""Kotak Neo's positions, orders, order histories and trades as domain rows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from engine.brokers.cost import with_entry_price
from engine.brokers.history import History
from engine.brokers.indian_symbols import instrument, is_derivative_exchange
from engine.brokers.kotak.reply import BLANKS, BROKER, book_of
from engine.brokers.stamps import calendar_day, from_epoch, from_ist, newest, oldest
from engine.brokers.wire import Fields, each_once, rows_of
from engine.brokers.words import RIGHTS, cancelled_by, changed, placed_through, with_fills, with_told_fills
from engine.domain.enums import InstrumentKind, OrderStatus, OrderType, Side
from engine.domain.instrument import Expiry, Instrument
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Book, Fill, Leg, Order, OrderEvent
from engine.errors import BrokerDataError

# The words of Kotak's rows.
SIDES = {"B": Side.BUY, "S": Side.SELL}
TYPES = {
    "L": OrderType.LIMIT,
    "LMT": OrderType.LIMIT,
    "MKT": OrderType.MARKET,
    "SL": OrderType.STOP,
    "SL-M": OrderType.STOP_MARKET,
}
STATUSES = {
    "put order req received": OrderStatus.PENDING_NEW,
    "validation pending": OrderStatus.PENDING_NEW,
    "open pending": OrderStatus.PENDING_NEW,
    "after market order req received": OrderStatus.PENDING_NEW,
    "open": OrderStatus.NEW,
    "trigger pending": OrderStatus.TRIGGER_PENDING,
    "modify validation pending": OrderStatus.PENDING_REPLACE,
    "modify pending": OrderStatus.PENDING_REPLACE,
    "modify after market order req received": OrderStatus.PENDING_REPLACE,
    "cancel pending": OrderStatus.PENDING_CANCEL,
    "complete": OrderStatus.FILLED,
    "traded": OrderStatus.FILLED,
    "rejected": OrderStatus.REJECTED,
}
_CHANGED = "modified"


def parse_positions(body: bytes, taken_at: datetime) -> Book[Leg]:
    """
    Return the rows of GET quick/user/positions, quantities in units; rows closed today stay with net 0.

    factor = multiplier × genNum/genDen × prcNum/prcDen. Carried amounts are at the previous settlement, which is the
    day basis; they say nothing of the entry price. The last price comes from the quotes.
    """
    legs: dict[tuple[str, str, str], Leg] = {}
    stamps: list[datetime | None] = []
    for row in rows_of(book_of(body, "positions"), BROKER, "positions", "trdSym", BLANKS):
        leg = leg_of(row)
        if leg.key in legs:
            row.fail("stands twice in the position book")
        legs[leg.key] = leg
        stamps.append(updated_at(row))
    return Book(tuple(legs.values()), taken_at, newest(stamps))


def parse_orders(body: bytes, taken_at: datetime) -> Book[Order]:
    """
    Return the rows of GET quick/user/orders, or of its one-order form.

    tag is `GuiOrdId`, which Kotak fills itself when the order had none. variety is `amo` or `regular`. An unknown
    status word is UNKNOWN, alive until proved dead. modified: yes where `ordModNo` or `mfdBy` says something; blank
    ones say nothing, for no document explains the fields.
    """
    data = book_of(body, "orders")
    listed = [data] if isinstance(data, dict) else data
    rows = each_once(rows_of(listed, BROKER, "orders", "trdSym", BLANKS), order_of, lambda order: order.id)
    return Book(rows, taken_at, newest(order.updated_at for order in rows))


def parse_order_history(body: bytes) -> History:
    """Return the states of POST quick/order/history oldest first: Kotak lists the newest first."""
    rows = list(rows_of(book_of(body, "order history"), BROKER, "order history", "ordSt", BLANKS))
    if not rows:
        raise BrokerDataError("order history: the reply has no state", broker=BROKER)
    ids = {row.identity("nOrdNo") for row in rows}
    if len(ids) > 1:
        rows[0].fail("the reply mixes several orders; is this an order book?")
    return History(ids.pop(), tuple(_event(row) for row in reversed(rows)))


def parse_trades(body: bytes, taken_at: datetime) -> Book[Fill]:
    """Return the fills of GET quick/user/trades, each once: Kotak may repeat a row, (exSeg, trdSym, flId) tells."""
    listed = rows_of(book_of(body, "trades"), BROKER, "trades", "trdSym", BLANKS)
    rows = each_once(listed, fill_of, lambda fill: (*fill.instrument.key, fill.id))
    return Book(rows, taken_at, newest(fill.filled_at for fill in rows))


def leg_of(row: Fields) -> Leg:
    """Return one row of the position book."""
    carried_buy, carried_sell = row.quantity("cfBuyQty"), row.quantity("cfSellQty")
    bought, sold = row.quantity("flBuyQty"), row.quantity("flSellQty")
    opening = CONTEXT.subtract(carried_buy, carried_sell)
    contract = instrument_of(row)
    is_signed = contract.kind is InstrumentKind.FUTURE
    paid = row.amount("cfBuyAmt", carried_buy, is_signed=is_signed)
    received = row.amount("cfSellAmt", carried_sell, is_signed=is_signed)
    if opening == 0 and (paid is None or received is None):
        row.fail("was carried both ways, and what was paid or received for it is not there")
    leg = Leg(
        instrument=contract,
        product=row.text("prod"),
        net_quantity=CONTEXT.subtract(CONTEXT.add(opening, bought), sold),
        opening_quantity=opening,
        opening_value=None if paid is None or received is None else CONTEXT.subtract(paid, received),
        day_buy_quantity=bought,
        day_buy_value=row.amount("buyAmt", bought, is_signed=is_signed),
        day_sell_quantity=sold,
        day_sell_value=row.amount("sellAmt", sold, is_signed=is_signed),
        factor=factor_of(*(row.positive(name) for name in ("genNum", "prcNum", "genDen", "prcDen", "multiplier"))),
    )
    return with_entry_price(leg)


def factor_of(gen_num: Decimal, prc_num: Decimal, gen_den: Decimal, prc_den: Decimal, multiplier: Decimal) -> Decimal:
    """Return the money per unit of price: multiplied first and divided once, so that 1/3 × 3 is 1."""
    over, under = CONTEXT.multiply(gen_num, prc_num), CONTEXT.multiply(gen_den, prc_den)
    return CONTEXT.divide(CONTEXT.multiply(multiplier, over), under)


def order_of(row: Fields) -> Order:
    """Return one row of the order book."""
    told = row.quantity_or_none("fldQty")
    status, filled = with_told_fills(_status(row, told), told)
    reason = row.text_or_empty("rejRsn")
    placed = oldest(from_ist(row.text_or_empty(name)) for name in ("ordDtTm", "ordEntTm"))
    stamps = (placed, from_ist(row.text_or_empty("exCfmTm")), updated_at(row))
    return Order(
        id=row.identity("nOrdNo"),
        instrument=instrument_of(row),
        product=row.text("prod"),
        side=row.choice("trnsTp", SIDES),
        type=_type(row),
        status=status,
        quantity=row.quantity("qty"),
        filled_quantity=filled,
        status_text=row.text_or_empty("ordSt"),
        price=row.price("prc"),
        trigger_price=row.price("trgPrc"),
        average_price=row.price("avgPrc"),
        placed_at=placed,
        updated_at=newest(stamps),
        reason=reason,
        tag=row.identity_or_none("GuiOrdId"),
        variety="amo" if row.text_or_empty("ordGenTp").upper() == "AMO" else "regular",
        cancelled_by=cancelled_by(status, reason),
        modified=_modified(row),
        source=placed_through(row.text_or_empty("ordSrc")),
    )


def _modified(row: Fields) -> bool | None:
    told = any((row.identity_or_none(name) or "0") != "0" for name in ("ordModNo", "mfdBy"))
    return True if told else None


def _event(row: Fields) -> OrderEvent:
    filled = row.number_or_none("fldQty")
    return OrderEvent(
        status=with_fills(_status(row, filled), filled or ZERO),
        type=_type(row),
        at=next((at for at in _event_stamps(row) if at is not None), None),
        trigger_price=row.price("trgPrc"),
        filled_quantity=filled,
    )


def _event_stamps(row: Fields) -> Iterator[datetime | None]:
    yield from_ist(row.text_or_empty("flDtTm"))
    yield from_ist(row.text_or_empty("exchTmstp"))
    yield from_epoch(row.number_or_none("updRecvTm"))


def fill_of(row: Fields) -> Fill:
    """Return one row of the trade book."""
    return Fill(
        id=row.identity("flId"),
        order_id=row.identity("nOrdNo"),
        instrument=instrument_of(row),
        product=row.text("prod"),
        side=row.choice("trnsTp", SIDES),
        # `qty` and `prc` are empty here; what was filled stands in these two.
        quantity=row.positive("fldQty"),
        price=row.number("avgPrc"),
        filled_at=from_ist(row.text_or_empty("exTm"))
        or from_ist(f"{row.text_or_empty('flDt')} {row.text_or_empty('flTm')}"),
    )


def instrument_of(row: Fields) -> Instrument:
    """Return the contract from the row's own fields; what they leave out comes from the symbol."""
    told = instrument(row.text("exSeg"), row.text("trdSym"), row.identity_or_none("tok"))
    if not is_derivative_exchange(told.exchange):
        return told
    word = (row.text_or_empty("it") or row.text_or_empty("type")).upper()
    right = RIGHTS.get(row.text_or_empty("optTp").upper(), told.right)
    kind = told.kind
    if right is not None or word.startswith("OPT"):
        kind = InstrumentKind.OPTION
    elif word.startswith("FUT"):
        kind = InstrumentKind.FUTURE
    day = calendar_day(row.text_or_empty("expDt"))
    is_option = kind is InstrumentKind.OPTION
    return replace(
        told,
        kind=kind,
        right=right,
        underlying=row.text_or_empty("sym").upper() or told.underlying,
        expiry=told.expiry if day is None else Expiry(day.year, day.month, day.day),
        strike=(row.price("stkPrc") or told.strike) if is_option else None,
    )


def _type(row: Fields) -> OrderType:
    return TYPES.get(row.text_or_empty("prcTp").upper(), OrderType.UNKNOWN)


def _status(row: Fields, filled: Decimal | None) -> OrderStatus:
    word = " ".join(row.text_or_empty("ordSt").lower().split())
    # `cancelled`, `canceled`, `cancelled after market order`; `cancel pending` is still alive.
    if word.startswith(("cancelled", "canceled")):
        return OrderStatus.CANCELED
    return changed(_type(row), filled) if word == _CHANGED else STATUSES.get(word, OrderStatus.UNKNOWN)


def updated_at(row: Fields) -> datetime | None:
    """Return the row's own newest stamp."""
    return from_epoch(row.number_or_none("updRecvTm")) or from_ist(row.text_or_empty("hsUpTm"))
