"""`rekha ack`: the answer of whoever runs on the desk, and what is said when nobody does."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.domain.enums import Severity
from engine.domain.journal import ENGINE, Tick
from engine.domain.message import Message
from engine.runtime import asking
from engine.runtime.alarms import Alarms
from engine.runtime.alerts import CLIMB
from engine.runtime.clock import RealClock, now
from engine.stores.database import place_in
from engine.stores.journal import SqlJournal


class Silent:
    async def tell(self, message: Message) -> None:
        pass


def make_journal(desk: Path) -> None:
    async def make() -> None:
        journal = await SqlJournal.opened(place_in(desk))
        await journal.close()

    asyncio.run(make())


@contextmanager
def answering(desk: Path) -> Iterator[list[str]]:
    """An engine's lease and its alarms, with one alert, in a thread. It gives what the alert is called."""
    ended, ready, names = threading.Event(), threading.Event(), []

    async def answer() -> None:
        journal = await SqlJournal.opened(place_in(desk))
        lease = await journal.acquire(ENGINE, "an engine", now(), timedelta(minutes=5))

        async def keep(account: str, tick: Tick) -> None:
            await journal.write(lease, tick)

        alarms = Alarms(Silent(), RealClock(), CLIMB, keep)
        title = "A1: kill fires"
        await alarms.tell(Message(Severity.CRITICAL, title, now(), account="A1", decision="d" * 64, needs_ack=True))
        names.append(alarms.standing[0].id)
        ready.set()
        while not ended.is_set():
            for command in await journal.take((lease,), now()):
                done = await alarms.acknowledge(command)
                await keep(ENGINE, Tick(now(), done={command.id: done.result}))
            await asyncio.sleep(0.02)
        await journal.close()

    thread = threading.Thread(target=lambda: asyncio.run(answer()))
    thread.start()
    try:
        assert ready.wait(30)
        yield names
    finally:
        ended.set()
        thread.join()


def test_it_says_what_was_acknowledged_and_what_was_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_journal(tmp_path)
    with answering(tmp_path) as (name,):
        assert main(["ack", "ffffff", "--desk", str(tmp_path)]) == 1
        assert (
            capsys.readouterr().err.strip()
            == f"rekha: no such alert waits for an answer; these do: {name} A1: kill fires"
        )
        assert main(["ack", name, "--why", "closing by hand", "--desk", str(tmp_path)]) == 0
        assert capsys.readouterr().out.strip() == f"acknowledged: {name} A1: kill fires"
        assert main(["ack", "--account", "A1", "--desk", str(tmp_path)]) == 1
        assert capsys.readouterr().err.strip() == "rekha: no such alert waits for an answer"


def test_no_engine_is_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_journal(tmp_path)
    monkeypatch.setattr(asking, "_TAKEN_WITHIN", timedelta(milliseconds=100))
    assert main(["ack", "--desk", str(tmp_path)]) == 69
    assert "no engine runs on this desk" in capsys.readouterr().err


def test_a_desk_without_a_journal_is_misuse(tmp_path: Path) -> None:
    assert main(["ack", "--desk", str(tmp_path)]) == 2
