"""Alerts that wait for an answer: told again, on more channels, until somebody answers or it is over; kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from engine.domain.enums import Severity
from engine.domain.journal import ENGINE, Command, StoredState, Tick
from engine.domain.message import Delivery, Message
from engine.errors import LeaseLost
from engine.runtime.alarms import ACK, Alarms, standing_in
from engine.runtime.alerts import Climb
from engine.sim.clock import SimClock

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLIMB = Climb(("telegram", "call", "mail"), 2 * MINUTE)
KILL = Message(
    Severity.CRITICAL,
    "A1: daily-loss-kill-switch fires",
    START,
    ("Loss 13,867.75 INR is beyond 10,000.00 INR",),
    channels=("telegram",),
    account="A1",
    policy="daily-loss-kill-switch",
    decision="d" * 64,
    step="/then/0",
    needs_ack=True,
)


@dataclass
class Told:
    """What came out: messages with the minute they were told at, and what was kept."""

    clock: SimClock
    messages: list[tuple[int, Message]] = field(default_factory=list)
    kept: list[tuple[str, Tick]] = field(default_factory=list)
    is_lost: bool = False
    before: StoredState | None = None

    async def restore(self, account: str) -> StoredState | None:
        return self.before if account == ENGINE else None

    async def tell(self, message: Message) -> None:
        self.messages.append(((self.clock.now() - START) // MINUTE, message))

    async def keep(self, account: str, tick: Tick) -> None:
        if self.is_lost:
            raise LeaseLost("another engine watches", account=account)
        self.kept.append((account, tick))

    @property
    def parts(self) -> StoredState:
        parts: dict[str, str] = {}
        for account, tick in self.kept:
            parts |= tick.state.parts if account == ENGINE else {}
        return StoredState(parts)


def played(play: Callable[[Alarms, Told], Awaitable[None]], stored: StoredState | None = None) -> Told:
    async def run() -> Told:
        told = Told(SimClock(START))
        alarms = Alarms(told, told.clock, CLIMB, told.keep, told_back=True)
        told.before = stored
        assert await alarms.restore(told) == ()
        task = asyncio.create_task(alarms.run())
        await told.clock.step(timedelta(0))
        await play(alarms, told)
        await told.clock.step(timedelta(0))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return told

    return asyncio.run(run())


def command(**details: str) -> Command:
    return Command("c1", ENGINE, ACK, "asha", "seen, closing by hand", START, START + MINUTE, details)


def test_what_nobody_acknowledges_is_told_again_on_one_channel_more_each_time() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        await alarms.tell(KILL)
        for _ in range(8):
            await told.clock.step(MINUTE)

    told = played(play)
    assert [(minute, one.channels) for minute, one in told.messages] == [
        (0, ("telegram",)),
        (2, ("telegram", "call")),
        (4, ("telegram", "call", "mail")),
        (6, ("telegram", "call", "mail")),
        (8, ("telegram", "call", "mail")),
    ]
    [(_, first), (_, second), *_] = told.messages
    name = first.lines[-1].rpartition(" ")[2]
    assert first.lines == (*KILL.lines, f"to acknowledge it: rekha ack {name}")
    assert second.title == "Not acknowledged for 2m: A1: daily-loss-kill-switch fires"
    assert second.lines == first.lines


def test_a_message_that_needs_no_answer_is_told_once() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        await alarms.tell(replace(KILL, severity=Severity.WARNING, needs_ack=False))
        await told.clock.step(10 * MINUTE)
        assert alarms.standing == ()

    told = played(play)
    assert len(told.messages) == 1
    assert told.kept == []


def test_an_acknowledgement_ends_it_and_the_others_hear_who_has() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        await alarms.tell(KILL)
        await told.clock.step(MINUTE)
        done = await alarms.acknowledge(command())
        assert done.result.startswith("acknowledged: ")
        await told.clock.step(10 * MINUTE)
        again = await alarms.acknowledge(command())
        assert again.result == "no such alert waits for an answer"

    told = played(play)
    [_, (_, thanks)] = told.messages
    assert thanks.title == "asha has acknowledged: A1: daily-loss-kill-switch fires"
    assert thanks.lines == ("seen, closing by hand",)
    assert thanks.severity is Severity.INFO
    assert standing_in(told.parts) == ()
    words = [note.word for _, tick in told.kept for note in tick.notes]
    assert words == ["alert", "alert acknowledged"]


def test_one_of_several_is_acknowledged_by_its_id_or_its_account() -> None:
    other = replace(KILL, title="A2: kill fires", account="A2", decision="e" * 64)
    third = replace(KILL, title="A3: kill fires", account="A3", decision="f" * 64)

    async def play(alarms: Alarms, told: Told) -> None:
        for one in (KILL, other, third):
            await alarms.tell(one)
        wrong = await alarms.acknowledge(command(alert="zzzzzz"))
        assert wrong.result.startswith("no such alert waits for an answer; these do: ")
        await alarms.acknowledge(command(account="A2"))
        await alarms.acknowledge(command(alert=alarms.standing[1].id))
        assert [one.message.account for one in alarms.standing] == ["A1"]

    played(play)


def test_after_a_restart_what_was_through_goes_on_as_it_would_have() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        await alarms.tell(KILL)
        alarms.delivered(Delivery(told.messages[0][1], "telegram", told.clock.now()))
        await told.clock.step(MINUTE)

    before = played(play)

    async def on(alarms: Alarms, told: Told) -> None:
        await told.clock.step(2 * MINUTE)

    after = played(on, before.parts)
    assert [(minute, one.channels) for minute, one in after.messages] == [(2, ("telegram", "call"))]


def test_after_a_restart_what_may_have_been_lost_on_its_way_is_told_at_once() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        await alarms.tell(KILL)
        await told.clock.step(MINUTE)

    before = played(play)
    assert [one.message for one in standing_in(before.parts)] == [KILL]

    async def on(alarms: Alarms, told: Told) -> None:
        await told.clock.step(MINUTE)
        assert [one.told for one in alarms.standing] == [2]

    after = played(on, before.parts)
    assert [(minute, one.title) for minute, one in after.messages] == [(0, f"Not acknowledged for 0s: {KILL.title}")]


def test_each_step_of_a_decision_is_told_and_is_one_alert() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        await alarms.tell(KILL)
        await told.clock.step(MINUTE)
        await alarms.tell(replace(KILL, step="/then/6"))
        await told.clock.step(MINUTE)
        assert len(alarms.standing) == 1
        await told.clock.step(MINUTE)

    assert [minute for minute, _ in played(play).messages] == [0, 1, 3]


def test_it_is_kept_before_anybody_is_told() -> None:
    order: list[str] = []

    async def run() -> None:
        told = Told(SimClock(START))

        async def keep(account: str, tick: Tick) -> None:
            order.append("kept")

        class Tells:
            async def tell(self, message: Message) -> None:
                order.append("told")

        await Alarms(Tells(), told.clock, CLIMB, keep).tell(KILL)

    asyncio.run(run())
    assert order == ["kept", "told"]


def test_a_state_that_lasts_stays_after_it_was_seen_and_ends_by_itself() -> None:
    dead = Message(Severity.CRITICAL, "A1: no decision for 30s", START, account="A1", needs_ack=True)

    async def play(alarms: Alarms, told: Told) -> None:
        for _ in range(3):
            alarms.begin("no decision A1", dead)
            await told.clock.step(timedelta(seconds=1))
        await alarms.acknowledge(command())
        assert [one.seen_by for one in alarms.standing] == ["asha"]
        alarms.begin("no decision A1", dead)
        await told.clock.step(10 * MINUTE)
        alarms.end("no decision A1")
        alarms.end("no decision A1")
        assert alarms.standing == ()

    told = played(play)
    assert [one.title for _, one in told.messages] == [
        "A1: no decision for 30s",
        "asha has acknowledged: A1: no decision for 30s",
        "Over after 10m3s: A1: no decision for 30s",
    ]
    assert told.messages[-1][1].needs_ack is False


def test_what_became_of_a_decisions_message_is_an_outcome_of_its_step_once() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        for _ in range(2):
            alarms.delivered(Delivery(KILL, "telegram", told.clock.now()))
            await told.clock.step(timedelta(0))
        alarms.delivered(Delivery(replace(KILL, step="/then/5"), "mail", told.clock.now(), "mail: Bad Gateway"))
        alarms.delivered(Delivery(Message(Severity.INFO, "hello", START), "mail", told.clock.now()))

    told = played(play)
    found = [(account, one) for account, tick in told.kept for one in tick.outcomes]
    assert [(account, one.step, one.result, dict(one.details)) for account, one in found] == [
        ("A1", "/then/0", "told", {"channel": "telegram"}),
        ("A1", "/then/5", "not told", {"channel": "mail", "why": "mail: Bad Gateway"}),
    ]


def test_people_are_told_also_when_nothing_can_be_kept() -> None:
    async def play(alarms: Alarms, told: Told) -> None:
        told.is_lost = True
        await alarms.tell(KILL)

    assert len(played(play).messages) == 1
