"""An account's own values: of the kind they have in use, in its currency, and harmless in every policy they reach."""

import pytest

from engine.domain.account import Account
from engine.domain.kinds import Kind
from engine.policy import ir
from engine.policy.findings import Finding, Place, Report
from engine.policy.load import Source, load
from engine.policy.overrides import check_currency, compile_overrides
from engine.policy.program import Program
from engine.policy.yaml_text import Mapping, read
from tests.policy.toy import CATALOGUE, LATER, codes, loaded, policy

VALUES = """\
typed: 10,000 INR
bare: 10k
share: 60
unused: 5
cap: 40
half: 50% of typed
rest: 30s
"""
FILES = {
    "loss": policy("loss >= typed"),
    "bare": policy("loss >= bare"),
    "share": policy("loss >= 5k and margin_used_pct > share"),
    "cap": policy("open_positions > cap"),
    "half": policy("loss >= half"),
    "rest": policy("snapshot_age > rest"),
}


def program(values: str = VALUES, currencies: frozenset[str] = frozenset({"INR"}), **files: str) -> Program:
    sources = [Source(f"{name}.yaml", text.replace("a-rule", name).encode()) for name, text in files.items()]
    return load([*sources, Source("values.yaml", values.encode())], CATALOGUE, LATER, currencies).require()


def compiled(text: str, of: Program, currency: str = "INR") -> tuple[dict[str, ir.Node], tuple[Finding, ...]]:
    report = Report()
    node = read(text, "rekha.yaml", report)
    assert isinstance(node, Mapping)
    return compile_overrides(node, of, CATALOGUE, LATER, currency, report), report.sorted()


def refused(text: str, of: Program, currency: str = "INR") -> list[tuple[str, str]]:
    own, found = compiled(text, of, currency)
    assert own == {}
    assert all(finding.place.file == "rekha.yaml" for finding in found)
    return [(finding.code, text.splitlines()[finding.place.line - 1][finding.place.column - 1 :]) for finding in found]


# -- kinds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "override",
    [
        "typed: 5%", "typed: 30s", "typed: 14:45", "bare: 5%", "bare: 30s", "share: 10,000 INR", "cap: 5%", "cap: 2m",
        "half: 3%", "rest: 5%", "rest: 45", "rest: 10k INR", "share: 0.6",
    ],
)  # fmt: skip
def test_another_kind_than_in_use_is_refused_where_it_stands(override: str) -> None:
    assert refused(override, program(**FILES)) == [("type-mismatch", override.split(": ", 1)[1])]


@pytest.mark.parametrize(
    ("override", "kind"),
    [
        ("typed: 5k", Kind.MONEY),
        ("typed: 5,000 INR", Kind.MONEY),
        ("typed: 2% of capital", Kind.MONEY),
        ("bare: 5k", Kind.NUMBER),
        ("bare: 5k INR", Kind.MONEY),
        ("bare: 2% of capital", Kind.MONEY),
        ("share: 80%", Kind.PERCENT),
        ("cap: 20", Kind.NUMBER),
        ("half: 4k", Kind.MONEY),
        ("half: 30% of typed", Kind.MONEY),
        ("rest: 1m", Kind.DURATION),
        ("unused: 5%", Kind.PERCENT),
    ],
)
def test_the_same_kind_stands(override: str, kind: Kind) -> None:
    own, found = compiled(override, program(**FILES))
    assert found == ()
    assert [node.type.kind for node in own.values()] == [kind]


def test_a_value_used_as_two_kinds_through_a_let_is_told_once() -> None:
    one = program(a=policy("loss >= limit", more="let: {limit: 50% of bare}\n"))
    assert refused("bare: 5%", one) == [("type-mismatch", "5%")]


@pytest.mark.parametrize("override", ["typed: 50% of typed", "typed: 200% of half", "typed: 2 * bare"])
def test_a_value_is_made_of_those_before_it_only(override: str) -> None:
    assert refused(override, program(**FILES)) == [("bad-value", override.split(": ", 1)[1])]


# -- what fires on nothing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "override", "code"),
    [
        pytest.param(policy("loss >= typed"), "typed: -5k INR", "fires-without-loss", id="directly"),
        pytest.param(policy("loss >= typed"), "typed: -5k", "fires-without-loss", id="bare"),
        pytest.param(policy("mtm <= typed"), "typed: 5k", "fires-without-loss", id="positive"),
        pytest.param(
            policy("loss >= limit", more="let: {limit: 50% of typed}\n"), "typed: -5k", "fires-without-loss", id="let"
        ),
        pytest.param(policy("loss >= half"), "typed: -5k", "fires-without-loss", id="desk-value"),
        pytest.param(policy("open_positions > cap"), "cap: -1", "always-true", id="no-loss"),
        pytest.param(policy("open_positions < cap"), "cap: 0", "impossible", id="never"),
        pytest.param(
            policy("position.loss >= 5k", more="for_each: position\nwhere: position.loss >= half\n"),
            "typed: -5k",
            "always-true",
            id="where",
        ),
        pytest.param(policy(more="clear_when: loss < half\n"), "half: -5k", "impossible", id="clear_when"),
        pytest.param(
            policy(more="confirm: {samples: 2, at_once_beyond: 200% of typed}\n"),
            "typed: 0",
            "always-true",
            id="at_once_beyond",
        ),
        pytest.param(
            policy("loss >= 5k", then="square_off: {where: position.loss >= half}\nconfirm: at once\non_unknown: wait\n"
                   "once: per account per day"),
            "half: -1",
            "always-true",
            id="rows-to-act-on",
        ),
    ],
)  # fmt: skip
def test_a_policy_that_would_fire_on_nothing_is_told_at_the_override(text: str, override: str, code: str) -> None:
    values = VALUES.replace("typed: 10,000 INR", "typed: -10,000 INR") if "mtm" in text else VALUES
    text = text.replace("loss >= loss_limit", "loss >= 5k")
    assert refused(override, program(values, a=text)) == [(code, override.split(": ", 1)[1])]


def test_it_is_the_whole_set_of_an_accounts_values_that_counts() -> None:
    two = program("floor: 5k INR\nlimit: 10k INR\n", a=policy("loss >= limit - floor"))
    assert refused("floor: 20k INR", two) == [("fires-without-loss", "20k INR")]
    own, found = compiled("floor: 20k INR\nlimit: 30k INR", two)
    assert (list(own), found) == (["floor", "limit"], ())


def test_the_value_that_does_it_alone_is_the_one_that_is_told_of() -> None:
    two = program("low: 5k INR\nhigh: 10k INR\n", a=policy("loss >= low or loss >= high"))
    own, found = compiled("low: 6k\nhigh: -1k", two)
    assert list(own) == ["low"]
    assert [(finding.code, finding.place.line) for finding in found] == [("fires-without-loss", 2)]


def test_a_value_is_told_of_once_however_many_policies_it_breaks() -> None:
    both = program(a=policy("loss >= typed"), b=policy("drawdown >= typed"))
    assert refused("typed: -5k", both) == [("fires-without-loss", "-5k")]


def test_a_line_that_every_loss_is_beyond_is_refused_in_the_policy_too() -> None:
    assert codes(loaded(policy(more="confirm: {samples: 2, at_once_beyond: -5k}\n"))) == ["always-true"]
    assert codes(loaded(policy(more="confirm: {samples: 2, at_once_beyond: 20k}\n"))) == []


# -- currencies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (policy("loss >= 10k USD"), "loss_limit: 10k\n"),
        (policy("mtm <= -10k USD"), "loss_limit: 10k\n"),
        (policy("loss >= 5k INR and profit < 10k USD"), "loss_limit: 10k\n"),
        (policy(), "loss_limit: 10,000 USD\n"),
        (policy(), "loss_limit: 10,000 INR\nother: 5 EUR\n"),
        (policy("loss >= limit", more="let: {limit: 10k USD}\n"), "loss_limit: 10k\n"),
        (policy(more="confirm: {samples: 2, at_once_beyond: 20k USD}\n"), "loss_limit: 10k\n"),
        (policy(more="examples: [{given: {loss: 12k USD}, expect: true}]\n"), "loss_limit: 10k\n"),
        (policy().replace("for a test", '"{loss - 5k USD}"'), "loss_limit: 10k\n"),
    ],
)
def test_without_a_desk_every_amount_is_in_rupees(text: str, values: str) -> None:
    assert codes(loaded(text, values)) == ["wrong-currency"]


def test_the_caret_is_under_the_amount() -> None:
    (found,) = loaded(policy("loss >= 10k USD")).findings
    assert (found.place.column, found.place.length) == (15, 7)
    assert found.message == "10k USD is not in INR, the currency of the accounts"


def test_a_desk_in_dollars_says_dollars() -> None:
    dollars = program("limit: 10k USD\n", frozenset({"USD"}), a=policy("loss >= limit"))
    report = Report()
    check_currency(Account("A1", currency="USD"), dollars, Place("rekha.yaml"), report)
    assert report.sorted() == ()
    assert refused("limit: 5k INR", dollars, "USD") == [("wrong-currency", "5k INR")]
    assert compiled("limit: 5k USD", dollars, "USD")[1] == ()


def test_an_account_is_in_the_currency_of_the_policies_that_watch_it() -> None:
    rupees = policy("loss >= half", more="let: {half: 50% of limit}\n").replace("accounts: all", "accounts: [I1]")
    mixed = program(
        "limit: 10k INR\n",
        frozenset({"INR", "USD"}),
        a=rupees,
        b=policy("loss >= 5k USD").replace("accounts: all", "accounts: {labels: {book: us}}"),
    )
    accounts = {
        "I1": Account("I1"),
        "I2": Account("I2", labels={"book": "us"}),
        "U1": Account("U1", currency="USD", labels={"book": "us"}),
        "U2": Account("U2", currency="USD"),
    }
    told = {}
    for name, account in accounts.items():
        report = Report()
        check_currency(account, mixed, Place("rekha.yaml"), report)
        told[name] = [finding.message for finding in report.sorted()]
    assert told == {"I1": [], "I2": ["I2 is in INR, and b goes by 5k USD"], "U1": [], "U2": []}
    report = Report()
    check_currency(Account("I1", currency="USD"), mixed, Place("rekha.yaml"), report)
    assert [finding.message for finding in report.sorted()] == ["I1 is in USD, and a goes by 10k INR"]
