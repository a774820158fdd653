"""
The audit chains: each event carries the digest of the one before, so that no edit, removal, insertion or change of
order goes unseen; one chain an account and one for the engine.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.domain.journal import Event, EventKind, Head
from engine.domain.serial import text_of
from engine.stores.columns import utc_text
from engine.stores.database import on_both
from engine.stores.tables import CHAINS, EVENTS

_OF: Final = CHAINS.c.chain == bindparam("of")
# Until the end of the transaction nobody else reads it for writing.
_HEAD: Final = select(CHAINS.c.seq, CHAINS.c.digest).where(_OF).with_for_update()
_MOVE: Final = update(CHAINS).where(_OF).values(seq=bindparam("seq"), digest=bindparam("digest"))
_BEGIN: Final = on_both(lambda insert: insert(CHAINS).on_conflict_do_nothing())
_APPEND: Final = insert(EVENTS)


def digest_of(chain: str, seq: int, at: str, kind: str, subject: str, body: str, previous: str) -> str:
    """Return the digest over all of an event but the digest itself, hex. at: as it is written."""
    return sha256(text_of([chain, seq, at, kind, subject, body, previous]).encode()).hexdigest()


class Links:
    """New events of one transaction, each after the newest of its chain; nothing is there before `write`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._heads: dict[str, Head] = {}
        self._events: list[Event] = []

    def next_seq(self, chain: str) -> int:
        """Return the number the next event of a chain will have; until the end of the transaction nobody else adds."""
        return self._head(chain).seq + 1

    def add(self, chain: str, at: datetime, kind: EventKind, subject: str, body: str) -> None:
        """Add an event at the end of a chain. body: JSON."""
        head = self._head(chain)
        seq = head.seq + 1
        digest = digest_of(chain, seq, utc_text(at), kind.value, subject, body, head.digest)
        event = Event(chain, seq, at, kind, subject, body, head.digest, digest)
        self._events.append(event)
        self._heads[chain] = Head(chain, seq, digest)

    def write(self) -> None:
        """Write what was added."""
        if not self._events:
            return
        self._connection.execute(_APPEND, [_columns(event) for event in self._events])
        for chain in {event.chain for event in self._events}:
            head = self._heads[chain]
            self._connection.execute(_MOVE, {"of": chain, "seq": head.seq, "digest": head.digest})

    def _head(self, chain: str) -> Head:
        found = self._heads.get(chain)
        if found is None:
            row = self._connection.execute(_HEAD, {"of": chain}).first()
            if row is None:
                first = {"chain": chain, "seq": 0, "digest": ""}
                self._connection.execute(_BEGIN[self._connection.dialect.name], first)
                row = self._connection.execute(_HEAD, {"of": chain}).one()
            found = self._heads[chain] = Head(chain, row.seq, row.digest)
        return found


def events_of(connection: Connection, chain: str, after: int = 0) -> Iterator[Event]:
    """Yield the events of a chain in order, from the one after a number. Never all at once in memory."""
    wanted = select(EVENTS).where(EVENTS.c.chain == chain, EVENTS.c.seq > after).order_by(EVENTS.c.seq)
    for row in connection.execute(wanted, execution_options={"yield_per": 500}):
        yield Event(row.chain, row.seq, row.at, EventKind(row.kind), row.subject, row.body, row.previous, row.digest)


def heads_of(connection: Connection) -> tuple[Head, ...]:
    """Return the newest link of every chain, by name."""
    rows = connection.execute(select(CHAINS).order_by(CHAINS.c.chain))
    return tuple([Head(row.chain, row.seq, row.digest) for row in rows])


def _columns(event: Event) -> dict[str, object]:
    return {
        "chain": event.chain, "seq": event.seq, "at": event.at, "kind": event.kind.value, "subject": event.subject,
        "body": event.body, "previous": event.previous, "digest": event.digest,
    }  # fmt: skip
