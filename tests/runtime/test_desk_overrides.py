"""What an account does differently, as its desk file says it: accepted, guarded, ended."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.domain.account import Account
from engine.policy.findings import Finding, Report
from engine.policy.load import Source, load
from engine.policy.program import Program
from engine.runtime.desk import compile_desk, parse_desk
from tests.policy.toy import CATALOGUE, LATER, policy

NOW = datetime(2026, 11, 18, 5, tzinfo=UTC)
VALUES = (
    "limit: 10k\nfloor: 150% of limit\nprofit_at: 20k\nmost: 40\nshare: 2% of capital\nfree: 5k\nleft: 1k\n"
    "together: 50k\nedge: 3k\n"
    "by_day: {default: 10k, cases: [{if: weekday == TUE, use: 8k}]}\n"
)
FILES = {
    "loss": policy("loss >= limit", more="clear_when: loss <= 70% of limit\n"),
    "deep": policy("{all: [drawdown > floor, not (loss < limit)]}"),
    "rows": policy("any(p.loss >= 40% of limit for p in positions if p.is_short)"),
    "blind": policy("not known(loss >= limit)"),
    "gain": policy("profit >= profit_at"),
    "count": policy("open_positions > most"),
    "funds": policy("loss >= share"),
    "days": policy("loss >= by_day"),
    "cased": policy(
        "loss >= line", more="let: {line: {default: limit, cases: [{if: weekday == TUE, use: 80% of limit}]}}\n"
    ),
    "signed": policy("mtm <= -limit"),
    "chosen": policy("loss >= line", more="let: {line: {default: 9k, cases: [{if: loss >= edge, use: 4k}]}}\n"),
    "twice": policy("{any: [loss >= free, profit >= free]}"),
    "turned": policy("loss >= 200 and not (loss >= left)"),
    "own": policy("loss >= line", more="let: {line: 5k}\n"),
    "family": policy("group.loss >= together or group.loss >= 3 * limit", more="for_each: group\n"),
    "must": policy("loss >= line", more="let: {line: 5k}\nrequired: yes\nmode: enforce\n"),
}
TERM = "until: 2026-12-31, reason: a try"


def program() -> Program:
    sources = [Source(f"{name}.yaml", text.replace("a-rule", name).encode()) for name, text in FILES.items()]
    return load([*sources, Source("values.yaml", VALUES.encode())], CATALOGUE, LATER).program


PROGRAM = program()


def read(folder: Path, account: str) -> tuple[Account, tuple[Finding, ...]]:
    (folder / "rekha.yaml").write_text(f"accounts:\n  A1: {account}\n", encoding="utf-8")
    report = Report()
    desk = compile_desk(parse_desk(str(folder), report), PROGRAM, report, whole=True, now=NOW)
    return desk.accounts["A1"], report.sorted()


def test_the_policies_of_these_tests_are_all_sound() -> None:
    assert {one.name for one in PROGRAM.policies} == set(FILES)


@pytest.mark.parametrize(
    "account",
    [
        "{values: {limit: 8k}}",
        "{values: {limit: 10k}}",
        "{values: {by_day: 8k}}",
        "{values: {by_day: {default: 8k, cases: [{if: weekday == TUE, use: 5k}]}}}",
        "{policies: {own: {let: {line: 4k}}}}",
        "{policies: {own: {mode: enforce}}}",
        "{policies: {must: {let: {line: 4k}}}}",
        f"{{values: {{limit: {{use: 50k, {TERM}}}}}}}",
        f"{{policies: {{own: {{mode: off, let: {{line: 9k}}, {TERM}}}}}}}",
        f"{{policies: {{own: {{let: {{line: {{use: 9k, {TERM}}}}}}}}}}}",
    ],
)
def test_what_is_plainly_tighter_or_says_until_when_and_why_holds(tmp_path: Path, account: str) -> None:
    own, found = read(tmp_path, account)
    assert found == ()
    assert own.overrides
    assert own.at(NOW) is own


@pytest.mark.parametrize(
    ("account", "code", "told"),
    [
        ("{values: {limit: 12k}}", "loose-override", "it is larger; add until: and reason:"),
        ("{values: {limit: {use: 12k, until: 2026-12-31}}}", "loose-override", "it is larger; add reason:"),
        ("{values: {limit: {use: 12k, reason: a try}}}", "loose-override", "it is larger; add until:"),
        ("{values: {limit: 2% of capital}}", "loose-override", "not a fixed amount"),
        ("{values: {share: 1k}}", "loose-override", "not a fixed amount"),
        ("{values: {by_day: 9k}}", "loose-override", "it is larger"),
        ("{values: {profit_at: 10k}}", "loose-override", "gain does not only compare a loss with it"),
        ("{values: {most: 20}}", "loose-override", "count does not only compare a loss"),
        ("{values: {free: 4k}}", "loose-override", "twice does not only compare a loss"),
        ("{values: {edge: 2k}}", "loose-override", "chosen does not only compare a loss"),
        ("{values: {left: 900}}", "loose-override", "turned does not only compare a loss"),
        ("{policies: {own: {mode: off}}}", "loose-override", "off does less than dry_run"),
        ("{policies: {own: {let: {line: 9k}}}}", "loose-override", "it is larger"),
        ("{policies: {must: {mode: dry_run}}}", "required-policy", "cannot be weakened"),
        (f"{{policies: {{must: {{let: {{line: 9k}}, {TERM}}}}}}}", "required-policy", "must is required"),
        ("{values: {together: 30k}}", "group-override", "family is about several accounts together"),
        ("{policies: {own: {let: {lin: 4k}}}}", "unknown-value", "did you mean 'line'"),
        ("{policies: {own: {let: {line: 5%}}}}", "type-mismatch", "keeps the kind"),
        ("{policies: {own: {let: {line: -5k}}}}", "fires-without-loss", "flat book"),
        ("{values: {limit: {use: 5k, until: 2026-02-30}}}", "wrong-value", "no day 2026-02-30"),
        ("{policies: {own: {let: {limit: 4k}}}}", "unknown-value", "write it under values:"),
        (f"{{policies: {{own: {{{TERM}}}}}}}", "missing-key", "add mode: or let:"),
        ("{values: {limit: {use: 5k, untill: 2026-12-31}}}", "unknown-key", "did you mean 'until'"),
    ],
)
def test_what_loosens_or_cannot_be_is_refused(tmp_path: Path, account: str, code: str, told: str) -> None:
    own, found = read(tmp_path, account)
    assert [one.code for one in found] == [code]
    assert told in f"{found[0].message}; {found[0].hint}"
    assert code in ("wrong-value", "unknown-key") or not own.overrides


def test_one_that_has_ended_is_told_and_holds_no_more(tmp_path: Path) -> None:
    own, found = read(tmp_path, "{values: {limit: {use: 50k, until: 2026-11-17, reason: a try}}}")
    assert [(one.code, one.level.value) for one in found] == [("override-ended", "warning")]
    assert own.at(NOW).values == {}
    assert set(own.on(date(2026, 11, 17)).values) == {"limit"}


def test_one_of_a_policys_own_values_ends_by_itself(tmp_path: Path) -> None:
    lines = "line: {use: 4k, until: 2026-11-17, reason: a try}"
    own, found = read(tmp_path, f"{{policies: {{own: {{let: {{{lines}}}}}}}}}")
    assert [one.code for one in found] == ["override-ended"]
    assert not own.at(NOW).lets


@pytest.mark.parametrize("keys", ["until: 2026-12-31", "reason: a try", f"ues: 5k, {TERM}"])
@pytest.mark.parametrize("where", ["values: {limit: {%s}}", "policies: {own: {let: {line: {%s}}}}"])
def test_a_term_of_no_value_is_told_of_once(tmp_path: Path, where: str, keys: str) -> None:
    (tmp_path / "rekha.yaml").write_text(f"accounts:\n  A1: {{{where % keys}}}\n", encoding="utf-8")
    report = Report()
    parse_desk(str(tmp_path), report)
    assert [one.code for one in report.sorted()] == ["missing-key"]
    assert "the key 'use' is missing" in report.sorted()[0].message
