"""`python -m bench.journal`: from a decision to its durable latch, beside the bare commit of one row."""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter_ns
from typing import Final, NamedTuple

from bench.days import snapshot_of
from engine.core.evaluate import AccountState, evaluate
from engine.core.reading_form import recorded_reading
from engine.core.state_form import account_change
from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.journal import DecisionRecord, Lease, Reading, StateChange, Tick
from engine.domain.latch import Latch
from engine.policy.program import Program
from engine.runtime.policy_files import load_policies
from engine.runtime.resources import resource_dir
from engine.stores.database import place_of_file
from engine.stores.journal import SqlJournal

_NOW: Final = datetime(2026, 11, 23, 5, tzinfo=UTC)
_TRACE: Final = '{"kind":"sentence","text":"loss >= loss_limit"}' * 20
_AT_ONCE: Final = 20
BASELINE: Final = "one row and a commit, sqlite3 alone"
LATCH: Final = "a decision and its latch"
# SQLAlchemy's own cost and two thread hops beside a commit that waits for a disk.
GOAL: Final = 3

Write = Callable[[int], Awaitable[None]]


class Line(NamedTuple):
    """One case: milliseconds of a write, and how often that of the bare commit in the same round."""

    name: str
    milliseconds: float
    ratio: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when the latch takes more than its goal."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    lines = asyncio.run(measured(rounds=int(given[0]) if given else 15, writes=int(given[1]) if len(given) > 1 else 40))
    print("wall time to a durable write (WAL, synchronous FULL), medians of interleaved rounds")
    for line in lines:
        print(f"  {line.name:<52} {line.milliseconds:8.3f} ms {line.ratio:6.2f} ×")
    (latch,) = (line.ratio for line in lines if line.name == LATCH)
    print(f"{LATCH}: {latch:.2f} × a bare commit; goal at most {GOAL}: {'met' if latch <= GOAL else 'MISSED'}")
    return 0 if latch <= GOAL else 1


async def measured(rounds: int, writes: int) -> list[Line]:
    """Return each case's time in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="rekha-bench-") as folder:
        journal = await SqlJournal.opened(place_of_file(Path(folder) / "journal.db"))
        bare = _bare(Path(folder) / "bare.db")
        try:
            lease = await journal.acquire("A1", "bench", _NOW, timedelta(days=1))
            cases = _cases(journal, lease, bare)
            times: dict[str, list[float]] = {name: [] for name in cases}
            done = 0
            for _ in range(rounds):
                for name, write in cases.items():
                    began = perf_counter_ns()
                    for number in range(done, done + writes):
                        await write(number)
                    times[name].append((perf_counter_ns() - began) / writes / 1e6)
                done += writes
        finally:
            bare.close()
            await journal.close()
    base = times[BASELINE]
    times[_many()] = [one / _AT_ONCE for one in times[_many()]]
    return [
        Line(name, median(found), median(one / bare for one, bare in zip(found, base, strict=True)))
        for name, found in times.items()
    ]


def _bare(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE latches (key TEXT PRIMARY KEY, body TEXT)")
    return connection


def _many() -> str:
    return f"the same, {_AT_ONCE} callers at once, each"


def _cases(journal: SqlJournal, lease: Lease, bare: sqlite3.Connection) -> dict[str, Write]:
    ticks = _ticks()

    async def alone(number: int) -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO latches VALUES (?, ?)", (f"{number}", _TRACE))
        bare.execute("COMMIT")

    async def latched(number: int) -> None:
        await journal.write(lease, Tick(_NOW, decisions=(_decision(f"one-{number}", number),)))

    async def together(number: int) -> None:
        ticks = (Tick(_NOW, decisions=(_decision(f"{one}-{number}", number),)) for one in range(_AT_ONCE))
        await asyncio.gather(*(journal.write(lease, one) for one in ticks))

    async def ticked(number: int) -> None:
        change, reading = ticks[number % len(ticks)]
        at = _NOW + timedelta(seconds=2 * number)
        moved = StateChange(change.parts, tuple((at, text) for _, text in change.heard))
        await journal.write(lease, Tick(at, moved, reading=Reading("A1", at, reading.parts)))

    return {BASELINE: alone, LATCH: latched, _many(): together, "a whole tick: state, history, reading": ticked}


def _decision(key: str, number: int) -> DecisionRecord:
    latch = Latch("kill", key, "2026-11-23", Mode.ENFORCE)
    whole = f"{key}-".ljust(64, "0")
    return DecisionRecord(
        whole, "A1", "kill", None, "2026-11-23", number, Mode.ENFORCE, _NOW, latch, "", (), "", _TRACE
    )


def _ticks() -> list[tuple[StateChange, Reading]]:
    program: Program = load_policies([str(resource_dir("policies"))]).require()
    account, state, made = Account("A1"), AccountState(), []
    for index in range(10):
        now = _NOW + timedelta(seconds=2 * index)
        snapshot = snapshot_of(Random(1), now, 20)
        after = evaluate(program, account, snapshot, state, now).next_state
        made.append((account_change(state if index else None, after), recorded_reading(snapshot)))
        state = after
    return made[1:]


if __name__ == "__main__":
    raise SystemExit(main())
