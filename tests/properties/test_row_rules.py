"""Rules about underlyings and expiries: the generated functions, what is kept and the reference change nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.env import AccountEnv
from engine.core.evaluate import AccountState, evaluate
from engine.domain.enums import InstrumentKind, Right
from engine.domain.instrument import Expiry, Instrument
from engine.domain.snapshot import Snapshot
from engine.policy import meaning, reference
from engine.policy.expression import parse_condition
from engine.policy.load import Source, load
from engine.policy.program import Program
from tests.facts.build import LAST, NOW, d, leg, option, snapshot
from tests.policy.toy import CATALOGUE, LATER, policy, scope

SENTENCES = (
    "any(u.loss >= 1k for u in underlyings)",
    "count(underlyings) >= 2",
    "count(u.short_lots > 1 for u in underlyings) >= 1",
    "sum(u.mtm for u in underlyings if u.short_option_legs > 0) <= -1k",
    "max(u.short_calls for u in underlyings) > 100",
    "min(u.mtm for u in underlyings) < -500",
    "all(u.naked_short_legs == 0 for u in underlyings)",
    "any(u.name == 'NIFTY' and u.open_positions > 1 for u in underlyings)",
    "any(e.short_premium_now >= 120% of e.short_premium_received for e in expiries if e.short_calls > 0)",
    "any(known(e.date) and e.days_to_expiry <= 1 for e in expiries)",
    "count(expiries) > 1 and any(a.id == 'A1' for a in accounts)",
)
RULES = (
    ("underlying", "underlying.loss >= 1k", "underlying.short_lots > 0"),
    ("underlying", "underlying.short_option_legs > 0", None),
    ("expiry", "expiry.short_premium_now > 10k", "expiry.short_calls > 0 and expiry.short_puts > 0"),
    ("account", "loss >= 1k", None),
)


def program() -> Program:
    rules = [(f"p{i}", text, "") for i, text in enumerate(SENTENCES)]
    for i, (row, when, where) in enumerate(RULES):
        rules.append((f"r{i}", when, f"for_each: {row}\n" + (f"where: {where}\n" if where else "")))
    texts = {
        name: policy(f'"{when}"', then="block_entries", more=more).replace("a-rule", name, 1)
        for name, when, more in rules
    }
    return load([Source(f"{name}.yaml", text.encode()) for name, text in texts.items()], CATALOGUE, LATER).require()


PROGRAM = program()
contracts = st.one_of(
    st.builds(
        option,
        st.sampled_from([24000, 24500]),
        st.sampled_from([Right.CALL, Right.PUT, None]),
        underlying=st.sampled_from(["NIFTY", "SENSEX", None]),
        expiry=st.sampled_from([Expiry(2026, 11, 24), Expiry(2026, 12, 1), Expiry(2026, 11, 99), None]),
        lot=st.sampled_from([75, None]),
    ),
    st.just(Instrument("NFO", "ODD", InstrumentKind.OTHER)),
)
trades = st.sampled_from([(0, 0), (75, 100), (150, 90)])
legs = st.builds(
    lambda contract, bought, sold, last: leg(contract, bought=bought, sold=sold, last=last),
    contracts, trades, trades, st.sampled_from([None, 80, 120]),
)  # fmt: skip
books = st.lists(legs, max_size=5, unique_by=lambda one: one.key)


@st.composite
def days(draw: st.DrawFn) -> list[Snapshot]:
    """Readings two seconds apart: another book, or the same with other prices, or quite the same."""
    rows: list[Any] = draw(books)
    found = []
    for second in range(0, 8, 2):
        match draw(st.sampled_from(["same", "prices", "book"])):
            case "prices":
                rows = [replace(one, last_price=draw(st.sampled_from([None, d(80), d(120)]))) for one in rows]
            case "book":
                rows = draw(books)
        found.append(snapshot(rows, taken_at=NOW + timedelta(seconds=second)))
    return found


@settings(max_examples=150, deadline=None)
@given(days())
def test_neither_the_generated_functions_nor_what_is_kept_change_anything(day: list[Snapshot]) -> None:
    slow, fresh = replace(PROGRAM, by_tree=True), AccountState()
    for reading in day:
        quick = evaluate(PROGRAM, LAST, reading, fresh, reading.taken_at)
        by_tree = evaluate(slow, LAST, reading, replace(fresh, views=None), reading.taken_at)
        assert quick.next_state == by_tree.next_state
        assert quick.results == by_tree.results
        fresh = quick.next_state


@settings(max_examples=150, deadline=None)
@given(books)
def test_the_reference_interpreter_says_the_same(rows: list[Any]) -> None:
    reading = snapshot(rows)
    seen = evaluate(PROGRAM, LAST, reading, AccountState(), NOW).view
    env = AccountEnv(seen, CATALOGUE, {})
    for text in SENTENCES:
        meant = meaning.evaluate(parse_condition(text, scope()), env, {}, text).truth
        assert meaning.truth_of(reference.interpret(text, env)) is meant, text
