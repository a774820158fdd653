"""What people look at in a journal: who is alive, what was decided, what happened; nothing is changed here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from engine.domain.journal import DecisionRecord, Event, EventKind, Heartbeat
from engine.domain.serial import plain_of
from engine.stores.decisions import decision_at
from engine.stores.tables import DECISIONS, EVENTS, HEARTBEATS


def heartbeats(connection: Connection) -> tuple[Heartbeat, ...]:
    """Return the last sign of life of every engine that ever ran, the newest first."""
    rows = connection.execute(select(HEARTBEATS).order_by(HEARTBEATS.c.at.desc()))
    return tuple([Heartbeat(row.holder, row.at, plain_of(row.details)) for row in rows])


def decisions_like(connection: Connection, key: str, most: int) -> tuple[DecisionRecord, ...]:
    """Return the decisions whose key begins with a text, the newest first."""
    return _decisions(connection, select(DECISIONS.c.key).where(DECISIONS.c.key.startswith(key, autoescape=True)), most)


def newest_decisions(connection: Connection, most: int) -> tuple[DecisionRecord, ...]:
    """Return the newest decisions, the newest first."""
    return _decisions(connection, select(DECISIONS.c.key), most)


def _decisions(connection: Connection, wanted: Select[Any], most: int) -> tuple[DecisionRecord, ...]:
    keys = connection.execute(wanted.order_by(DECISIONS.c.decided_at.desc(), DECISIONS.c.key).limit(most)).scalars()
    found = [decision_at(connection, one) for one in keys.all()]
    return tuple([one for one in found if one is not None])


def newest_events(
    connection: Connection,
    chains: Iterable[str] | None,
    most: int | None,
    since: datetime | None = None,
) -> tuple[Event, ...]:
    """
    Return the newest events of some chains, or of all, in the order of time.

    most: no more than that; None for all. since: none older.
    """
    wanted = select(EVENTS).order_by(EVENTS.c.at.desc(), EVENTS.c.chain.desc(), EVENTS.c.seq.desc())
    if chains is not None:
        wanted = wanted.where(EVENTS.c.chain.in_(tuple(chains)))
    if since is not None:
        wanted = wanted.where(EVENTS.c.at >= since)
    rows = connection.execute(wanted.limit(most)).all()
    return tuple([_event(row) for row in reversed(rows)])


def events_after(connection: Connection, seen: dict[str, int]) -> tuple[Event, ...]:
    """Return the events after the newest one seen of each chain, by its seq, in the order of time; of others, all."""
    found = []
    for chain in connection.execute(select(EVENTS.c.chain).distinct()).scalars().all():
        wanted = select(EVENTS).where(EVENTS.c.chain == chain, EVENTS.c.seq > seen.get(chain, 0))
        found += [_event(row) for row in connection.execute(wanted.order_by(EVENTS.c.seq))]
    return tuple(sorted(found, key=lambda one: one.at))


def _event(row: object) -> Event:
    one = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - how SQLAlchemy names a row's columns
    return Event(
        one["chain"], one["seq"], one["at"], EventKind(one["kind"]), one["subject"], one["body"], one["previous"],
        one["digest"],
    )  # fmt: skip
