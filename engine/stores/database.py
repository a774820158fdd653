"""Where a journal lies and how it is opened: SQLite with the settings that make it durable, or PostgreSQL."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from engine.errors import SettingsError

FOLDER: Final = ".rekha"
FILE: Final = "journal.db"

# How long a write waits for another process before it fails.
_PATIENCE_MS: Final = 2000
_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    # Off by a power cut nothing is that was acknowledged; NORMAL would lose the last commits.
    "PRAGMA synchronous = FULL",
    f"PRAGMA busy_timeout = {_PATIENCE_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_size_limit = 67108864",
)
# A server that has gone without a word is given up as soon as one that says so.
_SERVER: Final = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "options": f"-c lock_timeout={_PATIENCE_MS}",
}
_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a journal lies.

    url: SQLAlchemy's, with its password. file: the database file, None for a server. shown: for people, without it.
    """

    url: str = field(repr=False)
    file: Path | None
    shown: str


def place_in(desk: Path) -> Place:
    """Return where a desk keeps its journal unless it says otherwise."""
    return place_of_file(desk / FOLDER / FILE)


def place_of_file(file: Path) -> Place:
    """Return the place of a SQLite file."""
    return Place(f"sqlite:///{file}", file, str(file))


def place_of(address: str) -> Place:
    """Return the place an address names: a `postgresql://` or `sqlite:///` address. Raises: SettingsError."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise SettingsError(f"no address of a journal: {address!r}; write postgresql://user@host/name") from None
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None or (driver == "sqlite" and not url.database):
        raise SettingsError(f"no journal can lie at {url.render_as_string()}; write postgresql://user@host/name")
    if driver == "sqlite":
        return place_of_file(Path(str(url.database)))
    whole = url.set(drivername=driver)
    return Place(whole.render_as_string(hide_password=False), None, url.render_as_string())


def writer_engine(place: Place) -> Engine:
    """Return the engine whose every transaction begins with the right to write; for one thread at a time."""
    if place.file is None:
        return _server_engine(place)
    _make_private(place.file)
    engine = _file_engine(place)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once when another has written in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reader_engine(place: Place) -> Engine:
    """Return an engine for reading beside the writer."""
    if place.file is None:
        return _server_engine(place)
    engine = _file_engine(place)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def on_both(make: Callable[[Callable[[Table], Any]], Any]) -> Mapping[str, Any]:
    """
    Return a statement for each database, by the name of its dialect.

    make: takes what begins an insert that can say what happens on a conflict, which both spell alike in classes of
    their own. Statements are made once: to make one costs as much as to run it.
    """
    return MappingProxyType({"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)})


def _server_engine(place: Place) -> Engine:
    return create_engine(place.url, pool_pre_ping=True, pool_size=2, connect_args=dict(_SERVER))


def _file_engine(place: Place) -> Engine:
    engine = create_engine(
        place.url, poolclass=QueuePool, pool_size=2, connect_args={"check_same_thread": False, "timeout": 2}
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver begins transactions of its own otherwise, and not where they are wanted.
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in _SETTINGS:
            cursor.execute(setting)
        cursor.close()

    return engine


def _make_private(file: Path) -> None:
    """Let the journal's folder and file be there, and be this user's alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
