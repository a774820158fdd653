"""Care of a journal from outside an engine: what is in it, whether it is intact, a copy of it, its newest tables."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from engine.domain.journal import Head, Lease
from engine.errors import StoreError
from engine.stores import schema
from engine.stores.chain import heads_of
from engine.stores.database import Place, place_of_file, reader_engine, writer_engine
from engine.stores.failures import told
from engine.stores.leases import held
from engine.stores.tables import METADATA, READINGS
from engine.stores.verify import Verified, verify


@dataclass(frozen=True, slots=True)
class Info:
    """
    What is in a journal.

    size: bytes of its file, None on a server. rows: by table. readings: when the oldest and the newest was taken.
    """

    where: str
    revision: str | None
    size: int | None
    rows: dict[str, int]
    readings: tuple[datetime | None, datetime | None]
    leases: tuple[Lease, ...]
    heads: tuple[Head, ...]


def info(place: Place) -> Info:
    """Return what is in a journal. Raises: StoreError when there is none."""
    with reading(place) as connection:
        rows = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }
        ends = connection.execute(select(func.min(READINGS.c.taken_at), func.max(READINGS.c.taken_at))).one()
        revision = schema.revision_of(connection)
        size = None if place.file is None else place.file.stat().st_size
        return Info(place.shown, revision, size, rows, (ends[0], ends[1]), held(connection), heads_of(connection))


def verified(place: Place, noted: Iterable[Head] = ()) -> Verified:
    """Return whether the audit chains are what was written; see `engine.stores.verify`. Raises: StoreError."""
    with reading(place) as connection:
        return verify(connection, noted)


def upgraded(place: Place) -> tuple[str | None, str]:
    """Bring the tables of a journal up to date; return from which version to which. Raises: StoreError."""
    _must_be_there(place)
    engine = writer_engine(place)
    try:
        return schema.upgrade(engine, place.shown)
    finally:
        engine.dispose()


def backup(place: Place, target: Path) -> Verified:
    """
    Copy a journal, also while an engine writes it, to a SQLite file of its own; return what its chains say.

    The copy is whole or not there at all. Raises: StoreError; when the file is there already, it stays as it is.
    """
    if target.exists():
        raise StoreError(f"{target} is there already; a backup overwrites nothing. Name another file.")
    part = target.with_name(f"{target.name}.part")
    with told(str(target)):
        part.unlink(missing_ok=True)
        try:
            if place.file is None:
                _copy_rows(place, part)
            else:
                _copy_file(place, part)
            found = verified(place_of_file(part))
            _settle(part)
            # Not a rename: that would overwrite what has come to be there meanwhile.
            os.link(part, target)
        finally:
            for name in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm"))):
                name.unlink(missing_ok=True)
    return found


def _copy_file(place: Place, part: Path) -> None:
    _must_be_there(place)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with told(place.shown):
        try:
            with (
                closing(sqlite3.connect(place.file or "")) as source,
                closing(sqlite3.connect(part)) as copy,
            ):
                source.backup(copy)
        except sqlite3.Error as error:
            raise OSError(str(error)) from error


def _copy_rows(place: Place, part: Path) -> None:
    copy = writer_engine(place_of_file(part))
    try:
        schema.require(copy, str(part))
        with reading(place) as source, copy.begin() as into:
            for table in METADATA.sorted_tables:
                for rows in source.execute(select(table), execution_options={"yield_per": 500}).mappings().partitions():
                    into.execute(table.insert(), [dict(row) for row in rows])
    finally:
        copy.dispose()


def _settle(part: Path) -> None:
    """Let the copy be one file, on the disk."""
    with closing(sqlite3.connect(part)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
    for path in (part, part.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _must_be_there(place: Place) -> None:
    if place.file is not None and not place.file.is_file():
        raise StoreError(f"there is no journal at {place.shown}; an engine makes it when it first runs")


@contextmanager
def reading(place: Place) -> Iterator[Connection]:
    """Give a connection for the block on which everything is as of one moment. Raises: StoreError."""
    _must_be_there(place)
    engine: Engine = reader_engine(place)
    try:
        with told(place.shown), engine.connect() as bare:
            # On a server everything is read as of one moment, as it is in a file anyway.
            level = "REPEATABLE READ" if bare.dialect.name == "postgresql" else None
            connection = bare if level is None else bare.execution_options(isolation_level=level)
            with connection.begin():
                yield connection
    finally:
        engine.dispose()
