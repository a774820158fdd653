"""The life of each position key through the day: its number n, and since when the present position stands."""

from collections.abc import Mapping
from datetime import datetime

from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown
from engine.facts.base import View
from engine.facts.memory import PositionTrack
from engine.facts.parts import Key, fills_of, legs_by_key, legs_of
from engine.facts.path import Walk, flips, walk


def follow(view: View) -> tuple[PositionTrack, ...]:
    """
    Return the day's tracks with this reading's legs folded in, in key order; what did not change is the same object.

    A key that left the book is flat: when it comes back it is a new position. Unread or stale positions change nothing.
    """
    legs, before = legs_by_key(view), view.memory.tracks
    if isinstance(legs, Unknown):
        return before
    known = _by_key(view)
    tracks = {key: _flat(track) for key, track in known.items() if key not in legs}
    are_traded = not isinstance(fills_of(view), Unknown)
    for key, leg in legs.items():
        track = known.get(key)
        if are_traded or track is None or not _stands(track, leg):
            tracks[key] = _track(view, key, leg, track)
    if all(known.get(key) is track for key, track in tracks.items()):
        return before
    tracks = {**known, **tracks}
    return tuple([tracks[key] for key in sorted(tracks)])


def primaries(view: View) -> frozenset[str]:
    """Return the underlyings in which this reading shows a sold option, now or, by the trades, earlier today."""
    legs, before = legs_of(view), view.memory.primaries
    if isinstance(legs, Unknown):
        return before
    found: set[str] = set()
    for leg in legs:
        name = leg.instrument.underlying
        if name is None or name in before or name in found:
            continue
        if leg.instrument.is_option and _was_short(view, leg):
            found.add(name)
    return before | found if found else before


def track_of(view: View, leg: Leg) -> PositionTrack | None:
    """Return what the day remembers of a leg's key."""
    return _by_key(view).get(leg.key)


def _by_key(view: View) -> Mapping[Key, PositionTrack]:
    found: Mapping[Key, PositionTrack] = view.settled("tracks", _indexed)
    return found


def _indexed(view: View) -> Mapping[Key, PositionTrack]:
    return {track.key: track for track in view.memory.tracks}


def _was_short(view: View, leg: Leg) -> bool:
    if leg.net_quantity < ZERO or leg.opening_quantity < ZERO:
        return True
    path = walk(view, leg)
    return path is not None and path.was_short


def _stands(track: PositionTrack, leg: Leg) -> bool:
    """Return whether the position is the one of the reading before, as far as the row alone can tell."""
    return track.net_quantity == leg.net_quantity and (track.opened_at is None) == (not leg.net_quantity)


def _flat(track: PositionTrack) -> PositionTrack:
    is_flat = not track.net_quantity and track.opened_at is None
    return track if is_flat else PositionTrack(track.key, ZERO, track.number, None)


def _track(view: View, key: Key, leg: Leg, before: PositionTrack | None) -> PositionTrack:
    path = walk(view, leg)
    number = _first_number(leg) if before is None else before.number
    if before is not None and flips(before.net_quantity, leg.net_quantity):
        number += 1
    if path is not None:
        # The trades may show openings between two readings; a number once given never falls.
        number = max(number, path.number)
    same = before if before is not None and before.number == number else None
    opened_at = _opened_at(view, leg, path, same)
    if same is not None and same.net_quantity == leg.net_quantity and same.opened_at == opened_at:
        return same
    return PositionTrack(key, leg.net_quantity, number, opened_at)


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
