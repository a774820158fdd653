"""What a desk keeps: sessions nobody else can read, written whole; contract files by their trading date."""

import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.domain.secret import Secret
from engine.errors import SettingsError
from engine.ports import FileCache, SavedSession, SessionKeeper
from engine.runtime.kept_files import DatedFiles, SessionFiles

SESSION = SavedSession(
    "kotak",
    "a",
    {"token": Secret("ey.J.x"), "sid": Secret("4711")},
    {"base_url": "https://e21.example/x"},
    datetime(2026, 11, 23, 18, 30, tzinfo=UTC),
)
BARE = SavedSession("kotak", "a", {})
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_session_comes_back_in_the_next_run(tmp_path: Path) -> None:
    keeper: SessionKeeper = SessionFiles(tmp_path)
    assert keeper.load("kotak", "a") is None
    keeper.forget("kotak", "a")
    keeper.save(SESSION)
    assert SessionFiles(tmp_path).load("kotak", "a") == SESSION
    assert SessionFiles(tmp_path).load("kotak", "b") is None
    assert SessionFiles(tmp_path).load("kite", "a") is None
    keeper.save(BARE)
    assert keeper.load("kotak", "a") == BARE
    keeper.forget("kotak", "a")
    assert keeper.load("kotak", "a") is None


@posix
def test_only_its_owner_may_look_at_a_session(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        SessionFiles(tmp_path).save(SESSION)
    finally:
        os.umask(before)
    (path,) = (tmp_path / ".rekha" / "sessions").iterdir()
    assert (path.name, mode(path), mode(path.parent)) == ("a.json", 0o600, 0o700)


@posix
@pytest.mark.parametrize("wider", [0o640, 0o604, 0o620, 0o666])
def test_a_session_others_could_read_is_refused(tmp_path: Path, wider: int) -> None:
    keeper = SessionFiles(tmp_path)
    keeper.save(SESSION)
    keeper.path("a").chmod(wider)
    with pytest.raises(SettingsError, match=rf"a\.json: others can read or write it \(mode {wider:04o}\); delete it"):
        keeper.load("kotak", "a")


@posix
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    keeper = SessionFiles(tmp_path)
    keeper.save(SESSION)
    keeper.path("b").symlink_to(keeper.path("a"))
    with pytest.raises(SettingsError, match=r"b\.json: cannot be read"):
        keeper.load("kotak", "b")
    other = SavedSession("kotak", "b", {})
    keeper.save(other)
    assert (keeper.load("kotak", "a"), keeper.load("kotak", "b")) == (SESSION, other)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"broker": "kotak", "account": "a", "secrets": 1}',
        b"\xff",
        b"null",
        b'{"broker": "kotak", "account": "a", "secrets": {}, "details": {}, "expires_at": "2026-11-24T18:30:00"}',
    ],
)
def test_a_session_that_means_nothing_is_none(tmp_path: Path, body: bytes) -> None:
    keeper = SessionFiles(tmp_path)
    keeper.save(SESSION)
    keeper.path("a").write_bytes(body)
    assert keeper.load("kotak", "a") is None


@pytest.mark.parametrize("account", ["../../b", "..", ".", "a/b", "a b", "ä", "con:1"])
def test_no_name_of_an_account_leads_elsewhere(tmp_path: Path, account: str) -> None:
    session = SavedSession("kotak", account, {"token": Secret("x")})
    SessionFiles(tmp_path).save(session)
    assert SessionFiles(tmp_path).load("kotak", account) == session
    assert [path.parent.name for path in tmp_path.rglob("*.json")] == ["sessions"]


def test_what_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    (tmp_path / ".rekha").write_text("a file", encoding="utf-8")
    SessionFiles(tmp_path).save(SESSION)
    DatedFiles(tmp_path).save("kotak", "nse_fo.csv", MONDAY, b"x")
    assert DatedFiles(tmp_path).load("kotak", "nse_fo.csv", MONDAY) is None


def test_a_contract_file_is_of_its_day(tmp_path: Path) -> None:
    files: FileCache = DatedFiles(tmp_path)
    assert files.load("kotak", "nse_fo.csv", MONDAY) is None
    assert files.last("kotak", "nse_fo.csv", TUESDAY) is None
    files.save("kotak", "nse_fo.csv", MONDAY, b"monday")
    files.save("kotak", "bse_fo.csv", TUESDAY, b"other")
    assert files.load("kotak", "nse_fo.csv", MONDAY) == b"monday"
    assert files.load("kotak", "nse_fo.csv", TUESDAY) is None
    assert files.last("kotak", "nse_fo.csv", WEDNESDAY) == (MONDAY, b"monday")
    assert files.last("kotak", "nse_fo.csv", MONDAY) is None
    assert files.load("kite", "nse_fo.csv", MONDAY) is None


def test_old_contract_files_go(tmp_path: Path) -> None:
    files = DatedFiles(tmp_path)
    for day in range(10, 24):
        files.save("kotak", "nse_fo.csv", date(2026, 11, day), b"x")
        files.save("kotak", "bse_fo.csv", date(2026, 11, day), b"x")
    folder = tmp_path / ".rekha" / "contracts" / "kotak"
    (folder / "notes").mkdir()
    files.save("kotak", "bse_fo.csv", date(2026, 11, 24), b"x")
    kept = sorted(path.name for path in folder.iterdir())
    assert kept == ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "notes"]
