"""Looks at a journal from outside an engine, each as of one moment; nothing is changed by them."""

from datetime import datetime

from engine.domain.journal import ENGINE, DecisionRecord, Event, Head, Heartbeat, Lease, OutcomeRecord, StoredState
from engine.stores.chain import heads_of
from engine.stores.database import Place
from engine.stores.decisions import outcomes_of
from engine.stores.leases import held
from engine.stores.state import read_state
from engine.stores.upkeep import reading
from engine.stores.views import decisions_like, events_after, heartbeats, newest_decisions, newest_events


def look_at_engine(place: Place) -> tuple[tuple[Heartbeat, ...], tuple[Lease, ...], StoredState | None]:
    """Return signs of life, the newest first, every lease, and the engine's own state. Raises: StoreError."""
    with reading(place) as connection:
        return heartbeats(connection), held(connection), read_state(connection, ENGINE)


def look_for_decisions(place: Place, key: str, most: int) -> tuple[DecisionRecord, ...]:
    """Return the decisions whose key begins with a text, the newest first. Raises: StoreError."""
    with reading(place) as connection:
        return decisions_like(connection, key, most) if key else newest_decisions(connection, most)


def look_at_outcomes(place: Place, key: str) -> tuple[OutcomeRecord, ...]:
    """Return what came of a decision, oldest first. Raises: StoreError."""
    with reading(place) as connection:
        return outcomes_of(connection, key)


def look_at_heads(place: Place) -> tuple[Head, ...]:
    """Return the newest event of each chain. Raises: StoreError."""
    with reading(place) as connection:
        return heads_of(connection)


def look_at_events(place: Place, account: str | None, most: int, since: datetime | None = None) -> tuple[Event, ...]:
    """Return the newest events, of one account or of all and the engine, in order of time. Raises: StoreError."""
    with reading(place) as connection:
        return newest_events(connection, None if account is None else (account,), most, since)


def look_further(place: Place, seen: dict[str, int], account: str | None) -> tuple[Event, ...]:
    """Return the events after those seen, each chain's newest by its number. Raises: StoreError."""
    with reading(place) as connection:
        return tuple([one for one in events_after(connection, seen) if account in (None, one.chain)])
