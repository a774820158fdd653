"""
Journals written by processes of their own, made by forking one that has loaded everything already.

It takes a line of JSON for each child and says its process number; the child writes to a pipe of its own, by name.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine.domain.journal import Lease, Note, OutcomeRecord, Reading, StateChange, Tick
from engine.errors import StoreError
from engine.stores.database import Place
from engine.stores.journal import SqlJournal
from tests.stores.build import NOW, SPAN, decision, latch, tick

SECOND = timedelta(seconds=1)
# So many callers wait for the writer at once, so that they are committed together.
CALLERS = 6


def say(line: str) -> None:
    """Tell the parent, at once and whole."""
    os.write(1, f"{line}\n".encode())


async def race(journal: SqlJournal, rounds: int) -> None:
    """Try for the same latches as others do, under the same lease; say which were won."""
    lease = Lease("A1", "us", 1, NOW + SPAN)
    mine = os.getpid()
    for number in range(rounds):
        # Another key in every process: only the latch can tell that one has acted already.
        one = decision(number, latch=latch(number), key=f"{mine}-{number}".ljust(64, "0"))
        written = None
        while written is None:
            with suppress(StoreError):
                written = await journal.write(lease, tick(one))
        if not written.refused:
            say(f"won {number}")
    say("done")


async def takeover(journal: SqlJournal, rounds: int) -> None:
    """Take the account over and write, again and again, as others do at once."""
    for _ in range(rounds):
        # Overtaken, or too long in the queue of a busy machine: then nothing of it is written.
        with suppress(StoreError):
            held = await journal.acquire("A1", "us", NOW, SPAN)
            for _ in range(3):
                await journal.write(held, tick(notes=(Note("written", NOW, details={"epoch": str(held.epoch)}),)))
    say("done")


async def watch(journal: SqlJournal, _rounds: int) -> None:
    """Write as a watching engine does until somebody kills us; say what was acknowledged."""
    lease = await journal.acquire("A1", "us", NOW, SPAN)
    before = len(await journal.decisions("A1", NOW))

    async def caller(first: int) -> None:
        for number in range(first, 1_000_000, CALLERS):
            at = NOW + number * SECOND
            written = Tick(
                at,
                StateChange({"rules": f"{number}", "memory": "m" * 900}, ((at, f"h{number}"),)),
                (decision(number, latch=latch(number)),),
                (OutcomeRecord(decision(number).key, "exit", "CONFIRMED", at),),
                reading=Reading("A1", at, {"positions": f"{number} " * 50}),
            )
            done = await journal.write(lease, written)
            say(f"wrote {number} {len(done.refused)}")

    await asyncio.gather(*(caller(before + CALLERS + start) for start in range(CALLERS)))


WORK: dict[str, Callable[[SqlJournal, int], Any]] = {"race": race, "takeover": takeover, "watch": watch}


async def _work(place: Place, name: str, rounds: int) -> None:
    journal = await SqlJournal.opened(place)
    try:
        await WORK[name](journal, rounds)
    finally:
        await journal.close()


def serve() -> None:
    """Fork a child for every line that comes in, until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child:
            say(str(child))
            continue
        os.dup2(os.open(request["pipe"], os.O_WRONLY), 1)
        code = 1
        try:
            file = request["file"]
            place = Place(request["url"], None if file is None else Path(file), "here")
            asyncio.run(_work(place, request["work"], request["rounds"]))
            code = 0
        except BaseException:  # noqa: BLE001 - a child ends here, whatever happens, and says why
            traceback.print_exc()
        os._exit(code)


if __name__ == "__main__":
    serve()
