"""Hedges of sold options that are gone: what bought options covered earlier today and do not cover now."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from engine.domain.enums import Right
from engine.domain.numbers import CONTEXT, HUNDRED, ZERO, sum_of
from engine.domain.snapshot import Leg
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value, divide, interval, multiply, total
from engine.facts.base import View
from engine.facts.counting import at_least_zero, some
from engine.facts.coverage import covering, in_lots, sold_options
from engine.facts.memory import Hedged, PositionTrack
from engine.facts.parts import Key, name_of, positions_of

Units = dict[Key, Decimal]
_NO_EXPIRY = (9999, 99, 99)


def hedged(view: View, tracks: Iterable[PositionTrack]) -> tuple[Hedged, ...]:
    """
    Return the day's covered sold options with this reading folded in; tracks: with it folded in too.

    What was covered first keeps its cover: a new short beside it takes only bought units that are left. Units that are
    bought back are forgotten, and so is all of a position that ended. Positions not read change nothing.
    """
    legs, before = positions_of(view), view.memory.hedged
    if isinstance(legs, Unknown):
        return before
    shorts, longs = _options(legs)
    if not shorts:
        return ()
    numbers = {track.key: track.number for track in tracks}
    known = _kept(before, shorts, numbers)
    left = {leg.key: leg.net_quantity for leg in longs}
    _given_out(longs, shorts, known, left)
    rest = {leg.key: CONTEXT.subtract(leg.net_quantity.copy_abs(), known.get(leg.key, ZERO)) for leg in shorts}
    more = _given_out(longs, shorts, rest, left)
    units = {key: CONTEXT.add(known.get(key, ZERO), more.get(key, ZERO)) for key in sorted(rest)}
    found = tuple([Hedged(key, numbers.get(key, 1), covered) for key, covered in units.items() if covered])
    return before if found == before else found


def lost_quantity(view: View, leg: Leg) -> Value:
    """Return the units of a sold option that were covered earlier today and are not now; zero for anything else."""
    lost = _lost(view)
    if isinstance(lost, Unknown):
        return at_least_zero(lost)
    return lost.get(leg.key, ZERO)


def hedge_lost(view: View, leg: Leg) -> bool | Unknown:
    """Return whether some of a sold option was covered earlier today and is not now."""
    return some(lost_quantity(view, leg))


def hedge_lost_lots(view: View) -> Value:
    """Return the same for all sold options, in lots."""
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return at_least_zero(legs)
    return total([in_lots(leg, lost_quantity(view, leg)) for leg in legs if leg.is_short_option])


def hedge_ratio(view: View) -> Value:
    """Return bought option lots in percent of sold ones; Unknown when none is sold."""
    legs, sold = positions_of(view), sold_options(view)
    if isinstance(legs, Unknown):
        return at_least_zero(legs)
    if isinstance(sold, Unknown):
        return at_least_zero(sold)
    if not sold:
        return Unknown(("no option is sold",), ZERO, None)
    bought = [leg for leg in legs if leg.instrument.is_option and leg.net_quantity > ZERO]
    ratio = divide(multiply(total([_lots(leg) for leg in bought]), HUNDRED), total([_sold(*one) for one in sold]))
    return at_least_zero(ratio) if isinstance(ratio, Unknown) and ratio.low is None else ratio


def _lots(leg: Leg) -> Value:
    return in_lots(leg, leg.net_quantity.copy_abs())


def _sold(leg: Leg, is_sold: bool | Unknown) -> Value:
    lots = _lots(leg)
    if not isinstance(is_sold, Unknown):
        return lots
    high = lots.high if isinstance(lots, Unknown) else lots
    return Unknown(is_sold.causes, ZERO, high if isinstance(high, Decimal) else None)


def _lost(view: View) -> Mapping[Key, Value] | Unknown:
    found: Mapping[Key, Value] | Unknown = view.settled("hedges lost", _all_lost)
    return found


def _all_lost(view: View) -> Mapping[Key, Value] | Unknown:
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return legs
    if not view.memory.hedged:
        return {}
    shorts, longs = _options(legs)
    known = _kept(view.memory.hedged, shorts, {leg.key: leg.number for leg in shorts})
    covered = _given_out(longs, shorts, known, {leg.key: leg.net_quantity for leg in longs})
    lost = {key: CONTEXT.subtract(units, covered.get(key, ZERO)) for key, units in known.items()}
    return {leg.key: _bounded(leg, lost[leg.key], longs) for leg in shorts if lost.get(leg.key)}


def _bounded(short: Leg, lost: Decimal, longs: list[Leg]) -> Value:
    # A long of which it is not known whether it covers may stand in for the one that is gone.
    unsure = [long for long in longs if covering(long.instrument, short.instrument) is Truth.UNKNOWN]
    if not unsure:
        return lost
    least = CONTEXT.subtract(lost, sum_of(long.net_quantity for long in unsure))
    names = " or ".join(name_of(long.instrument) for long in unsure)
    cause = f"whether {names} covers {name_of(short.instrument)} is not known"
    return interval(max(ZERO, least), lost, (cause,))


def _options(legs: Iterable[Leg]) -> tuple[list[Leg], list[Leg]]:
    """Return the sold and the bought options, each in the order in which cover is given out."""
    options = sorted([leg for leg in legs if leg.instrument.is_option], key=_rank)
    return [leg for leg in options if leg.is_short], [leg for leg in options if not leg.is_short]


def _rank(leg: Leg) -> tuple[tuple[int, int, int], Decimal, Key]:
    one = leg.instrument
    strike = one.strike or ZERO
    end = _NO_EXPIRY if one.expiry is None else (one.expiry.year, one.expiry.month, one.expiry.day)
    return end, CONTEXT.minus(strike) if one.right is Right.PUT else strike, leg.key


def _kept(before: Iterable[Hedged], shorts: Iterable[Leg], numbers: Mapping[Key, int]) -> Units:
    held = {leg.key: leg.net_quantity.copy_abs() for leg in shorts}
    return {
        one.key: min(one.units, held[one.key])
        for one in before
        if one.key in held and numbers.get(one.key) == one.number
    }


def _given_out(longs: list[Leg], shorts: list[Leg], wanted: Mapping[Key, Decimal], left: Units) -> Units:
    """Return how many of the wanted units the longs certainly cover, and take these off `left`."""
    covered: Units = {}
    for long in longs:
        for short in shorts:
            units = left[long.key]
            if not units:
                break
            open_ = CONTEXT.subtract(wanted.get(short.key, ZERO), covered.get(short.key, ZERO))
            if open_ > ZERO and covering(long.instrument, short.instrument) is Truth.TRUE:
                taken = min(units, open_)
                left[long.key] = CONTEXT.subtract(units, taken)
                covered[short.key] = CONTEXT.add(covered.get(short.key, ZERO), taken)
    return covered
