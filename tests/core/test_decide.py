"""Decisions: keys that never change, latches that carry the mode and give way when they are rearmed."""

from dataclasses import replace
from datetime import date

import pytest

from engine.core.decide import Decision, latch_of, period_of
from engine.domain.enums import Mode
from engine.domain.latch import Latch
from engine.policy.program import Once, Policy
from tests.core.test_rule_state import START
from tests.policy.toy import loaded, policy

MONDAY = date(2026, 11, 23)
RULE = loaded(policy(more="once: per account per day\nwas: old-rule\n")).require().policies[0]
DECISION = Decision("a-rule", "A1", None, "2026-11-23", 1, Mode.ENFORCE, START, (), None, "for a test")


def once(scope: str, period: str = "") -> Policy:
    return replace(RULE, once=Once(scope, period))


def test_the_key_of_a_decision_never_changes() -> None:
    # Journals hold this key: another one would let a rule act twice after an update.
    assert DECISION.key == "a5a5dadf4c56663b3b4888f3376934464cec5a9904b6cdfdf9158822bc8a2c11"


@pytest.mark.parametrize(
    "change",
    [
        {"policy": "b-rule"},
        {"account": "A2"},
        {"row": "NFO:X:NRML:1"},
        {"period": "2026-11-24"},
        {"episode": 2},
        {"mode": Mode.DRY_RUN},
    ],
)
def test_each_part_of_the_key_counts(change: dict[str, object]) -> None:
    assert replace(DECISION, **change).key != DECISION.key


def test_what_is_no_part_of_the_key_does_not_count() -> None:
    assert replace(DECISION, because="other words", latch=Latch("x", "y", "z", Mode.ENFORCE)).key == DECISION.key


def test_parts_cannot_run_into_each_other() -> None:
    assert replace(DECISION, policy="a", account="b-c").key != replace(DECISION, policy="a-b", account="c").key
    assert replace(DECISION, row=None).key != replace(DECISION, row="").key


@pytest.mark.parametrize(
    ("latch", "period"),
    [
        (None, "2026-11-23"),
        (Once("account", "day"), "2026-11-23"),
        (Once("account", "week"), "2026-W48"),
        (Once("order"), ""),
        (Once("episode"), "2026-11-23"),
    ],
)
def test_the_period_of_a_latch(latch: Once | None, period: str) -> None:
    assert period_of(latch, MONDAY) == period


def test_a_week_is_the_iso_week_over_the_turn_of_the_year() -> None:
    week = Once("account", "week")
    assert period_of(week, date(2026, 12, 31)) == period_of(week, date(2027, 1, 1)) == "2026-W53"
    assert period_of(week, date(2027, 1, 4)) == "2027-W01"


def test_a_latch_is_of_the_row_or_else_of_the_account_and_carries_the_mode() -> None:
    assert latch_of(once("account", "day"), "A1", None, MONDAY, Mode.ENFORCE) == Latch(
        "a-rule", "A1", "2026-11-23", Mode.ENFORCE
    )
    assert latch_of(once("position", "day"), "A1", "X", MONDAY, Mode.DRY_RUN) == Latch(
        "a-rule", "X", "2026-11-23", Mode.DRY_RUN
    )
    assert latch_of(once("episode"), "A1", None, MONDAY, Mode.ENFORCE) is None
    assert latch_of(replace(RULE, once=None), "A1", None, MONDAY, Mode.ENFORCE) is None


def test_a_latch_that_was_rearmed_gives_way_to_the_next() -> None:
    first = latch_of(RULE, "A1", None, MONDAY, Mode.ENFORCE)
    assert first is not None
    second = latch_of(RULE, "A1", None, MONDAY, Mode.ENFORCE, frozenset({first}))
    assert second == replace(first, arm=1)
    assert latch_of(RULE, "A1", None, MONDAY, Mode.ENFORCE, frozenset({first, second})) == replace(first, arm=2)
    assert latch_of(RULE, "A1", None, MONDAY, Mode.DRY_RUN, frozenset({first})) == replace(first, mode=Mode.DRY_RUN)


def test_a_decision_after_rearming_has_a_key_of_its_own() -> None:
    latch = Latch("a-rule", "A1", "2026-W48", Mode.ENFORCE)
    assert replace(DECISION, latch=latch).key == DECISION.key
    assert replace(DECISION, latch=replace(latch, arm=1)).key != DECISION.key
