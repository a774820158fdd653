"""
Stop-losses on sold options, found by lineage and never by status alone.

A BUY order that was a stop at some time, on the contract and product of an option leg that was net short when the
order was placed, filled today, and reduced that short. What the evidence does not decide is Unknown and names what is
missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, cast

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.numbers import CONTEXT, HUNDRED, ZERO, canonical, sum_of
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order
from engine.domain.values import Unknown, merge_causes, unknown
from engine.facts.base import View
from engine.facts.index import fills_by_order, legs_of_contract
from engine.facts.memory import StopHit, merge_hits
from engine.facts.parts import fills_of, is_today, leg_at, legs_of, may_be_option, name_of, orders_of
from engine.facts.path import may_have_been_short, moves, net_bounds, own_fills, whole_contract

# How brokers name cover and bracket orders, as variety or as product.
_CHILD_WORDS = frozenset({"co", "bo", "cover", "bracket"})
_BUY = Side.BUY
_TRIGGER_PENDING = OrderStatus.TRIGGER_PENDING
# What an order may say that shows no filled quantity and has filled all the same.
_MAY_HAVE_FILLED = (OrderStatus.FILLED, OrderStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Filled:
    """What of an order filled today."""

    quantity: Decimal
    first_at: datetime | None
    last_at: datetime
    price: Decimal | None


def shows_stop(order: Order) -> bool:
    """Return whether this reading alone proves an order a stop: its type, or that it waits for a trigger."""
    if order.type.is_stop or order.status is _TRIGGER_PENDING:
        return True
    if not order.history:
        return False
    return any(event.type.is_stop or event.status is _TRIGGER_PENDING for event in order.history)


def stops_in(book: Book[Order] | Missing, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the ids of the orders a book proves stops and those in `seen`; the same object when none is added."""
    if isinstance(book, Missing):
        return seen
    new = [
        order.id
        for order in book.rows
        if (order.type.is_stop or order.history or order.status is _TRIGGER_PENDING)
        and order.id not in seen
        and shows_stop(order)
    ]
    return seen.union(new) if new else seen


def was_stop(view: View, order: Order) -> bool | Unknown:
    """
    Return whether an order was a stop at any time; Unknown when its history would decide and was not read.

    Without a history a trigger price left on another type, or the broker's word that the order was changed, leaves it
    open. Where the broker does not say whether it was changed, a plain limit or market order without a trigger price
    is taken for what it shows: no broker promises to keep that price on a changed stop, but calling every limit order
    undecided would make every purchase by hand one.
    """
    if shows_stop(order) or order.id in view.memory.stops_seen:
        return True
    if order.type is OrderType.UNKNOWN:
        return unknown(f"type of order {order.id} is not known")
    if order.history:
        is_told = all(event.type is not OrderType.UNKNOWN for event in order.history)
        return False if is_told else unknown(f"type of order {order.id} is not known")
    if order.trigger_price:
        return unknown(f"order {order.id} has a trigger price but is no stop now, and its history was not read")
    if order.modified:
        return unknown(f"order {order.id} was changed and its history was not read")
    return False


def is_child(order: Order) -> bool:
    """Return whether an order belongs to a cover or bracket order, which may stand for a leg of another product."""
    return order.parent_id is not None or is_bracket(order)


def is_bracket(order: Order) -> bool:
    """Return whether an order is a cover or bracket order, or one of its children, by the broker's words."""
    return not _CHILD_WORDS.isdisjoint({order.variety.lower(), order.product.lower()})


def stop_hits(view: View) -> tuple[StopHit, ...]:
    """Return all evidence of today, part fills too, oldest fill first: what the day remembers and what is seen now."""
    return cast("tuple[StopHit, ...]", _while_stamped(view)("stop hits", _merged))


def undecided_stops(view: View) -> tuple[Unknown, ...]:
    """Return one Unknown for each order that may be a stop-loss hit and is not recorded as one."""
    recorded = {hit.order_id for hit in stop_hits(view) if hit.share >= view.demands.stop_loss_share}
    return tuple(result for id_, result in _judged(view) if isinstance(result, Unknown) and id_ not in recorded)


def judge(view: View, order: Order) -> StopHit | Unknown | None:
    """Return the evidence that an order is a stop-loss that filled, None when it is not, Unknown when not decided."""
    if order.side is not _BUY or not may_be_option(order.instrument):
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
    if not order.instrument.is_option:
        return unknown(f"whether {name_of(order.instrument)} is an option is not known")
    return StopHit(
        order_id=order.id,
        symbol=order.instrument.symbol,
        filled_at=filled.last_at,
        quantity=filled.quantity,
        price=filled.price,
        share=_share(order, filled.quantity),
        reduced=reduced,
        evidence=_evidence(order),
    )


def are_stamped(view: View) -> bool:
    """
    Return whether every order that may have filled a short says when it last changed.

    One that does not is dated by when the book was taken.
    """
    found: bool = view.settled("orders stamped", _are_stamped)
    return found


def _while_stamped(view: View) -> Callable[[str, Callable[[View], Any]], Any]:
    # What depends on when the orders were taken (`_fill_time`) may not be kept.
    return view.settled if are_stamped(view) else view.once


def _are_stamped(view: View) -> bool:
    return all(map(attrgetter("updated_at"), _candidates(view)))


def _merged(view: View) -> tuple[StopHit, ...]:
    known = view.memory.stop_hits
    merged = merge_hits(known, [hit for _, hit in _judged(view) if isinstance(hit, StopHit)])
    return known if merged == known else merged


def _judged(view: View) -> tuple[tuple[str, StopHit | Unknown], ...]:
    """Return what each order of today is that may be a stop-loss hit, with its id."""
    return cast("tuple[tuple[str, StopHit | Unknown], ...]", _while_stamped(view)("judged stops", _all_judged))


def _all_judged(view: View) -> tuple[tuple[str, StopHit | Unknown], ...]:
    results = [(order.id, judge(view, order)) for order in _candidates(view)]
    return tuple([(id_, result) for id_, result in results if result is not None])


def _candidates(view: View) -> tuple[Order, ...]:
    """Return the orders that are worth the question: most are not even bought or filled."""
    found: tuple[Order, ...] = view.settled("candidates", _all_candidates)
    return found


def _all_candidates(view: View) -> tuple[Order, ...]:
    orders, traded = orders_of(view), fills_by_order(view)
    if isinstance(orders, Unknown):
        return ()
    buys = [order for order in orders if order.side is _BUY]
    return tuple([o for o in buys if o.filled_quantity or o.status in _MAY_HAVE_FILLED or o.id in traded])


def _share(order: Order, filled: Decimal) -> Decimal:
    # Of what the order wanted, whatever the size of the short: a stop larger than its short closes all of it.
    return CONTEXT.divide(CONTEXT.multiply(min(filled, order.quantity), HUNDRED), order.quantity)


def _evidence(order: Order) -> str:
    if any(event.type.is_stop or event.status is OrderStatus.TRIGGER_PENDING for event in order.history or ()):
        return "a stop by its order history"
    return "a stop by its type in the order book" if order.type.is_stop else "seen as a stop in an earlier reading"


def _filled_today(view: View, order: Order) -> _Filled | Unknown | None:
    fills = own_fills(view, order.id)
    traded = sum_of(fill.quantity for fill in fills)
    if not traded and not order.filled_quantity and order.status is not OrderStatus.FILLED:
        untold = order.status is OrderStatus.UNKNOWN and _untold_buys(view, order)
        if isinstance(untold, Unknown):
            return untold
        if not untold:
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
    if order.status is OrderStatus.FILLED and _share(order, quantity) < min(HUNDRED, view.demands.stop_loss_share):
        told = f"status says complete, {canonical(quantity)} of {canonical(order.quantity)} filled"
        return unknown(f"order {order.id} contradicts itself: {told}")
    first = fills[0].filled_at if fills else order.updated_at
    return _Filled(quantity, first, at, order.average_price or _average(fills))


def _fill_time(view: View, order: Order, fills: tuple[Fill, ...]) -> datetime | Unknown | None:
    times = [fill.filled_at for fill in fills if fill.filled_at is not None]
    if times:
        return max(times)
    placed_today = order.placed_at is not None and is_today(view, order.placed_at)
    if order.placed_at is not None and not placed_today and not fills:
        return _fill_of_an_older_order(view, order)
    if order.updated_at is not None:
        return order.updated_at if is_today(view, order.updated_at) else None
    stamps = [event.at for event in order.history or () if event.at is not None and event.filled_quantity]
    if stamps:
        return stamps[-1] if is_today(view, stamps[-1]) else None
    if placed_today and not isinstance(view.snapshot.orders, Missing):
        return view.snapshot.orders.taken_at
    return unknown(f"when order {order.id} filled is not known")


def _fill_of_an_older_order(view: View, order: Order) -> Unknown | None:
    # Its last update may be the broker's clean-up before the open, so only today's trades prove a fill; but the trade
    # book may lag behind the order book.
    trades = fills_of(view)
    if isinstance(trades, Unknown):
        return Unknown(trades.causes)
    untold, opens_at = _untold_buys(view, order), view.session.opens_at
    if isinstance(untold, Unknown):
        return untold
    at = order.updated_at
    if untold or (at is not None and is_today(view, at) and (opens_at is None or at >= opens_at)):
        return unknown(f"order {order.id} of another day shows a fill that the trades do not")
    return None


def _untold_buys(view: View, order: Order) -> bool | Unknown:
    """Return whether the order's contract was bought today beyond what trades and orders show."""
    legs = legs_of(view)
    if isinstance(legs, Unknown):
        return legs
    rows = legs_of_contract(view, order.instrument.key)
    return any(move.quantity > ZERO and not move.order_id for leg in rows for move in moves(view, leg))


def _average(fills: tuple[Fill, ...]) -> Decimal | None:
    quantity = sum_of(fill.quantity for fill in fills)
    value = sum_of(CONTEXT.multiply(fill.quantity, fill.price) for fill in fills)
    return CONTEXT.divide(value, quantity) if quantity else None


def _reduction(view: View, order: Order, filled: _Filled | Unknown) -> Decimal | Unknown | None:
    """Return by how much the short the order stood for shrank, None when there was none, Unknown when not decided."""
    leg = leg_at(view, order.key)
    own = leg if isinstance(leg, Unknown) else _shrunk(view, leg, order, filled)
    if isinstance(own, Decimal) or (own is None and not is_child(order)):
        return own
    rows = legs_of_contract(view, order.instrument.key)
    whole = whole_contract(view, rows)
    if whole is not None:
        together = _shrunk(view, whole, order, filled)
        if isinstance(together, Decimal):
            return together
    sold = [row for row in rows if row.key != order.key and may_have_been_short(view, row)]
    if own is None and sold:
        stood = f"whether order {order.id} ({order.product}) stood for {name_of(order.instrument)}"
        return unknown(f"{stood} ({', '.join(row.product for row in sold)}) is not known")
    return own


def _shrunk(view: View, leg: Leg, order: Order, filled: _Filled | Unknown) -> Decimal | Unknown | None:
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
    return min(quantity, CONTEXT.minus(before[0]))


def _not_told(view: View, order: Order, when: str) -> Unknown:
    sold = f"whether {name_of(order.instrument)} was sold when order {order.id} {when}"
    fills = fills_of(view)
    if isinstance(fills, Unknown):
        return Unknown((f"{sold} is not known: {fills.cause}",))
    return unknown(f"{sold} is not told by the trades")
