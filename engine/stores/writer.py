"""
The one thread that writes: it takes what waits, commits it together, and tells each caller when it is durable.

A job is a function of a connection; it may be run twice, the first time in a transaction that came to nothing.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, Engine

from engine.errors import StoreError
from engine.stores.failures import told

Answer = TypeVar("Answer")
Job = Callable[[Connection], Answer]

# So many jobs share a commit at most: the last must not wait for a crowd.
_TOGETHER: Final = 64


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Answer]):
    job: Job[Answer]
    future: Future[Answer]


class Writer:
    """Runs jobs in transactions, several in one; `close` ends it when all that waits is written."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where
        self._waiting: SimpleQueue[_Waiting[Any] | None] = SimpleQueue()
        self._gate = Lock()
        self._is_closed = False
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    async def do(self, job: Job[Answer]) -> Answer:
        """Return a job's answer once it is durable. Raises: StoreError; what the job raises, then nothing is kept."""
        return await asyncio.wrap_future(self._put(job))

    def do_now(self, job: Job[Answer]) -> Answer:
        """Return the same to a caller without an event loop, who waits."""
        return self._put(job).result()

    def close(self) -> None:
        """Write what waits and end."""
        with self._gate:
            if not self._is_closed:
                self._is_closed = True
                self._waiting.put(None)
        self._thread.join()
        self._engine.dispose()

    def _put(self, job: Job[Answer]) -> Future[Answer]:
        future: Future[Answer] = Future()
        with self._gate:
            if self._is_closed:
                raise StoreError(f"the journal {self._where} was not written: it is closed")
            self._waiting.put(_Waiting(job, future))
        return future

    def _run(self) -> None:
        ends = False
        while not ends:
            batch, ends = self._batch()
            # Who has given up waiting for it wants it no more.
            wanted = [one for one in batch if one.future.set_running_or_notify_cancel()]
            if wanted and not self._is_written(wanted):
                for one in wanted:
                    self._write_alone(one)

    def _batch(self) -> tuple[list[_Waiting[Any]], bool]:
        first = self._waiting.get()
        if first is None:
            return [], True
        batch = [first]
        while len(batch) < _TOGETHER:
            try:
                one = self._waiting.get_nowait()
            except Empty:
                break
            if one is None:
                return batch, True
            batch.append(one)
        return batch, False

    def _is_written(self, batch: list[_Waiting[Any]]) -> bool:
        """Return whether all of them could be written together; one alone is not tried here."""
        if len(batch) == 1:
            return False
        try:
            with told(self._where), self._engine.begin() as connection:
                answers = [one.job(connection) for one in batch]
        except Exception:  # noqa: BLE001 - whose fault it was shows when each is written by itself
            return False
        for one, answer in zip(batch, answers, strict=True):
            one.future.set_result(answer)
        return True

    def _write_alone(self, one: _Waiting[Any]) -> None:
        try:
            with told(self._where), self._engine.begin() as connection:
                answer = one.job(connection)
        except Exception as error:  # noqa: BLE001 - it is the caller's, whatever it is
            one.future.set_exception(error)
        else:
            one.future.set_result(answer)
