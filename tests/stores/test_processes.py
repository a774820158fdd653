"""Processes that write one journal at once, and processes that are killed while they write."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from engine.domain.journal import EventKind, Lease
from engine.stores.database import Place
from engine.stores.journal import SqlJournal
from engine.stores.upkeep import info, verified
from tests.stores.build import NOW, SPAN, on
from tests.stores.conftest import database_on

ROOT = Path(__file__).parents[2]
# So many kills in the ordinary suite; REKHA_KILLS asks for more.
KILLS = int(os.environ.get("REKHA_KILLS", "24"))


class Nursery:
    """The process that makes the others."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.stores.processes"]
        self._folder, self._children = folder, 0
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, place: Place, work: str, rounds: int = 0) -> tuple[int, IO[str]]:
        """Return a new process's number and what it will say; when it has died, it says nothing more."""
        self._children += 1
        pipe = self._folder / f"pipe{self._children}"
        os.mkfifo(pipe)
        request = {"url": place.url, "file": None if place.file is None else str(place.file)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**request, "work": work, "rounds": rounds, "pipe": str(pipe)}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()), pipe.open()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        assert self._process.wait(30) == 0
        self._process.stdout.close()


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    found = Nursery(tmp_path_factory.mktemp("pipes"))
    yield found
    found.close()


def lines_of(pipe: IO[str]) -> list[str]:
    """All that a process says until it ends."""
    with pipe:
        return pipe.read().splitlines()


def test_of_racing_processes_one_wins_each_latch(place: Place, nursery: Nursery) -> None:
    assert on(place, lambda journal: journal.acquire("A1", "us", NOW, SPAN)) == Lease("A1", "us", 1, NOW + SPAN)
    pipes = [nursery.start(place, "race", 60)[1] for _ in range(4)]
    said = [lines_of(pipe) for pipe in pipes]
    assert [lines[-1] for lines in said] == ["done"] * 4
    won = [int(line.split()[1]) for lines in said for line in lines[:-1]]
    assert sorted(won) == list(range(60))
    found = verified(place)
    assert found.breaches == ()
    assert info(place).rows["latches"] == info(place).rows["decisions"] == 60


def test_what_a_holder_writes_stands_before_the_next_one_begins(place: Place, nursery: Nursery) -> None:
    pipes = [nursery.start(place, "takeover", 25)[1] for _ in range(3)]
    assert [lines_of(pipe) for pipe in pipes] == [["done"]] * 3

    async def epochs(journal: SqlJournal) -> list[tuple[EventKind, int]]:
        return [(event.kind, int(json.loads(event.body)["epoch"])) for event in await journal.events("A1")]

    found = on(place, epochs)
    newest = 0
    for kind, epoch in found:
        if kind is EventKind.LEASE:
            assert epoch == newest + 1
            newest = epoch
        # A stale holder's write is none: under the epoch of the newest holder, or not at all.
        assert epoch == newest
    assert 10 < newest <= 75
    assert sum(kind is EventKind.NOTE for kind, _ in found) > 0
    assert verified(place).breaches == ()


def _survives(place: Place, nursery: Nursery, dice: random.Random, kills: int) -> None:
    acknowledged: set[int] = set()
    for _ in range(kills):
        process, pipe = nursery.start(place, "watch")
        heard = [pipe.readline() for _ in range(dice.randint(1, 40))]
        time.sleep(dice.random() / 200)
        os.kill(process, signal.SIGKILL)
        heard += lines_of(pipe)
        whole = [line.split() for line in heard if line.strip()]
        assert {refused for _, _, refused in whole} == {"0"}
        assert all(heard[:1])
        acknowledged |= {int(number) for _, number, _ in whole}
        _holds(place, acknowledged)


def _holds(place: Place, acknowledged: set[int]) -> None:
    assert verified(place).breaches == ()

    async def work(journal: SqlJournal) -> None:
        numbers = [one.episode for one in await journal.decisions("A1", NOW)]
        assert len(numbers) == len(set(numbers))
        assert acknowledged <= set(numbers)
        # A tick is there whole: its state, its outcome, its reading.
        stored = await journal.restore("A1")
        assert stored is not None
        assert sorted(stored.heard) == sorted(f"h{number}" for number in numbers)
        assert int(stored.parts["rules"]) in numbers
        assert {one.arm for one in stored.latches} == set(numbers)
        events = await journal.events("A1")
        assert sum(event.kind is EventKind.OUTCOME for event in events) == len(numbers)
        assert len(await journal.readings("A1", NOW, NOW.replace(year=2100))) == len(numbers)

    on(place, work)


def test_a_killed_writer_leaves_a_whole_journal_with_all_it_acknowledged(file_place: Place, nursery: Nursery) -> None:
    _survives(file_place, nursery, random.Random(20261123), KILLS)


@pytest.mark.postgres
def test_so_it_is_on_a_server(server: Any, nursery: Nursery) -> None:
    _survives(database_on(server), nursery, random.Random(20261124), max(6, KILLS // 4))
