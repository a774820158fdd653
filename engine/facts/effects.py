"""What the rest of a working order would do to the book: open, cover, close or uncover; and who sent it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.domain.enums import OrderEffect, OrderSource, OrderStatus, Side
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Leg, Order
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value, compare, merge_causes, subtract, total, unknown
from engine.facts.base import View
from engine.facts.coverage import cover_among, is_sold_option, sold_options
from engine.facts.index import legs_of_contract
from engine.facts.lineage import is_bracket, is_child, shows_stop
from engine.facts.parts import Key, legs_of, may_be_option, name_of, working_orders

Legs = dict[Key, Leg]
Effect = OrderEffect | Unknown

# As this engine marks what it sends: the mapping from tag to order stands in the journal.
_OUR_TAG = re.compile(r"R[A-Z2-7]{15}", re.ASCII)
_LAST = datetime.max.replace(tzinfo=UTC)
_UNSURE = OrderStatus.UNKNOWN


def effect(view: View, order: Order) -> Value:
    """
    Return what filling the rest of an order would do, as the word an author writes.

    Each working order is judged on the present positions with those of its side before it filled: stops first, then
    the oldest. So of two orders that would each close the same units, the later one opens; the legs of one cover or
    bracket order count once. Where it would do several things the worst stands: opens, uncovers, covers, closes.
    `nothing` for an order that trades no more. Unknown while the positions are, and for an order of unknown status.
    """
    if order.status.is_terminal:
        return str(OrderEffect.NOTHING.value)
    if order.status is _UNSURE:
        return _unsure(order)
    found = _effects(view)
    if isinstance(found, Unknown):
        return found
    told = found.get(order.id)
    if told is None:
        return unknown(f"order {order.id} is not among those that work")
    if isinstance(told, Unknown):
        return told
    return str(told.value)


def source(order: Order) -> Value:
    """Return who sent an order: us by its tag, else as the book tells; Unknown when it does not."""
    if order.tag is not None and _OUR_TAG.fullmatch(order.tag):
        return str(OrderSource.US.value)
    if order.source is OrderSource.UNKNOWN:
        return unknown(f"the book does not tell who placed order {order.id}")
    return str(order.source.value)


def _effects(view: View) -> Mapping[str, Effect] | Unknown:
    found: Mapping[str, Effect] | Unknown = view.settled("effects", _all_effects)
    return found


def _all_effects(view: View) -> Mapping[str, Effect] | Unknown:
    orders, legs = working_orders(view), legs_of(view)
    if isinstance(orders, Unknown):
        return orders
    if isinstance(legs, Unknown):
        return legs
    found: dict[str, Effect] = {}
    for side in Side:
        # Without and with what may already be dead: only where both agree an order's effect is known.
        certain = {leg.key: leg for leg in legs}
        possible = dict(certain)
        doubts: list[Unknown] = []
        for together in _in_turn([order for order in orders if order.side is side]):
            sure = [order for order in together if order.status is not _UNSURE]
            doubts += [_unsure(order) for order in together if order.status is _UNSURE]
            for order in sure:
                found[order.id] = _agreed(_judged(view, order, certain), _judged(view, order, possible), doubts)
            _fill(view, sure, certain)
            _fill(view, together, possible)
    return found


def _unsure(order: Order) -> Unknown:
    return unknown(f"status of order {order.id} is not known ({order.status_text or 'no word'})")


def _agreed(one: Effect, other: Effect, doubts: list[Unknown]) -> Effect:
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        causes = [effect for effect in (one, other) if isinstance(effect, Unknown)]
        return Unknown(merge_causes(causes))
    return one if one is other else Unknown(merge_causes(doubts))


def _in_turn(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """Yield orders in the order they count, the legs of one cover or bracket order together: only one of them fills."""
    groups: dict[tuple[str, str], list[Order]] = {}
    for order in sorted(orders, key=lambda one: (not shows_stop(one), one.placed_at or _LAST, one.id)):
        parent = order.parent_id if is_bracket(order) else None
        groups.setdefault(("order", order.id) if parent is None else ("parent", parent), []).append(order)
    yield from groups.values()


def _fill(view: View, together: list[Order], legs: Legs) -> None:
    if not together:
        return
    order = max(together, key=_rest)
    key, rest = _key_of(view, order, legs), _rest(order)
    leg = _leg_at(legs, key, order)
    # A sale beyond what is held is a new short; that it may be covered later is not for the next order to know.
    moved = rest if order.side is Side.BUY else min(rest, max(ZERO, leg.net_quantity))
    legs[key] = _moved(leg, order.side, moved)


def _judged(view: View, order: Order, legs: Legs) -> Effect:
    if order.quantity <= ZERO:
        return unknown(f"quantity of order {order.id} is not known")
    rest = _rest(order)
    if not rest:
        return OrderEffect.NOTHING
    leg = _leg_at(legs, _key_of(view, order, legs), order)
    held = leg.net_quantity
    is_buy = order.side is Side.BUY
    open_ = max(ZERO, CONTEXT.minus(held) if is_buy else held)
    closing = min(rest, open_)
    opening = CONTEXT.subtract(rest, closing)
    closed = _moved(leg, order.side, closing)
    if opening:
        return _protection(view, closed, opening, legs) if is_buy else OrderEffect.OPENS
    return OrderEffect.CLOSES if is_buy else _loosening(view, leg, closed, legs)


def _protection(view: View, leg: Leg, units: Decimal, legs: Legs) -> Effect:
    """Return whether units bought beyond what closes all cover naked shorts, or open."""
    if not may_be_option(leg.instrument):
        return OrderEffect.OPENS
    naked = _naked(legs, leg)
    if naked == ZERO:
        return OrderEffect.OPENS
    if not leg.instrument.is_option:
        return unknown(f"whether {name_of(leg.instrument)} is an option is not known")
    covered = subtract(naked, _naked(legs, _moved(leg, Side.BUY, units)))
    return _either(compare(">=", covered, units), OrderEffect.COVERS, OrderEffect.OPENS, covered)


def _loosening(view: View, leg: Leg, closed: Leg, legs: Legs) -> Effect:
    """Return whether units sold out of what is held leave a short naked that was covered."""
    if not leg.instrument.is_option:
        if may_be_option(leg.instrument) and sold_options(view):
            return unknown(f"whether {name_of(leg.instrument)} is an option is not known")
        return OrderEffect.CLOSES
    bared = subtract(_naked(legs, closed), _naked(legs, leg))
    return _either(compare(">", bared, ZERO), OrderEffect.UNCOVERS, OrderEffect.CLOSES, bared)


def _either(answer: Truth, yes: OrderEffect, no: OrderEffect, value: Value) -> Effect:
    if answer is Truth.UNKNOWN:
        return Unknown(merge_causes((value,)))
    return yes if answer is Truth.TRUE else no


def _naked(legs: Mapping[Key, Leg], one: Leg) -> Value:
    """Return the naked units of all sold options that one leg may cover, it standing as given."""
    near = [leg for leg in legs.values() if leg.key != one.key and _may_meet(leg, one)]
    options = [leg for leg in (*near, one) if leg.net_quantity and leg.instrument.is_option]
    doubtful = [leg for leg in (*near, one) if isinstance(is_sold_option(leg), Unknown)]
    return total([*(cover.naked for cover in cover_among(options).values()), *map(_maybe_naked, doubtful)])


def _maybe_naked(leg: Leg) -> Unknown:
    cause = f"whether {name_of(leg.instrument)} is an option is not known"
    return Unknown((cause,), ZERO, leg.net_quantity.copy_abs())


def _may_meet(leg: Leg, one: Leg) -> bool:
    mine, its = leg.instrument, one.instrument
    return (mine.underlying is None or its.underlying in (None, mine.underlying)) and (
        mine.right is None or its.right in (None, mine.right)
    )


def _rest(order: Order) -> Decimal:
    return max(ZERO, CONTEXT.subtract(order.quantity, order.filled_quantity))


def _key_of(view: View, order: Order, legs: Legs) -> Key:
    # Brokers show the orders of a cover or bracket order under another product than the position they belong to.
    own = legs.get(order.key)
    if (own is not None and own.net_quantity) or not is_child(order):
        return order.key
    held = [row.key for row in legs_of_contract(view, order.instrument.key) if row.net_quantity]
    return held[0] if len(held) == 1 else order.key


def _leg_at(legs: Legs, key: Key, order: Order) -> Leg:
    leg = legs.get(key)
    if leg is not None:
        return leg
    return Leg(order.instrument, order.product, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)


def _moved(leg: Leg, side: Side, units: Decimal) -> Leg:
    if not units:
        return leg
    signed = CONTEXT.multiply(units, side.sign)
    return replace(leg, net_quantity=CONTEXT.add(leg.net_quantity, signed))
