"""Decisions, their latches and what came of them: unique where it must be, all the rest in the audit chain."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, select

from engine.domain.enums import Mode
from engine.domain.journal import ENGINE, DecisionRecord, EventKind, Note, OutcomeRecord
from engine.domain.latch import Latch
from engine.domain.serial import form_of, plain_of, text_of
from engine.stores.chain import Links
from engine.stores.database import on_both
from engine.stores.tables import DECISIONS, EVENTS, LATCHES

_DECISION = form_of(DecisionRecord)
_OUTCOME = form_of(OutcomeRecord)

_DECIDE: Final = on_both(lambda insert: insert(DECISIONS).on_conflict_do_nothing().returning(DECISIONS.c.key))
_WIN: Final = on_both(lambda insert: insert(LATCHES).on_conflict_do_nothing().returning(LATCHES.c.account))


def decision_text(record: DecisionRecord) -> str:
    """Return a decision as JSON."""
    return text_of(_DECISION.encode(record))


def decision_of(text: str) -> DecisionRecord:
    """Return the decision of such a text. Raises: ValueError."""
    record: DecisionRecord = _DECISION.decode(plain_of(text))
    return record


def decide(connection: Connection, links: Links, record: DecisionRecord) -> bool:
    """Write a decision with its latch; return whether it is ours, and was not there already."""
    if record.latch is not None and not _is_won(connection, record, record.latch):
        return False
    row = {
        "key": record.key,
        "account": record.account,
        "policy": record.policy,
        "mode": record.mode.value,
        "decided_at": record.decided_at,
        "seq": links.next_seq(record.account),
    }
    if connection.execute(_DECIDE[connection.dialect.name], row).first() is None:
        if record.latch is not None:
            connection.execute(delete(LATCHES).where(_same(record.account, record.latch)))
        return False
    links.add(record.account, record.decided_at, EventKind.DECISION, record.key, decision_text(record))
    return True


def conclude(links: Links, account: str, outcome: OutcomeRecord) -> None:
    """Write what came of a step."""
    links.add(account, outcome.at, EventKind.OUTCOME, outcome.decision, text_of(_OUTCOME.encode(outcome)))


def tell(links: Links, chain: str, note: Note) -> None:
    """Write a note."""
    links.add(chain, note.at, EventKind.NOTE, note.subject, text_of({"word": note.word, **note.details}))


def decision_at(connection: Connection, key: str) -> DecisionRecord | None:
    """Return the decision of a key, None when there is none."""
    row = connection.execute(_bodies().where(DECISIONS.c.key == key)).first()
    return None if row is None else decision_of(row.body)


def decisions_since(connection: Connection, account: str, since: datetime) -> tuple[DecisionRecord, ...]:
    """Return an account's decisions from an instant on, oldest first."""
    wanted = _bodies().where(DECISIONS.c.account == account, DECISIONS.c.decided_at >= since)
    rows = connection.execute(wanted.order_by(DECISIONS.c.decided_at, DECISIONS.c.seq))
    return tuple([decision_of(row.body) for row in rows])


def outcomes_of(connection: Connection, key: str) -> tuple[OutcomeRecord, ...]:
    """Return what came of a decision, oldest first."""
    wanted = select(EVENTS.c.body).where(EVENTS.c.subject == key, EVENTS.c.kind == EventKind.OUTCOME.value)
    rows = connection.execute(wanted.order_by(EVENTS.c.chain, EVENTS.c.seq))
    return tuple([_OUTCOME.decode(plain_of(row.body)) for row in rows])


def latches_of(connection: Connection, account: str) -> frozenset[Latch]:
    """Return the latches that an account's state holds, or for the engine those of the rules about groups."""
    of_group = LATCHES.c.is_of_group.is_(account == ENGINE)
    own: ColumnElement[bool] = of_group if account == ENGINE else and_(of_group, LATCHES.c.account == account)
    return frozenset(_latches(connection.execute(select(LATCHES).where(own))))


def _latches(rows: Iterable[object]) -> Iterable[Latch]:
    for row in rows:
        one = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - how SQLAlchemy names a row's columns
        yield Latch(one["policy"], one["subject"], one["period"], Mode(one["mode"]), one["arm"])


def _bodies() -> Select[tuple[str]]:
    at_event = and_(EVENTS.c.chain == DECISIONS.c.account, EVENTS.c.seq == DECISIONS.c.seq)
    return select(EVENTS.c.body).select_from(DECISIONS.join(EVENTS, at_event))


def _is_won(connection: Connection, record: DecisionRecord, latch: Latch) -> bool:
    row = {
        **_columns(record.account, latch),
        "decision": record.key,
        "is_of_group": record.is_of_group,
        "written_at": record.decided_at,
    }
    return connection.execute(_WIN[connection.dialect.name], row).first() is not None


def _same(account: str, latch: Latch) -> ColumnElement[bool]:
    return and_(*(LATCHES.c[name] == value for name, value in _columns(account, latch).items()))


def _columns(account: str, latch: Latch) -> dict[str, object]:
    return {
        "account": account,
        "policy": latch.policy,
        "subject": latch.subject,
        "period": latch.period,
        "mode": latch.mode.value,
        "arm": latch.arm,
    }
