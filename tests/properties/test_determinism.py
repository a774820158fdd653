"""Same program, same readings, same instants: the same bytes, in this process and in one with other hashes."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.evaluate import AccountState, evaluate
from engine.domain.account import Account
from engine.policy.load import Source, load
from engine.runtime.calendars import calendar_for
from engine.runtime.snapshot_file import parse_snapshot
from tests.policy.toy import CATALOGUE, LATER
from tests.properties.dump import canonical

ROOT = Path(__file__).parents[2]
START = datetime.fromisoformat("2026-11-23T10:15:00+05:30")
VALUES = b"loss_limit: 10,000 INR\n"
KILL = b"""policy: kill
title: kill
severity: critical
mode: enforce
accounts: all
when: {all: [loss >= loss_limit, stop_loss_hit]}
confirm: {samples: 2, at_least: 3s, max_gap: 10s}
on_unknown: {alert: after 4s, block_entries: after 6s, fire: after 8s}
once: per account per day
then: [block_entries, {square_off: all}, kill_switch]
because: "loss {loss} of {loss_limit}, {stop_loss.symbol}"
"""
EACH = b"""policy: each
title: each
severity: info
accounts: all
for_each: position
where: position.is_short
when: position.loss >= 50% of loss_limit and not any(o.is_working for o in orders)
cooldown: 4s
clear_when: position.loss < 1k
then: [notify: [telegram, call]]
because: "{position.symbol} {position.loss}"
"""
PAST = b"""policy: past
title: past
severity: info
accounts: all
for_each: position
when:
  any:
    - change(position.loss, 4s) > 1k and position.is_short
    - max_over(mtm, 6s) - mtm > 5k and count_over(orders_today, 6s) == 0
    - unknown_for(mtm) > 2s or last_known(open_positions) > 5
confirm: at once
then: [notify: [telegram, call]]
because: "{position.symbol} {change(position.loss, 4s)} {avg_over(mtm, 6s)}"
"""
FILES = (
    Source("values.yaml", VALUES), Source("kill.yaml", KILL), Source("each.yaml", EACH), Source("past.yaml", PAST)
)  # fmt: skip


def reading(at: datetime, last: int | None, *, stopped: bool) -> str:
    positions = f"""positions:
  - {{symbol: NIFTY26NOV24000CE, sold: [[825, 100]], bought: [75, 110], last_price: {last}}}
  - {{symbol: NIFTY26NOV24500CE, bought: [[300, 20]], last_price: 15}}
"""
    orders = """orders:
  - {id: S1, symbol: NIFTY26NOV24000CE, side: BUY, type: STOP, status: FILLED, quantity: 75, average_price: 110,
     placed_at: 2026-11-23T09:20:00+05:30}
"""
    head = f"account: A1\ntaken_at: {at.isoformat()}\n"
    return head + (positions if last is not None else "") + (orders if stopped else "orders: []\n")


def run(prices: list[int | None], *, stopped: bool, files: tuple[Source, ...] = FILES) -> bytes:
    program = load(files, CATALOGUE, LATER).require()
    account, state, said = Account("A1"), AccountState(), b""
    for index, last in enumerate(prices):
        now = START + timedelta(seconds=2 * index)
        snapshot = parse_snapshot(reading(now, last, stopped=stopped), "reading.yaml")
        evaluation = evaluate(program, account, snapshot, state, now)
        state, said = evaluation.next_state, said + canonical(evaluation) + b"\n"
    return said


PRICES = st.lists(st.sampled_from([90, 110, 120, 200, None]), min_size=1, max_size=6)


@settings(max_examples=25)
@given(PRICES, st.booleans())
def test_a_replay_gives_the_same_bytes(prices: list[int | None], stopped: bool) -> None:
    assert run(prices, stopped=stopped) == run(prices, stopped=stopped)


@settings(max_examples=10)
@given(PRICES, st.permutations(FILES))
def test_the_order_in_which_files_are_found_is_no_matter(prices: list[int | None], files: list[Source]) -> None:
    assert run(prices, stopped=True) == run(prices, stopped=True, files=tuple(files))


BLOCKS = b"""policy: blocks
title: blocks
severity: warning
mode: enforce
accounts: all
when: loss >= 2k
confirm: at once
then: [{block_entries: {until: cleared}}]
because: "{trading_state}"
"""
HEARS = b"""policy: hears
title: hears
severity: info
accounts: all
when: trading_state == REDUCING
confirm: at once
then: [{block_entries: {until: 30m, foreign_orders: exit}}]
because: reducing
"""
TEXTS = (KILL, EACH, BLOCKS, HEARS)
SEVERITIES = (b"info", b"warning", b"critical")


@settings(max_examples=40)
@given(PRICES, st.permutations(TEXTS), st.lists(st.sampled_from(SEVERITIES), min_size=4, max_size=4))
def test_neither_the_order_of_files_nor_severity_changes_what_is_done(
    prices: list[int | None], texts: list[bytes], severities: list[bytes]
) -> None:
    def done(files: tuple[Source, ...]) -> list[object]:
        program = load(files, CATALOGUE, LATER).require()
        account, state, found = Account("A1", calendar=calendar_for("NSE")), AccountState(), []
        for index, last in enumerate(prices):
            now = START + timedelta(seconds=2 * index)
            snapshot = parse_snapshot(reading(now, last, stopped=True), "reading.yaml")
            evaluation = evaluate(program, account, snapshot, state, now)
            state = evaluation.next_state
            found.append((evaluation.decisions, dict(state.rules), state.latches, state.blocks))
        return found

    values = Source("values.yaml", VALUES)
    usual = tuple(Source(f"{number}.yaml", text) for number, text in enumerate(TEXTS))
    other = tuple(
        Source(f"{number}.yaml", re.sub(rb"severity: \w+", b"severity: " + severity, text))
        for number, (text, severity) in enumerate(zip(texts, severities, strict=True))
    )
    assert done((values, *usual)) == done((values, *other))


def test_another_process_with_other_hashes_gives_the_same_bytes() -> None:
    code = """
import sys
from tests.properties.test_determinism import run
sys.stdout.buffer.write(run([200] * 5, stopped=True))
"""
    said = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=60
        )
        said.add(done.stdout)
    assert said == {run([200] * 5, stopped=True)}


def test_the_dump_sees_a_difference() -> None:
    assert run([200] * 5, stopped=True) != run([200] * 5, stopped=False)
    assert b'"verdict": "fires"' in run([200] * 5, stopped=True)
