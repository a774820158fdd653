"""The journal in a trader's words: every scenario of `features/journal`, on a journal in a file."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.domain.enums import Mode
from engine.domain.journal import DecisionRecord, Lease, StateChange, Tick
from engine.domain.latch import Latch
from engine.errors import LeaseHeld, StoreError
from engine.stores.columns import packed
from engine.stores.database import Place
from engine.stores.journal import SqlJournal
from engine.stores.latch_files import LatchFiles, fold_back
from engine.stores.upkeep import info, verified
from tests.stores.build import NOW, SPAN, decision, on, tick

scenarios("journal")


@dataclass
class Desk:
    """A journal, who watches A1 by what lease, and what came of the last things that were tried."""

    place: Place
    files: LatchFiles
    leases: dict[str, Lease] = field(default_factory=dict)
    refused: list[bool] = field(default_factory=list)
    told: str = ""
    now: datetime = NOW
    tried: int = 0

    def watch(self, engine: str) -> None:
        """Let an engine take A1, fold back what waits, and write its state."""

        async def work(journal: SqlJournal) -> None:
            self.leases[engine] = lease = await journal.acquire("A1", engine, self.now, SPAN)
            await fold_back(self.files, journal, {"A1": lease}, self.now)
            await journal.write(lease, Tick(self.now, StateChange({"rules": "[]"})))

        on(self.place, work)

    def kill(self, day: str) -> DecisionRecord:
        """A decision of the policy kill on a day; every time another one, as a restarted engine would make."""
        self.tried += 1
        return decision(self.tried, latch=Latch("kill", "A1", day, Mode.ENFORCE), period=day)

    def decide(self, engine: str, day: str) -> None:
        """Let an engine decide."""

        async def work(journal: SqlJournal) -> bool:
            written = await journal.write(self.leases[engine], tick(self.kill(day)))
            return bool(written.refused)

        try:
            self.refused.append(on(self.place, work))
        except StoreError as error:
            self.told = str(error)

    def execute(self, *statements: str, **values: object) -> None:
        """Write past the journal."""
        assert self.place.file is not None
        connection = sqlite3.connect(self.place.file)
        for statement in statements:
            connection.execute(statement, values)
        connection.commit()
        connection.close()


@pytest.fixture
def desk(file_place: Place, tmp_path: Path) -> Desk:
    return Desk(file_place, LatchFiles(tmp_path))


@pytest.fixture
def locked(desk: Desk) -> Iterator[None]:
    """Another process that keeps the journal from being written."""
    assert desk.place.file is not None
    other = sqlite3.connect(desk.place.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@given("a journal")
def _journal(desk: Desk) -> None:
    assert verified(desk.place).events == 0


@given(parsers.parse('the engine "{engine}" watches A1'))
def _watches(desk: Desk, engine: str) -> None:
    desk.watch(engine)


@given(parsers.parse('"{engine}" has decided kill for A1 on {day}'))
@when(parsers.parse('"{engine}" decides kill for A1 on {day}'))
def _decides(desk: Desk, engine: str, day: str) -> None:
    desk.decide(engine, day)


@given("another process keeps the journal locked")
def _locked(locked: None) -> None:
    """See the fixture."""


@given(parsers.parse("kill for A1 on {day} went to a file of its own"))
def _in_a_file(desk: Desk, day: str) -> None:
    assert desk.files.take(desk.kill(day))


@when(parsers.parse('the engine is restarted as "{engine}"'))
def _restarted(desk: Desk, engine: str) -> None:
    desk.now += 2 * SPAN
    desk.watch(engine)


@when(parsers.parse('the engine "{engine}" asks for A1 after {seconds:d} s'))
def _asks(desk: Desk, engine: str, seconds: int) -> None:
    desk.now += timedelta(seconds=seconds)
    try:
        desk.watch(engine)
    except LeaseHeld as error:
        desk.told = str(error)


@when("the decision goes to a file of its own")
def _falls_back(desk: Desk) -> None:
    desk.refused.append(not desk.files.take(desk.kill("2026-11-23")))


DEEDS = {
    "edits the reasons of a decision": "UPDATE events SET body = :body WHERE kind = 'decision' AND seq = 2",
    "removes a decision": "DELETE FROM decisions WHERE seq = 2",
    "removes a latch": "DELETE FROM latches WHERE period = '2026-11-23'",
    "moves a latch to another day": "UPDATE latches SET period = '2026-11-25' WHERE period = '2026-11-23'",
    "cuts off the last event": "DELETE FROM events WHERE seq = 3",
}


@when(parsers.re(rf"somebody (?P<deed>{'|'.join(DEEDS)})"))
def _somebody(desk: Desk, deed: str) -> None:
    desk.execute(DEEDS[deed], body=packed('{"because":"nothing"}'))


@then(parsers.re(r"the (?P<number>\d)(?:st|nd) decision is (?P<what>refused|to be acted on)"))
def _one_is(desk: Desk, number: str, what: str) -> None:
    assert desk.refused[int(number) - 1] is (what == "refused")


@then("both decisions are to be acted on")
def _both(desk: Desk) -> None:
    assert desk.refused == [False, False]


@then("it is to be acted on")
def _acted_on(desk: Desk) -> None:
    assert desk.refused[-1] is False


@then(parsers.re(r"the journal holds (?P<number>no|\d+) decisions?"))
def _holds(desk: Desk, number: str) -> None:
    assert info(desk.place).rows["decisions"] == (0 if number == "no" else int(number))


@then(parsers.parse("the state of A1 holds the latch of kill for {day}"))
def _state_holds(desk: Desk, day: str) -> None:
    stored = on(desk.place, lambda journal: journal.restore("A1"))
    assert stored is not None
    assert stored.latches == {Latch("kill", "A1", day, Mode.ENFORCE)}


@then(parsers.parse('"{engine}" decides kill for A1 on {day} and is refused'))
def _is_refused(desk: Desk, engine: str, day: str) -> None:
    desk.decide(engine, day)
    assert desk.refused[-1] is True


@then(parsers.parse("it is told that A1 is watched by {engine}"))
def _watched_by(desk: Desk, engine: str) -> None:
    assert f"A1 is watched by {engine}" in desk.told


@then("it is told that another process holds the journal")
def _held(desk: Desk) -> None:
    assert "another process holds it" in desk.told


@then("no other process may take the same latch")
def _not_again(desk: Desk) -> None:
    again = replace(desk.kill("2026-11-23"), because="another process")
    assert not desk.files.take(again)


@then("no file waits any more")
def _none_waits(desk: Desk) -> None:
    assert desk.files.kept() == ()


@then(parsers.parse('"{engine}" watches A1'))
def _took_over(desk: Desk, engine: str) -> None:
    assert desk.leases[engine].epoch == 2


@then("`rekha log verify` finds it intact")
def _intact(desk: Desk) -> None:
    assert verified(desk.place).breaches == ()


@then("`rekha log verify` finds A1 edited")
def _edited(desk: Desk) -> None:
    assert {breach.chain for breach in verified(desk.place).breaches} == {"A1"}
