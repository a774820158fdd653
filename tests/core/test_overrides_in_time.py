"""What an account does differently holds for it, for the policy it names and until its day; for nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.overrides import Override, settings_of
from engine.policy.program import Program
from engine.runtime.calendars import calendar_for
from engine.runtime.snapshot_file import parse_snapshot
from tests.policy.toy import CATALOGUE, LATER, Source, load, policy, scope

VALUES = "limit: 10k\nmost: 0\nhalf: 50% of limit\n"
ORDINARY = "confirm: at once\nduring: market_hours\n"
FILES = {
    "loss": policy("loss >= limit", then="block_entries", more=ORDINARY),
    "half": policy("loss >= half", then="block_entries", more=ORDINARY),
    "own": policy("loss >= line", then="block_entries", more=f"let: {{line: 9k}}\n{ORDINARY}"),
    "same": policy("loss >= line", then="block_entries", more=f"let: {{line: 9k}}\n{ORDINARY}"),
    "book": policy(
        "any(p.loss >= line for p in positions)", then="block_entries", more=f"let: {{line: 9k}}\n{ORDINARY}"
    ),
}
DAY = datetime(2026, 11, 18, 5, tzinfo=UTC)
BOOK = """\
account: {id}
taken_at: {at}
positions:
  - {{symbol: SENSEX26NOV85000CE, sold: [500, 100], last_price: {price}, lot_size: 20}}
orders: []
fills: []
"""


def program() -> Program:
    sources = [Source(f"{name}.yaml", text.replace("a-rule", name).encode()) for name, text in FILES.items()]
    return load([*sources, Source("values.yaml", VALUES.encode())], CATALOGUE, LATER).require()


PROGRAM = program()


def account(*overrides: Override, name: str = "A1") -> Account:
    own = settings_of(overrides)
    plain = Account(name, calendar=calendar_for("NSE"), modes={})
    return replace(plain, values=own.values, modes=own.modes, lets=own.lets, overrides=overrides)


def seen(one: Account, loss: int, now: datetime = DAY) -> Evaluation:
    local = now.astimezone(one.zone).isoformat()
    text = BOOK.format(id=one.id, at=local, price=100 + loss // 500)
    evaluation = evaluate(PROGRAM, one, parse_snapshot(text, "reading.yaml"), AccountState(), now)
    by_tree = evaluate(replace(PROGRAM, by_tree=True), one, parse_snapshot(text, "reading.yaml"), AccountState(), now)
    assert told(evaluation) == told(by_tree)
    return evaluation


def told(evaluation: Evaluation) -> dict[str, Any]:
    return {one.policy.name: (one.verdict, one.condition, one.mode, one.because) for one in evaluation.results}


def value(text: str) -> Any:
    return scope(f"x: {text}\n").values["x"]


def test_a_value_of_a_policy_s_own_differs_for_that_policy_only() -> None:
    plain, own = seen(account(), 7_000), seen(account(Override("own", "line", value("6k"))), 7_000)
    changed = {name for name in FILES if told(plain)[name] != told(own)[name]}
    assert changed == {"own"}
    assert own.true == {"half", "own"}


def test_a_desk_value_that_differs_reaches_what_is_made_of_it() -> None:
    assert seen(account(Override("", "limit", value("6k"))), 3_500).true == {"half"}


@pytest.mark.parametrize(("days", "fires"), [(0, True), (1, True), (2, False)])
def test_the_last_day_is_one_of_those_on_which_it_holds(days: int, fires: bool) -> None:
    own = account(Override("own", "line", value("6k"), until=date(2026, 11, 19), reason="a try"))
    assert ("own" in seen(own, 7_000, DAY + timedelta(days=days)).true) is fires


def test_an_ended_one_gives_way_to_the_one_before_it() -> None:
    own = account(Override("", "limit", value("8k")), Override("", "limit", value("6k"), until=date(2026, 11, 17)))
    assert "loss" not in seen(own, 7_000).true
    assert "loss" in seen(own, 8_000).true


def test_the_account_of_a_day_is_the_same_object_on_the_same_day() -> None:
    own = account(Override("", "limit", value("8k"), until=date(2026, 11, 17)))
    assert own.on(date(2026, 11, 17)) is own
    assert own.on(date(2026, 11, 18)) is own.on(date(2026, 12, 1))


SETTINGS = st.one_of(
    st.tuples(
        st.just(""), st.sampled_from(["limit", "half"]), st.sampled_from(["1k", "6k", "2% of capital"]).map(value)
    ),
    st.tuples(
        st.sampled_from(["own", "same", "book"]), st.just("line"), st.sampled_from(["1k", "6k", "20k"]).map(value)
    ),
    st.tuples(st.sampled_from(tuple(FILES)), st.just(""), st.sampled_from(Mode)),
)
UNTIL = st.sampled_from([None, date(2026, 11, 17), date(2026, 11, 18)])


@given(SETTINGS, UNTIL, st.sampled_from([0, 500, 3_500, 6_500, 9_500, 25_000]))
def test_an_override_never_acts_wider_than_its_scope(
    setting: tuple[str, str, Any], until: date | None, loss: int
) -> None:
    override = Override(*setting, until=until)
    before, other = told(seen(account(), loss)), told(seen(account(name="B1"), loss))
    after = told(seen(account(override), loss))
    assert told(seen(account(name="B1"), loss)) == other
    touched = {override.policy} if override.policy else {"loss", "half"}
    assert {name for name in FILES if after[name] != before[name]} <= (
        touched if override.holds_on(DAY.date()) else set()
    )
