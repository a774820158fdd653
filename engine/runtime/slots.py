"""Whose turn it is: each account has its own instants to be looked at, spread so that they do not come together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from types import MappingProxyType
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Turn:
    """The instants of one account: one every `period`, `phase` after its beginning."""

    period: timedelta
    phase: timedelta = _NOTHING

    def slot_at(self, now: datetime) -> int:
        """Return the number of the slot an instant lies in; they are counted on for ever."""
        return (now - _EPOCH - self.phase) // self.period

    def begins_at(self, slot: int) -> datetime:
        """Return when a slot begins."""
        return _EPOCH + self.phase + slot * self.period


def turns_of(periods: Mapping[str, timedelta]) -> Mapping[str, Turn]:
    """
    Return the turns of accounts by name, of their periods.

    Accounts of one period share it out: each has a part of it to itself, and lies within that by chance, the same on
    every machine.
    """
    found: dict[str, Turn] = {}
    for period in sorted(set(periods.values())):
        names = sorted(name for name, own in periods.items() if own == period)
        for rank, name in enumerate(names):
            found[name] = Turn(period, _part(period, (rank + _chance(name)) / len(names)))
    return MappingProxyType(found)


def missed(turn: Turn, last: int | None, now: datetime) -> int:
    """Return how many whole slots have gone by without a look since the last one."""
    return 0 if last is None else max(turn.slot_at(now) - last - 1, 0)


def first_due(turns: Iterable[tuple[Turn, int | None]], now: datetime) -> datetime | None:
    """Return when the first of some turns, each with its last slot, is due; None without any."""
    return min((turn.begins_at(turn.slot_at(now) if last is None else last + 1) for turn, last in turns), default=None)


def _part(span: timedelta, share: Fraction) -> timedelta:
    microseconds = span // timedelta(microseconds=1)
    return timedelta(microseconds=int(microseconds * share))


def _chance(name: str) -> Fraction:
    """Return a number from 0 to below 1 that only the name decides."""
    return Fraction(int.from_bytes(sha256(name.encode()).digest()[:4], "big"), 1 << 32)
