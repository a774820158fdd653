"""Kite's positions, orders, order histories and trades as domain rows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from engine.brokers.cost import with_entry_price
from engine.brokers.history import History
from engine.brokers.indian_symbols import instrument
from engine.brokers.kite.reply import BROKER, data_of
from engine.brokers.stamps import from_ist, newest, oldest
from engine.brokers.wire import Fields, each_once, object_of, rows_of
from engine.brokers.words import cancelled_by, changed, placed_through, with_fills, with_told_fills
from engine.domain.enums import InstrumentKind, OrderStatus, OrderType, Side
from engine.domain.instrument import Instrument
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Book, Fill, Leg, Order, OrderEvent
from engine.errors import BrokerDataError

# The words of Kite's rows.
SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
TYPES = {
    "MARKET": OrderType.MARKET,
    "LIMIT": OrderType.LIMIT,
    "SL": OrderType.STOP,
    "SL-M": OrderType.STOP_MARKET,
}
STATUSES = {
    "COMPLETE": OrderStatus.FILLED,
    "REJECTED": OrderStatus.REJECTED,
    "OPEN": OrderStatus.NEW,
    "TRIGGER PENDING": OrderStatus.TRIGGER_PENDING,
    "PUT ORDER REQ RECEIVED": OrderStatus.PENDING_NEW,
    "VALIDATION PENDING": OrderStatus.PENDING_NEW,
    "OPEN PENDING": OrderStatus.PENDING_NEW,
    "AMO REQ RECEIVED": OrderStatus.PENDING_NEW,
    "MODIFY VALIDATION PENDING": OrderStatus.PENDING_REPLACE,
    "MODIFY PENDING": OrderStatus.PENDING_REPLACE,
    "CANCEL PENDING": OrderStatus.PENDING_CANCEL,
}
_CHANGED = frozenset({"UPDATE", "MODIFIED"})
# Tags Kite adds by itself; a child of a sliced order carries its parent in one of them.
_SYSTEM_TAGS = ("mktp", "autoslice")
_PARENT_TAG = "autoslice:"


def parse_positions(body: bytes, taken_at: datetime) -> Book[Leg]:
    """
    Return the `net` rows of GET /portfolio/positions; closed rows stay with quantity 0.

    Day basis: the opening quantity at `close_price`, plus the day's own buys and sells, which contain the multiplier.
    `average_price`, `realised` and `unrealised` are not used: the first says nothing certain of carried rows, the
    others are 0 or the life-of-position figure. `day` tells nothing more; a contract that stands only there shows that
    `net` is not whole.
    """
    data = object_of(data_of(body, "positions"), BROKER, "positions")
    if "net" not in data:
        raise BrokerDataError("positions: the reply has no 'net' list", broker=BROKER)
    legs: dict[tuple[str, str, str], Leg] = {}
    for row in rows_of(data["net"], BROKER, "positions", "tradingsymbol"):
        leg = leg_of(row)
        if leg.key in legs:
            row.fail("stands twice in the position book")
        legs[leg.key] = leg
    _need_in_net(data.get("day"), {leg.instrument.key for leg in legs.values()})
    return Book(tuple(legs.values()), taken_at)


def parse_orders(body: bytes, taken_at: datetime) -> Book[Order]:
    """
    Return the rows of GET /orders.

    placed_at is the earliest stamp of the row: `order_timestamp` moves with every change of the order. A market order
    with protection reads LIMIT here. An unknown status word is UNKNOWN, alive until proved dead.
    """
    listed = rows_of(data_of(body, "orders"), BROKER, "orders", "tradingsymbol")
    rows = each_once(listed, order_of, lambda order: order.id)
    return Book(rows, taken_at, newest(order.updated_at for order in rows))


def parse_order_history(body: bytes) -> History:
    """Return the states of one order from GET /orders/{order_id}, oldest first as Kite lists them."""
    rows = list(rows_of(data_of(body, "order history"), BROKER, "order history", "status"))
    if not rows:
        raise BrokerDataError("order history: the reply has no state", broker=BROKER)
    ids = {row.identity("order_id") for row in rows}
    if len(ids) > 1:
        rows[0].fail("the reply mixes several orders; is this an order book?")
    return History(ids.pop(), tuple(_event(row) for row in rows))


def parse_trades(body: bytes, taken_at: datetime) -> Book[Fill]:
    """
    Return the rows of GET /trades or GET /orders/{order_id}/trades; they carry no tag, join them by order_id.

    A trade number is the exchange's own and tells trades of one contract apart.
    """
    listed = rows_of(data_of(body, "trades"), BROKER, "trades", "tradingsymbol")
    rows = each_once(listed, fill_of, lambda fill: (*fill.instrument.key, fill.id))
    return Book(rows, taken_at, newest(fill.filled_at for fill in rows))


def leg_of(row: Fields) -> Leg:
    """Return one row of `net`."""
    contract = _instrument(row)
    opening, factor = row.number("overnight_quantity"), row.positive("multiplier")
    bought, sold = row.quantity("day_buy_quantity"), row.quantity("day_sell_quantity")
    close, is_signed = row.price("close_price"), contract.kind is InstrumentKind.FUTURE
    leg = Leg(
        instrument=contract,
        product=row.text("product"),
        net_quantity=row.number("quantity"),
        opening_quantity=opening,
        opening_value=opening_value(opening, close, factor),
        day_buy_quantity=bought,
        day_buy_value=row.amount("day_buy_value", bought, is_signed=is_signed),
        day_sell_quantity=sold,
        day_sell_value=row.amount("day_sell_value", sold, is_signed=is_signed),
        factor=factor,
        last_price=row.price("last_price"),
        reported_mtm=row.number_or_none("m2m"),
    )
    return with_entry_price(leg)


def opening_value(opening: Decimal, close: Decimal | None, factor: Decimal) -> Decimal | None:
    """Return what a carried quantity was worth at the previous close; None without that price."""
    if opening == 0:
        return ZERO
    return None if close is None else CONTEXT.multiply(CONTEXT.multiply(opening, close), factor)


def _need_in_net(day: object, contracts: set[tuple[str, str]]) -> None:
    for row in () if day is None else rows_of(day, BROKER, "positions, day", "tradingsymbol"):
        if (row.text("exchange"), row.text("tradingsymbol")) not in contracts:
            row.fail("has no row in 'net'")


def order_of(row: Fields) -> Order:
    """Return one row of the order book."""
    told = row.quantity_or_none("filled_quantity")
    stamps = list(_stamps(row))
    status, filled = with_told_fills(_status(row, told), told)
    reason = row.text_or_empty("status_message")
    tags = _tags(row)
    return Order(
        id=row.identity("order_id"),
        instrument=_instrument(row),
        product=row.text("product"),
        side=row.choice("transaction_type", SIDES),
        type=_type(row),
        status=status,
        quantity=row.quantity("quantity"),
        filled_quantity=filled,
        status_text=row.text_or_empty("status"),
        price=row.price("price"),
        trigger_price=row.price("trigger_price"),
        average_price=row.price("average_price"),
        placed_at=oldest(stamps),
        updated_at=newest(stamps),
        reason=reason,
        tag=own_tag(tags),
        parent_id=row.identity_or_none("parent_order_id") or slice_parent(tags),
        variety=row.text_or_empty("variety"),
        cancelled_by=cancelled_by(status, reason),
        modified=row.flag_or_none("modified"),
        source=placed_through(row.text_or_empty("placed_by")),
    )


def _event(row: Fields) -> OrderEvent:
    filled = row.number_or_none("filled_quantity")
    return OrderEvent(
        status=with_fills(_status(row, filled), filled or ZERO),
        type=_type(row),
        at=from_ist(row.text_or_empty("order_timestamp")),
        trigger_price=row.price("trigger_price"),
        filled_quantity=filled,
    )


def fill_of(row: Fields) -> Fill:
    """Return one row of the trade book."""
    stamps = (from_ist(row.text_or_empty(name)) for name in ("fill_timestamp", "exchange_timestamp"))
    return Fill(
        id=row.identity("trade_id"),
        order_id=row.identity("order_id"),
        instrument=_instrument(row),
        product=row.text("product"),
        side=row.choice("transaction_type", SIDES),
        quantity=row.positive("quantity"),
        price=row.number("average_price"),
        filled_at=next((stamp for stamp in stamps if stamp is not None), None),
    )


def _instrument(row: Fields) -> Instrument:
    return instrument(row.text("exchange"), row.text("tradingsymbol"), row.identity_or_none("instrument_token"))


def _type(row: Fields) -> OrderType:
    return TYPES.get(row.text_or_empty("order_type").upper(), OrderType.UNKNOWN)


def _status(row: Fields, filled: Decimal | None) -> OrderStatus:
    word = row.text_or_empty("status").upper()
    # `CANCELLED AMO` is said to exist as well.
    if word.startswith("CANCELLED"):
        return OrderStatus.CANCELED
    return changed(_type(row), filled) if word in _CHANGED else STATUSES.get(word, OrderStatus.UNKNOWN)


def _stamps(row: Fields) -> Iterator[datetime | None]:
    for name in ("order_timestamp", "exchange_timestamp", "exchange_update_timestamp"):
        yield from_ist(row.text_or_empty(name))


def _tags(row: Fields) -> list[str]:
    listed = row.values.get("tags")
    others = [tag for tag in listed if isinstance(tag, str)] if isinstance(listed, list) else []
    return [tag for tag in (row.text_or_empty("tag"), *others) if tag]


def own_tag(tags: Iterable[str]) -> str | None:
    """Return the tag the order was placed with: the first that Kite did not add by itself."""
    return next((tag for tag in tags if not tag.startswith(_SYSTEM_TAGS)), None)


def slice_parent(tags: Iterable[str]) -> str | None:
    """Return the parent of a child of a sliced order, which stands in one of its tags."""
    return next((tag.removeprefix(_PARENT_TAG) for tag in tags if tag.startswith(_PARENT_TAG)), None)
