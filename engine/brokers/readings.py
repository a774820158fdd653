"""Which broker's replies are read by which parsers, and a reading by the broker's name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import MappingProxyType

from engine.brokers.kite.parse import PARSERS as KITE
from engine.brokers.kotak.parse import PARSERS as KOTAK
from engine.brokers.reading import NOT_READ, Bodies, Parsers, Reading, read_with
from engine.brokers.stamps import newest
from engine.domain.snapshot import Book, Missing, Snapshot
from engine.errors import SettingsError

__all__ = ["BROKERS", "NOT_READ", "Bodies", "Reading", "newest_stamp", "read"]

_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)

BROKERS = MappingProxyType({"kite": KITE, "kotak": KOTAK})


def read(broker: str, account_id: str, bodies: Bodies, taken_at: datetime, before: Reading | None = None) -> Reading:
    """Return `read_with` the broker's parsers. Raises: SettingsError for a broker nobody wrote any for."""
    return read_with(_parsers(broker), broker, account_id, bodies, taken_at, before)


def newest_stamp(broker: str, bodies: Bodies) -> datetime | None:
    """Return the newest stamp of the broker's own in any of the replies; None when none carries one."""
    return newest(_stamps(read(broker, "", bodies, _ANY_TIME).snapshot))


def _parsers(broker: str) -> Parsers:
    if broker not in BROKERS:
        raise SettingsError(f"no broker {broker!r} is known; known are {', '.join(sorted(BROKERS))}")
    return BROKERS[broker]


def _stamps(snapshot: Snapshot) -> Iterator[datetime | None]:
    for part in (snapshot.positions, snapshot.orders, snapshot.fills, snapshot.funds, snapshot.quotes):
        if not isinstance(part, Missing):
            yield part.as_of
    if isinstance(snapshot.quotes, Book):
        yield from (quote.traded_at for quote in snapshot.quotes.rows)
    if isinstance(snapshot.orders, Book):
        yield from (event.at for order in snapshot.orders.rows for event in order.history or ())
