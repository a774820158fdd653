"""Who watches the watch: STOP files hold within a second, what is silent is told, and a heartbeat carries all of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.block import Until
from engine.domain.enums import Severity
from engine.domain.health import AccountHealth, EngineHealth
from engine.domain.journal import ENGINE
from engine.runtime.concerns import MARK, PATIENCE, concerns
from engine.runtime.health import as_details, health_in
from engine.runtime.stop_files import StopFiles
from engine.runtime.watchman import Eyes
from tests.cli.files import policy
from tests.runtime.engine import Bench, Running
from tests.runtime.test_service import desk_in

NOW = datetime(2026, 11, 23, 4, 45, tzinfo=UTC)
AWAKE = {"A": NOW - timedelta(minutes=5)}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench.of(desk_in(tmp_path / "desk", stopped=policy("stopped", "stop_file", mode="dry_run")), at="10:00:00")


def titles(bench: Bench) -> list[str]:
    return [one.title for one in bench.heard.messages]


def with_eyes(bench: Bench) -> dict[str, Any]:
    return {"eyes": Eyes(bench.desk)}


def test_a_stop_file_blocks_entries_within_a_second_until_it_is_gone(bench: Bench) -> None:
    async def watch(running: Running) -> None:
        await running.until("10:00:10")
        assert running.service.monitors["A"].state.last.link.stop_file is False
        stop = bench.desk / "STOP.A"
        stop.touch()
        await running.until("10:00:11")
        linked = [ticked for ticked in bench.ticked if ticked.account == "A"][-1].evaluation
        (block,) = linked.view.blocks
        assert (block.policy, block.row, block.until, block.is_enforced) == (
            None,
            "the file STOP.A",
            Until.LIFTED,
            True,
        )
        assert linked.view.snapshot.link.stop_file
        assert "stopped" in linked.true
        other = [ticked for ticked in bench.ticked if ticked.account == "B"][-1].evaluation
        assert not other.view.blocks
        assert not other.view.snapshot.link.stop_file
        assert titles(bench) == ["STOP.A is in the desk's folder: entries are blocked on A"]
        stop.unlink()
        await running.until("10:00:12")
        last = [ticked for ticked in bench.ticked if ticked.account == "A"][-1].evaluation
        assert not last.view.blocks
        assert not last.view.snapshot.link.stop_file
        assert titles(bench)[1:] == ["Over after 1s: STOP.A is in the desk's folder: entries are blocked on A"]

    bench.do(watch, **with_eyes(bench))


def test_a_stop_file_holds_over_a_restart_and_for_every_account(bench: Bench) -> None:
    (bench.desk / "STOP").touch()

    async def watch(running: Running) -> None:
        await bench.clock.sleep(timedelta(seconds=15))
        for account in "ABC":
            last = [ticked for ticked in bench.ticked if ticked.account == account]
            assert all(one.evaluation.view.snapshot.link.stop_file for one in last)
            assert all(one.evaluation.view.blocks for one in last)

    bench.do(watch, **with_eyes(bench))
    bench.do(watch, **with_eyes(bench))
    assert titles(bench) == ["STOP is in the desk's folder: entries are blocked on every account"]
    (bench.desk / "STOP").unlink()

    async def begin(running: Running) -> None:
        await bench.clock.sleep(timedelta(seconds=15))
        assert not running.service.alarms.standing

    bench.do(begin, **with_eyes(bench))
    assert len(titles(bench)) == 2


def test_a_folder_that_cannot_be_read_halts_everybody(tmp_path: Path) -> None:
    def gone(_: Path) -> list[str]:
        raise OSError

    files = StopFiles(tmp_path, gone)
    assert files.look(NOW)
    assert files.halts("A") == "STOP"
    files.list_names = lambda _: ["STOPPED.txt", "STOP.B"]
    assert files.look(NOW)
    assert (files.halts("A"), files.halts("B")) == ("", "STOP.B")
    assert not files.look(NOW + timedelta(seconds=1))
    assert files.block("B").since == NOW  # type: ignore[union-attr]


def test_a_heartbeat_tells_how_every_account_is(bench: Bench) -> None:
    async def watch(running: Running) -> EngineHealth | None:
        await running.until("10:00:20")
        (row,) = await running.journal.heartbeats()
        return health_in(row.details)

    health = bench.do(watch, **with_eyes(bench))
    assert health is not None
    assert [one.account for one in health.accounts] == ["A", "B", "C"]
    one = health.accounts[0]
    assert (one.broker, one.session, one.unread, one.fault, one.rests, one.missed) == ("kotak", "open", "", "", "", 0)
    assert one.judged_at is not None
    assert health.at - one.judged_at < timedelta(seconds=10)
    assert health.policies == 1


def of(**more: object) -> EngineHealth:
    one = AccountHealth("A", "kotak", "open", judged_at=NOW, read_at=NOW)
    return EngineHealth(NOW, NOW - timedelta(hours=1), accounts=(replace(one, **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "key", "title"),
    [
        ({"judged_at": NOW - timedelta(seconds=30)}, "no decision A", "A: no decision for 30s"),
        ({"judged_at": None}, "no decision A", "A: no decision for 30s"),
        ({"unread_since": NOW - timedelta(minutes=1), "unread": "no answer"}, "unread A", "A: books unknown for 1m"),
        ({"fault_since": NOW, "fault": "KeyError"}, "fault A", "A: its rules cannot be judged"),
        ({"clock_ahead_ms": -4200}, "clock A", "A: this machine's clock is 4.2 s behind kotak's"),
    ],
)
def test_what_lasts_is_told(more: dict[str, object], key: str, title: str) -> None:
    found = concerns(of(**more), AWAKE, {})
    assert {name.removeprefix(MARK): one.title for name, one in found.items()} == {key: title}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"judged_at": NOW - timedelta(seconds=29)},
        {"unread_since": NOW - timedelta(seconds=59), "unread": "no answer"},
        {"clock_ahead_ms": 3000},
    ],
)
def test_what_may_pass_is_not(more: dict[str, object]) -> None:
    assert not concerns(of(**more), AWAKE, {})


def test_who_rests_or_has_just_begun_is_not_missed() -> None:
    long_ago = of(judged_at=NOW - timedelta(hours=15), unread_since=NOW - timedelta(hours=15), unread="x")
    assert not concerns(long_ago, {}, {})
    assert not concerns(long_ago, {"A": NOW - timedelta(seconds=29)}, {})
    assert concerns(long_ago, {"A": NOW - PATIENCE.unread}, {}).keys() == {f"{MARK}no decision A", f"{MARK}unread A"}


def test_a_journal_that_takes_no_writes_is_told() -> None:
    down = replace(of(), journal_down_since=NOW, journal_down="disk full")
    (message,) = concerns(down, {}, {}).values()
    assert (message.severity, message.account, message.needs_ack) == (Severity.CRITICAL, ENGINE, True)
    assert message.lines[0] == "disk full"


def test_health_comes_back_as_it_was_written() -> None:
    health = of(unread="x", clock_ahead_ms=12)
    assert health_in(as_details(health)) == health
    assert health_in({}) is None
    assert health_in({"health": "[1"}) is None
