"""Two policies that do the same: told of once, at the later one, and only where an account may be watched by both."""

import pytest

from engine.policy.findings import Finding
from engine.policy.load import Source, load
from tests.policy.toy import CATALOGUE, LATER

EXIT = "confirm: at once\non_unknown: wait\nonce: per account per day\nthen: [{square_off: all}]\n"
VALUES = "loss_limit: 10k\n"


def policy(name: str, when: str = "loss >= loss_limit", accounts: str = "all", more: str = EXIT) -> Source:
    text = f"policy: {name}\ntitle: t\nseverity: info\naccounts: {accounts}\nwhen: {when}\nbecause: b\n{more}"
    return Source(f"{name}.yaml", text.encode())


def found(*sources: Source) -> list[Finding]:
    return list(load([*sources, Source("values.yaml", VALUES.encode())], CATALOGUE, LATER).findings)


def test_two_that_do_the_same_are_told_of_at_the_later_one() -> None:
    (one,) = found(policy("a"), policy("b"))
    assert (one.code, one.place.file, one.place.line) == ("duplicate-rule", "b.yaml", 1)
    assert "'a'" in one.message
    assert "a.yaml:1" in (one.hint or "")


def test_three_are_two_repetitions() -> None:
    assert [one.place.file for one in found(policy("a"), policy("b"), policy("c"))] == ["b.yaml", "c.yaml"]


@pytest.mark.parametrize(
    "other",
    [
        policy("b", when="10k <= loss"),
        policy("b", when="not (loss < 10k)"),
        policy("b", when="{all: [loss >= 10k]}"),
        policy("b", when="loss >= mine", more=f"let: {{mine: loss_limit}}\n{EXIT}"),
        policy("b", accounts="[A1]"),
        policy("b", more=EXIT.replace("[{square_off: all}]", "[{notify: telegram}, {square_off: all}]")),
    ],
)
def test_the_same_said_otherwise(other: Source) -> None:
    assert [one.code for one in found(policy("a"), other)] == ["duplicate-rule"]


@pytest.mark.parametrize(
    "other",
    [
        policy("b", when="loss >= 9k"),
        policy("b", more=EXIT.replace("square_off: all", "square_off: shorts")),
        policy("b", more=f"mode: off\n{EXIT}"),
        policy("b", more=f"during: settled_hours\n{EXIT}"),
    ],
)
def test_another_rule(other: Source) -> None:
    assert found(policy("a"), other) == []


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("[A1, A2]", "[A2, A3]", True),
        ("[A1]", "[A2]", False),
        ("{labels: {desk: nifty}}", "{labels: {desk: sensex}}", False),
        ("{labels: {desk: nifty}}", "{labels: {family: f1}}", True),
        ("{labels: {desk: nifty}}", "all", True),
    ],
)
def test_only_where_an_account_may_be_watched_by_both(first: str, second: str, told: bool) -> None:
    codes = [one.code for one in found(policy("a", accounts=first), policy("b", accounts=second))]
    assert codes == (["duplicate-rule"] if told else [])


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("all", "all", True),
        ("[A1, A2]", "[A2, A1]", True),
        ("[A1, A2]", "[A2, A3]", False),
        ("[A1, A2]", "all", False),
        ("all", "{labels: {family: f1}}", False),
    ],
)
def test_another_group_is_another_sum(first: str, second: str, told: bool) -> None:
    more = "for_each: group\n" + EXIT.replace("per account", "per group")
    both = [policy(name, "group.loss >= 10k", accounts, more) for name, accounts in (("a", first), ("b", second))]
    assert [one.code for one in found(*both)] == (["duplicate-rule"] if told else [])
