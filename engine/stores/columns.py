"""How an instant and a long text are kept in a column: exactly, and the same on every database."""

import zlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, LargeBinary, String
from sqlalchemy.types import TypeDecorator

# Of shorter texts nothing is won.
_WORTH_PACKING = 256
_PLAIN, _PACKED = b"t", b"z"


class Instant(TypeDecorator[datetime]):
    """
    An aware instant as UTC text to the microsecond, `2026-11-23T04:45:00.000000Z`.

    One database drops time zones and another turns them; text of one width keeps every digit on both and sorts in the
    order of time.
    """

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the text. Raises: ValueError for an instant without a zone."""
        return None if value is None else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class Packed(TypeDecorator[str]):
    """A text that may be long and repeats itself: squeezed by zlib where that is worth it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Return the bytes: one that says how, then the text."""
        if value is None:
            return None
        return packed(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Return the text."""
        return None if value is None else unpacked(value)


def packed(text: str) -> bytes:
    """Return a text as bytes: one that says how, then the text."""
    plain = text.encode()
    return _PLAIN + plain if len(plain) < _WORTH_PACKING else _PACKED + zlib.compress(plain, 1)


def unpacked(kept: bytes) -> str:
    """Return the text of such bytes. Raises: ValueError for any others."""
    sort, rest = bytes(kept[:1]), bytes(kept[1:])
    try:
        if sort == _PACKED:
            return zlib.decompress(rest).decode()
        if sort == _PLAIN:
            return rest.decode()
    except zlib.error as error:
        raise ValueError(f"no packed text: {error}") from None
    raise ValueError(f"no packed text: it begins with {sort!r}")


def utc_text(at: datetime) -> str:
    """Return an instant as UTC text of one width. Raises: ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"an instant without a zone: {at.isoformat()}")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
