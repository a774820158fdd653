"""A reading as named texts, so that it can be recorded and tried again; what the texts are packed into is not said."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.domain.journal import Reading
from engine.domain.serial import form_of, plain_of, text_of
from engine.domain.snapshot import Book, Fill, Funds, Leg, Link, Missing, Order, Quote, Snapshot

_Doubted = tuple[tuple[tuple[str, str, str], str], ...]
_PARTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "positions": Book[Leg] | Missing,
        "orders": Book[Order] | Missing,
        "fills": Book[Fill] | Missing,
        "funds": Funds | Missing,
        "quotes": Book[Quote] | Missing,
        "link": Link,
        "doubted": _Doubted,
    }
)


def recorded_reading(snapshot: Snapshot, before: tuple[Snapshot, Reading] | None = None) -> Reading:
    """
    Return a reading as it is recorded.

    before: an earlier one and what was made of it; the texts of parts that are the very same objects are taken over.
    """
    old = {} if before is None else before[1].parts
    parts = {}
    for name, type_ in _PARTS.items():
        part = getattr(snapshot, name)
        is_same = before is not None and getattr(before[0], name) is part
        parts[name] = old[name] if is_same else text_of(form_of(type_).encode(part))
    return Reading(snapshot.account, snapshot.taken_at, MappingProxyType(parts))


def snapshot_of(reading: Reading) -> Snapshot:
    """Return the snapshot a reading was made of. Raises: ValueError for texts that no snapshot was recorded as."""
    parts = {name: form_of(type_).decode(plain_of(reading.parts[name])) for name, type_ in _PARTS.items()}
    return Snapshot(reading.account, reading.taken_at, **parts)
