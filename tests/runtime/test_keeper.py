"""While the journal cannot be written, what is decided is kept in files, done once, and folded back when it can be."""

from pathlib import Path
from typing import Any

import pytest

from engine.domain.journal import Lease, Tick, Written
from engine.errors import StoreError
from engine.stores.latch_files import FOLDER
from tests.cli.files import policy
from tests.runtime.engine import Bench, Running, Timeless
from tests.runtime.test_service import decisions_at, desk_in

BODY = "once: per account per day\nthen:\n  - notify: telegram\n  - block_entries: {until: end of session}\n"


class Failing(Timeless):
    """A journal that cannot be written from one instant to another."""

    down: tuple[Any, Any]

    async def write(self, lease: Lease, tick: Tick, *beside: Lease) -> Written:
        if self.down[0] <= tick.at < self.down[1]:
            raise StoreError("the disk is full")
        with self.clock.at_work():
            return await self.journal.write(lease, tick, *beside)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench.of(desk_in(tmp_path / "desk", warn=policy("warn", "loss >= 10k", BODY, mode="enforce")), at="10:59:30")


def failing(bench: Bench, running: Running, *, until: str) -> None:
    """Let the running engine's journal fail for a while."""
    journal = Failing(running.journal, bench.clock)
    journal.down = bench.at("10:59:30"), bench.at(until)
    running.service._keeper._journal = journal  # type: ignore[assignment]


def files_of(bench: Bench) -> list[Path]:
    return sorted((bench.desk / ".rekha" / FOLDER).glob("*.json"))


def test_what_is_decided_meanwhile_is_done_once_and_comes_into_the_journal(bench: Bench) -> None:
    async def watch(running: Running) -> None:
        failing(bench, running, until="10:59:40")
        assert await decisions_at(running, "10:59:38") == ()
        assert len(files_of(bench)) == 1
        assert [one.policy for one in bench.heard.messages if one.decision] == ["warn"]
        (record,) = await decisions_at(running, "10:59:46")
        assert record.policy == "warn"
        assert files_of(bench) == []

    bench.do(watch)
    assert [one.policy for one in bench.heard.messages if one.decision] == ["warn"]
    away = [one for one in bench.ticked if not one.is_kept]
    assert away
    assert not [one.fault for one in bench.ticked if one.fault]


def test_a_restart_folds_back_what_it_finds_and_repeats_nothing(bench: Bench) -> None:
    async def watch(running: Running) -> None:
        failing(bench, running, until="23:59")
        await running.until("10:59:40")

    bench.do(watch)
    assert len(files_of(bench)) == 1
    told = len([one for one in bench.heard.messages if one.decision])
    (record,) = bench.do(lambda running: decisions_at(running, "10:59:50"))
    assert (record.policy, files_of(bench)) == ("warn", [])
    assert told == 1
