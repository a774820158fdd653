"""Which sold options a bought one covers, and which a working stop protects; bounds where the books do not decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, cast

from engine.domain.enums import Right
from engine.domain.instrument import LAST_OF_MONTH, Instrument
from engine.domain.numbers import CONTEXT, ZERO, sum_of
from engine.domain.snapshot import Leg
from engine.domain.truth import Truth, conjunction
from engine.domain.values import Unknown, Value, bounds, divide, interval, merge_causes, unknown
from engine.facts.base import View
from engine.facts.counting import holds
from engine.facts.index import Orders
from engine.facts.parts import Key, may_be_option, name_of, positions_of
from engine.facts.standing import stands_for, stops_by_contract

Edges = Mapping[tuple[Key, Key], Truth]
Group = tuple[str | None, Right | None]
# The legs of one underlying and of one right: whether puts. None: all legs, while one of them may be of any.
Options = Mapping[tuple[str, bool] | None, list[Leg]]

_PUT = Right.PUT
_NO_END = (9999, 99, 99)


@dataclass(frozen=True, slots=True)
class Cover:
    """A leg's part in the cover. naked: sold units no long covers. covers: whether this long covers a short."""

    naked: Value
    covers: bool | Unknown


class _Ranked(NamedTuple):
    """A leg behind what it is sorted by: when it expires, its strike from the money of a buyer outwards, its key."""

    end: tuple[int, int, int]
    strike: Decimal
    key: Key
    leg: Leg


NOTHING = Cover(ZERO, covers=False)
_COVERING = Cover(ZERO, covers=True)


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
    found: Mapping[Key, Cover] | Unknown = view.held("coverage", _coverage)
    return found


def is_sold_option(leg: Leg) -> bool | Unknown:
    """Return whether a leg is net short and an option; Unknown for a sold contract whose symbol does not tell."""
    if leg.net_quantity >= ZERO:
        return False
    if leg.instrument.is_option or not may_be_option(leg.instrument):
        return leg.instrument.is_option
    return unknown(f"whether {name_of(leg.instrument)} is an option is not known")


def sold_options(view: View) -> tuple[tuple[Leg, bool | Unknown], ...] | Unknown:
    """Return the open legs that are sold options, or may be, each with whether it is; Unknown as the positions are."""
    found: tuple[tuple[Leg, bool | Unknown], ...] | Unknown = view.kept("sold options", _sold_options)
    return found


def naked_quantities(view: View) -> tuple[Value, ...] | Unknown:
    """Return the naked quantity of every sold option; Unknown as the positions are."""
    found: tuple[Value, ...] | Unknown = view.held("naked", _naked_quantities)
    return found


def cover_of(view: View, leg: Leg) -> Cover:
    """Return the cover of one leg; nothing for what is no open option, Unknown for what may be a sold one."""
    return _cover_of(coverage(view), leg, is_sold_option(leg))


def _cover_of(known: Mapping[Key, Cover] | Unknown, leg: Leg, sold: bool | Unknown) -> Cover:
    if isinstance(sold, Unknown):
        return Cover(Unknown(sold.causes, ZERO, leg.net_quantity.copy_abs()), covers=False)
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
    known = unprotected_quantities(view).get(leg.key)
    if known is not None:
        return known
    sold = is_sold_option(leg)
    return ZERO if sold is False else _unprotected(view, leg, sold, stops_by_contract(view))


def stop_price(view: View, leg: Leg) -> Value:
    """
    Return the trigger price of the working stop for a sold option, of several the farthest.

    Unknown where none stands, where it is not known whether one does, and for anything but a sold option.
    """
    sold, stops, name = is_sold_option(leg), stops_by_contract(view), name_of(leg.instrument)
    if sold is not True:
        return Unknown(sold.causes if isinstance(sold, Unknown) else (f"{name} is no sold option",), ZERO)
    if isinstance(stops, Unknown):
        return Unknown(stops.causes, ZERO)
    found: list[Decimal] = []
    for order in stops.get(leg.instrument.key, ()):
        stands = stands_for(view, order, leg)
        if isinstance(stands, Unknown):
            return Unknown(stands.causes, ZERO)
        if stands and order.trigger_price is None:
            return Unknown((f"trigger price of order {order.id} not told",), ZERO)
        if stands and order.trigger_price is not None:
            found.append(order.trigger_price)
    return max(found) if found else Unknown((f"no working stop stands for {name}",), ZERO)


def unprotected_quantities(view: View) -> Mapping[Key, Value]:
    """Return the unprotected quantity of every sold option; of none when the positions are Unknown."""
    found: Mapping[Key, Value] = view.settled("unprotected by leg", _all_unprotected)
    return found


def _all_unprotected(view: View) -> Mapping[Key, Value]:
    legs, stops = sold_options(view), stops_by_contract(view)
    return {} if isinstance(legs, Unknown) else {leg.key: _unprotected(view, leg, sold, stops) for leg, sold in legs}


def _unprotected(view: View, leg: Leg, sold: bool | Unknown, stops: Orders | Unknown) -> Value:
    short = leg.net_quantity.copy_abs()
    if isinstance(sold, Unknown):
        return Unknown(sold.causes, ZERO, short)
    if isinstance(stops, Unknown):
        return Unknown(stops.causes, ZERO, short)
    orders = stops.get(leg.instrument.key)
    if orders is None:
        return short
    certain = doubtful = ZERO
    doubts: list[Unknown] = []
    for order in orders:
        stands = stands_for(view, order, leg)
        if stands is False:
            continue
        remaining = _left(order.quantity, order.filled_quantity)
        if isinstance(stands, Unknown):
            doubts.append(stands)
            doubtful = CONTEXT.add(doubtful, remaining)
        else:
            certain = CONTEXT.add(certain, remaining)
    bare = _left(short, certain)
    return interval(_left(bare, doubtful), bare, merge_causes(doubts)) if doubts else bare


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
    rest = CONTEXT.subtract(whole, taken)
    return rest if rest > ZERO else ZERO


def _naked_quantities(view: View) -> tuple[Value, ...] | Unknown:
    legs = sold_options(view)
    if isinstance(legs, Unknown):
        return legs
    covers = coverage(view)
    return tuple([_cover_of(covers, leg, sold).naked for leg, sold in legs])


def _sold_options(view: View) -> tuple[tuple[Leg, bool | Unknown], ...] | Unknown:
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return legs
    answers = [(leg, is_sold_option(leg)) for leg in legs if leg.net_quantity < ZERO]
    return tuple([(leg, sold) for leg, sold in answers if sold is not False])


def _coverage(view: View) -> Mapping[Key, Cover] | Unknown:
    legs = positions_of(view)
    return legs if isinstance(legs, Unknown) else cover_among(legs)


def cover_among(legs: Iterable[Leg]) -> Mapping[Key, Cover]:
    """Return the cover of every option among these legs, as they stand in no book yet too, by key."""
    covers: dict[Key, Cover] = {}
    for group, options in _groups([leg for leg in legs if leg.instrument.is_option]).items():
        ranked = sorted([_ranked(leg) for leg in options])
        shorts = [one for one in ranked if one.leg.net_quantity < ZERO]
        longs = [one for one in ranked if one.leg.net_quantity > ZERO]
        is_plain = group is not None and _are_ordered(longs, shorts)
        covers |= _given_out(longs, shorts) if is_plain else _allotted(longs, shorts)
    return covers


def _groups(options: list[Leg]) -> Options:
    """Return the legs of each underlying and right, which no other can cover; all as one while a leg may be of any."""
    groups: dict[tuple[str, bool] | None, list[Leg]] = {}
    for leg in options:
        underlying, right = leg.instrument.underlying, leg.instrument.right
        if underlying is None or right is None:
            return {None: options}
        groups.setdefault((underlying, right is _PUT), []).append(leg)
    return groups


def _are_ordered(longs: list[_Ranked], shorts: list[_Ranked]) -> bool:
    """Return whether it is known of every long and every short which of them expires first."""
    ends = {one.end for one in longs}, {one.end for one in shorts}
    if _NO_END in ends[0] or _NO_END in ends[1]:
        return False
    dated = {end[:2] for end in ends[0] if end[2] != LAST_OF_MONTH}
    return dated.isdisjoint({end[:2] for end in ends[1] if end[2] == LAST_OF_MONTH})


def _given_out(longs: list[_Ranked], shorts: list[_Ranked]) -> dict[Key, Cover]:
    """Return the cover of legs in order: each long goes to the first shorts that are not covered yet."""
    covers: dict[Key, Cover] = {}
    naked = [short.leg.net_quantity.copy_abs() for short in shorts]
    first, count = 0, len(shorts)
    for long in longs:
        whole = units = long.leg.net_quantity
        # All before the first are covered; what comes after it expires no earlier.
        while units and first < count and shorts[first].end <= long.end:
            taken = min(units, naked[first])
            units, naked[first] = CONTEXT.subtract(units, taken), CONTEXT.subtract(naked[first], taken)
            first += not naked[first]
        covers[long.key] = _COVERING if units < whole else NOTHING
    for short, left in zip(shorts, naked, strict=True):
        covers[short.key] = Cover(left, covers=False) if left else NOTHING
    return covers


def _allotted(ranked_longs: list[_Ranked], ranked_shorts: list[_Ranked]) -> dict[Key, Cover]:
    """Return the same where it is not always known which long can cover which short."""
    longs, shorts = [one.leg for one in ranked_longs], [one.leg for one in ranked_shorts]
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


def _ranked(leg: Leg) -> _Ranked:
    one = leg.instrument
    expiry, strike = one.expiry, one.strike or ZERO
    end = _NO_END if expiry is None else (expiry.year, expiry.month, expiry.day)
    return _Ranked(end, CONTEXT.minus(strike) if one.right is _PUT else strike, leg.key, leg)


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
