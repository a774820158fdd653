"""
Decisions in files of their own, while the journal cannot be written: one file each, made by one process only.

A file is there whole and durable before its decision may be acted on, and stays until the journal holds it.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from engine.domain.journal import DecisionRecord, Lease, Note, Tick
from engine.domain.serial import text_of
from engine.errors import StoreError
from engine.ports import Journal
from engine.stores.decisions import decision_of, decision_text

FOLDER: Final = "latches"
_SUFFIX: Final = ".json"


class LatchFiles:
    """The latch files of a desk, in a folder beside its journal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def take(self, record: DecisionRecord) -> bool:
        """
        Write a decision down; return whether it is ours, and its latch was not taken already.

        Raises: StoreError when it cannot be made durable; then nothing may be done.
        """
        with _told(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / _name(record)
            try:
                descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except FileExistsError:
                return False
            try:
                _write(descriptor, decision_text(record).encode())
                _sync(self._folder)
                _sync(self._folder.parent)
            except BaseException:
                # What was not acknowledged must not hold anything back.
                path.unlink(missing_ok=True)
                raise
        return True

    def kept(self) -> tuple[tuple[Path, DecisionRecord], ...]:
        """
        Return the decisions that wait to be folded back, oldest first, with their files.

        A file that was not finished was never acknowledged, so nothing was done on it: it is removed.
        """
        found = []
        with _told(self._folder):
            for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
                try:
                    record = decision_of(path.read_text(encoding="utf-8"))
                except (ValueError, TypeError, KeyError):
                    path.unlink(missing_ok=True)
                    continue
                found.append((path, record))
        return tuple(sorted(found, key=lambda one: (one[1].decided_at, one[1].key)))

    def remove(self, path: Path) -> None:
        """Remove the file of a decision that the journal holds now."""
        with _told(self._folder):
            path.unlink(missing_ok=True)
            _sync(self._folder)


async def fold_back(
    files: LatchFiles, journal: Journal, held: Mapping[str, Lease], now: datetime
) -> tuple[DecisionRecord, ...]:
    """
    Bring what was decided without the journal into it, for the accounts whose lease is held; return what that was.

    To be done before the state is restored, which then knows these latches. A crash on the way repeats it, harmlessly.
    """
    done = []
    for path, record in files.kept():
        lease = held.get(record.account)
        if lease is None:
            continue
        note = Note("folded back", now, record.key, {"latch file": path.name})
        await journal.write(lease, Tick(now, decisions=(record,), notes=(note,)))
        files.remove(path)
        done.append(record)
    return tuple(done)


def _name(record: DecisionRecord) -> str:
    latch = record.latch
    about = (
        [record.key]
        if latch is None
        else [record.account, latch.policy, latch.subject, latch.period, latch.mode.value, latch.arm]
    )
    return sha256(text_of(about).encode()).hexdigest() + _SUFFIX


def _write(descriptor: int, body: bytes) -> None:
    try:
        written = 0
        while written < len(body):
            written += os.write(descriptor, body[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"no latch can be kept in {folder}: {error.strerror}. Make room and see to its rights."
        ) from error
