"""The rows `orders` of today, and the fields of one."""

from types import MappingProxyType

from engine.domain.enums import CancelledBy, OrderEffect, OrderSource, OrderStatus, OrderType, Side
from engine.domain.kinds import BOOL, DURATION, INSTANT, MONEY, TEXT, choice, count_of
from engine.domain.numbers import CONTEXT, ZERO, seconds_of
from engine.domain.snapshot import Order
from engine.domain.values import Unknown, Value, unknown
from engine.facts.base import FieldSpec, Part, RowSpec, Sign, View
from engine.facts.counting import words
from engine.facts.effects import effect, source
from engine.facts.index import legs_of_contract
from engine.facts.lineage import was_stop
from engine.facts.orders import is_working, status_unknown
from engine.facts.parts import name_of, orders_of

_ORDERS = frozenset({Part.ORDERS})


def _told(order: Order, value: Value | None, what: str) -> Value:
    return value if value is not None else unknown(f"{what} of order {order.id} not told")


def _type(order: Order) -> Value:
    if order.type is OrderType.UNKNOWN:
        return unknown(f"type of order {order.id} is not known")
    return str(order.type.value)


def _status(order: Order) -> Value:
    return status_unknown(order) if order.status is OrderStatus.UNKNOWN else order.status.value


def _lots(view: View, order: Order) -> Value:
    # Where the order does not tell the size of a lot, a leg of the same contract may.
    told = (order.instrument, *(leg.instrument for leg in legs_of_contract(view, order.instrument.key)))
    size = next((one.lot_size for one in told if one.lot_size is not None), None)
    if size is None or size <= ZERO:
        return Unknown((f"lot size of {name_of(order.instrument)} not known",), ZERO, None)
    return CONTEXT.divide(order.quantity, size)


def _age(view: View, order: Order) -> Value:
    if order.placed_at is None:
        return Unknown((f"time of placing of order {order.id} not told",), ZERO, None)
    return max(ZERO, seconds_of(view.now - order.placed_at))


ORDER_FIELDS = (
    FieldSpec(
        name="id",
        type=TEXT,
        doc="The broker's order number.",
        path="id",
        needs=_ORDERS,
        example="any(o.id == '250720000007242' for o in orders)",
    ),
    FieldSpec(
        name="symbol",
        type=TEXT,
        doc="The contract as the broker spells it.",
        path="instrument.symbol",
        needs=_ORDERS,
        example="any(o.symbol == 'NIFTY26NOV24000CE' for o in orders)",
    ),
    FieldSpec(
        name="underlying",
        type=TEXT,
        doc="The name of what the contract is on; unknown when its symbol does not tell.",
        path="instrument.underlying",
        compute=lambda view, order: _told(order, order.instrument.underlying, "underlying"),
        needs=_ORDERS,
        example="any(o.underlying == 'NIFTY' for o in orders)",
    ),
    FieldSpec(
        name="side",
        type=choice(Side),
        doc="BUY or SELL.",
        path="side",
        needs=_ORDERS,
        example="any(o.side == SELL for o in orders)",
    ),
    FieldSpec(
        name="type",
        type=words(OrderType, OrderType.UNKNOWN),
        doc="How the order is priced now: MARKET, LIMIT, STOP (stop-limit) or STOP_MARKET.",
        compute=lambda view, order: _type(order),
        needs=_ORDERS,
        example="any(o.type == MARKET for o in orders)",
    ),
    FieldSpec(
        name="status",
        type=words(OrderStatus, OrderStatus.UNKNOWN),
        doc="Where the order stands; unknown when the broker uses a word not held here.",
        compute=lambda view, order: _status(order),
        needs=_ORDERS,
        example="any(o.status == REJECTED for o in orders)",
    ),
    FieldSpec(
        name="quantity",
        type=count_of("units"),
        doc="Units ordered.",
        path="quantity",
        needs=_ORDERS,
        example="any(o.quantity > 1_800 for o in orders)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="lots",
        type=count_of("lots"),
        doc="The size of the order in lots.",
        compute=_lots,
        needs=_ORDERS | {Part.POSITIONS},
        example="any(o.is_working and o.lots > 50 for o in orders)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="filled_quantity",
        type=count_of("units"),
        doc="Units filled so far.",
        path="filled_quantity",
        needs=_ORDERS,
        example="any(o.filled_quantity > 0 for o in orders)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="price",
        type=MONEY,
        doc="The limit price; unknown for an order without one.",
        compute=lambda view, order: _told(order, order.price or None, "limit price"),
        needs=_ORDERS,
        example="any(o.price > 500 for o in orders)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="trigger_price",
        type=MONEY,
        doc="The price a stop waits for; unknown for an order without one.",
        compute=lambda view, order: _told(order, order.trigger_price or None, "trigger price"),
        needs=_ORDERS,
        example="any(o.trigger_price > 500 for o in orders)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="product",
        type=TEXT,
        doc="The broker's product label.",
        path="product",
        needs=_ORDERS,
        example="any(o.product == 'MIS' for o in orders)",
    ),
    FieldSpec(
        name="was_stop",
        type=BOOL,
        doc="Whether the order was a stop at any time, whatever it is now.",
        compute=was_stop,
        needs=_ORDERS,
        example="any(o.was_stop and o.status == CANCELED for o in orders)",
    ),
    FieldSpec(
        name="is_working",
        type=BOOL,
        doc="Whether the order may still trade.",
        compute=lambda view, order: is_working(order),
        needs=_ORDERS,
        example="any(o.is_working and o.age > 5m for o in orders)",
    ),
    FieldSpec(
        name="is_option",
        type=BOOL,
        doc="Whether the contract is an option.",
        path="instrument.is_option",
        needs=_ORDERS,
        example="any(not o.is_option for o in orders)",
    ),
    FieldSpec(
        name="effect",
        type=choice(OrderEffect),
        doc="What filling the rest of the order would do to the positions held now: opens, uncovers (sells a bought "
        "option that covers a sold one), covers (buys protection for a naked short) or closes; nothing for one that "
        "trades no more. Where it would do several, the first of these words; of two orders for the same units the "
        "later one opens, and a stop counts first.",
        compute=effect,
        needs=_ORDERS | {Part.POSITIONS},
        example="any(o.effect in [opens, uncovers] for o in orders)",
    ),
    FieldSpec(
        name="source",
        type=words(OrderSource, OrderSource.UNKNOWN),
        doc="Who sent the order: us (by its tag), terminal (a person), algo (another program) or broker (its own "
        "desk); unknown where the book does not tell.",
        compute=lambda view, order: source(order),
        needs=_ORDERS,
        example="any(o.is_working and o.source == algo for o in orders)",
    ),
    FieldSpec(
        name="cancelled_by",
        type=choice(CancelledBy),
        doc="Who cancelled the order: us, trader, broker, or unknown when the book does not tell.",
        path="cancelled_by",
        needs=_ORDERS,
        example="any(o.status == CANCELED and o.cancelled_by == broker for o in orders)",
    ),
    FieldSpec(
        name="reason",
        type=TEXT,
        doc="The broker's own words for a rejection or cancellation; empty when it gave none.",
        path="reason",
        needs=_ORDERS,
        example="any(o.status == REJECTED and o.reason == 'insufficient margin' for o in orders)",
    ),
    FieldSpec(
        name="tag",
        type=TEXT,
        doc="The tag the order carries; empty for none.",
        compute=lambda view, order: order.tag or "",
        needs=_ORDERS,
        example="any(o.tag == 'algo7' for o in orders)",
    ),
    FieldSpec(
        name="placed_at",
        type=INSTANT,
        doc="When the order was placed.",
        path="placed_at",
        compute=lambda view, order: _told(order, order.placed_at, "time of placing"),
        needs=_ORDERS,
        example="any(since(o.placed_at) < 1m for o in orders)",
    ),
    FieldSpec(
        name="updated_at",
        type=INSTANT,
        doc="When the order last changed.",
        path="updated_at",
        compute=lambda view, order: _told(order, order.updated_at, "time of the last change"),
        needs=_ORDERS,
        example="any(since(o.updated_at) < 5m for o in orders)",
    ),
    FieldSpec(
        name="age",
        type=DURATION,
        doc="How long ago the order was placed.",
        compute=_age,
        needs=_ORDERS | {Part.CLOCK},
        example="any(o.is_working and o.age > 5m for o in orders)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
)

ORDER_ROWS = (
    RowSpec(
        plural="orders",
        singular="order",
        doc="The orders of today, and any older one that may still trade.",
        rows=orders_of,
        key=lambda order: order.id,
        needs=_ORDERS,
        fields=MappingProxyType({field.name: field for field in ORDER_FIELDS}),
        latches=("", "day", "week"),
    ),
)
