"""What people read of an engine: `rekha status`, `why` and `log`, from the journal of a day watched in a simulator."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.domain.journal import ENGINE, Heartbeat, Lease
from engine.runtime.board import board_of
from engine.runtime.watchman import Eyes
from tests.cli.conftest import Cli
from tests.cli.files import acting, policy
from tests.runtime.engine import Bench, Running
from tests.runtime.test_service import desk_in


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A desk of which account A loses its limit at 11:00."""
    body = "once: per account per day\nthen:\n  - notify: telegram\n  - block_entries: {until: end of session}\n"
    warn = policy("warn", "loss >= 10k", body, mode="enforce")
    return Bench.of(desk_in(tmp_path / "desk", kill=acting("kill"), warn=warn), at="10:59:40")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the time `rekha status` lives by."""

    def move(now: datetime) -> None:
        monkeypatch.setattr("engine.runtime.told_clock.RealClock.now", lambda _: now)

    return move


def watched(bench: Bench, until: str, look: Callable[[], None]) -> None:
    """Let an engine watch until a time, then look while it runs."""

    async def watch(running: Running) -> None:
        await running.until(until)
        with bench.clock.at_work():
            await asyncio.to_thread(look)

    bench.do(watch, eyes=Eyes(bench.desk))


def test_a_desk_that_nobody_watches_says_so(cli: Cli, bench: Bench) -> None:
    done = cli("status", "--desk", "desk")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(
        "rekha: no engine: nobody has ever watched this desk; `rekha run --desk desk` starts one"
    )
    assert cli("status", "--desk", "nowhere").code == 2
    assert cli("status", "--desk", "desk", "--format", "json").json["engine"] is None


def test_status_tells_what_the_engine_does(cli: Cli, bench: Bench, at: Callable[[datetime], None]) -> None:
    seen = []

    def look() -> None:
        at(bench.clock.now() + timedelta(seconds=2))
        seen.append(cli("status", "--desk", "desk"))
        seen.append(cli("status", "--desk", "desk", "--format", "json"))

    watched(bench, "11:00:20", look)
    done, form = seen
    # Somebody has still to acknowledge the warning.
    assert (done.code, "! not acknowledged: A: warn fires (rekha ack " in done.out) == (1, True)
    row = next(line for line in done.out.splitlines() if line.startswith("A "))
    assert re.search(r"A +kotak +open +\ds +\ds +0 +entries blocked; kill FIRES for \d+s; warn FIRES for \d+s", row), (
        row
    )
    assert form.json["accounts"][0]["rules"][0]["verdict"] == "fires"
    at(bench.clock.now() + timedelta(seconds=90))
    after = cli("status", "--desk", "desk")
    assert after.code == 3
    assert "no engine: the last sign of life was" in after.err


def test_status_is_degraded_by_an_account_that_is_not_read(
    cli: Cli, bench: Bench, at: Callable[[datetime], None]
) -> None:
    seen = []

    def look() -> None:
        at(bench.clock.now() + timedelta(seconds=40))
        # The lease has gone meanwhile; by it alone nobody would watch.
        seen.append(cli("status", "--desk", "desk"))

    (bench.desk / "STOP.B").touch()
    watched(bench, "11:00:20", look)
    assert seen[0].code == 3

    def now() -> None:
        at(bench.clock.now())
        seen.append(cli("status", "--desk", "desk"))

    watched(bench, "11:00:40", now)
    done = seen[1]
    assert done.code == 1
    assert "! not acknowledged: STOP.B is in the desk's folder: entries are blocked on B (rekha ack " in done.out
    assert "STOP file: entries blocked" in next(line for line in done.out.splitlines() if line.startswith("B "))


def test_a_quiet_desk_is_well(cli: Cli, tmp_path: Path, at: Callable[[datetime], None]) -> None:
    bench = Bench.of(desk_in(tmp_path / "quiet", kill=acting("kill")), at="09:30:00")
    seen = []

    def look() -> None:
        at(bench.clock.now())
        seen.append(cli("status", "--desk", "quiet"))

    watched(bench, "09:30:20", look)
    assert (seen[0].code, seen[0].out.splitlines()[-1]) == (0, "all is well")


def test_what_an_engine_has_not_said_is_a_problem(bench: Bench) -> None:
    now = bench.clock.now()
    lease = Lease(ENGINE, "me", 1, now + timedelta(seconds=9))
    board = board_of(now, (Heartbeat("other", now, {}),), (lease,), None)
    assert board.problems == ("the engine has not said yet how it is doing",)
    assert board_of(now, (Heartbeat("me", now, {"health": "?"}),), (lease,), None).problems == board.problems


def test_why_and_log_tell_a_decision_in_the_words_of_a_dry_run(cli: Cli, bench: Bench) -> None:
    watched(bench, "11:00:20", lambda: None)
    listed = cli("why", "--desk", "desk").out.splitlines()
    assert [line.split(": ", 1)[1] for line in listed] == ["kill fires (dry_run)", "warn fires (enforce)"]
    key = next(line.split()[0] for line in listed if "warn" in line)
    told = cli("why", key, "--desk", "desk")
    assert told.code == 0
    assert "✓ loss >= 10k" in told.out
    assert re.search(r"1 notify telegram.*\n      10:59:\d\d queued", told.out), told.out
    assert cli("why", key, "--desk", "desk", "--format", "json").json["trace"]["value"] == "true"
    assert cli("why", "nothing", "--desk", "desk").code == 2
    lines = cli("log", "--desk", "desk").out.splitlines()
    assert any(re.search(rf"A +warn fires \(enforce\): .*\[{key}\]", line) for line in lines)
    assert any("the engine   watched by an engine" in line for line in lines)
    own = cli("log", "--desk", "desk", "--account", "A", "--last", "3", "--format", "json").out.splitlines()
    assert [json.loads(line)["chain"] for line in own] == ["A"] * 3
    assert cli("log", "verify", "--desk", "desk").code == 0


def test_log_goes_on_with_what_happens(
    cli: Cli, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watched(bench, "10:59:41", lambda: None)
    rounds = iter((None, KeyboardInterrupt))

    async def meanwhile() -> None:
        end = next(rounds)
        if end is not None:
            raise end
        await asyncio.to_thread(watched, bench, "11:00:20", lambda: None)

    monkeypatch.setattr("engine.cli.events._pause", meanwhile)
    told = cli("log", "--desk", "desk", "--last", "1", "--follow").out.splitlines()
    assert sum("warn fires (enforce)" in line for line in told) == 1
