"""
Stop-losses on sold options, found by lineage and never by status alone.

A BUY order that was a stop at some time, on the contract and product of an option leg that was net short when the
order was placed, filled today, and reduced that short. What the evidence does not decide is Unknown and names what is
missing.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.numbers import CONTEXT, HUNDRED, ZERO
from engine.domain.snapshot import Book, Fill, Missing, Order
from engine.domain.values import Unknown, merge_causes, unknown
from engine.facts.base import View
from engine.facts.memory import StopHit, merge_hits
from engine.facts.parts import fills_of, is_today, leg_at, name_of, orders_of
from engine.facts.path import net_bounds, own_fills

_RESTING = frozenset({OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED})
_WAITING = frozenset({OrderStatus.TRIGGER_PENDING, OrderStatus.PENDING_NEW})
_CHANGING = frozenset({OrderStatus.PENDING_REPLACE, OrderStatus.PENDING_CANCEL})


@dataclass(frozen=True, slots=True)
class _Filled:
    """What of an order filled today."""

    quantity: Decimal
    first_at: datetime | None
    last_at: datetime
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class _Reduced:
    """The short an order stood for, and by how much it shrank."""

    short: Decimal
    by: Decimal


def shows_stop(order: Order) -> bool:
    """Return whether this reading alone proves an order a stop: its type, or that it waits for a trigger."""
    if order.type.is_stop or order.status is OrderStatus.TRIGGER_PENDING:
        return True
    return any(event.type.is_stop or event.status is OrderStatus.TRIGGER_PENDING for event in order.history or ())


def stops_in(book: Book[Order] | Missing) -> frozenset[str]:
    """Return the ids of the orders a book proves stops."""
    return frozenset() if isinstance(book, Missing) else frozenset(order.id for order in book.rows if shows_stop(order))


def was_stop(view: View, order: Order) -> bool | Unknown:
    """
    Return whether an order was a stop at any time; Unknown when its history would decide and was not read.

    A plain limit or market order that carries no trigger price is not a stop even without a history: the brokers read
    here keep the trigger price on a stop that has become something else.
    """
    if shows_stop(order) or order.id in view.memory.stops_seen:
        return True
    if order.type is OrderType.UNKNOWN or any(event.type is OrderType.UNKNOWN for event in order.history or ()):
        return unknown(f"type of order {order.id} is not known")
    if order.trigger_price and not order.history:
        return unknown(f"order {order.id} has a trigger price but is no stop now, and its history was not read")
    return False


def stop_hits(view: View) -> tuple[StopHit, ...]:
    """Return all evidence of today, part fills too, oldest fill first: what the day remembers and what is seen now."""
    return cast("tuple[StopHit, ...]", view.once("stop hits", _merged))


def undecided_stops(view: View) -> tuple[Unknown, ...]:
    """Return one Unknown for each order that may be a stop-loss hit and is not recorded as one."""
    recorded = {hit.order_id for hit in stop_hits(view) if hit.share >= view.demands.stop_loss_share}
    return tuple(result for order, result in _judged(view) if isinstance(result, Unknown) and order.id not in recorded)


def judge(view: View, order: Order) -> StopHit | Unknown | None:
    """Return the evidence that an order is a stop-loss that filled, None when it is not, Unknown when not decided."""
    if order.side is not Side.BUY or not order.instrument.is_option:
        return None
    stop = was_stop(view, order)
    if stop is False:
        return None
    filled = _filled_today(view, order)
    if filled is None:
        return None
    reduced = _reduction(view, order, filled)
    if reduced is None:
        return None
    if isinstance(stop, Unknown) or isinstance(filled, Unknown) or isinstance(reduced, Unknown):
        return Unknown(merge_causes(value for value in (stop, filled, reduced) if isinstance(value, Unknown)))
    counted = min(filled.quantity, reduced.short)
    return StopHit(
        order_id=order.id,
        symbol=order.instrument.symbol,
        filled_at=filled.last_at,
        quantity=filled.quantity,
        price=filled.price,
        share=CONTEXT.divide(CONTEXT.multiply(counted, HUNDRED), order.quantity),
        reduced=reduced.by,
        evidence=_evidence(order),
    )


def rests_triggered(view: View, order: Order) -> bool | Unknown:
    """Return whether a BUY stop has triggered and rests in the market, not or not fully filled."""
    if order.side is not Side.BUY or not order.is_working or order.status in _WAITING:
        return False
    stop = was_stop(view, order)
    if stop is False or order.filled_quantity >= order.quantity:
        return False
    if order.status in _RESTING:
        return stop
    if order.status in _CHANGING and order.history:
        states = [event.status for event in order.history if event.status in _RESTING | _WAITING]
        return stop if states and states[-1] in _RESTING else False
    return unknown(f"whether order {order.id} has triggered is not known (status {order.status_text or 'not known'})")


def _merged(view: View) -> tuple[StopHit, ...]:
    return merge_hits(view.memory.stop_hits, [hit for _, hit in _judged(view) if isinstance(hit, StopHit)])


def _judged(view: View) -> tuple[tuple[Order, StopHit | Unknown | None], ...]:
    def compute(_: View) -> tuple[tuple[Order, StopHit | Unknown | None], ...]:
        orders = orders_of(view)
        return () if isinstance(orders, Unknown) else tuple((order, judge(view, order)) for order in orders)

    return cast("tuple[tuple[Order, StopHit | Unknown | None], ...]", view.once("judged stops", compute))


def _evidence(order: Order) -> str:
    if any(event.type.is_stop or event.status is OrderStatus.TRIGGER_PENDING for event in order.history or ()):
        return "a stop by its order history"
    return "a stop by its type in the order book" if order.type.is_stop else "seen as a stop in an earlier reading"


def _filled_today(view: View, order: Order) -> _Filled | Unknown | None:
    fills = own_fills(view, order.id)
    traded = sum((fill.quantity for fill in fills), ZERO)
    if not traded and not order.filled_quantity:
        return None
    if order.quantity <= ZERO:
        return unknown(f"quantity of order {order.id} is not known")
    if order.status is OrderStatus.UNKNOWN and not traded:
        return unknown(f"status of order {order.id} is not known ({order.status_text or 'no word'})")
    at = _fill_time(view, order, fills)
    if at is None or isinstance(at, Unknown):
        return at
    # A status we do not hold may lie about its quantity too; there only the trades count.
    quantity = traded if order.status is OrderStatus.UNKNOWN else max(traded, order.filled_quantity)
    first = fills[0].filled_at if fills else order.updated_at
    return _Filled(quantity, first, at, order.average_price or _average(fills))


def _fill_time(view: View, order: Order, fills: tuple[Fill, ...]) -> datetime | Unknown | None:
    times = [fill.filled_at for fill in fills if fill.filled_at is not None]
    if times:
        return max(times)
    placed_today = order.placed_at is not None and is_today(view, order.placed_at)
    if order.placed_at is not None and not placed_today and not fills:
        # An order of another day: its last update may be the broker's clean-up, so only today's trades prove a fill.
        trades = fills_of(view)
        return Unknown(trades.causes) if isinstance(trades, Unknown) else None
    if order.updated_at is not None:
        return order.updated_at if is_today(view, order.updated_at) else None
    stamps = [event.at for event in order.history or () if event.at is not None and event.filled_quantity]
    if stamps:
        return stamps[-1] if is_today(view, stamps[-1]) else None
    if placed_today and not isinstance(view.snapshot.orders, Missing):
        return view.snapshot.orders.taken_at
    return unknown(f"when order {order.id} filled is not known")


def _average(fills: tuple[Fill, ...]) -> Decimal | None:
    quantity = sum((fill.quantity for fill in fills), ZERO)
    value = sum((CONTEXT.multiply(fill.quantity, fill.price) for fill in fills), ZERO)
    return CONTEXT.divide(value, quantity) if quantity else None


def _reduction(view: View, order: Order, filled: _Filled | Unknown) -> _Reduced | Unknown | None:
    leg = leg_at(view, order.key)
    if isinstance(leg, Unknown):
        return leg
    first_at = order.updated_at if isinstance(filled, Unknown) else filled.first_at
    placed = net_bounds(view, leg, order.placed_at, order.id, buys_at_once=True)
    before = net_bounds(view, leg, first_at, order.id, buys_at_once=False)
    if placed[0] >= ZERO or before[0] >= ZERO:
        return None
    if placed[1] >= ZERO:
        return _not_told(view, order, "was placed")
    if before[1] >= ZERO:
        return _not_told(view, order, "filled")
    # While the size is not certain the stop gets the benefit of the doubt: the larger short.
    quantity = order.filled_quantity if isinstance(filled, Unknown) else filled.quantity
    return _Reduced(short=max(-placed[0], -before[0]), by=min(quantity, -before[0]))


def _not_told(view: View, order: Order, when: str) -> Unknown:
    sold = f"whether {name_of(order.instrument)} was sold when order {order.id} {when}"
    fills = fills_of(view)
    if isinstance(fills, Unknown):
        return Unknown((f"{sold} is not known: {fills.cause}",))
    return unknown(f"{sold} is not told by the trades")
