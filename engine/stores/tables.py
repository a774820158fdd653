"""
The tables of the journal.

The events are the journal itself, chained and never changed; `decisions` and `latches` are what of them must be unique
or found by its key. State and readings may be lost without losing what was done.
"""

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from engine.stores.columns import Instant, Packed

_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# A latch is tried before its decision stands.
_AT_COMMIT: Final[Any] = {"deferrable": True, "initially": "DEFERRED"}


class _Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """The base of every table, with names of its own for keys and indexes, so that migrations can name them."""


def _at(*, nullable: bool = False) -> Any:
    return Column(Instant, nullable=nullable)


def _packed() -> Any:
    return Column(Packed, nullable=False)


class ChainRow(_Row, table=True):
    """The newest link of each audit chain."""

    __tablename__ = "chains"

    chain: str = Field(primary_key=True)
    seq: int
    digest: str = Field(max_length=64)


class EventRow(_Row, table=True):
    """One link of an audit chain."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_subject", "subject"),)

    chain: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_column=_at())
    kind: str
    subject: str
    body: str = Field(sa_column=_packed())
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)


class DecisionRow(_Row, table=True):
    """A decision by its key; all of it stands in its event."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_account", "account", "decided_at"),
        # A key that may wait for its other end until the commit is looked for from that end too.
        Index("ix_decisions_event", "account", "seq", unique=True),
        ForeignKeyConstraint(["account", "seq"], ["events.chain", "events.seq"], **_AT_COMMIT),
    )

    key: str = Field(primary_key=True, max_length=64)
    account: str
    policy: str
    mode: str
    decided_at: datetime = Field(sa_column=_at())
    seq: int


class LatchRow(_Row, table=True):
    """A `once` row; that there can be only one of each is what makes a policy act once."""

    __tablename__ = "latches"
    __table_args__ = (Index("ix_latches_decision", "decision"),)

    account: str = Field(primary_key=True)
    policy: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    mode: str = Field(primary_key=True)
    arm: int = Field(primary_key=True)
    decision: str = Field(sa_column=Column(String(64), ForeignKey("decisions.key", **_AT_COMMIT), nullable=False))
    is_of_group: bool
    written_at: datetime = Field(sa_column=_at())


class PolicySetRow(_Row, table=True):
    """The files of a policy set, by the digest of all of them."""

    __tablename__ = "policy_sets"

    digest: str = Field(primary_key=True)
    first_used_at: datetime = Field(sa_column=_at())
    files: str = Field(sa_column=_packed())


class LeaseRow(_Row, table=True):
    """Who watches an account; the epoch rises with every holder."""

    __tablename__ = "leases"

    account: str = Field(primary_key=True)
    holder: str
    epoch: int
    expires_at: datetime = Field(sa_column=_at())


class StateRow(_Row, table=True):
    """One part of an account's state."""

    __tablename__ = "state"

    account: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    text: str = Field(sa_column=_packed())


class HeardRow(_Row, table=True):
    """What one reading has added to an account's history."""

    __tablename__ = "heard"

    account: str = Field(primary_key=True)
    taken_at: datetime = Field(sa_column=Column(Instant, primary_key=True))
    text: str = Field(sa_column=_packed())


class ReadingRow(_Row, table=True):
    """A recorded reading: whole when `based_on` is its own instant, else packed against the one of that instant."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_taken_at", "taken_at"),)

    account: str = Field(primary_key=True)
    taken_at: datetime = Field(sa_column=Column(Instant, primary_key=True))
    based_on: datetime = Field(sa_column=_at())
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CommandRow(_Row, table=True):
    """What a person asks a running engine to do."""

    __tablename__ = "commands"
    __table_args__ = (Index("ix_commands_account", "account", "state"),)

    id: str = Field(primary_key=True)
    account: str
    kind: str
    who: str
    why: str = Field(sa_column=Column(Text, nullable=False))
    asked_at: datetime = Field(sa_column=_at())
    expires_at: datetime = Field(sa_column=_at())
    details: str = Field(sa_column=Column(Text, nullable=False))
    state: str
    result: str = Field(sa_column=Column(Text, nullable=False))


class HeartbeatRow(_Row, table=True):
    """When each engine was last alive, and what it said of itself."""

    __tablename__ = "heartbeats"

    holder: str = Field(primary_key=True)
    at: datetime = Field(sa_column=_at())
    details: str = Field(sa_column=Column(Text, nullable=False))


def _table(row: type[SQLModel]) -> Table:
    return cast("Table", row.__table__)  # type: ignore[attr-defined]


METADATA: Final[MetaData] = _Row.metadata
CHAINS: Final = _table(ChainRow)
EVENTS: Final = _table(EventRow)
DECISIONS: Final = _table(DecisionRow)
LATCHES: Final = _table(LatchRow)
POLICY_SETS: Final = _table(PolicySetRow)
LEASES: Final = _table(LeaseRow)
STATE: Final = _table(StateRow)
HEARD: Final = _table(HeardRow)
READINGS: Final = _table(ReadingRow)
COMMANDS: Final = _table(CommandRow)
HEARTBEATS: Final = _table(HeartbeatRow)
