"""The legs of the day by underlying, or by underlying and expiry, as rows; what may belong to several widens each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from engine.domain.instrument import LAST_OF_MONTH, Expiry
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, bounds, merge_causes, total, unknown
from engine.facts.base import View
from engine.facts.counting import any_true, count_true
from engine.facts.expiry_days import expiry_of
from engine.facts.parts import Key, legs_by_key, legs_of, may_expire, name_of

Place = tuple[str | Expiry | None, ...]
Perhaps = tuple[Key, str]


class By(Enum):
    """What the legs of a set have in common."""

    UNDERLYING = "underlying"
    EXPIRY = "underlying and expiry"


@dataclass(frozen=True, slots=True)
class LegSet:
    """
    The legs of one underlying, or of one underlying and expiry. It holds no leg: those of a view are asked of it.

    place: what they have in common, underlying first; what is not known in it is None, and then the set is that of one
    contract. doubt: why it may be no set of its own, None when it is one; a contract whose underlying is not known may
    belong to a set that is there already.
    """

    by: By
    key: str
    place: Place
    contract: tuple[str, str] | None = None
    doubt: Unknown | None = None

    @property
    def underlying(self) -> str | None:
        """The underlying's name, None when not known."""
        name = self.place[0]
        return name if isinstance(name, str) else None

    @property
    def date(self) -> date | None:
        """The expiry date, None when not known or known only to the month."""
        expiry = self.place[-1]
        return expiry.on if isinstance(expiry, Expiry) else None


@dataclass(frozen=True, slots=True)
class _Divided:
    """All sets of a view; of each, by its key, the legs that belong to it and those that may, with the reason."""

    sets: tuple[LegSet, ...]
    members: Mapping[str, tuple[tuple[Key, ...], tuple[Perhaps, ...]]]


def leg_sets(view: View, by: By) -> tuple[LegSet, ...] | Unknown:
    """
    Return the sets there are, by name and date, then those of contracts that tell too little.

    An underlying has one when a leg of it was carried or traded today, an expiry while a leg of it is open.
    """
    divided = _divided(view, by)
    return divided if isinstance(divided, Unknown) else divided.sets


def sum_over(view: View, one: LegSet, value: Callable[[View, Leg], Value]) -> Value:
    """Return the sum over the legs of a set; what may belong to it counts from zero to all of it."""
    taken = _taken(view, one, value)
    return taken if isinstance(taken, Unknown) else total(taken)


def count_over(view: View, one: LegSet, holds: Callable[[View, Leg], bool | Unknown]) -> Value:
    """Return how many legs of a set something holds for, never negative; what may belong to it may count."""
    taken = _taken(view, one, holds)
    return Unknown(taken.causes, ZERO, None) if isinstance(taken, Unknown) else count_true(taken)


def any_over(view: View, one: LegSet, holds: Callable[[View, Leg], bool | Unknown]) -> bool | Unknown:
    """Return whether something holds for a leg of a set."""
    taken = _taken(view, one, holds)
    return taken if isinstance(taken, Unknown) else any_true(taken)


def of_first(view: View, one: LegSet, value: Callable[[View, Leg], Value]) -> Value:
    """Return what every leg of a set says alike, as the first says it."""
    legs = _legs(view, one)
    return legs if isinstance(legs, Unknown) else value(view, legs[0][0])


def perhaps(value: Value, cause: str) -> Value:
    """Return what something adds to a sum, or answers to a question, that it may not belong to."""
    if value is False or value == ZERO:
        return value
    causes = (cause, *merge_causes((value,)))
    if isinstance(value, bool) or (isinstance(value, Unknown) and value.is_open):
        return Unknown(causes)
    low, high = bounds(value)
    return Unknown(causes, None if low is None else min(low, ZERO), None if high is None else max(high, ZERO))


def _taken(view: View, one: LegSet, value: Callable[[View, Leg], Any]) -> list[Any] | Unknown:
    legs = _legs(view, one)
    if isinstance(legs, Unknown):
        return legs
    certain, doubtful = legs
    return [*(value(view, leg) for leg in certain), *(perhaps(value(view, leg), cause) for leg, cause in doubtful)]


def _legs(view: View, one: LegSet) -> tuple[list[Leg], list[tuple[Leg, str]]] | Unknown:
    divided, rows = _divided(view, one.by), legs_by_key(view)
    if isinstance(divided, Unknown):
        return divided
    if isinstance(rows, Unknown):
        return rows
    if one.key not in divided.members:
        return unknown(f"positions show no leg of {one.key}")
    certain, doubtful = divided.members[one.key]
    return [rows[key] for key in certain], [(rows[key], cause) for key, cause in doubtful]


def _divided(view: View, by: By) -> _Divided | Unknown:
    found: _Divided | Unknown = view.held(("leg sets", by), partial(_divide, by=by))
    return found


def _divide(view: View, by: By) -> _Divided | Unknown:
    legs = legs_of(view)
    if isinstance(legs, Unknown):
        return legs
    placed = [(leg, _place(view, leg, by)) for leg in legs if by is By.UNDERLYING or may_expire(leg.instrument)]
    founders = [(leg, place) for leg, place in placed if by is By.UNDERLYING or leg.is_open]
    told = sorted({place for _, place in founders if None not in place}, key=_order)
    untold = {leg.instrument.key: (leg, place) for leg, place in founders if None in place}
    sets = [LegSet(by, _name(place), place) for place in told]
    for contract, (leg, place) in sorted(untold.items(), key=itemgetter(0)):
        # While there is no other set, the first contract makes one for certain.
        doubt = unknown(_cause(leg)) if sets else None
        sets.append(LegSet(by, name_of(leg.instrument), place, contract, doubt))
    return _Divided(tuple(sets), MappingProxyType({one.key: _members(one, placed) for one in sets}))


def _members(one: LegSet, placed: Iterable[tuple[Leg, Place]]) -> tuple[tuple[Key, ...], tuple[Perhaps, ...]]:
    certain: list[Key] = []
    doubtful: list[Perhaps] = []
    for leg, place in placed:
        if leg.instrument.key == one.contract or (place == one.place and None not in place):
            certain.append(leg.key)
        elif None in place and all(None in pair or pair[0] == pair[1] for pair in zip(place, one.place, strict=True)):
            doubtful.append((leg.key, _cause(leg)))
    return tuple(certain), tuple(doubtful)


def _place(view: View, leg: Leg, by: By) -> Place:
    name = leg.instrument.underlying
    return (name,) if by is By.UNDERLYING else (name, expiry_of(view, leg.instrument))


def _cause(leg: Leg) -> str:
    what = "underlying" if leg.instrument.underlying is None else "expiry"
    return f"{what} of {name_of(leg.instrument)} not known"


def _name(place: Place) -> str:
    """Return `NIFTY`, `NIFTY:2026-11-24`, or `NIFTY:2026-11` where only the month is known."""
    return ":".join(_month_or_day(part) if isinstance(part, Expiry) else str(part) for part in place)


def _month_or_day(expiry: Expiry) -> str:
    month = f"{expiry.year:04}-{expiry.month:02}"
    return month if expiry.day == LAST_OF_MONTH else f"{month}-{expiry.day:02}"


def _order(place: Place) -> tuple[str, int, int, int]:
    expiry = place[-1]
    end = (expiry.year, expiry.month, expiry.day) if isinstance(expiry, Expiry) else (0, 0, 0)
    return (str(place[0]), *end)
