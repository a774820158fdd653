"""The whole engine over the simulated wire: what it decides it writes down first, and a restart knows all of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.enums import Mode, Severity, Verdict
from engine.domain.journal import ENGINE, Command, DecisionRecord
from engine.domain.message import Message
from engine.errors import LeaseHeld
from engine.runtime.in_force import Unchanging, in_dry_run
from tests.cli.files import acting, policy
from tests.runtime.engine import Bench, Running

GROUP = """\
for_each: group
once: per group per day
"""


def desk_in(folder: Path, **policies: str) -> Path:
    """A desk with the accounts of the kill day, and some policies."""
    (folder / "policies").mkdir(parents=True)
    accounts = "".join(f"  {one}: {{broker: kotak, connect: {{url: 'http://127.0.0.1:1'}}}}\n" for one in "ABC")
    (folder / "rekha.yaml").write_text(f"accounts:\n{accounts}", encoding="utf-8")
    for name, text in policies.items():
        (folder / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Half a minute before account A has lost its limit."""
    body = "once: per account per day\nthen:\n  - notify: telegram\n  - block_entries: {until: end of session}\n"
    warn = policy("warn", "loss >= 10k", body, mode="enforce")
    return Bench.of(desk_in(tmp_path / "desk", kill=acting("kill"), warn=warn), at="10:59:40")


async def decisions_at(running: Running, at: str) -> tuple[DecisionRecord, ...]:
    await running.until(at)
    return await running.journal.decisions("A", running.bench.at("09:00"))


def test_what_is_decided_is_journalled_and_then_done(bench: Bench) -> None:
    async def watch(running: Running) -> None:
        kill, warn = sorted(await decisions_at(running, "11:00:20"), key=lambda one: one.policy)
        assert (kill.policy, kill.mode, warn.policy, warn.mode) == ("kill", Mode.DRY_RUN, "warn", Mode.ENFORCE)
        results = [(one.result, one.details["action"]) for one in await running.journal.outcomes(warn.key)]
        assert results == [("queued", "notify"), ("done", "block_entries")]
        assert [one.result for one in await running.journal.outcomes(kill.key)] == ["would"]
        assert [(one.decision, one.channels) for one in bench.heard.messages] == [(warn.key, ("telegram",))]
        assert [block.policy for block in running.service.monitors["A"].state.blocks] == ["warn"]

    bench.do(watch)
    assert {one.account for one in bench.ticked} == {"A", "B", "C"}
    assert all(not one.fault and not one.missed and one.is_kept for one in bench.ticked)


def test_a_restart_decides_nothing_twice_and_goes_on_as_if_it_had_not_been(bench: Bench) -> None:
    before = bench.do(lambda running: decisions_at(running, "11:00:20"))
    after = bench.do(lambda running: decisions_at(running, "11:00:40"))
    assert after == before
    assert len(bench.heard.messages) == 1
    last = next(one for one in reversed(bench.ticked) if one.account == "A")
    assert last.evaluation is not None
    assert {one.policy.name: one.verdict for one in last.evaluation.results} == {
        "kill": Verdict.FIRES,
        "warn": Verdict.FIRES,
    }


def test_what_a_crash_left_undone_is_done_at_the_next_start(bench: Bench) -> None:
    class StruckError(Exception):
        pass

    class Striking:
        async def tell(self, message: Message) -> None:
            if message.decision:
                raise StruckError

    async def watch(running: Running) -> None:
        await running.until("11:00:20")
        (told,) = [one for one in await running.journal.decisions("A", bench.at("09:00")) if one.policy == "warn"]
        assert await running.journal.outcomes(told.key) == ()

    bench.do(watch, notifier=Striking())
    bench.do(lambda running: decisions_at(running, "11:00:25"))
    assert [one.policy for one in bench.heard.messages] == ["warn"]


def test_a_second_engine_is_refused(bench: Bench) -> None:
    async def watch(running: Running) -> None:
        await running.until("10:59:50")
        with pytest.raises(LeaseHeld, match="watched by an engine until"):
            async with bench.running(holder="another") as other:
                await other.task

    bench.do(watch)
    assert all(one.is_kept for one in bench.ticked)


def test_who_stops_is_followed_at_once(bench: Bench) -> None:
    bench.do(lambda running: running.until("10:59:45"))

    async def watch(running: Running) -> None:
        await running.until("10:59:50")
        assert not running.task.done()

    bench.do(watch, holder="another")


def test_groups_are_judged_after_their_members(tmp_path: Path) -> None:
    when = "group.loss >= 10k"
    body = f"{GROUP}then:\n  - notify: telegram\n"
    group_policy = policy("desk-loss", when, body, mode="enforce", accounts="[A, B]").replace("{loss}", "{group.loss}")
    desk = desk_in(tmp_path / "desk", desk=group_policy)
    bench = Bench.of(desk, at="10:59:40")

    async def watch(running: Running) -> None:
        await running.until("11:00:20")
        for account in "AB":
            (record,) = await running.journal.decisions(account, bench.at("09:00"))
            assert record.is_of_group
        assert not await running.journal.decisions("C", bench.at("09:00"))
        assert await running.journal.restore(ENGINE) is not None

    bench.do(watch)
    assert sorted(one.account for one in bench.heard.messages) == ["A", "B"]
    bench.do(lambda running: running.until("11:00:30"))
    assert len(bench.heard.messages) == 2


def test_nobody_is_asked_long_after_the_session(tmp_path: Path) -> None:
    bench = Bench.of(desk_in(tmp_path / "desk", kill=acting("kill")), at="15:54:50")
    bench.do(lambda running: running.until("15:55:10"))
    assert bench.at("15:54:55") < max(one.at for one in bench.ticked) < bench.at("15:55")


async def asked(running: Running, kind: str, account: str = "A", why: str = "") -> str:
    """What an engine says to a command that was left for it."""
    now = running.bench.clock.now()
    command = Command(f"{kind} {account} {now}", account, kind, "desk", why, now, now + timedelta(seconds=5))
    assert await running.journal.ask(command)
    await running.bench.clock.sleep(timedelta(seconds=1))
    found = await running.journal.command(command.id)
    assert found is not None
    return found.result


def test_an_account_is_stopped_for_a_reason_and_stays_so_over_a_restart(bench: Bench) -> None:
    async def stop(running: Running) -> None:
        await running.until("10:59:45")
        assert "it holds 4 open positions; to stop it all the same, say why" in await asked(running, "stop")
        assert await asked(running, "stop", "C") == "C is not watched any more"
        assert await asked(running, "stop", why="lunch") == "A is not watched any more"
        assert await asked(running, "dance") == "this engine does not know the command 'dance'"

    bench.do(stop)
    told = {one.account: one for one in bench.heard.messages}
    assert {name: one.severity for name, one in told.items()} == {"A": Severity.CRITICAL, "C": Severity.INFO}
    assert told["A"].lines[:2] == ("desk has stopped it: lunch", "it holds 4 open positions")
    assert told["A"].lines[2].startswith("to acknowledge it: rekha ack ")
    bench.ticked.clear()

    async def start(running: Running) -> None:
        await running.until("10:59:56")
        assert {one.account for one in bench.ticked} == {"B"}
        assert await asked(running, "start") == "A is watched again"
        assert len(await decisions_at(running, "11:00:20")) == 2

    bench.do(start)


def test_in_a_dry_run_nothing_is_enforced(bench: Bench) -> None:
    text = (bench.desk / "rekha.yaml").read_text(encoding="utf-8")
    (bench.desk / "rekha.yaml").write_text(
        text.replace("A: {", "A: {policies: {kill: {mode: enforce}}, "), encoding="utf-8"
    )
    programs = Unchanging(in_dry_run(bench.in_force()))
    found = bench.do(lambda running: decisions_at(running, "11:00:20"), programs=programs)
    assert {one.policy: one.mode for one in found} == {"kill": Mode.DRY_RUN, "warn": Mode.DRY_RUN}
    assert not bench.heard.messages
