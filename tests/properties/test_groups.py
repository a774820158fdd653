"""A group is the sum of its members, in whatever order their readings come; what is unknown in one leaves bounds."""

import re
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.env import AccountEnv
from engine.core.evaluate import AccountState, evaluate
from engine.core.group import GroupEvaluation, GroupState, evaluate_group
from engine.core.group_reading import MemberReading, reading_of
from engine.domain.account import Account
from engine.domain.values import Value, bounds, total
from engine.facts.catalogue import CATALOGUE
from engine.policy.load import Source, load
from engine.policy.program import Program
from engine.runtime.calendars import calendar_for
from engine.runtime.policy_files import LATER
from engine.runtime.snapshot_file import parse_snapshot

SUMS = ("mtm", "realized_pnl", "open_positions", "short_option_legs", "naked_short_lots", "gross_exposure", "capital")
POLICY = f"""policy: together
title: together
severity: critical
mode: enforce
accounts: all
for_each: group
when: {{all: [group.loss >= 5k, {", ".join(f"known(group.{name})" for name in SUMS)}]}}
clear_when: group.loss < 2k
then: [block_entries]
because: "{{group.parts}} {{group.worst_account}} {{group.losing_accounts}}"
"""
# The same without what stays unknown in some of these readings, so that it fires.
PLAIN = re.sub(r"when: .*", "when: group.loss >= 5k", POLICY)
PROGRAM = load([Source("together.yaml", POLICY.encode())], CATALOGUE, LATER).require()
FIRING = load([Source("together.yaml", PLAIN.encode())], CATALOGUE, LATER).require()
NSE = calendar_for("NSE")
ACCOUNTS = {name: Account(name, calendar=NSE, zone=NSE.zone) for name in ("A1", "A2", "A3")}
START = datetime.fromisoformat("2026-11-23T10:15:00+05:30")
FIELDS = CATALOGUE.shared["groups"].fields

# The last price of a sold call, None when it is missing; and whether the funds are read.
Seen = tuple[int | None, bool]
seen = st.tuples(st.one_of(st.none(), st.integers(1, 400)), st.booleans())
rounds = st.lists(st.tuples(*(seen for _ in ACCOUNTS), st.permutations(sorted(ACCOUNTS))), min_size=1, max_size=4)


class Day:
    """All that is remembered, and what the last slot said."""

    def __init__(self, program: Program = PROGRAM) -> None:
        self.program = program
        self.states: dict[str, AccountState] = {}
        self.readings: dict[str, MemberReading] = {}
        self.state = GroupState()
        self.last: GroupEvaluation | None = None
        self.own: dict[str, dict[str, Value]] = {}

    def read(self, name: str, one: Seen, at: datetime) -> None:
        last, has_funds = one
        funds = '"funds": {"capital": "1000000"}, ' if has_funds else ""
        price = "null" if last is None else str(last)
        text = (
            f'{{"account": "{name}", "taken_at": "{at.isoformat()}", "orders": [], "fills": [], {funds}'
            f'"positions": [{{"symbol": "NIFTY26NOV24000CE", "sold": [75, 100], "last_price": {price}}}]}}'
        )
        snapshot = parse_snapshot(text, "reading.json")
        evaluation = evaluate(self.program, ACCOUNTS[name], snapshot, self.states.get(name, AccountState()), at)
        self.states[name] = evaluation.next_state
        env = AccountEnv(evaluation.view, CATALOGUE, {})
        self.own[name] = {fact: env.fact(fact) for fact in SUMS}
        reading = reading_of(self.program, ACCOUNTS[name], evaluation)
        assert reading is not None
        self.readings[name] = reading
        self.last = evaluate_group(self.program, ACCOUNTS, self.readings, self.state, at, ticked=name)
        self.state = self.last.next_state

    def figures(self) -> dict[str, Value]:
        assert self.last is not None
        one = self.last.groups[0]
        asked = (*SUMS, "loss", "losing_accounts", "worst_account", "parts", "accounts")
        return {name: FIELDS[name].compute(one.views["A1"], one.group) for name in asked}


@settings(max_examples=60)
@given(rounds)
def test_a_group_is_the_sum_of_its_members_in_whatever_order_they_come(
    days: list[tuple[Seen, Seen, Seen, list[str]]],
) -> None:
    shuffled, in_order = Day(), Day()
    for number, (*each, order) in enumerate(days):
        at, readings = START + timedelta(seconds=2 * number), dict(zip(ACCOUNTS, each, strict=True))
        for name in order:
            shuffled.read(name, readings[name], at)
        for name in ACCOUNTS:
            in_order.read(name, readings[name], at)
        assert shuffled.figures() == in_order.figures()
        assert shuffled.last is not None
        assert in_order.last is not None
        for one, other in zip(shuffled.last.results, in_order.last.results, strict=True):
            assert one.condition is other.condition
            assert one.trace == other.trace
        for fact in SUMS:
            assert bounds(shuffled.figures()[fact]) == bounds(total(own[fact] for own in shuffled.own.values()))


@given(seen, seen, st.integers(0, 30))
def test_a_group_never_decides_on_figures_too_old_or_too_far_apart(one: Seen, other: Seen, seconds: int) -> None:
    day = Day()
    day.read("A1", one, START)
    day.read("A2", other, START)
    day.read("A3", other, START + timedelta(seconds=seconds))
    mtm = day.figures()["mtm"]
    is_known = None not in (one[0], other[0])
    # Three polls of two seconds: an older book is stale; and eleven seconds are no one moment.
    assert (bounds(mtm)[0] is not None and bounds(mtm)[0] == bounds(mtm)[1]) == (is_known and seconds <= 6)
    assert day.figures()["accounts"] == len(ACCOUNTS)
