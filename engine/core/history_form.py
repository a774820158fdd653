"""The history as what each reading has added to it, so that it is kept by adding and never written twice."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from engine.domain.numbers import ZERO
from engine.domain.serial import form_of, plain_of, text_of
from engine.domain.values import Known, Value
from engine.facts.history import History, Kept, Track

_ARGUMENTS = form_of(tuple[Known, ...])
_POINT = form_of(Value | None)
_AT = form_of(datetime)
# What one reading adds to a series: since when it is kept and the arguments, where it is new; the points of the whole
# and of its rows.
_Addition = dict[str, Any]


def added(before: History, after: History) -> tuple[tuple[datetime, str], ...]:
    """
    Return what every reading that `before` has not heard adds, oldest first, with when it was taken.

    before: what was kept so far, of the same trading date; an empty one for all of it.
    """
    newest = before.readings.last()
    since = None if newest is None else newest[0]
    readings = [at for at, _ in _later(after.readings, since)]
    found: dict[datetime, dict[str, _Addition]] = {at: {} for at in readings}
    gone = sorted(before.kept.keys() - after.kept.keys())
    for name, kept in after.kept.items():
        old = before.kept.get(name)
        if old is None or old.since != kept.since:
            found[kept.since][name] = {"since": _AT.encode(kept.since), "arguments": _ARGUMENTS.encode(kept.arguments)}
            old = Kept(kept.since)
        _add(found, name, "whole", None, kept.whole, old.whole)
        for key, track in kept.rows.items():
            _add(found, name, "rows", key, track, old.rows.get(key, Track()))
    texts = []
    for index, (at, series) in enumerate(found.items()):
        plain: dict[str, Any] = {"at": _AT.encode(at), "kept": series}
        if gone and not index:
            plain["gone"] = gone
        texts.append((at, text_of(plain)))
    return tuple(texts)


def heard(trading_date: date | None, additions: Iterable[str]) -> History:
    """Return the history of a date that such additions make, oldest first. Raises: ValueError for what is none."""
    readings, kept = Track(), dict[str, Kept]()
    for text in additions:
        plain = plain_of(text)
        at = _AT.decode(plain["at"])
        readings = readings.with_point(at, ZERO)
        for name in plain.get("gone", ()):
            kept.pop(name, None)
        for name, addition in plain["kept"].items():
            kept[name] = _grown(kept.get(name), at, addition)
    return History(trading_date, readings, MappingProxyType(kept))


def _later(track: Track, since: datetime | None) -> list[tuple[datetime, Value | None]]:
    newest = track.last()
    if newest is None or (since is not None and newest[0] <= since):
        return []
    first = track.first()
    if since is None or (first is not None and since < first[0]):
        return list(track.backwards())[::-1]
    return list(track.between(since, newest[0]))


def _add(
    found: Mapping[datetime, dict[str, _Addition]], name: str, part: str, key: str | None, now: Track, then: Track
) -> None:
    if now is then:
        return
    newest = then.last()
    for at, value in _later(now, None if newest is None else newest[0]):
        addition = found[at].setdefault(name, {})
        if key is None:
            addition[part] = [_POINT.encode(value)]
        else:
            addition.setdefault(part, {})[key] = _POINT.encode(value)


def _grown(kept: Kept | None, at: datetime, addition: _Addition) -> Kept:
    if "since" in addition or kept is None:
        kept = Kept(_AT.decode(addition["since"]), arguments=_ARGUMENTS.decode(addition["arguments"]))
    whole = kept.whole
    for plain in addition.get("whole", ()):
        whole = whole.with_point(at, _POINT.decode(plain))
    rows = dict(kept.rows)
    for key, plain in addition.get("rows", {}).items():
        rows[key] = rows.get(key, Track()).with_point(at, _POINT.decode(plain))
    return Kept(kept.since, whole, MappingProxyType(rows), kept.arguments)
