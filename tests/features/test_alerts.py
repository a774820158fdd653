"""features/runtime/alerts.feature: the whole engine before a local Telegram, by the stepped clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.domain.journal import ENGINE, Command, CommandState, OutcomeRecord
from engine.domain.message import Text
from engine.errors import NotifyError
from engine.notifiers.services import ServiceChannel
from engine.notifiers.switchboard import Routes, Switchboard
from engine.ports import Channel
from engine.runtime.alarms import ACK
from engine.runtime.alerts import Alert, Climb
from engine.sim.clock import SimClock
from tests.cli.files import policy
from tests.notifiers.telegram import ADDRESS, Telegram, telegram
from tests.runtime.engine import Bench, Running

scenarios("runtime/alerts.feature")
IST = ZoneInfo("Asia/Kolkata")
DESK = """\
accounts:
  A: {broker: kotak, connect: {url: 'http://127.0.0.1:1'}}
notify:
  channels: [telegram, mail]
"""


@dataclass
class Line:
    """A channel whose way takes no simulated time: what it took, and when. through: the one it uses, if any."""

    clock: SimClock
    through: Channel | None = None
    is_down: bool = False
    taken: list[tuple[str, Text]] = field(default_factory=list)

    async def send(self, text: Text) -> None:
        if self.through is not None:
            with self.clock.at_work():
                await self.through.send(text)
        elif self.is_down:
            raise NotifyError("mail: Bad Gateway")
        self.taken.append((f"{self.clock.now().astimezone(IST):%H:%M:%S}", text))

    def about(self, word: str) -> list[str]:
        return [at for at, text in self.taken if word in text.title + text.body]


@dataclass
class Story:
    bench: Bench
    lines: dict[str, Line]
    is_down: bool = False
    until: str = ""
    answer: str = ""
    standing: tuple[Alert, ...] = ()
    outcomes: tuple[OutcomeRecord, ...] = ()
    sent: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    desk = tmp_path / "desk"
    (desk / "policies").mkdir(parents=True)
    (desk / "rekha.yaml").write_text(DESK, encoding="utf-8")
    body = "once: per account per day\nthen:\n  - notify: telegram\n"
    (desk / "policies" / "kill.yaml").write_text(policy("kill", "loss >= 10k", body, mode="enforce"), encoding="utf-8")
    bench = Bench.of(desk, at="10:59:40")
    return Story(bench, {name: Line(bench.clock) for name in ("telegram", "mail")})


@asynccontextmanager
async def board_of(story: Story) -> AsyncIterator[tuple[Switchboard, Telegram]]:
    async with telegram() as fake:
        fake.failures_left = 10_000 if story.is_down else 0
        story.lines["telegram"].through = ServiceChannel("telegram", ADDRESS)
        board = Switchboard(story.lines, Routes(("telegram",)), story.bench.clock, IST)
        async with board.running():
            yield board, fake
        story.sent += fake.sent


def run(story: Story, until: str, answer: str = "", then_until: str = "") -> None:
    """Let an engine run, and be answered on the way."""
    bench = story.bench

    async def work() -> None:
        async with board_of(story) as (board, _):
            parts: dict[str, Any] = {
                "notifier": board,
                "deliveries": board.listen,
                "climb": Climb(("telegram", "mail")),
            }
            async with bench.running(**parts) as running:
                await running.until(until)
                if answer:
                    story.answer = await acknowledged(running, answer)
                    await running.until(then_until)
                story.standing = running.service.alarms.standing
                for one in await running.journal.decisions("A", bench.at("09:00")):
                    story.outcomes = await running.journal.outcomes(one.key)

    asyncio.run(bench.clock.drive(work()))


async def acknowledged(running: Running, why: str) -> str:
    now = running.bench.clock.now()
    row = Command("c1", ENGINE, ACK, "asha", why, now, running.bench.at("12:00"))
    with running.bench.clock.at_work():
        await running.journal.ask(row)
    for _ in range(20):
        await running.bench.clock.sleep(timedelta(milliseconds=250))
        with running.bench.clock.at_work():
            found = await running.journal.command("c1")
        if found is not None and found.state is CommandState.DONE:
            return found.result
    raise AssertionError("nobody took the command")


@given("a desk that is told on telegram, and then by mail, with one critical policy that fires at 10:59:42")
def _told() -> None:
    # The fixture's desk.
    pass


@given("telegram answers with errors")
def _telegram_is_down(story: Story) -> None:
    story.is_down = True


@given("mail answers with errors")
def _mail_is_down(story: Story) -> None:
    story.lines["mail"].is_down = True


@when("telegram and mail answer again")
def _both_answer(story: Story) -> None:
    story.is_down = story.lines["mail"].is_down = False


@when(parsers.parse("the engine runs until {at}"))
@when(parsers.parse("the engine is started again and runs until {at}"))
def _runs(story: Story, at: str) -> None:
    run(story, at)


@when(parsers.parse('somebody acknowledges the alert with the word "{why}"'))
def _acknowledges(story: Story, why: str) -> None:
    run(story, "11:00:10", why, "11:00:20")


@then(parsers.parse("{channel} was told at {times}"))
def _was_told_at(story: Story, channel: str, times: str) -> None:
    assert [at for at, _ in story.lines[channel].taken] == times.split(", ")


@then("the first text on telegram says what was lost and how to answer")
def _first_text(story: Story) -> None:
    (alert,) = story.standing
    first = story.sent[0][1].replace("\r", "").splitlines()
    assert first[0] == "<b>CRITICAL A: kill fires</b>"
    assert first[1].startswith("Loss 1")
    assert first[2:] == [f"to acknowledge it: rekha ack {alert.id}", "at 10:59:42 IST"]


@then("the answer says that it was acknowledged")
def _answered(story: Story) -> None:
    assert story.answer.startswith("acknowledged: ")
    assert story.answer.endswith(" A: kill fires")


@then("telegram was told of the decision once, and once that it was acknowledged")
def _told_who(story: Story) -> None:
    titles = [text.title for _, text in story.lines["telegram"].taken]
    assert titles == ["CRITICAL A: kill fires", "INFO asha has acknowledged: A: kill fires"]
    assert story.lines["mail"].taken == []


@then("no alert stands")
def _none_stands(story: Story) -> None:
    assert story.standing == ()


@then("the alert still stands")
def _stands(story: Story) -> None:
    assert [one.message.title for one in story.standing] == ["A: kill fires"]


@then(parsers.parse("mail was told of the decision at {at}"))
def _mail_was_told(story: Story, at: str) -> None:
    assert story.lines["mail"].about("kill fires")[:1] == [at]
    assert story.sent == []


@then("the journal says that mail took it")
def _journal_says(story: Story) -> None:
    told = [(one.result, dict(one.details)) for one in story.outcomes if one.result == "told"]
    assert told == [("told", {"channel": "mail"})]


@then("telegram was told of the decision")
def _telegram_was_told(story: Story) -> None:
    assert story.lines["telegram"].about("kill fires")
