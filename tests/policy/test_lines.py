"""Lines say only what is true of every number: what implies, what excludes, whichever way a comparison is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.policy import ir
from engine.policy.expression import parse_condition
from engine.policy.lines import Line, Reader
from engine.policy.meaning import evaluate
from tests.policy.toy import CATALOGUE, World, scope

VALUES = "loss_limit: 10,000 INR\nbare_limit: 7k\nshare: 60%\nhalf: 50% of loss_limit\nof_capital: 2% of capital\n"
SCOPE = scope(VALUES)
READER = Reader(SCOPE.values, CATALOGUE)
LIMITS = ("5k", "7k", "10k", "half", "bare_limit", "loss_limit", "share * loss_limit", "60% of loss_limit")
MINUS = ("-5k", "-7k", "-loss_limit", "-half")
SIGNS = ("<", "<=", ">", ">=")
NUMBERS = st.sampled_from([Decimal(n) for n in (4999, 5000, 5001, 6000, 6999, 7000, 7001, 9999, 10000, 10001)])


def comparisons() -> st.SearchStrategy[str]:
    def written(subject: str, sign: str, limit: str, form: str) -> str:
        return form.format(subject=subject, sign=sign, limit=limit, turned=sign.translate(str.maketrans("<>", "><")))

    forms = st.sampled_from(
        ["{subject} {sign} {limit}", "{limit} {turned} {subject}", "not ({subject} {sign} {limit})"]
    )
    signs = st.sampled_from(SIGNS)
    plain = st.builds(written, st.just("loss"), signs, st.sampled_from(LIMITS), forms)
    turned = st.builds(written, st.just("mtm"), signs, st.sampled_from(MINUS), forms)
    minus = st.builds(written, st.just("-mtm"), signs, st.sampled_from(LIMITS), forms)
    return plain | turned | minus


def tree(text: str) -> ir.Node:
    return parse_condition(text, SCOPE)


def line(text: str) -> Line:
    (conjunct,) = READER.conjuncts(tree(text))
    assert conjunct.line is not None, text
    return conjunct.line


def holds(text: str, loss: Decimal) -> bool:
    world = World(facts={"loss": loss, "mtm": -loss, "capital": Decimal(500_000)}, values=SCOPE.values)
    return bool(evaluate(tree(text), world, text=text).value)


@given(comparisons(), comparisons(), NUMBERS)
def test_what_is_said_of_two_lines_holds_of_every_number(one: str, two: str, loss: Decimal) -> None:
    first, second = line(one), line(two)
    if first.implies(second) and holds(one, loss):
        assert holds(two, loss), (one, two)
    if first.excludes(second):
        assert not (holds(one, loss) and holds(two, loss)), (one, two)


@given(comparisons(), comparisons())
def test_all_these_meet_and_one_of_three_is_said(one: str, two: str) -> None:
    first, second = line(one), line(two)
    assert first.meets(second)
    assert first.excludes(second) is second.excludes(first)
    if first.is_floor is second.is_floor:
        assert first.implies(second) or second.implies(first)
    assert (first.words == second.words) is (first.implies(second) and second.implies(first))


@pytest.mark.parametrize(
    ("one", "two", "meet"),
    [
        ("loss >= 2% of capital", "loss >= 3% of capital", True),
        ("loss >= of_capital", "loss >= 3% of capital", True),
        ("loss >= 2% of capital", "loss >= 10k", False),
        ("loss >= 2% of capital", "loss >= 2% of margin_used", False),
        ("mtm >= 2% of mtm_peak", "mtm >= 3% of mtm_peak", True),
        ("drawdown >= 2% of mtm", "drawdown >= 3% of mtm", False),
        ("loss >= 5k", "drawdown >= 5k", False),
        ("loss + drawdown >= 5k", "loss + drawdown >= 6k", True),
    ],
)
def test_which_lines_can_be_compared(one: str, two: str, meet: bool) -> None:
    def of(text: str) -> Line | None:
        return READER.conjuncts(tree(text))[0].line

    first, second = of(one), of(two)
    assert (first is not None and second is not None and first.meets(second)) is meet
