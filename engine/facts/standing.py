"""Which BUY stops stand for a sold option now: what an order is at present, whose it is, waiting or triggered."""

from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg, Order
from engine.domain.values import Unknown, merge_causes, unknown
from engine.facts.base import View
from engine.facts.index import Orders, by_contract, fills_of_contract, legs_of_contract
from engine.facts.lineage import is_child, was_stop
from engine.facts.parts import leg_at, name_of, of_today, working_orders
from engine.facts.path import walk, whole_contract

_BUY = Side.BUY
_TRIGGER_PENDING = OrderStatus.TRIGGER_PENDING
_UNKNOWN = OrderStatus.UNKNOWN
# Tuples: to look for one of so few members is quicker than to hash it.
_RESTING = (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED)
_WAITING = (OrderStatus.TRIGGER_PENDING, OrderStatus.PENDING_NEW)
_CHANGING = (OrderStatus.PENDING_REPLACE, OrderStatus.PENDING_CANCEL)
_AT_WORK = _RESTING + _CHANGING
_AT_REST = _RESTING + _WAITING
# While it is being changed a stop is still at the exchange; on its way in or out it may not be.
_LIVE = (OrderStatus.TRIGGER_PENDING, *_RESTING, OrderStatus.PENDING_REPLACE)


def stops_by_contract(view: View) -> Orders | Unknown:
    """
    Return the BUY orders that may still trade and are, were or may be stops by contract; Unknown as the orders are.

    No other order stands or rests for a leg.
    """
    found: Orders | Unknown = view.settled("stops by contract", _stops_by_contract)
    return found


def stands_for(view: View, order: Order, leg: Leg) -> bool | Unknown:
    """
    Return whether an order is a stop now, waiting or triggered, that would buy this leg back.

    order: a BUY order of the leg's contract that may still trade.
    """
    own = True if order.product == leg.product else _belongs(view, order, leg)
    if isinstance(own, Unknown) and not is_child(order) and walk(view, leg) is not None:
        # Its own trades made this leg: it was not converted, and an order of another product would open another one.
        return False
    stop = False if own is False else _is_stop_now(view, order)
    if stop is False:
        return False
    live = _is_live(view, order)
    return live if own is True and stop is True else _all_of(own, stop, live)


def rests_for(view: View, order: Order, leg: Leg) -> bool | Unknown:
    """
    Return whether a stop of this leg has triggered and rests in the market, not or not fully filled.

    order: as for `stands_for`.
    """
    if order.status in _WAITING:
        return False
    own = True if order.product == leg.product else _belongs(view, order, leg)
    triggered = False if own is False else _has_triggered(view, order)
    if triggered is False:
        return False
    recent = _is_of_today(view, order)
    return recent if own is True and triggered is True else _all_of(own, triggered, recent)


def _stops_by_contract(view: View) -> Orders | Unknown:
    orders = working_orders(view)
    if isinstance(orders, Unknown):
        return orders
    buys = [order for order in orders if order.side is _BUY]
    return by_contract([order for order in buys if order.history or _is_stop_now(view, order) is not False])


def _all_of(*values: bool | Unknown) -> bool | Unknown:
    open_: list[Unknown] = []
    for value in values:
        if value is False:
            return False
        if isinstance(value, Unknown):
            open_.append(value)
    return Unknown(merge_causes(open_)) if open_ else True


def _belongs(view: View, order: Order, leg: Leg) -> bool | Unknown:
    # Brokers show the stop of a cover or bracket order under another product than its position, and a position
    # converted to another product leaves its orders behind.
    row = leg_at(view, order.key)
    if not isinstance(row, Unknown):
        converted = row.net_quantity == ZERO and walk(view, row) is None
        if row.net_quantity < ZERO or not (is_child(order) or converted):
            return False
    if is_child(order) and _traded_as(view, leg, order.product):
        return True
    return unknown(
        f"whether order {order.id} ({order.product}) stands for {name_of(leg.instrument)} ({leg.product}) is not known"
    )


def _traded_as(view: View, leg: Leg, product: str) -> bool:
    """Return whether the leg is the only row of its contract, and trades of another product alone tell its day."""
    contract = leg.instrument.key
    rows = legs_of_contract(view, contract)
    products = {fill.product for fill in fills_of_contract(view, contract)}
    return len(rows) == 1 and products == {product} and whole_contract(view, rows) is not None


def _is_stop_now(view: View, order: Order) -> bool | Unknown:
    # A stop changed into a resting take-profit protects nothing: what it was does not count here.
    if order.type.is_stop or order.status is _TRIGGER_PENDING:
        return True
    stop = was_stop(view, order)
    if stop is True and order.modified is False:
        return unknown(f"order {order.id} was a stop and is none now, though the broker says it was not changed")
    if stop is True and order.trigger_price:
        return unknown(f"order {order.id} has a trigger price but is no stop now")
    return stop if isinstance(stop, Unknown) and not _is_plain(order) else False


def _is_plain(order: Order) -> bool:
    return order.type in (OrderType.LIMIT, OrderType.MARKET) and not order.trigger_price


def _has_triggered(view: View, order: Order) -> bool | Unknown:
    if order.filled_quantity >= order.quantity:
        return False
    if order.history and order.status in _AT_WORK and _triggered_by_history(order):
        return True
    stop = _is_stop_now(view, order)
    if stop is False or order.status in _RESTING:
        return stop
    if order.status in _CHANGING and any(event.status in _AT_REST for event in order.history or ()):
        return False
    return unknown(f"whether order {order.id} has triggered is not known (status {order.status_text or 'not known'})")


def _triggered_by_history(order: Order) -> bool:
    """Return whether the order rested as a stop after it last waited for its trigger."""
    # A changed stop may read as resting for a moment and wait again: only what follows the last wait counts.
    triggered = waited = False
    for event in order.history or ():
        if event.status is _TRIGGER_PENDING:
            waited, triggered = True, False
        elif event.status in _RESTING and event.type.is_stop:
            triggered = waited
    return triggered


def _is_live(view: View, order: Order) -> bool | Unknown:
    status = order.status
    if status in _LIVE:
        return _is_of_today(view, order)
    if status is _UNKNOWN:
        return unknown(f"status of order {order.id} is not known ({order.status_text or 'no word'})")
    return unknown(f"order {order.id} is {'being cancelled' if status in _CHANGING else 'on its way'}")


def _is_of_today(view: View, order: Order) -> bool | Unknown:
    if of_today(view, order) or order.variety.lower() == "amo":
        return True
    return unknown(f"order {order.id} is of another day")
