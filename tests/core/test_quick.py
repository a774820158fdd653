"""What the generated functions and kept values leave out changes nothing: cases in which they once did, or might."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.core.quick import quick
from engine.core.watch import watch_of
from engine.domain.account import Account, Profile
from engine.domain.enums import MarkBasis, OrderStatus, Side
from engine.domain.snapshot import Snapshot
from engine.facts.base import FieldSpec
from engine.facts.catalogue import CATALOGUE
from engine.policy.load import Source, load
from engine.policy.program import Program
from engine.runtime.calendars import calendar_for
from engine.runtime.policy_files import LATER
from tests.facts.build import NOT_READ, NOW, after, fill, leg, option, order, quote, snapshot

NSE = calendar_for("NSE")
LAST = Account("A1", calendar=NSE, profile=Profile(mark_basis=MarkBasis.LAST))
SOLD = leg(sold=(75, 100), last=180)


def program(*policies: str, values: str = "keep: 1k INR\n") -> Program:
    sources = [Source(f"p{number}.yaml", text.encode()) for number, text in enumerate(policies)]
    return load([*sources, Source("values.yaml", values.encode())], CATALOGUE, LATER).require()


def policy(name: str, when: str, more: str = "confirm: at once\n") -> str:
    return (
        f"policy: {name}\ntitle: t\nseverity: warning\naccounts: all\n{more}when: {when!r}\n"
        "then:\n  - notify: telegram\nbecause: for a test\n"
    )


def both(policies: Program, steps: Iterable[tuple[Account, Snapshot, datetime]]) -> list[tuple[Evaluation, Evaluation]]:
    """Every step judged with all short cuts and, from a state of its own, with none; both say the same."""
    quickly, slowly = AccountState(), AccountState()
    found = []
    for account, reading, now in steps:
        one = evaluate(policies, account, reading, quickly, now)
        other = evaluate(replace(policies, by_tree=True), account, reading, replace(slowly, views=None), now)
        assert one.next_state == other.next_state
        assert one.true == other.true
        assert one.decisions == other.decisions
        assert one.results == other.results
        found.append((one, other))
        quickly, slowly = one.next_state, other.next_state
    return found


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("limits", [("100k", "1k"), ("1k", "100k")])
def test_lets_of_the_same_names_are_each_policys_own(limits: tuple[str, str]) -> None:
    chained = "confirm: at once\nlet:\n  a: {}\n  b: 2 * a\n"
    policies = program(*(policy(f"p{i}", "loss >= b", chained.format(limit)) for i, limit in enumerate(limits)))
    ((one, _),) = both(policies, [(LAST, snapshot([SOLD], taken_at=NOW), NOW)])
    assert one.true == {f"p{limits.index('1k')}"}


def test_an_age_of_a_let_is_asked_with_the_policys_own_lets() -> None:
    lets = "confirm: at once\nlet:\n  m: {}\n"
    policies = program(
        policy("a", "age(m) > 5s", lets.format("2% of capital")),
        policy("b", "age(m) > 5s or loss > 1k", lets.format("3% of margin_used")),
    )
    ((one, _),) = both(policies, [(LAST, snapshot([SOLD], taken_at=NOW), NOW)])
    assert quick(watch_of(policies, LAST), one.next_state.views).open == frozenset()


YOUNG = program(policy("young", "any(p.age > 20s for p in positions)"), policy("stopped", "stop_loss_hit"))
STOPPED = snapshot(
    [leg(sold=(75, 100), bought=(75, 110), last=180), leg(option(24500), sold=(75, 9), last=5)],
    [order("S1", status=OrderStatus.FILLED, filled=75, quantity=75)],
    [
        fill("E1", Side.SELL, 75, 100, "09:20:05"),
        fill("S1", Side.BUY, 75, 110, "10:30:00"),
        fill("E2", Side.SELL, 75, 9, "09:20:05", option(24500)),
    ],
    taken_at=NOW,
)


def good(*seconds: int) -> list[tuple[Account, Snapshot, datetime]]:
    return [(LAST, after(STOPPED, second), at(second)) for second in seconds]


SLOW = replace(LAST, profile=replace(LAST.profile, poll=timedelta(seconds=5)))
LATE = {
    "a reading judged when it is stale": [(LAST, STOPPED, at(8))],
    "the clock goes back": [(LAST, STOPPED, at(8)), (LAST, STOPPED, at(1))],
    "the account is read more slowly from now on": [(LAST, STOPPED, at(8)), (SLOW, STOPPED, at(9))],
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
def test_rows_that_were_stale_when_they_came_are_heard_when_they_come_again(late: Any) -> None:
    unread = replace(after(STOPPED, 16), orders=NOT_READ)
    found = both(YOUNG, [*late, *good(10, 12, 14), (LAST, unread, at(16))])
    assert found[-1][0].next_state.memory.tracks
    assert {"young"} <= found[-1][0].true


def test_a_quote_that_froze_is_seen_to_on_an_account_marked_by_last_trades() -> None:
    quotes = [
        quote(last=4, bid=3, ask=5, as_of=NOW - timedelta(seconds=59)),
        quote(option(24500), last=50, bid=49, ask=51, as_of=NOW + timedelta(seconds=30)),
    ]
    reading = snapshot([leg(sold=(75, 100), last=4)], [], [], quotes, taken_at=NOW)
    both(
        program(policy("cheap", "any(p.bid < 5 for p in positions)")),
        [(LAST, after(reading, second), at(second)) for second in (0, 2, 4, 6)],
    )


def test_limits_that_move_with_the_clock_leave_nothing_behind() -> None:
    policies = program(policy("p", "count(p.lots > line for p in positions) >= 1"), values="line: minutes_to_close\n")
    reading = snapshot([SOLD], taken_at=NOW)
    found = both(policies, [(LAST, after(reading, second), at(second)) for second in range(0, 40, 2)])
    views = found[-1][0].next_state.views
    assert views is not None
    assert len(views.base.kept_values) < 12


def test_rows_that_are_gone_are_forgotten_with_their_day() -> None:
    each = policy("each", "position.loss > 1k", "confirm: at once\nfor_each: position\n")
    held, flat = snapshot([SOLD], taken_at=NOW), snapshot([], taken_at=NOW)
    steps = [(LAST, held, NOW), (LAST, after(flat, 86_400), at(86_400)), (LAST, after(flat, 86_402), at(86_402))]
    found = both(program(each), steps)
    assert found[0][0].next_state.rules
    assert not found[2][0].next_state.rules


def test_a_field_that_breaks_is_told_of_by_every_policy_that_asks_it() -> None:
    def broken(*_: Any) -> Decimal:
        raise RuntimeError("a fault of ours")

    policies = program(policy("p", "loss > 100k and any(p.lots > 3 for p in positions)"))
    rows = CATALOGUE.rows["positions"]
    lots: FieldSpec = replace(rows.fields["lots"], compute=broken)
    kinds = {**CATALOGUE.rows, "positions": replace(rows, fields={**rows.fields, "lots": lots})}
    policies = replace(policies, catalogue=replace(CATALOGUE, rows=kinds))
    ((one, _),) = both(policies, [(LAST, snapshot([SOLD], taken_at=NOW), NOW)])
    assert "a fault of ours" in one.results[0].note
