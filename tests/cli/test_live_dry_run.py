"""Steps of features/cli/live_dry_run.feature: the commands against a simulated Kotak Neo on real sockets."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.runtime.clock import RealClock
from engine.runtime.credentials import prefix_of
from engine.runtime.scenarios import load_scenario
from engine.runtime.told_clock import VARIABLE
from engine.sim.asgi import App
from engine.sim.clock import Pace
from engine.sim.control import control
from engine.sim.exchange.words import Call, Entry
from engine.sim.faults import Fault, FaultKind
from engine.sim.host import Hosting, hosted
from engine.sim.kotak.house import KotakHouse
from engine.sim.simulation import Simulation
from tests.cli.conftest import Cli, Ran, Write
from tests.cli.files import acting

scenarios("cli")

NAME = "kill"
WHEN = "\n".join(("", "  all:", "    - loss >= 10k", "    - stop_loss_hit"))
TIMES = {"once": 1, "twice": 2}


@dataclass
class Drill:
    """The simulated broker of one scenario, the desk before it, and what the last command said."""

    simulation: Simulation
    house: KotakHouse
    cli: Cli
    write: Write
    monkeypatch: pytest.MonkeyPatch
    stack: ExitStack
    asking: Hosting = field(init=False)
    told: str = ""
    ran: Ran | None = None

    def serve(self) -> None:
        """Put it on its sockets and a desk with its accounts before it."""
        apps: dict[str, App] = {"api": self.house.api, "control": control(self.simulation)}
        self.asking = self.stack.enter_context(hosted(apps, beside=self.simulation.clock.run))
        self.write_desk(self.asking["api"])
        for client in self.house.clients:
            for word, secret in client.secrets.items():
                self.monkeypatch.setenv(prefix_of(client.credentials.ucc) + word, secret.reveal())
        self.monkeypatch.setenv(VARIABLE, f"{self.asking['control']}/_sim/clock")

    def write_desk(self, address: str) -> None:
        accounts = "".join(f"  {one}: {{broker: kotak, connect: {{url: '{address}'}}}}\n" for one in "AB")
        self.write("desk/rekha.yaml", f"accounts:\n{accounts}")

    def dry_run(self, *arguments: str) -> None:
        """Run it as text, for what it says; its verdicts come from the lines that name the policy."""
        self.ran = self.cli("dry-run", "--desk", "desk", *arguments)
        self.told = self.ran.out

    def verdicts(self) -> dict[str, str]:
        """The policy's verdict by account."""
        found: dict[str, str] = {}
        account = ""
        for line in self.told.splitlines():
            if line and not line.startswith(" "):
                account = line.partition(":")[0]
            words = line.split()
            if len(words) > 1 and words[1] == NAME:
                found[account] = words[0].lower()
        return found

    def entries(self, kind: Entry) -> list[dict[str, Any]]:
        return [one.as_json() for one in self.simulation.ledger.entries() if one.kind is kind]

    def strike(self, kind: FaultKind, account: str, *calls: Call, **details: object) -> None:
        fault = Fault(kind, frozenset({account}), frozenset(calls), details=details)
        self.asking.ask(self.simulation.faults.add, fault)


@pytest.fixture
def drill(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drill]:
    # Faster than outside, so that a wait for a broker's sake is short; stepped, it would wait for ever.
    simulation = Simulation(load_scenario("kill-day"), pace=Pace.REAL, outside=RealClock(), rate=4)
    simulation.clock.move_to(simulation.scenario.names.day.at("11:04"))
    with ExitStack() as stack:
        yield Drill(simulation, KotakHouse(simulation), cli, write, monkeypatch, stack)


@given("Kotak Neo, simulated, with the accounts A and B of a desk")
def serve(drill: Drill) -> None:
    drill.serve()


@given("a policy that squares off when the loss is 10,000 INR at two readings and a stop-loss was hit")
def add_policy(drill: Drill) -> None:
    drill.write("desk/policies/kill.yaml", acting(NAME, WHEN).replace("{samples: 2, at_least: 3s}", "{samples: 2}"))


@given("a dry run has asked the desk")
@when("a dry run asks the desk")
def dry_run(drill: Drill) -> None:
    drill.dry_run()


@when(parsers.parse("a dry run asks the desk at {count:d} readings"))
def dry_run_often(drill: Drill, count: int) -> None:
    drill.dry_run("--readings", str(count))


@when(parsers.parse("a dry run asks the account {account} of the desk"))
def dry_run_one(drill: Drill, account: str) -> None:
    drill.dry_run("--account", account)


@when(parsers.parse("the snapshot of account {account} is written to a file"))
def keep(drill: Drill, account: str) -> None:
    ran = drill.cli("snapshot", "--desk", "desk", "--account", account)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["account"] == account
    drill.write("kept.json", ran.out)


@when("a dry run looks at that file")
def dry_run_file(drill: Drill) -> None:
    drill.dry_run("--snapshot", "kept.json")


@when(parsers.parse("the facts of account {account} are asked for"))
def facts(drill: Drill, account: str) -> None:
    drill.ran = drill.cli("facts", "--desk", "desk", "--account", account)
    drill.told = drill.ran.out


@given("the broker has ended all sessions")
def end_sessions(drill: Drill) -> None:
    for account in "AB":
        drill.asking.ask(drill.house.wire.end_sessions, account)


@given("half a minute has passed")
def pass_time(drill: Drill) -> None:
    clock = drill.simulation.clock
    drill.asking.ask(lambda: clock.move_to(clock.now() + timedelta(seconds=31)))


@given(parsers.parse("the broker is out of order for account {account}"))
def outage(drill: Drill, account: str) -> None:
    drill.strike(FaultKind.OUTAGE, account)


@given(parsers.parse("the MPIN in the environment is wrong for account {account}"))
def wrong_mpin(drill: Drill, account: str) -> None:
    drill.monkeypatch.setenv(f"REKHA_{account}_MPIN", "000000")


@given(parsers.parse("the broker answers rubbish for the order book of account {account}"))
def rubbish(drill: Drill, account: str) -> None:
    drill.strike(FaultKind.GARBAGE, account, Call.ORDERS)


@given("nobody listens at the desk's address")
def gone(drill: Drill) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        drill.write_desk(f"http://127.0.0.1:{closed.getsockname()[1]}")


@given(parsers.parse("the MPIN of account {account} is not set"))
def unset(drill: Drill, account: str) -> None:
    drill.monkeypatch.delenv(f"REKHA_{account}_MPIN")


@then(parsers.parse("the policy says {verdicts}"))
def see_verdicts(drill: Drill, verdicts: str) -> None:
    expected = {account: verdict for verdict, account in re.findall(r"(\w+) for (\w)", verdicts)}
    assert drill.verdicts() == expected, drill.told


@then(parsers.parse("the exit code is {code:d}"))
def see_code(drill: Drill, code: int) -> None:
    assert drill.ran is not None
    assert drill.ran.code == code, drill.told + drill.ran.err


@then(parsers.parse("the output says why: {words}"))
def see_words(drill: Drill, words: str) -> None:
    assert words in drill.told, drill.told


@then(parsers.parse("the complaint names {words}"))
def see_complaint(drill: Drill, words: str) -> None:
    assert drill.ran is not None
    assert (drill.ran.out, words in drill.ran.err) == ("", True)


@then(parsers.parse("each account was logged in to {times}"))
def see_logins(drill: Drill, times: str) -> None:
    steps = [(one["account"], one["outcome"]) for one in drill.entries(Entry.LOGIN) if one["step"] == "mpin"]
    assert sorted(steps) == sorted([("A", "ok"), ("B", "ok")] * TIMES[times])


@then("no order was sent, changed or cancelled, and nobody logged out")
def see_nothing_sent(drill: Drill) -> None:
    asked = {one["call"] for one in drill.entries(Entry.CALL)}
    assert asked
    assert asked <= {"login", "positions", "orders", "trades", "history", "funds", "quotes", "contracts"}
    api = [one for kind in (Entry.ORDER, Entry.MODIFY, Entry.CANCEL) for one in drill.entries(kind)]
    assert [one for one in api if one.get("source") == "api"] == []
    assert all((Path("desk") / ".rekha" / "sessions" / f"{account}.json").is_file() for account in "AB")


@then(parsers.parse("nobody asked for account {account}"))
def see_not_asked(drill: Drill, account: str) -> None:
    calls = drill.entries(Entry.CALL)
    assert calls
    assert [one for one in calls if one["account"] == account] == []


@then("nobody was asked anything")
def see_no_call(drill: Drill) -> None:
    assert drill.entries(Entry.CALL) == []
