"""
Whether the audit chains are what was written: any edit, removal, insertion or change of order of an event is found.

What stands beside the chains and repeats them (decisions by key, latches, policy sets) is compared with them. State and
readings are not: they say nothing of what was done. Who can write the database can write a whole chain anew; against
that stand the heads somebody noted earlier, in a place of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, LargeBinary, String, select, type_coerce

from engine.domain.journal import DecisionRecord, EventKind, Head
from engine.stores.chain import digest_of, heads_of
from engine.stores.columns import unpacked
from engine.stores.decisions import decision_of
from engine.stores.tables import DECISIONS, EVENTS, LATCHES, POLICY_SETS


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that is not as it was written. seq: of the event; None when it is about no single one."""

    chain: str
    seq: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many events were read, the newest of each chain, and what is wrong with them: nothing, as it should be."""

    events: int
    heads: tuple[Head, ...]
    breaches: tuple[Breach, ...]


@dataclass(slots=True)
class _Found:
    """What the chains say should stand beside them."""

    decisions: dict[str, DecisionRecord]
    policy_sets: dict[str, str]
    breaches: list[Breach]
    events: int = 0


def verify(connection: Connection, noted: Iterable[Head] = ()) -> Verified:
    """Read every chain from its beginning. noted: heads of an earlier day, which must still be in their chains."""
    found = _Found({}, {}, [])
    heads = {head.chain: head for head in heads_of(connection)}
    marks: dict[str, dict[int, str]] = {}
    for head in noted:
        marks.setdefault(head.chain, {})[head.seq] = head.digest
    chains = set(connection.execute(select(EVENTS.c.chain).distinct()).scalars()) | heads.keys() | marks.keys()
    for chain in sorted(chains):
        _chain(connection, chain, heads.get(chain), marks.get(chain, {}), found)
    found.breaches += [*_decisions(connection, found.decisions), *_latches(connection, found.decisions)]
    found.breaches += _policy_sets(connection, found.policy_sets)
    return Verified(found.events, tuple(heads.values()), tuple(found.breaches))


def _chain(connection: Connection, chain: str, head: Head | None, marks: Mapping[int, str], found: _Found) -> None:
    seq, previous = 0, ""
    for row in _rows(connection, chain):
        found.events += 1
        if row.seq != seq + 1:
            found.breaches.append(Breach(chain, row.seq, f"{row.seq - seq - 1} event(s) before it are missing"))
        elif row.previous != previous:
            found.breaches.append(Breach(chain, row.seq, "does not follow the event before it"))
        body = _body(row)
        if body is None:
            found.breaches.append(Breach(chain, row.seq, "was changed after it was written"))
        elif marks.get(row.seq, row.digest) != row.digest:
            found.breaches.append(Breach(chain, row.seq, "is not the event that was noted"))
        elif row.kind == EventKind.DECISION.value:
            found.decisions[row.subject] = decision_of(body)
        elif row.kind == EventKind.POLICY_SET.value:
            found.policy_sets[row.subject] = body
        seq, previous = row.seq, row.digest
    written = Head(chain, 0, "") if head is None else head
    if written != Head(chain, seq, previous):
        found.breaches.append(Breach(chain, None, f"ends at event {seq}, but {written.seq} were written"))
    if any(mark > seq for mark in marks):
        found.breaches.append(Breach(chain, None, f"ends at event {seq}, but event {max(marks)} was noted"))


def _rows(connection: Connection, chain: str) -> Iterable[Any]:
    # As they lie there: a text that is no instant any more must not end the reading.
    columns = [
        EVENTS.c.seq, EVENTS.c.kind, EVENTS.c.subject, EVENTS.c.previous, EVENTS.c.digest,
        type_coerce(EVENTS.c.at, String).label("at"), type_coerce(EVENTS.c.body, LargeBinary).label("body"),
    ]  # fmt: skip
    wanted = select(*columns).where(EVENTS.c.chain == chain).order_by(EVENTS.c.seq)
    for row in connection.execute(wanted, execution_options={"yield_per": 500}):
        yield _Raw(chain, row.seq, row.at, row.kind, row.subject, bytes(row.body), row.previous, row.digest)


@dataclass(frozen=True, slots=True)
class _Raw:
    chain: str
    seq: int
    at: str
    kind: str
    subject: str
    body: bytes
    previous: str
    digest: str


def _body(row: _Raw) -> str | None:
    """Return the body of an event, None when the event is not what its digest was made of."""
    try:
        body = unpacked(row.body)
    except ValueError:
        return None
    digest = digest_of(row.chain, row.seq, row.at, row.kind, row.subject, body, row.previous)
    return body if digest == row.digest else None


def _decisions(connection: Connection, told: Mapping[str, DecisionRecord]) -> Iterator[Breach]:
    rows = {row.key: row for row in connection.execute(select(DECISIONS))}
    for key in sorted(rows.keys() | told.keys()):
        row, record = rows.get(key), told.get(key)
        if record is None:
            yield Breach(str(rows[key].account), None, f"the decision {key} is in no event")
        elif row is None:
            yield Breach(record.account, None, f"the decision {key} is not found by its key any more")
        elif (row.account, row.policy, row.mode, row.decided_at) != (
            record.account, record.policy, record.mode.value, record.decided_at,
        ):  # fmt: skip
            yield Breach(record.account, None, f"the decision {key} is told otherwise beside its event")


def _latches(connection: Connection, told: Mapping[str, DecisionRecord]) -> Iterator[Breach]:
    names = ("account", "policy", "subject", "period", "mode", "arm", "decision")
    rows = {tuple(getattr(row, name) for name in names) for row in connection.execute(select(LATCHES))}
    due = {
        (one.account, one.latch.policy, one.latch.subject, one.latch.period, one.latch.mode.value, one.latch.arm, key)
        for key, one in told.items()
        if one.latch is not None
    }
    for row in sorted(rows - due):
        yield Breach(row[0], None, f"the latch of {row[1]} for {row[2]} was written by no decision")
    for row in sorted(due - rows):
        yield Breach(row[0], None, f"the latch of {row[1]} for {row[2]} is gone")


def _policy_sets(connection: Connection, told: Mapping[str, str]) -> Iterator[Breach]:
    kept = select(POLICY_SETS.c.digest, type_coerce(POLICY_SETS.c.files, LargeBinary).label("files"))
    rows = {row.digest: bytes(row.files) for row in connection.execute(kept)}
    for digest in sorted(rows.keys() | told.keys()):
        if not _says(rows.get(digest), told.get(digest)):
            yield Breach("", None, f"the policy set {digest} is not the one that was used")


def _says(kept: bytes | None, text: str | None) -> bool:
    try:
        return kept is not None and unpacked(kept) == text
    except ValueError:
        return False
