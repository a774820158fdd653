"""A journal that cannot be written says so at once, in words that tell what to do, and goes on when it can be again."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from engine.domain.journal import Lease, Note
from engine.errors import StoreError
from engine.stores.database import Place, place_of
from engine.stores.failures import store_error, told
from engine.stores.journal import SqlJournal
from engine.stores.upkeep import verified
from tests.stores.build import NOW, decision, on, opened, tick, with_lease
from tests.stores.conftest import database_on, running_server

ROOT = Path(__file__).parents[2]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may look into."""
    folder = Path(tempfile.mkdtemp(prefix="rekha-faults-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def said(fault: str, folder: Path, *before: str) -> list[str]:
    command = [*before, sys.executable, "-m", "tests.stores.faults", fault, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def may_mount() -> bool:
    mount = "mount -t tmpfs none /mnt"
    command = ["unshare", "-rm", "sh", "-c", mount]
    return (
        shutil.which("unshare") is not None and not subprocess.run(command, capture_output=True, check=False).returncode
    )


def test_a_full_disk(tmp_path: Path) -> None:
    if not may_mount():
        pytest.skip("this user may not mount a small disk")
    failed, kept, full, latch, left, goes_on = said("full", tmp_path, "unshare", "-rm")
    assert failed.startswith(f"failed the journal {tmp_path}/.rekha/journal.db was not written: the disk is full (")
    assert failed.endswith("Make room; nothing else is needed.")
    assert (kept, full) == ("kept True", "full")
    assert latch.startswith(f"latch no latch can be kept in {tmp_path}/.rekha/latches: No space left on device")
    assert left == "left []"
    assert goes_on.startswith("goes on ")


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    failed, kept, goes_on = said("no_growth", tmp_path)
    assert "was not written: the disk" in failed
    assert (kept, goes_on) == ("kept True", "goes on True")


def test_a_journal_that_may_only_be_read(open_folder: Path) -> None:
    (failed,) = said("read_only", open_folder)
    assert failed.startswith(f"failed the journal {open_folder}/journal.db was not written: ")
    assert "right to write" in failed


def test_a_journal_somebody_else_keeps_locked(file_place: Place) -> None:
    assert file_place.file is not None
    other = sqlite3.connect(file_place.file, isolation_level=None)

    async def work(journal: SqlJournal, lease: Lease) -> None:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"another process holds it \(database is locked\)"):
            await journal.write(lease, tick(decision()))
        # Reading goes on beside it.
        assert await journal.decision(decision().key) is None
        other.execute("ROLLBACK")
        assert (await journal.write(lease, tick(decision()))).refused == frozenset()

    with_lease(file_place, work)
    other.close()


@pytest.mark.parametrize(
    ("at", "size", "meaning"),
    [
        pytest.param(0, 100, "it is damaged or no database at all", id="header"),
        pytest.param(4096, 40_000, "it is damaged", id="inside"),
    ],
)
def test_a_damaged_journal(file_place: Place, at: int, size: int, meaning: str) -> None:
    on(file_place, lambda journal: journal.tell(Note("written", NOW)))
    assert file_place.file is not None
    with file_place.file.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(size))
    with pytest.raises(StoreError, match=rf"{meaning} .*put the last backup in its place"):
        on(file_place, lambda journal: journal.tell(Note("again", NOW)))


def test_a_folder_in_the_way(file_place: Place) -> None:
    assert file_place.file is not None
    file_place.file.unlink()
    file_place.file.mkdir()
    with pytest.raises(StoreError, match=r"journal\.db was not written: there is a folder of its name"):
        on(file_place, lambda journal: journal.tell(Note("again", NOW)))


# --- a server


@pytest.mark.postgres
def test_an_account_somebody_else_keeps_locked(server_place: Place) -> None:
    async def work(journal: SqlJournal, lease: Lease) -> None:
        with psycopg.connect(server_place.url.replace("+psycopg", "")) as other:
            other.execute("SELECT 1 FROM leases FOR UPDATE")
            with pytest.raises(StoreError, match=r"another process holds it .*lock timeout"):
                await journal.write(lease, tick(decision()))
        assert (await journal.write(lease, tick(decision()))).refused == frozenset()

    with_lease(server_place, work)


@pytest.mark.postgres
def test_a_connection_that_is_cut(server: Any) -> None:
    place = database_on(server)

    async def work(journal: SqlJournal, lease: Lease) -> None:
        await journal.write(lease, tick(decision(1)))
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            admin.execute(cut, [place.url.split("/")[3].split("?")[0]])
        await journal.write(lease, tick(decision(2)))
        assert len(await journal.decisions("A1", NOW)) == 2

    with_lease(place, work)


@pytest.mark.postgres
def test_a_server_that_goes_and_comes_back() -> None:
    with running_server() as server:
        place = database_on(server)

        async def work() -> None:
            async with opened(place) as journal:
                await journal.tell(Note("before", NOW))
                server.stop()
                for _ in range(2):
                    with pytest.raises(StoreError, match=r"the server does not answer .*Rekha tries again by itself"):
                        await journal.tell(Note("lost", NOW))
                with pytest.raises(StoreError):
                    await journal.events("")
                server.start()
                await journal.tell(Note("after", NOW))
                assert [event.seq for event in await journal.events("")] == [1, 2]

        asyncio.run(work())
        assert verified(place).breaches == ()


@pytest.mark.postgres
def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the server does not answer"):
        on(place_of(f"postgresql://me@/rekha?host={tmp_path}"), lambda journal: journal.tell(Note("x", NOW)))


# --- the map of foreign errors


def test_nothing_foreign_comes_out() -> None:
    kinds = [*DBAPIError.__subclasses__(), OSError]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__() if kind is not OSError else []
        error = OSError(28, "No space left on device") if kind is OSError else kind("SELECT 1", {}, Exception("odd"))
        with pytest.raises(StoreError, match="the journal here was not written: "), told("here"):
            raise error


def test_what_is_not_known_is_told_in_its_own_words() -> None:
    error = store_error(RuntimeError("odd\nthing"), "here")
    assert str(error) == "the journal here was not written: RuntimeError: odd thing"


def test_a_text_no_database_can_hold_is_refused(file_place: Place) -> None:
    half = decision(1, policy="half \ud800")

    async def work(journal: SqlJournal, lease: Lease) -> None:
        with pytest.raises(StoreError, match="UnicodeEncodeError"):
            await journal.write(lease, tick(half))
        # Inside a body it may stand: there it is spelt with an escape.
        await journal.write(lease, tick(decision(2, because="half \ud800")))
        assert (await journal.decisions("A1", NOW))[0].because == "half \ud800"

    with_lease(file_place, work)
    assert verified(file_place).breaches == ()


def test_our_own_errors_stay_as_they_are() -> None:
    with pytest.raises(StoreError, match=r"^mine$"), told("here"):
        raise StoreError("mine")
