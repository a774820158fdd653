"""Which sold options a bought one covers, and which a working stop protects; bounds where the books do not decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from engine.domain.enums import Right
from engine.domain.instrument import Instrument
from engine.domain.numbers import CONTEXT, ZERO, sum_of
from engine.domain.snapshot import Leg
from engine.domain.truth import Truth, conjunction
from engine.domain.values import Unknown, Value, bounds, divide, interval, merge_causes, unknown
from engine.facts.base import View
from engine.facts.counting import holds
from engine.facts.parts import Key, may_be_option, name_of, orders_of, positions_of
from engine.facts.standing import stands_for


@dataclass(frozen=True, slots=True)
class Cover:
    """A leg's part in the cover. naked: sold units no long covers. covers: whether this long covers a short."""

    naked: Value
    covers: bool | Unknown


NOTHING = Cover(ZERO, covers=False)


def covering(long: Instrument, short: Instrument) -> Truth:
    """Return whether a long option can cover a short one: same underlying and right, expiring no earlier."""
    pairs = ((long.underlying, short.underlying), (long.right, short.right))
    same = [Truth.UNKNOWN if a is None or b is None else Truth.of(a == b) for a, b in pairs]
    if long.expiry is None or short.expiry is None:
        return conjunction((*same, Truth.UNKNOWN))
    return conjunction((*same, long.expiry.covers(short.expiry)))


def coverage(view: View) -> Mapping[Key, Cover] | Unknown:
    """
    Return the cover of every open option leg by key; Unknown when the positions are.

    Every long unit covers one short unit once, whatever the products. Longs are given out earliest expiry first, each
    to the shorts it can cover in order of expiry, among equals the strike nearest the money of a buyer first (lower
    calls, higher puts). What a long can cover only grows with its expiry, so this order covers as much as any can.
    """
    return cast("Mapping[Key, Cover] | Unknown", view.once("coverage", _coverage))


def is_sold_option(leg: Leg) -> bool | Unknown:
    """Return whether a leg is net short and an option; Unknown for a sold contract whose symbol does not tell."""
    if leg.is_short_option or leg.net_quantity >= ZERO or not may_be_option(leg.instrument):
        return leg.is_short_option
    return unknown(f"whether {name_of(leg.instrument)} is an option is not known")


def cover_of(view: View, leg: Leg) -> Cover:
    """Return the cover of one leg; nothing for what is no open option, Unknown for what may be a sold one."""
    sold = is_sold_option(leg)
    if isinstance(sold, Unknown):
        return Cover(Unknown(sold.causes, ZERO, leg.net_quantity.copy_abs()), covers=False)
    known = coverage(view)
    if isinstance(known, Unknown):
        return Cover(Unknown(known.causes, ZERO), known)
    return known.get(leg.key, NOTHING)


def is_covered(view: View, leg: Leg) -> bool | Unknown:
    """Return whether a sold option has no naked unit, or a bought one covers a sold one; never for anything else."""
    if not leg.instrument.is_option or not leg.is_open:
        return False
    cover = cover_of(view, leg)
    return holds("==", cover.naked, ZERO) if leg.is_short_option else cover.covers


def unprotected_quantity(view: View, leg: Leg) -> Value:
    """
    Return the sold units no working BUY stop stands for, on the same contract and product; zero for anything else.

    Only what is a stop now counts, waiting or triggered, of today and at the exchange. Unknown, between 0 and all of
    it, when the orders are; a stop of which one of these is not known counts for the lower bound only.
    """
    sold, short = is_sold_option(leg), leg.net_quantity.copy_abs()
    if sold is False:
        return ZERO
    if isinstance(sold, Unknown):
        return Unknown(sold.causes, ZERO, short)
    orders = orders_of(view)
    if isinstance(orders, Unknown):
        return Unknown(orders.causes, ZERO, short)
    certain = possible = ZERO
    doubts: list[Unknown] = []
    for order in orders:
        remaining = _left(order.quantity, order.filled_quantity)
        stands = stands_for(view, order, leg)
        if stands is not False:
            possible = CONTEXT.add(possible, remaining)
        if stands is True:
            certain = CONTEXT.add(certain, remaining)
        elif isinstance(stands, Unknown):
            doubts.append(stands)
    return interval(_left(short, possible), _left(short, certain), merge_causes(doubts))


def in_lots(leg: Leg, quantity: Value) -> Value:
    """
    Return units of a leg as lots; Unknown without the day's lot size, save that no units are no lots.

    A leg is a lot at least, so that part of it which the units are is the least number of lots.
    """
    if quantity == ZERO:
        return ZERO
    size = leg.instrument.lot_size
    if size is None or size <= ZERO:
        units = bounds(quantity)[0] or ZERO
        least = CONTEXT.divide(units, leg.net_quantity.copy_abs()) if units > ZERO and leg.is_open else ZERO
        causes = (*merge_causes((quantity,)), f"lot size of {name_of(leg.instrument)} not known")
        return Unknown(causes, least, None)
    if isinstance(quantity, Unknown):
        low = None if quantity.low is None else divide(quantity.low, size)
        high = None if quantity.high is None else divide(quantity.high, size)
        return Unknown(quantity.causes, cast("Decimal | None", low), cast("Decimal | None", high))
    return divide(quantity, size)


def _left(whole: Decimal, taken: Decimal) -> Decimal:
    return max(ZERO, CONTEXT.subtract(whole, taken))


def _coverage(view: View) -> Mapping[Key, Cover] | Unknown:
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return legs
    shorts = sorted((leg for leg in legs if leg.is_short_option), key=_order)
    longs = sorted((leg for leg in legs if leg.instrument.is_option and leg.net_quantity > ZERO), key=_order)
    edges = {(a.key, b.key): covering(a.instrument, b.instrument) for a in longs for b in shorts}
    left = {leg.key: leg.net_quantity.copy_abs() for leg in (*shorts, *longs)}
    for long in longs:
        for short in shorts:
            if edges[long.key, short.key] is Truth.TRUE:
                units = min(left[long.key], left[short.key])
                for leg in (long, short):
                    left[leg.key] = CONTEXT.subtract(left[leg.key], units)
    doubtful = _doubtful(longs, shorts, edges)
    covers = {
        short.key: Cover(_naked(short, longs, edges, left[short.key], doubtful), covers=False) for short in shorts
    }
    return covers | {long.key: Cover(ZERO, _covers(long, shorts, edges, left[long.key])) for long in longs}


Edges = Mapping[tuple[Key, Key], Truth]
Group = tuple[str | None, Right | None]


def _order(leg: Leg) -> tuple[object, ...]:
    one = leg.instrument
    expiry = (one.expiry.year, one.expiry.month, one.expiry.day) if one.expiry is not None else (9999, 99, 99)
    strike = one.strike or ZERO
    return (*expiry, CONTEXT.minus(strike) if one.right is Right.PUT else strike, *leg.key)


def _group(leg: Leg) -> Group:
    return leg.instrument.underlying, leg.instrument.right


def _doubtful(longs: list[Leg], shorts: list[Leg], edges: Edges) -> frozenset[Group]:
    unsure = [(a, b) for a in longs for b in shorts if edges[a.key, b.key] is Truth.UNKNOWN]
    return frozenset(_group(leg) for pair in unsure for leg in pair)


def _naked(short: Leg, longs: list[Leg], edges: Edges, left: Decimal, doubtful: frozenset[Group]) -> Value:
    if left == ZERO or _group(short) not in doubtful:
        return left
    # Some long of the group may or may not cover: no allocation can take more off this short than all it might use.
    usable = [long for long in longs if edges[long.key, short.key] is not Truth.FALSE]
    least = _left(short.net_quantity.copy_abs(), sum_of(long.net_quantity for long in usable))
    return interval(min(least, left), left, (_doubt(short, usable, edges),))


def _doubt(short: Leg, usable: Iterable[Leg], edges: Edges) -> str:
    names = [name_of(long.instrument) for long in usable if edges[long.key, short.key] is Truth.UNKNOWN]
    return f"whether {' or '.join(names) or 'a long'} covers {name_of(short.instrument)} is not known"


def _covers(long: Leg, shorts: list[Leg], edges: Edges, left: Decimal) -> bool | Unknown:
    if left < long.net_quantity:
        return True
    unsure = [short for short in shorts if edges[long.key, short.key] is Truth.UNKNOWN]
    if not unsure:
        return False
    names = " or ".join(name_of(short.instrument) for short in unsure)
    return unknown(f"whether {name_of(long.instrument)} covers {names} is not known")
