"""The journal on a database: one writer's thread, readers beside it; what the ports ask for, put together from rows."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, Self, TypeVar

from sqlalchemy import Connection, delete, select

from engine.domain.journal import (
    ENGINE,
    Command,
    CommandState,
    DecisionRecord,
    Event,
    EventKind,
    Heartbeat,
    Lease,
    Note,
    OutcomeRecord,
    Reading,
    StoredState,
    Tick,
    Written,
)  # fmt: skip
from engine.domain.serial import plain_of, text_of
from engine.errors import InvariantError
from engine.stores import commands, leases
from engine.stores.chain import Links, events_of
from engine.stores.database import Place, on_both, reader_engine, writer_engine
from engine.stores.decisions import conclude, decide, decision_at, decisions_since, outcomes_of, tell
from engine.stores.failures import told
from engine.stores.readings import Bounds, Recorder, prune_readings, readings_between
from engine.stores.schema import require
from engine.stores.state import read_state, write_state
from engine.stores.tables import COMMANDS, HEARTBEATS, POLICY_SETS
from engine.stores.views import heartbeats
from engine.stores.writer import Writer

Answer = TypeVar("Answer")
_FINISHED: Final = (CommandState.DONE.value, CommandState.EXPIRED.value)
_KEEP: Final = on_both(lambda insert: insert(POLICY_SETS).on_conflict_do_nothing().returning(POLICY_SETS.c.digest))
_BEAT: Final = on_both(
    lambda insert: (asked := insert(HEARTBEATS)).on_conflict_do_update(
        index_elements=[HEARTBEATS.c.holder], set_={"at": asked.excluded.at, "details": asked.excluded.details}
    )
)


class SqlJournal:
    """A `Journal` and a `StateStore` on SQLite or PostgreSQL; every write is durable when it returns."""

    def __init__(self, place: Place) -> None:
        """Open a journal, made when it is not there. Raises: StoreError when it cannot be read or written."""
        self._shown = place.shown
        with told(place.shown):
            engine = writer_engine(place)
        try:
            require(engine, place.shown)
        except BaseException:
            engine.dispose()
            raise
        self._writer = Writer(engine, place.shown)
        self._reader = reader_engine(place)
        self._recorder = Recorder()

    @classmethod
    async def opened(cls, place: Place) -> Self:
        """Return the journal of a place without holding up the event loop."""
        return await asyncio.to_thread(cls, place)

    async def close(self) -> None:
        """Write what waits and let go of the database."""
        await asyncio.to_thread(self._writer.close)
        self._reader.dispose()

    # --- leases

    async def acquire(self, account: str, holder: str, now: datetime, span: timedelta) -> Lease:
        """Return an account's lease. Raises: LeaseHeld."""
        return await self._writer.do(lambda connection: leases.acquire(connection, account, holder, now, span))

    async def renew(self, held: Iterable[Lease], now: datetime, span: timedelta) -> tuple[Lease, ...]:
        """Return leases with a later end. Raises: LeaseLost; then none has one."""
        given = tuple(held)
        return await self._writer.do(lambda connection: leases.renew(connection, given, now, span))

    async def release(self, lease: Lease, now: datetime) -> None:
        """End a lease."""
        await self._writer.do(lambda connection: leases.release(connection, lease, now))

    # --- what happens

    async def write(self, lease: Lease, tick: Tick, *beside: Lease) -> Written:
        """Write what one evaluation leaves behind, whole or not at all. Raises: LeaseLost."""

        def job(connection: Connection) -> Written:
            leases.fence(connection, (lease, *beside))
            return self._ticked(connection, lease, tick)

        covered = {lease.account, *(one.account for one in beside)}
        strange = sorted({one.account for one in tick.decisions} - covered)
        if strange:
            raise InvariantError(f"decisions of {', '.join(strange)}, whose lease was not given")

        return await self._writer.do(job)

    async def tell(self, *notes: Note, chain: str = ENGINE) -> None:
        """Write notes to a chain; without a lease, for what concerns no account's watch."""

        def job(connection: Connection) -> None:
            links = Links(connection)
            for note in notes:
                tell(links, chain, note)
            links.write()

        await self._writer.do(job)

    async def keep_policies(self, digest: str, files: Mapping[str, str], now: datetime) -> None:
        """Keep the texts of a policy set by its digest, once."""

        def job(connection: Connection) -> None:
            text = text_of(dict(files))
            row = {"digest": digest, "first_used_at": now, "files": text}
            if connection.execute(_KEEP[connection.dialect.name], row).first() is not None:
                links = Links(connection)
                links.add(ENGINE, now, EventKind.POLICY_SET, digest, text)
                links.write()

        await self._writer.do(job)

    async def beat(self, holder: str, now: datetime, details: Mapping[str, str]) -> None:
        """Say that an engine is alive."""

        def job(connection: Connection) -> None:
            row = {"holder": holder, "at": now, "details": text_of(dict(details))}
            connection.execute(_BEAT[connection.dialect.name], row)

        await self._writer.do(job)

    # --- commands

    async def ask(self, command: Command) -> bool:
        """Write a command down for whoever watches its account; return False when it was asked already."""
        return await self._writer.do(lambda connection: commands.post(connection, command))

    async def take(self, held: Iterable[Lease], now: datetime) -> tuple[Command, ...]:
        """Return what waits for accounts whose lease is held, taken, so that it is done once. Raises: LeaseLost."""
        given = tuple(held)

        def job(connection: Connection) -> tuple[Command, ...]:
            leases.fence(connection, given)
            return commands.take(connection, [lease.account for lease in given], now)

        return await self._writer.do(job)

    # --- what was

    async def restore(self, account: str) -> StoredState | None:
        """Return an account's state as it was written last, None before the first; ENGINE: that of the groups."""
        return await self._read(lambda connection: read_state(connection, account))

    async def decision(self, key: str) -> DecisionRecord | None:
        """Return a decision by its key."""
        return await self._read(lambda connection: decision_at(connection, key))

    async def decisions(self, account: str, since: datetime) -> tuple[DecisionRecord, ...]:
        """Return an account's decisions from an instant on, oldest first."""
        return await self._read(lambda connection: decisions_since(connection, account, since))

    async def outcomes(self, key: str) -> tuple[OutcomeRecord, ...]:
        """Return what came of a decision, oldest first."""
        return await self._read(lambda connection: outcomes_of(connection, key))

    async def heartbeats(self) -> tuple[Heartbeat, ...]:
        """Return the last sign of life of every engine that ever ran, the newest first."""
        return await self._read(heartbeats)

    async def command(self, key: str) -> Command | None:
        """Return a command with what came of it."""
        return await self._read(lambda connection: commands.command_at(connection, key))

    async def events(self, chain: str, after: int = 0) -> tuple[Event, ...]:
        """Return a chain from the event after a number on."""
        return await self._read(lambda connection: tuple(events_of(connection, chain, after)))

    async def readings(self, account: str, start: datetime, end: datetime) -> tuple[Reading, ...]:
        """Return the recorded readings taken from `start` on and before `end`, oldest first."""
        return await self._read(lambda connection: tuple(readings_between(connection, account, start, end)))

    async def policies(self, digest: str) -> Mapping[str, str] | None:
        """Return the texts of a policy set by the name of their file."""
        wanted = select(POLICY_SETS.c.files).where(POLICY_SETS.c.digest == digest)
        files = await self._read(lambda connection: connection.execute(wanted).scalar())
        return None if files is None else plain_of(files)

    async def prune(self, now: datetime, bounds: Bounds) -> tuple[int, int]:
        """Return how many readings and finished commands were removed; the audit chains are never shortened."""

        def job(connection: Connection) -> tuple[int, int]:
            old = delete(COMMANDS).where(COMMANDS.c.expires_at < now - bounds.age, COMMANDS.c.state.in_(_FINISHED))
            return prune_readings(connection, now, bounds), connection.execute(old).rowcount

        return await self._writer.do(job)

    # ---

    def _ticked(self, connection: Connection, lease: Lease, tick: Tick) -> Written:
        links = Links(connection)
        write_state(connection, lease.account, tick.state)
        refused = frozenset(one.key for one in tick.decisions if not decide(connection, links, one))
        for outcome in tick.outcomes:
            conclude(links, lease.account, outcome)
        for note in tick.notes:
            tell(links, lease.account, note)
        for command, result in tick.done.items():
            commands.finish(connection, links, command, result, tick.at)
        links.write()
        if tick.reading is not None:
            self._recorder.write(connection, tick.reading)
        return Written(refused)

    async def _read(self, job: Callable[[Connection], Answer]) -> Answer:
        def read() -> Answer:
            with told(self._shown), self._reader.begin() as connection:
                return job(connection)

        return await asyncio.to_thread(read)
