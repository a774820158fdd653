"""The life of each position key through the day: its number n, and since when the present position stands."""

from datetime import datetime

from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown
from engine.facts.base import View
from engine.facts.memory import PositionTrack
from engine.facts.parts import Key, legs_of
from engine.facts.path import Walk, flips, walk


def follow(view: View) -> tuple[PositionTrack, ...]:
    """
    Return the day's tracks with this reading's legs folded in, in key order.

    A key that left the book is flat: when it comes back it is a new position. Unread or stale positions change nothing.
    """
    tracks: dict[Key, PositionTrack] = {track.key: track for track in view.memory.tracks}
    legs = legs_of(view)
    if isinstance(legs, Unknown):
        return view.memory.tracks
    present = {leg.key: leg for leg in legs}
    for key, track in tracks.items():
        if key not in present:
            tracks[key] = PositionTrack(key, ZERO, track.number, None)
    for key, leg in present.items():
        tracks[key] = _track(view, leg, tracks.get(key))
    return tuple(tracks[key] for key in sorted(tracks))


def primaries(view: View) -> frozenset[str]:
    """Return the underlyings in which this reading shows a sold option, now or, by the trades, earlier today."""
    legs = legs_of(view)
    found = set(view.memory.primaries)
    for leg in () if isinstance(legs, Unknown) else legs:
        if leg.instrument.is_option and leg.instrument.underlying is not None and _was_short(view, leg):
            found.add(leg.instrument.underlying)
    return frozenset(found)


def track_of(view: View, leg: Leg) -> PositionTrack | None:
    """Return what the day remembers of a leg's key."""
    tracks: dict[Key, PositionTrack] = view.once("tracks", lambda v: {track.key: track for track in v.memory.tracks})
    return tracks.get(leg.key)


def _was_short(view: View, leg: Leg) -> bool:
    path = walk(view, leg)
    return leg.net_quantity < ZERO or leg.opening_quantity < ZERO or (path is not None and path.was_short)


def _track(view: View, leg: Leg, before: PositionTrack | None) -> PositionTrack:
    path = walk(view, leg)
    number = _first_number(leg) if before is None else before.number
    if before is not None and flips(before.net_quantity, leg.net_quantity):
        number += 1
    if path is not None:
        # The trades may show openings between two readings; a number once given never falls.
        number = max(number, path.number)
    same = before is not None and before.number == number
    return PositionTrack(leg.key, leg.net_quantity, number, _opened_at(view, leg, path, before if same else None))


def _first_number(leg: Leg) -> int:
    idle = not (leg.net_quantity or leg.opening_quantity or leg.day_buy_quantity or leg.day_sell_quantity)
    return 0 if idle else 1


def _opened_at(view: View, leg: Leg, path: Walk | None, same: PositionTrack | None) -> datetime | None:
    if not leg.is_open:
        return None
    if path is not None and path.opened_at is not None:
        return path.opened_at
    if same is not None and same.opened_at is not None:
        return same.opened_at
    if (path is not None or _carried(leg)) and view.session.opens_at is not None:
        return view.session.opens_at
    return view.snapshot.taken_at


def _carried(leg: Leg) -> bool:
    # Without the trades a carried quantity is the same position while today's opposite trades leave some of it.
    if leg.opening_quantity > ZERO:
        return leg.net_quantity > ZERO and leg.day_sell_quantity < leg.opening_quantity
    short = leg.opening_quantity < ZERO and leg.net_quantity < ZERO
    return short and leg.day_buy_quantity < leg.opening_quantity.copy_abs()
