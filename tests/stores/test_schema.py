"""The migrations make exactly the tables the program works with, and a journal of another version is told apart."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table

from engine.errors import SettingsError, StoreError
from engine.stores.database import Place, place_in, place_of, place_of_file, writer_engine
from engine.stores.schema import REVISION, alembic_config, require, revision_of, upgrade
from engine.stores.tables import METADATA
from tests.stores.build import opened

FIRST = import_module("engine.stores.migrations.versions.v0001_first")


def test_the_migrations_end_at_the_version_the_program_wants(file_place: Place) -> None:
    engine = writer_engine(file_place)
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
        assert scripts.get_heads() == [REVISION]
        assert [one.revision for one in scripts.walk_revisions()][-1] == FIRST.revision
    engine.dispose()


def test_the_tables_they_make_are_those_of_the_program(place: Place) -> None:
    engine = writer_engine(place)
    require(engine, place.shown)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_a_key_into_another_table_is_found_from_there_at_once(table: Table) -> None:
    """Else every row of the other table would cost a look at all of these, and the journal would grow slower."""
    found = [[column.name for column in index.columns] for index in (*table.indexes, table.primary_key)]
    for constraint in table.foreign_key_constraints:
        names = [column.name for column in constraint.columns]
        assert any(sorted(columns[: len(names)]) == sorted(names) for columns in found), names


def test_the_comparison_sees_a_difference(file_place: Place) -> None:
    assert file_place.file is not None
    with sqlite3.connect(file_place.file) as connection:
        connection.execute("ALTER TABLE leases ADD COLUMN colour TEXT")
    connection.close()
    engine = writer_engine(file_place)
    with engine.connect() as bare:
        found: list[Any] = compare_metadata(MigrationContext.configure(bare), METADATA)
        assert [one[0] for one in found] == ["remove_column"]
    engine.dispose()


@pytest.mark.parametrize("sort", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_an_empty_database_is_made_ready_once_whoever_opens_it(
    sort: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    new = place_of_file(tmp_path / "new" / "journal.db")
    place = new if sort == "sqlite" else request.getfixturevalue("server_place")
    engines = [writer_engine(place) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda engine: require(engine, "here"), engines))
    with engines[0].connect() as connection:
        assert revision_of(connection) == REVISION
    for engine in engines:
        assert upgrade(engine, "here") == (REVISION, REVISION)
        engine.dispose()


@pytest.mark.parametrize(
    ("found", "remedy"), [("0000", "a newer version of Rekha made it"), ("9999", "a newer version of Rekha made it")]
)
def test_a_journal_of_another_version_is_not_opened(place: Place, found: str, remedy: str) -> None:
    engine = writer_engine(place)
    require(engine, place.shown)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{found}'")
    engine.dispose()

    async def run() -> None:
        async with opened(place):
            pass

    with pytest.raises(StoreError, match=f"of version {found}, this program needs {REVISION}; {remedy}"):
        asyncio.run(run())


def test_the_journal_is_this_users_alone(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    engine = writer_engine(place)
    require(engine, place.shown)
    assert place.file is not None
    modes = [oct(path.stat().st_mode & 0o777) for path in (place.file, place.file.parent)]
    assert modes == ["0o600", "0o700"]
    with engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 2, 1, 2000]
    engine.dispose()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:secret@db/rekha", "postgresql://me:***@db/rekha"),
        ("postgresql+psycopg://me@db/rekha", "postgresql+psycopg://me@db/rekha"),
        ("sqlite:////var/rekha/journal.db", "/var/rekha/journal.db"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert place_of(address).shown == shown
    assert "secret" not in repr(place_of(address))


@pytest.mark.parametrize("address", ["mysql://db/rekha", "sqlite://", "here", ""])
def test_what_is_no_address_of_a_journal_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="journal"):
        place_of(address)
