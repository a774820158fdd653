"""`rekha db` and `rekha log verify`: care of a desk's journal from outside an engine."""

import json
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.journal import Lease, Reading
from engine.stores.database import Place, place_in, place_of_file
from engine.stores.journal import SqlJournal
from engine.stores.upkeep import info, verified
from tests.cli.conftest import Cli
from tests.stores.build import NOW, decision, latch, on, tick, with_lease
from tests.stores.conftest import database_on, empty, running_server

__all__ = ["empty"]


@pytest.fixture
def desk(tmp_path: Path, empty: Path) -> Place:
    """A desk whose engine has decided twice on A1 and recorded three readings."""
    place = place_in(tmp_path / "desk")
    assert place.file is not None
    place.file.parent.mkdir(parents=True)
    shutil.copy(empty, place.file)
    with_lease(place, _written)
    return place


async def _written(journal: SqlJournal, lease: Lease) -> None:
    for number in range(3):
        reading = Reading("A1", NOW + timedelta(minutes=number), {"positions": "[]"})
        await journal.write(lease, tick(decision(number, latch=latch(number)), reading=reading))


def test_info_says_what_is_in_it(cli: Cli, desk: Place) -> None:
    told = cli("db", "info", "--desk", "desk").out
    assert f"{desk.shown.removeprefix(str(Path.cwd()) + '/')}: tables of version 0001" in told
    assert "  decisions             3\n" in told
    assert "readings from 2026-11-23T04:45:00.000000Z to 2026-11-23T04:47:00.000000Z" in told
    assert "A1: watched by me until 2026-11-23T04:45:30.000000Z" in told
    form = cli("db", "info", "--desk", "desk", "--format", "json").json
    assert (form["rows"]["latches"], form["chains"], form["version"]) == (3, {"A1": 4}, "0001")


def test_an_intact_log_says_so(cli: Cli, desk: Place) -> None:
    done = cli("log", "verify", "--desk", "desk")
    assert (done.code, done.out) == (0, "intact: 4 events in 1 chain\n")


def test_an_edited_log_says_where(cli: Cli, desk: Place, tmp_path: Path) -> None:
    noted = tmp_path / "noted.json"
    noted.write_text(cli("log", "verify", "--desk", "desk", "--format", "json").out, encoding="utf-8")
    assert cli("log", "verify", "--desk", "desk", "--noted", str(noted)).code == 0
    _edit(desk, "UPDATE events SET subject = 'x' WHERE seq = 3", "DELETE FROM events WHERE seq = 4")
    done = cli("log", "verify", "--desk", "desk", "--noted", str(noted))
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[:3] == [
        "A1, event 3: was changed after it was written",
        "A1: ends at event 3, but 4 were written",
        "A1: ends at event 3, but event 4 was noted",
    ]
    assert lines[-1] == "edited: 3 events in 1 chain"
    assert cli("log", "verify", "--desk", "desk", "--format", "json").json["breaches"][0]["seq"] == 3


@pytest.mark.parametrize("text", ["{}", "nothing", '{"heads": [1]}'])
def test_what_is_no_note_is_refused(cli: Cli, desk: Place, tmp_path: Path, text: str) -> None:
    (tmp_path / "noted.json").write_text(text, encoding="utf-8")
    done = cli("log", "verify", "--desk", "desk", "--noted", "noted.json")
    assert done.code == 2
    assert "is not what `rekha log verify --format json` prints" in done.err
    assert cli("log", "verify", "--desk", "desk", "--noted", "nowhere.json").code == 2


def test_a_backup_is_a_journal_of_its_own(cli: Cli, desk: Place, tmp_path: Path) -> None:
    other = sqlite3.connect(desk.file or "", isolation_level=None)
    # Also while somebody writes.
    other.execute("BEGIN IMMEDIATE")
    done = cli("db", "backup", "copy.db", "--desk", "desk")
    other.execute("ROLLBACK")
    other.close()
    assert (done.code, done.out) == (0, "copy.db: a copy of 4 events and all that belongs to them\n")
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]
    copy = place_of_file(tmp_path / "copy.db")
    assert info(copy).rows == info(desk).rows
    assert verified(copy).heads == verified(desk).heads
    assert oct((tmp_path / "copy.db").stat().st_mode & 0o777) == "0o600"
    again = cli("db", "backup", "copy.db", "--desk", "desk")
    assert again.code == 1
    assert "copy.db is there already; a backup overwrites nothing" in again.err
    assert cli("db", "backup", "nowhere/copy.db", "--desk", "desk").code == 1


def test_a_backup_of_an_edited_journal_is_made_and_told(cli: Cli, desk: Place) -> None:
    _edit(desk, "UPDATE events SET subject = 'x' WHERE seq = 3")
    done = cli("db", "backup", "copy.db", "--desk", "desk", "--format", "json")
    # The event, and the decision and the latch that no sound event tells of any more.
    assert (done.code, json.loads(done.out)["breaches"]) == (1, 3)
    assert "the audit chains are not intact" in done.err


def test_what_is_old_is_pruned_and_what_was_done_is_not(cli: Cli, desk: Place) -> None:
    done = cli("db", "prune", "--desk", "desk", "--days", "100000")
    assert done.out == "0 readings and 0 finished commands removed; what was decided and done stays\n"
    for column in ("taken_at", "based_on"):
        _edit(desk, f"UPDATE readings SET {column} = replace({column}, '2026', '2016')")
    assert cli("db", "prune", "--desk", "desk", "--format", "json").json == {"readings": 3, "commands": 0}
    assert info(desk).rows["decisions"] == 3
    assert verified(desk).breaches == ()


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(cli: Cli, desk: Place) -> None:
    done = cli("db", "upgrade", "--desk", "desk")
    assert (done.code, done.out.endswith("are up to date: version 0001\n")) == (0, True)
    assert cli("db", "upgrade", "--desk", "desk", "--format", "json").json == {"from": "0001", "to": "0001"}


@pytest.mark.parametrize(
    "command", [("db", "info"), ("db", "backup", "x.db"), ("db", "upgrade"), ("db", "prune"), ("log", "verify")]
)
def test_where_no_journal_is_it_says_so(cli: Cli, command: tuple[str, ...], tmp_path: Path) -> None:
    done = cli(*command)
    assert done.code == 2
    assert "there is no journal; name a desk that an engine has watched" in done.err
    assert list(tmp_path.iterdir()) == []
    assert cli(*command, "--journal", "mysql://db/x").code == 1
    assert cli(*command[:1]).code == 2


def test_a_damaged_journal_is_told(cli: Cli, desk: Place) -> None:
    assert desk.file is not None
    desk.file.write_bytes(b"nothing of the kind" * 1000)
    for command in (("db", "info"), ("log", "verify"), ("db", "backup", "copy.db")):
        done = cli(*command, "--desk", "desk")
        assert done.code == 1
        assert "it is damaged" in done.err
    assert not Path("copy.db").exists()


@pytest.mark.postgres
def test_a_server_s_journal_is_cared_for_the_same(cli: Cli, tmp_path: Path) -> None:
    with running_server() as server:
        place = database_on(server)
        with_lease(place, _written)
        address = ("--journal", place.url)
        assert cli("log", "verify", *address).out == "intact: 4 events in 1 chain\n"
        assert cli("db", "backup", "copy.db", *address).code == 0
        form: Any = cli("db", "info", *address, "--format", "json").json
        assert (form["rows"]["decisions"], form["bytes"]) == (3, None)
        assert cli("db", "upgrade", *address).code == 0
        assert cli("db", "prune", *address, "--days", "100000").code == 0
        copy = place_of_file(tmp_path / "copy.db")
        assert verified(copy) == verified(place)
        assert info(copy).rows == info(place).rows
        assert on(copy, lambda journal: journal.decision(decision(1).key)) == decision(1, latch=latch(1))


def _edit(place: Place, *statements: str) -> None:
    assert place.file is not None
    connection = sqlite3.connect(place.file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
