"""features/runtime/watching.feature: the whole engine before a simulated Kotak Neo, by the stepped clock."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.domain.enums import Verdict
from engine.domain.journal import DecisionRecord, Event, Tick
from engine.domain.snapshot import Book
from engine.errors import LeaseHeld
from engine.runtime.calendars import calendar_for
from engine.runtime.hours import rests
from engine.runtime.monitor import Ticked
from engine.runtime.standing_down import Stopped, as_change
from engine.sim.exchange.words import Call, Entry
from engine.sim.faults import Fault, FaultKind
from engine.stores.journal import SqlJournal
from tests.cli.files import policy
from tests.runtime.engine import Bench, Running

scenarios("runtime/watching.feature")
IST = ZoneInfo("Asia/Kolkata")
BODY = """\
confirm: {samples: 2}
on_unknown: {alert: after 10s}
once: per account per day
then:
  - notify: telegram
  - block_entries: {until: end of session}
"""
WHEN = "\n".join(("", "  all:", "    - loss >= 10k", "    - stop_loss_hit"))
POLL = timedelta(seconds=2)


@dataclass
class Day:
    """The desk, and what came of watching it."""

    bench: Bench
    looks: list[Ticked] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def watch(self, start: datetime, end: datetime, beside: Callable[[Running], Awaitable[None]] | None = None) -> None:
        """Let an engine watch for a while; what the looks before have shown is forgotten."""
        self.bench.clock.move_to(start)
        self.bench.ticked.clear()

        async def work(running: Running) -> None:
            if beside is not None:
                await beside(running)
            await running.until(end)

        self.bench.do(work)
        self.looks = list(self.bench.ticked)
        assert not [one.fault for one in self.looks if one.fault]

    def of(self, account: str) -> list[Ticked]:
        return [one for one in self.looks if one.account == account]

    def verdicts(self, account: str) -> list[Verdict | None]:
        return [result.verdict for one in self.of(account) if one.evaluation for result in one.evaluation.results]

    def asked(self, work: Callable[[SqlJournal], Awaitable[object]]) -> object:
        """What a journal says when no engine runs."""

        async def ask() -> object:
            journal = await SqlJournal.opened(self.bench.place)
            try:
                return await work(journal)
            finally:
                await journal.close()

        return asyncio.run(ask())

    def decided(self, since: datetime | None = None) -> list[DecisionRecord]:
        """Every decision of the desk."""

        async def read(journal: SqlJournal) -> list[DecisionRecord]:
            early = self.bench.at("00:00")
            return [one for account in "ABC" for one in await journal.decisions(account, since or early)]

        found = self.asked(read)
        assert isinstance(found, list)
        return found


@pytest.fixture
def day(tmp_path: Path) -> Day:
    return Day(Bench.of(tmp_path / "desk", at="09:20"))


@given("a desk with the accounts A and B, and C, which a person has stopped")
def make_desk(day: Day) -> None:
    bench = day.bench
    (bench.desk / "policies").mkdir(parents=True)
    each = "{broker: kotak, connect: {url: 'http://127.0.0.1:1'}}"
    text = "accounts:\n" + "".join(f"  {one}: {each}\n" for one in "ABC")
    (bench.desk / "rekha.yaml").write_text(text, encoding="utf-8")

    async def stop(journal: SqlJournal) -> None:
        now = bench.clock.now()
        lease = await journal.acquire("C", "a person", now, timedelta(seconds=1))
        await journal.write(lease, Tick(now, as_change(Stopped("a person", "it holds nothing", now))))
        await journal.release(lease, now)

    day.asked(stop)


@given("a policy that enforces a block when the loss is 10,000 INR at two readings and a stop-loss was hit")
def add_policy(day: Day) -> None:
    text = policy("kill", WHEN, BODY, mode="enforce")
    (day.bench.desk / "policies" / "kill.yaml").write_text(text, encoding="utf-8")


@given(parsers.parse("the engine watched from {start} to {end} and was stopped"))
def watched(day: Day, start: str, end: str) -> None:
    day.watch(day.bench.at(start), day.bench.at(end))


@when(parsers.re(r"the engine watches from (?P<start>[\d:]+) to (?P<end>[\d:]+)$"))
def watch(day: Day, start: str, end: str) -> None:
    day.watch(day.bench.at(start), day.bench.at(end))


@when(parsers.parse("the engine watches from {start} to {end}, and at {at} the broker ends the session of A"))
def watch_session_end(day: Day, start: str, end: str, at: str) -> None:
    async def strike(running: Running) -> None:
        await running.until(at)
        day.bench.house.wire.end_sessions("A")

    day.watch(day.bench.at(start), day.bench.at(end), strike)


@when(parsers.parse("the engine watches from {start} to {end}, and from {at} on the broker answers no quotes"))
def watch_without_quotes(day: Day, start: str, end: str, at: str) -> None:
    day.bench.simulation.faults.add(Fault(FaultKind.OUTAGE, calls=frozenset({Call.QUOTES}), since=day.bench.at(at)))
    day.watch(day.bench.at(start), day.bench.at(end))


@when(parsers.parse("the engine watches from {start} to {end}, and from {at} on the broker lets A wait for 20 seconds"))
def watch_slow(day: Day, start: str, end: str, at: str) -> None:
    slow = Fault(FaultKind.SLOW, frozenset({"A"}), since=day.bench.at(at), details={"seconds": 20})
    day.bench.simulation.faults.add(slow)
    day.watch(day.bench.at(start), day.bench.at(end))


@when(parsers.parse("the engine watches from {start} to {end}, and at {at} another one is started"))
def watch_beside(day: Day, start: str, end: str, at: str) -> None:
    async def start_another(running: Running) -> None:
        await running.until(at)
        try:
            async with day.bench.running(holder="another engine") as other:
                await other.task
        except LeaseHeld as error:
            day.errors.append(error)

    day.watch(day.bench.at(start), day.bench.at(end), start_another)


@when(parsers.parse("the engine watches on the next trading day from {start} to {end}"))
def watch_tomorrow(day: Day, start: str, end: str) -> None:
    calendar, ahead = calendar_for("NSE"), timedelta(days=1)
    while calendar.session_at(day.bench.at(start) + ahead).opens_at is None:
        ahead += timedelta(days=1)
    day.watch(day.bench.at(start) + ahead, day.bench.at(end) + ahead)


@when(parsers.re(r"the engine watches on (?P<on>[\d-]+) from (?P<start>[\d:]+) to (?P<end>[\d:]+)$"))
def watch_on(day: Day, on: str, start: str, end: str) -> None:
    begins, ends = (datetime.combine(date.fromisoformat(on), time.fromisoformat(one), IST) for one in (start, end))
    day.watch(begins, ends)


def is_each_poll(looks: Iterable[Ticked]) -> bool:
    """Whether an account was looked at in every one of its slots, within a slot of its beginning."""
    times = [one.at for one in looks]
    return len(times) > 3 and all(later - earlier < 2 * POLL for earlier, later in pairwise(times))


@then("A and B were looked at every 2 seconds, and C was not")
def see_looks(day: Day) -> None:
    assert is_each_poll(day.of("A"))
    assert is_each_poll(day.of("B"))
    assert not day.of("C")


@then(parsers.parse("{account} was looked at every 2 seconds, and missed no slot"))
def see_no_slot_missed(day: Day, account: str) -> None:
    assert is_each_poll(day.of(account))
    assert not sum(one.missed for one in day.of(account))


@then(parsers.parse("{account} holds {count:d} open positions"))
def see_positions(day: Day, account: str, count: int) -> None:
    read = day.of(account)[-1].read
    assert read is not None
    assert isinstance(read.positions, Book)
    assert sum(leg.is_open for leg in read.positions.rows) == count


@then(parsers.re(r"the policy (?P<told>(?:is|fires)[^,]*)$"))
def see_verdicts(day: Day, told: str) -> None:
    words = {"fires": Verdict.FIRES, "clear": Verdict.CLEAR, "unknown": Verdict.UNKNOWN}
    for word, account in re.findall(r"(fires|clear|unknown) for (\w)", told):
        assert day.verdicts(account)[-1] is words[word], account


@then("the policy is clear for A, because loss >= 10k is true and stop_loss_hit is false")
def see_reasons(day: Day) -> None:
    evaluation = day.of("A")[-1].evaluation
    assert evaluation is not None
    (result,) = evaluation.results
    assert result.verdict is Verdict.CLEAR
    assert result.trace is not None
    assert [(part.text, part.truth.value) for part in result.trace.children] == [
        ("loss >= 10k", "true"),
        ("stop_loss_hit", "false"),
    ]


@then("nothing was decided")
def see_nothing_decided(day: Day) -> None:
    assert day.decided() == []


@then("nobody was told anything")
def see_nobody_told(day: Day) -> None:
    assert day.bench.heard.messages == []


@then("people were told once that it is unknown")
def see_told_unknown(day: Day) -> None:
    assert [one.title for one in day.bench.heard.messages if one.account == "A"] == ["A: kill cannot be told for 10s"]


@then("nothing was decided on that day")
def see_nothing_new(day: Day) -> None:
    assert day.decided(day.bench.at("00:00") + timedelta(days=1)) == []


@then(parsers.parse("{account} was decided on once"))
def see_one_decision(day: Day, account: str) -> None:
    (record,) = day.decided()
    assert (record.account, record.policy) == (account, "kill")


@then("entries are blocked in A, and a person was told once")
def see_block(day: Day) -> None:
    evaluation = day.of("A")[-1].evaluation
    assert evaluation is not None
    assert [(block.policy, block.is_enforced) for block in evaluation.blocks] == [("kill", True)]
    assert [one.policy for one in day.bench.heard.messages] == ["kill"]


@then(parsers.parse("A was logged in to twice and B once"))
def see_logins(day: Day) -> None:
    entries = [one.as_json() for one in day.bench.simulation.ledger.entries() if one.kind is Entry.LOGIN]
    assert sorted(one["account"] for one in entries if one["step"] == "mpin") == ["A", "A", "B"]


@then(parsers.parse("A was unknown for less than {seconds:d} seconds"))
def see_short_gap(day: Day, seconds: int) -> None:
    looks = [(one.at, verdict) for one, verdict in zip(day.of("A"), day.verdicts("A"), strict=True)]
    known = [at for at, verdict in looks if verdict is Verdict.CLEAR]
    assert max(later - earlier for earlier, later in pairwise(known)) < timedelta(seconds=seconds)
    assert known[-1] == looks[-1][0]


@then("it is noted that the policy is unknown for A")
def see_note(day: Day) -> None:
    async def read(journal: SqlJournal) -> tuple[Event, ...]:
        return await journal.events("A")

    events = day.asked(read)
    assert isinstance(events, tuple)
    assert [one.subject for one in events if '"word":"unknown"' in one.body] == ["kill"]


@then("the other one was refused, naming the first")
def see_refusal(day: Day) -> None:
    (error,) = day.errors
    assert "watched by an engine until" in str(error)


@then("the engine that comes next watches at once")
def see_next(day: Day) -> None:
    now = day.bench.clock.now()
    day.watch(now, now + 3 * POLL)
    assert day.of("A")


@then(parsers.parse("on {on}, {what}, an account on NSE is watched {told}"))
def see_hours(on: str, what: str, told: str) -> None:
    assert what
    calendar = calendar_for("NSE")
    midnight = datetime.combine(date.fromisoformat(on), time(0), calendar.zone)
    minutes = [midnight + timedelta(minutes=number) for number in range(24 * 60)]
    awake = [at for at in minutes if not rests(calendar.session_at(at), at)]
    if told == "all day":
        assert awake == minutes
    elif told == "never":
        assert awake == []
    else:
        first, last = re.findall(r"\d\d:\d\d", told)
        assert f"{awake[0]:%H:%M}" == first
        assert f"{awake[-1] + timedelta(minutes=1):%H:%M}" == last


@then("entries are blocked in A, for nobody knows the session")
def see_session_block(day: Day) -> None:
    evaluation = day.of("A")[-1].evaluation
    assert evaluation is not None
    assert [block.policy for block in evaluation.blocks] == [None]


@then("people were told that nobody knows today's session on NSE")
def see_session_told(day: Day) -> None:
    assert [one.title for one in day.bench.heard.messages] == [
        "nobody knows today's session on NSE: no NSE calendar for 2031"
    ]
