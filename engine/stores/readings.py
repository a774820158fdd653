"""
Recorded readings, small: one in a while whole, of the others only the parts that differ from it, packed against it.

Most of a reading stands word for word in an earlier one, so a compressor that knows that one writes little more than
what has changed. What is kept is bounded by age and by size.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, or_, select

from engine.domain.journal import Reading
from engine.domain.serial import plain_of, text_of
from engine.stores.tables import READINGS

# A new whole one after so long, so that what is pruned or lost takes no more with it.
_WHOLE_EVERY: Final = timedelta(minutes=5)
# No compressor of this kind looks further back.
_WINDOW: Final = 32 * 1024

_KNOWN: Final = select(READINGS.c.taken_at).where(
    READINGS.c.account == bindparam("of"),
    or_(READINGS.c.taken_at == bindparam("one"), READINGS.c.taken_at == bindparam("other")),
)
_ADD: Final = insert(READINGS)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of the readings is kept: none older than `age`, and no more than `size` bytes of them together."""

    age: timedelta = timedelta(days=7)
    size: int = 2_000_000_000


class Recorder:
    """Writes readings; it knows the last whole one of each account, so only the writer's thread may use it."""

    def __init__(self) -> None:
        self._whole: dict[str, Reading] = {}

    def write(self, connection: Connection, reading: Reading) -> None:
        """Write a reading; one of an instant that is written already changes nothing."""
        whole = self._whole.get(reading.account)
        asked = {"of": reading.account, "one": reading.taken_at, "other": (whole or reading).taken_at}
        known = set(connection.execute(_KNOWN, asked).scalars())
        if reading.taken_at in known:
            return
        # The whole one may have been pruned, or its transaction come to nothing.
        if whole is None or whole.taken_at not in known or not _is_near(whole, reading):
            whole = self._whole[reading.account] = reading
        row = {
            "account": reading.account,
            "taken_at": reading.taken_at,
            "based_on": whole.taken_at,
            "body": _packed(reading, whole),
        }
        connection.execute(_ADD, row)


def readings_between(connection: Connection, account: str, start: datetime, end: datetime) -> Iterator[Reading]:
    """Yield an account's readings taken from `start` on and before `end`, oldest first."""
    within = and_(READINGS.c.account == account, READINGS.c.taken_at >= start, READINGS.c.taken_at < end)
    wanted = select(READINGS).where(within).order_by(READINGS.c.taken_at)
    whole: Reading | None = None
    for row in connection.execute(wanted):
        if whole is None or whole.taken_at != row.based_on:
            base = select(READINGS.c.body).where(*_is(account, row.based_on))
            whole = Reading(account, row.based_on, _parts(connection.execute(base).scalar_one(), {}))
        is_whole = row.taken_at == whole.taken_at
        yield whole if is_whole else Reading(account, row.taken_at, _parts(row.body, whole.parts))


def prune_readings(connection: Connection, now: datetime, bounds: Bounds) -> int:
    """Remove the oldest readings beyond the bounds, with all that is packed against them; return how many."""
    run = func.sum(func.length(READINGS.c.body))
    runs = select(
        READINGS.c.account, READINGS.c.based_on, func.max(READINGS.c.taken_at).label("newest"), run.label("size")
    )
    newest_first = runs.group_by(READINGS.c.account, READINGS.c.based_on).order_by(READINGS.c.based_on.desc())
    removed = size = 0
    for one in connection.execute(newest_first).all():
        size += one.size
        if one.newest < now - bounds.age or size > bounds.size:
            gone = delete(READINGS).where(READINGS.c.account == one.account, READINGS.c.based_on == one.based_on)
            removed += connection.execute(gone).rowcount
    return removed


def _is(account: str, taken_at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return READINGS.c.account == account, READINGS.c.taken_at == taken_at


def _is_near(whole: Reading, reading: Reading) -> bool:
    return (
        whole.taken_at < reading.taken_at < whole.taken_at + _WHOLE_EVERY and whole.parts.keys() == reading.parts.keys()
    )


def _packed(reading: Reading, whole: Reading) -> bytes:
    """Return the parts that differ from the whole reading's, their names first, packed against those."""
    base = {} if whole is reading else whole.parts
    parts = {name: text for name, text in reading.parts.items() if base.get(name) != text}
    packer = zlib.compressobj(6, zdict=_known(base, tuple(parts)))
    body = packer.compress(text_of(list(parts.values())).encode()) + packer.flush()
    return text_of(list(parts)).encode() + b"\n" + body


def _parts(body: bytes, base: Mapping[str, str]) -> Mapping[str, str]:
    header, _, packed = bytes(body).partition(b"\n")
    names = tuple(plain_of(header.decode()))
    plain = zlib.decompressobj(zdict=_known(base, names)).decompress(packed)
    return {**base, **dict(zip(names, plain_of(plain.decode()), strict=True))}


def _known(base: Mapping[str, str], names: tuple[str, ...]) -> bytes:
    return text_of([base.get(name, "") for name in names]).encode()[-_WINDOW:]
