"""Rules about groups beside the accounts' own: blocks that end to the instant, rearming where it is meant."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.core.group import GroupEvaluation, GroupState, evaluate_group
from engine.core.group_reading import reading_of
from engine.core.rearm import rearm, rearm_group
from engine.domain.account import Account
from engine.domain.block import Block, Until
from engine.domain.enums import Mode
from engine.facts.catalogue import CATALOGUE
from engine.policy.load import Source, load
from engine.runtime.calendars import calendar_for
from tests.facts.build import NOW, leg, snapshot
from tests.policy.toy import LATER

NSE = calendar_for("NSE")
ACCOUNTS = {
    name: Account(name, calendar=NSE, labels={"family": "no" if name == "A3" else "yes"}) for name in ("A1", "A2", "A3")
}
RULE = """policy: family
title: family
severity: critical
mode: enforce
accounts: {labels: {family: yes}}
for_each: group
when: group.loss >= 5k
confirm: at once
then: [{block_entries: {until: rearmed}}]
because: "{group.parts}"
"""
OTHER = RULE.replace("policy: family", "policy: loner").replace("family: yes", "family: no")
PROGRAM = load([Source("a.yaml", RULE.encode()), Source("b.yaml", OTHER.encode())], CATALOGUE, LATER).require()


def seen(name: str, last: int) -> Evaluation:
    books = replace(snapshot([leg(sold=(75, 100), last=last)]), account=name)
    return evaluate(PROGRAM, ACCOUNTS[name], books, AccountState(), NOW)


def group(ticked: str | None, state: GroupState | None = None) -> GroupEvaluation:
    readings = {name: reading_of(PROGRAM, one, seen(name, 180)) for name, one in ACCOUNTS.items()}
    known = {name: reading for name, reading in readings.items() if reading is not None}
    return evaluate_group(PROGRAM, ACCOUNTS, known, state or GroupState(), NOW, ticked)


@pytest.mark.parametrize(("seconds", "state"), [(1, "REDUCING"), (0, "ACTIVE")])
def test_an_account_no_longer_sees_a_block_of_a_group_whose_time_is_over(seconds: int, state: str) -> None:
    end = NOW + timedelta(seconds=seconds)
    block = Block("family", "A1", None, 1, Mode.ENFORCE, NOW - timedelta(minutes=1), Until.TIME, end)
    evaluation = evaluate(PROGRAM, ACCOUNTS["A1"], snapshot(), AccountState(), NOW, (block,))
    assert CATALOGUE.facts["trading_state"].compute(evaluation.view) == state
    assert evaluation.blocks == ()


def test_rearming_where_the_group_was_not_looked_at_ends_nothing() -> None:
    fired = group("A1")
    assert set(fired.next_state.blocks) == {"A1", "A2"}
    elsewhere = group("A3", fired.next_state)
    done = rearm_group(elsewhere, "family")
    assert done.refusal == "the condition of family is unknown: its accounts were not looked at"
    assert done.state is elsewhere.next_state
    assert rearm_group(group(None, fired.next_state), "family").refusal == "the condition of family is still true"


def test_a_rule_about_a_group_is_not_rearmed_in_one_account_by_itself() -> None:
    evaluation = seen("A1", 180)
    done = rearm(evaluation, "family")
    assert done.refusal == "family is about several accounts together: it is rearmed there"
    assert done.state is evaluation.next_state
