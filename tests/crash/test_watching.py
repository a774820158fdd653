"""
An engine that is killed at any instant of its day decides, over all its lives, what one that lived would have.

REKHA_KILLS: how often it is killed; a dozen times by default.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from engine.domain.journal import DecisionRecord
from engine.stores.database import place_in
from engine.stores.journal import SqlJournal
from engine.stores.upkeep import verified
from tests.cli.files import policy

KILLS = int(os.environ.get("REKHA_KILLS", "12"))
START, END = "10:52:00", "10:59:00"
ACCOUNTS = "ABC"


def loss_policy(line: int) -> str:
    """A policy that enforces a block and tells of it, once a day, beyond a line."""
    body = "once: per account per day\nthen:\n  - notify: telegram\n  - block_entries: {until: 15:00}\n"
    return policy(f"loss-{line}", f"loss >= {line}", body, mode="enforce")


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Path]:
    """A folder whose desks have many lines that a falling day crosses one after the other."""
    lines = [*range(1800, 3000, 200), *range(8000, 12000, 250)]
    for name in ("killed", "whole"):
        folder = tmp_path / name
        (folder / "policies").mkdir(parents=True)
        each = "{broker: kotak, poll: 5s, connect: {url: 'http://127.0.0.1:1'}}"
        text = "accounts:\n" + "".join(f"  {one}: {each}\n" for one in ACCOUNTS)
        (folder / "rekha.yaml").write_text(text, encoding="utf-8")
        for line in lines:
            (folder / "policies" / f"loss-{line}.yaml").write_text(loss_policy(line), encoding="utf-8")
        (folder / "policies" / "group.yaml").write_text(group_policy(), encoding="utf-8")
    return tmp_path


def group_policy() -> str:
    body = "for_each: group\nonce: per group per day\nthen:\n  - notify: telegram\n"
    return policy("desk-loss", "group.loss >= 9k", body, mode="enforce").replace("{loss}", "{group.loss}")


@pytest.fixture
def nursery() -> Iterator["subprocess.Popen[str]"]:
    """What forks engines."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.watching"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=Path(__file__).parents[2],
    )
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def live(nursery: "subprocess.Popen[str]", desk: Path, start: str, after: float | None) -> bool:
    """Let an engine watch a desk, and kill it after so many seconds; return whether it came to the end of its day."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps([str(desk), start, END]) + "\n")
    nursery.stdin.flush()
    child = int(nursery.stdout.readline())
    if after is not None:
        # The one thing here that is of real time: at which instant of its work it dies.
        kill_after(child, after)
    said = [line.strip() for line in iter(nursery.stdout.readline, "over\n")]
    assert not [line for line in said if line.startswith("failed")], said
    return "done" in said


def kill_after(child: int, seconds: float) -> None:
    """Kill a process that way which leaves it no time for anything."""
    time.sleep(seconds)
    # It may have come to its end before.
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def decided(desk: Path) -> dict[str, tuple[DecisionRecord, list[tuple[str, str]]]]:
    """Every decision of a desk by its key, with the steps something is written of."""

    async def read() -> dict[str, tuple[DecisionRecord, list[tuple[str, str]]]]:
        journal = await SqlJournal.opened(place_in(desk))
        try:
            found = {}
            for account in ACCOUNTS:
                for record in await journal.decisions(account, datetime(2026, 11, 23, tzinfo=UTC)):
                    outcomes = await journal.outcomes(record.key)
                    found[record.key] = record, sorted((one.step, one.result) for one in outcomes)
            return found
        finally:
            await journal.close()

    return asyncio.run(read())


def test_over_all_its_lives_it_decides_what_one_life_would_have(desks: Path, nursery: "subprocess.Popen[str]") -> None:
    assert live(nursery, desks / "whole", START, None)
    draw, killed = Random(1), desks / "killed"
    start = START
    for _ in range(KILLS):
        if live(nursery, killed, start, draw.uniform(0.02, 1.2)):
            break
        progress = killed / "progress"
        start = (progress.read_text() if progress.exists() else "") or start
    else:
        assert live(nursery, killed, start, None)
    whole, lives = decided(desks / "whole"), decided(killed)
    assert len(whole) > 15
    assert {one.policy for one, _ in lives.values()} == {one.policy for one, _ in whole.values()}
    assert lives.keys() == whole.keys()
    assert {key: steps for key, (_, steps) in lives.items()} == {key: steps for key, (_, steps) in whole.items()}
    assert verified(place_in(killed)).breaches == ()
