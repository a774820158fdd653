"""Faults made for real, in a process of their own that may lose its disk or its rights; it says what came of them."""

import asyncio
import os
import resource
import subprocess
import sys
from pathlib import Path

from engine.domain.journal import Note
from engine.errors import StoreError
from engine.stores.database import place_in, place_of_file
from engine.stores.journal import SqlJournal
from engine.stores.latch_files import LatchFiles
from tests.stores.build import NOW, decision, latch


def say(*words: object) -> None:
    """Tell the test what has come of it."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


async def _fill(journal: SqlJournal) -> None:
    """Write until it fails, and say how; nothing that was acknowledged may be lost by it."""
    done = 0
    try:
        for number in range(10_000):
            await journal.tell(Note("filling", NOW, str(number), {"text": os.urandom(3000).hex()}))
            done += 1
    except StoreError as error:
        say("failed", error)
    say("kept", done == len(await journal.events("")))


def full(folder: Path) -> None:
    """A disk of its own, with little room."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "none", str(folder)], check=True)

    async def run() -> None:
        journal = await SqlJournal.opened(place_in(folder))
        await _fill(journal)
        ballast = folder / "ballast"
        try:
            ballast.write_bytes(b"x" * 1_000_000)
        except OSError:
            say("full")
        try:
            LatchFiles(folder / ".rekha").take(decision(1, latch=latch(), trace="t" * 50_000))
        except StoreError as error:
            say("latch", error)
        say("left", [path.name for path in (folder / ".rekha" / "latches").glob("*")])
        ballast.unlink()
        (folder / ".rekha" / "journal.db-wal").stat()
        subprocess.run(["mount", "-o", "remount,size=9m", str(folder)], check=True)
        await journal.tell(Note("room again", NOW))
        say("goes on", (await journal.events(""))[-1].seq)
        await journal.close()

    asyncio.run(run())


def no_growth(folder: Path) -> None:
    """A file that may not grow any more."""

    async def run() -> None:
        journal = await SqlJournal.opened(place_in(folder))
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
        await _fill(journal)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await journal.tell(Note("room again", NOW))
        say("goes on", (await journal.events(""))[-1].seq > 0)
        await journal.close()

    asyncio.run(run())


def read_only(folder: Path) -> None:
    """A journal that may be read but not written by this user."""

    async def opened(file: Path) -> SqlJournal:
        return await SqlJournal.opened(place_of_file(file))

    async def run() -> None:
        await (await opened(folder / "first" / "journal.db")).close()
        file = folder / "journal.db"
        journal = await opened(file)
        await journal.tell(Note("written", NOW))
        await journal.close()
        file.chmod(0o444)
        folder.chmod(0o555)
        if not os.getuid():
            os.setuid(65534)
        try:
            await opened(file)
        except StoreError as error:
            say("failed", error)

    asyncio.run(run())


if __name__ == "__main__":
    {"full": full, "no_growth": no_growth, "read_only": read_only}[sys.argv[1]](Path(sys.argv[2]))
