"""While the journal cannot be written a decision is kept in a file, by one process only, and folded back later."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.domain.journal import EventKind, Lease
from engine.errors import StoreError
from engine.stores.database import Place
from engine.stores.journal import SqlJournal
from engine.stores.latch_files import LatchFiles, fold_back
from engine.stores.upkeep import verified
from tests.stores.build import NOW, SPAN, decision, latch, on, parts, tick, with_lease


def test_a_latch_is_taken_once(tmp_path: Path) -> None:
    files = LatchFiles(tmp_path)
    assert files.kept() == ()
    assert files.take(decision(1, latch=latch()))
    assert not files.take(decision(2, latch=latch()))
    assert files.take(decision(3, latch=latch(2)))
    # Without a latch it is the decision itself that can be taken once.
    assert files.take(decision(4))
    assert not files.take(decision(4))
    assert [record for _, record in files.kept()] == [
        decision(1, latch=latch()),
        decision(3, latch=latch(2)),
        decision(4),
    ]
    assert {oct(path.stat().st_mode & 0o777) for path, _ in files.kept()} == {"0o600"}


def test_of_many_at_once_one_wins(tmp_path: Path) -> None:
    start = threading.Barrier(8)

    def take(number: int) -> bool:
        start.wait()
        return LatchFiles(tmp_path).take(decision(number, latch=latch()))

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(take, range(8))) == [False] * 7 + [True]


def test_it_is_durable_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    whole = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        whole(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    files = LatchFiles(tmp_path)
    assert files.take(decision(1, latch=latch()))
    ((path, _),) = files.kept()
    assert synced == [path.name, "latches", tmp_path.name]


def test_what_could_not_be_made_durable_holds_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(5, "Input/output error")

    files = LatchFiles(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fsync)
        with pytest.raises(StoreError, match=r"no latch can be kept in .*: Input/output error"):
            files.take(decision(1, latch=latch()))
    assert files.take(decision(1, latch=latch()))


def test_a_file_that_was_never_finished_counts_for_nothing(tmp_path: Path) -> None:
    files = LatchFiles(tmp_path)
    assert files.take(decision(1, latch=latch()))
    ((path, _),) = files.kept()
    text = path.read_text(encoding="utf-8")
    for torn in ("", text[:40], "[]", '{"key": "x"}'):
        path.write_text(torn, encoding="utf-8")
        assert files.kept() == ()
        assert not path.exists()
    assert files.take(decision(2, latch=latch()))


def test_it_is_folded_back_once_and_the_state_knows_it(place: Place, tmp_path: Path) -> None:
    files = LatchFiles(tmp_path)
    mine, known, other = (
        decision(1, latch=latch()),
        decision(2, latch=latch(2)),
        decision(1, "A2", latch=latch(1, "A2")),
    )
    for one in (mine, known, other):
        assert files.take(one)

    async def work(journal: SqlJournal, lease: Lease) -> None:
        # One of them had come through after all, and was folded back halfway before a crash.
        await journal.write(lease, tick(known, state=parts(rules="r")))
        assert await fold_back(files, journal, {"A1": lease}, NOW) == (mine, known)
        assert await journal.decision(mine.key) == mine
        restored = await journal.restore("A1")
        assert restored is not None
        assert restored.latches == {latch(), latch(2)}
        assert [record for _, record in files.kept()] == [other]
        theirs = await journal.acquire("A2", "me", NOW, SPAN)
        assert await fold_back(files, journal, {"A1": lease, "A2": theirs}, NOW) == (other,)
        assert await fold_back(files, journal, {"A1": lease, "A2": theirs}, NOW) == ()
        kinds = [event.kind for event in await journal.events("A1")]
        assert kinds.count(EventKind.DECISION) == 2

    with_lease(place, work)
    assert verified(place).breaches == ()


def test_a_lost_lease_leaves_the_files(file_place: Place, tmp_path: Path) -> None:
    files = LatchFiles(tmp_path)
    assert files.take(decision(1, latch=latch()))

    async def work(journal: SqlJournal) -> None:
        with pytest.raises(StoreError):
            await fold_back(files, journal, {"A1": Lease("A1", "gone", 1, NOW)}, NOW)

    async def lease(journal: SqlJournal) -> None:
        await journal.acquire("A1", "another", NOW, SPAN)

    on(file_place, lease)
    on(file_place, work)
    assert len(files.kept()) == 1


def test_nothing_of_it_needs_an_event_loop(tmp_path: Path) -> None:
    assert asyncio.run(asyncio.to_thread(LatchFiles(tmp_path).take, decision()))
