"""
Twenty accounts over a session with faults, stepped in one event loop: nobody is missed, nothing is lost.

REKHA_SESSION=whole: from open to close at a reading every two seconds; by default a few minutes at a slower pace.
"""

import gc
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

from engine.domain.snapshot import Missing
from engine.runtime.monitor import Ticked
from engine.runtime.scenarios import shipped_scenarios
from engine.sim.exchange.words import Call
from engine.sim.faults import Fault, FaultKind
from engine.stores.upkeep import verified
from tests.cli.files import policy
from tests.runtime.engine import Bench, Running

IS_WHOLE = os.environ.get("REKHA_SESSION") == "whole"
ACCOUNTS = tuple(f"A{number:02}" for number in range(1, 21))
START, MIDDLE, END = ("09:10", "12:00", "15:35") if IS_WHOLE else ("10:40", "10:42", "10:44")
POLL = "2s" if IS_WHOLE else "15s"


def bench_in(folder: Path) -> Bench:
    """A desk of twenty before the quiet day's market, each with the positions of its account A."""
    text = shipped_scenarios()["quiet-day"].read_text(encoding="utf-8")
    head, _, rest = text.partition("accounts:\n")
    account = rest.partition("  B:")[0].replace("  A:\n", "")
    day = folder / "many.yaml"
    day.write_text(head + "accounts:\n" + "".join(f"  {name}:\n{account}" for name in ACCOUNTS), encoding="utf-8")
    desk = folder / "desk"
    (desk / "policies").mkdir(parents=True)
    each = f"{{broker: kotak, poll: {POLL}, connect: {{url: 'http://127.0.0.1:1'}}}}"
    rows = "".join(f"  {name}: {each}\n" for name in ACCOUNTS)
    (desk / "rekha.yaml").write_text(f"accounts:\n{rows}", encoding="utf-8")
    body = "once: per account per day\nthen:\n  - notify: telegram\n"
    for name, when in (("gain", "profit >= 100"), ("loss", "loss >= 1k"), ("legs", "short_option_legs >= 2")):
        (desk / "policies" / f"{name}.yaml").write_text(policy(name, when, body, mode="enforce"), encoding="utf-8")
    return Bench.of(desk, str(day), START)


def strike(bench: Bench) -> None:
    """Let accounts meet what brokers do, for a while."""
    faults, since = bench.simulation.faults, bench.at(MIDDLE)
    until = since + timedelta(seconds=45)
    for fault in (
        Fault(FaultKind.OUTAGE, frozenset({"A03"}), since=since, until=until),
        Fault(FaultKind.GARBAGE, frozenset({"A07"}), frozenset({Call.ORDERS}), since=since, until=until),
        Fault(FaultKind.HALF_ANSWER, frozenset({"A09"}), frozenset({Call.POSITIONS}), since=since, until=until),
        Fault(FaultKind.SESSION_EXPIRED, frozenset({"A05"}), since=since, times=1),
        Fault(FaultKind.RATE_LIMITED, frozenset({"A11"}), since=since, until=until),
        Fault(FaultKind.SLOW, frozenset({"A13"}), since=since, until=until, details={"seconds": 20}),
    ):
        faults.add(fault)


def test_a_session_of_twenty_accounts_misses_nobody(tmp_path: Path) -> None:
    bench = bench_in(tmp_path)
    strike(bench)
    looks: Counter[str] = Counter()
    faults: list[str] = []
    sizes: list[int] = []

    def count(ticked: Ticked) -> None:
        looks[ticked.account] += 1
        if ticked.fault or ticked.missed or not ticked.is_kept:
            faults.append(f"{ticked.account} {ticked.at}: {ticked.fault} {ticked.missed}")

    async def watch(running: Running) -> dict[str, list[str]]:
        await running.until(MIDDLE)
        gc.collect()
        sizes.append(len(gc.get_objects()))
        await running.until(END)
        gc.collect()
        sizes.append(len(gc.get_objects()))
        for account, monitor in running.service.monitors.items():
            last = monitor.state.last
            assert last is not None
            assert not [part for part in (last.positions, last.orders, last.funds) if isinstance(part, Missing)], (
                account
            )
        decided = {name: await running.journal.decisions(name, bench.at("00:00")) for name in ACCOUNTS}
        return {name: sorted(one.policy for one in found) for name, found in decided.items()}

    decided = bench.do(watch, ticked=(count,))
    assert faults == []
    assert decided == {name: ["gain", "legs"] for name in ACCOUNTS}
    slots = (bench.at(END) - bench.at(START)).total_seconds() / float(POLL.removesuffix("s"))
    assert min(looks.values()) >= slots - 2
    assert looks.keys() == set(ACCOUNTS)
    # What a day's readings leave in memory does not grow with their number.
    assert sizes[1] < sizes[0] * 1.2
    found = verified(bench.place)
    assert found.breaches == ()
    print(f"{sum(looks.values())} looks, {found.events} events in {len(found.heads)} chains")  # noqa: T201 - its figures
