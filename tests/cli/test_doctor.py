"""`rekha doctor`: a line for each thing that must be so before the open; what is red says what to do."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.runtime import readiness
from engine.runtime.credentials import variables_of
from engine.runtime.live import Heard, unread
from engine.runtime.readiness import checks_of_readings
from engine.runtime.watchman import Eyes
from tests.cli.conftest import Cli
from tests.cli.files import acting
from tests.cli.test_status import at
from tests.runtime.engine import Bench, Running
from tests.runtime.test_service import desk_in

__all__ = ["at"]


@pytest.fixture
def bench(tmp_path: Path, at: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench.of(desk_in(tmp_path / "desk", kill=acting("kill")), at="09:30:00")
    at(bench.clock.now())
    for account in "ABC":
        for name in variables_of(account, "kotak"):
            monkeypatch.setenv(name, "ABCDEFGHIJKLMNOP")
    return bench


def lines(cli: Cli) -> tuple[int, dict[str, str]]:
    done = cli("doctor", "--desk", "desk", "--format", "json")
    return done.code, {one["check"]: f"{one['said']} -> {one['do']}".removesuffix(" -> ") for one in done.json}


def test_without_an_engine_the_accounts_are_asked(cli: Cli, bench: Bench) -> None:
    code, told = lines(cli)
    assert code == 1
    assert told["policies"] == "1 in force"
    assert told["secrets"] == "set for every account"
    assert told["notifiers"] == "nobody is told of anything -> add notify: channels to rekha.yaml"
    assert told["A: calls"] == "about 150 a minute of 360 for readings"
    assert told["A: token"] == "none is kept; the first call logs in"
    assert told["journal"].startswith("none yet")
    assert "no connection" in told["A: books"]
    assert told["calendar NSE"].startswith("known for 7 days; today, 2026-11-23, opens at 09:15")


def test_secrets_that_are_not_set_are_named(cli: Cli, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REKHA_B_MPIN")
    code, told = lines(cli)
    assert code == 1
    assert told["secrets"].startswith("not set in the environment: REKHA_B_MPIN")


def test_a_running_engine_tells_itself(cli: Cli, bench: Bench, at: Callable[[datetime], None]) -> None:
    told: list[tuple[int, dict[str, str]]] = []

    async def watch(running: Running) -> None:
        await running.until("09:30:20")
        at(bench.clock.now())
        with bench.clock.at_work():
            told.append(await asyncio.to_thread(lines, cli))

    bench.do(watch, eyes=Eyes(bench.desk))
    assert told[0][1]["engine"] == "an engine is well"
    assert told[0][1]["A: login"] == "the session is open"


def test_what_is_red_says_what_to_do(cli: Cli, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    (bench.desk / "STOP.A").touch()
    monkeypatch.setattr(readiness, "_FREE_BYTES", 1 << 62)
    _, told = lines(cli)
    assert told["STOP files"] == "entries are blocked on A -> remove the file when entries are allowed"
    assert "free some" in told["disk"]
    shown = cli("doctor", "--desk", "desk").out
    assert "RED STOP files" in shown
    assert "→ remove the file" in shown


def test_a_clock_that_differs_is_red(bench: Bench) -> None:
    now = bench.clock.now()
    heard = Heard((unread("A", now, "no answer"),), ("no contract file: gone",), timedelta(seconds=-4))
    books, contracts, clock = checks_of_readings({"A": heard})
    assert (books.said, contracts.said) == ("no answer", "no contract file: gone")
    assert (clock.said, clock.to_do) == ("4.0 s behind its broker's", "set this machine's clock by NTP")


def test_a_desk_that_is_not_there_is_misuse(cli: Cli) -> None:
    assert cli("doctor", "--desk", "nowhere").code == 2
