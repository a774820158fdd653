"""The blast radius: who passes, who is asked for, whatever the order in which decisions come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.actions.catalogue import ACTIONS
from engine.core.blast import Admission, Passage, Reached, admit
from engine.core.decide import Decision
from engine.domain.enums import Mode
from engine.policy.program import ActionCall, BlastRadius
from tests.core.test_rule_state import START

TWO = BlastRadius(2, None, timedelta(minutes=5))
EXIT = (ActionCall("notify", {"channels": ("call",)}, ""), ActionCall("square_off", {"scope": "all"}, ""))


def decided(account: str, seconds: int = 0, **changes: object) -> Decision:
    at = START + timedelta(seconds=seconds)
    made = Decision("kill", account, None, "2026-11-23", 1, Mode.ENFORCE, at, EXIT, None, "")
    return replace(made, **changes)


def passages(admissions: Sequence[Admission]) -> list[tuple[str, str]]:
    return [(one.decision.account, one.passage.value) for one in admissions]


def test_more_accounts_than_allowed_are_asked_about() -> None:
    found, _ = admit([decided("A3"), decided("A1"), decided("A2"), decided("A4", 1)], TWO, 20)
    assert passages(found) == [("A1", "pass"), ("A2", "pass"), ("A3", "ask"), ("A4", "ask")]
    assert [(one.account_number, one.most) for one in found] == [(1, 2), (2, 2), (3, 2), (4, 2)]


def test_an_account_counts_once_however_many_rows_of_it_act() -> None:
    found, reached = admit([decided("A1", row="a"), decided("A1", row="b"), decided("A2", 1, row="a")], TWO, 20)
    assert passages(found) == [("A1", "pass"), ("A1", "pass"), ("A2", "pass")]
    assert [one.account for one in reached] == ["A1", "A2"]


def test_an_account_keeps_its_place_within_the_window() -> None:
    _, reached = admit([decided("A1"), decided("A2"), decided("A3")], TWO, 20)
    found, _ = admit([decided("A3", 60), decided("A1", 60)], TWO, 20, reached)
    assert passages(found) == [("A1", "pass"), ("A3", "ask")]


@pytest.mark.parametrize(("seconds", "passage"), [(299, "ask"), (300, "pass")])
def test_what_lies_before_the_window_does_not_count(seconds: int, passage: str) -> None:
    _, reached = admit([decided("A1"), decided("A2")], TWO, 20)
    assert passages(admit([decided("A3", seconds)], TWO, 20, reached)[0]) == [("A3", passage)]


def test_a_dry_run_uses_up_nothing_of_what_is_enforced() -> None:
    tried = [decided("A1", mode=Mode.DRY_RUN), decided("A2", mode=Mode.DRY_RUN)]
    found, _ = admit([*tried, decided("A3", 1), decided("A4", 1), decided("A5", 1)], TWO, 20)
    assert passages(found)[2:] == [("A3", "pass"), ("A4", "pass"), ("A5", "ask")]


def test_what_only_tells_or_blocks_is_not_counted() -> None:
    calls = (ActionCall("notify", {"channels": ("call",)}, ""), ActionCall("block_entries", {}, ""))
    told = [decided(f"A{number}", actions=calls) for number in range(9)]
    found, reached = admit([*told, decided("B1", 1), decided("B2", 1)], TWO, 20)
    assert {one.passage for one in found} == {Passage.PASS}
    assert [one.account for one in reached] == ["B1", "B2"]


def test_only_what_adds_risk_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "engine.policy.program.ACTIONS", {**ACTIONS, "buy": replace(ACTIONS["square_off"], adds_risk=True)}
    )
    calls = (ActionCall("buy", {}, ""),)
    found, _ = admit([decided(f"A{number}", actions=calls) for number in (1, 2, 3)], TWO, 20)
    assert [one.passage for one in found] == [Passage.PASS, Passage.PASS, Passage.STOP]


@pytest.mark.parametrize(
    ("share", "watched", "most"),
    [("25", 20, 5), ("25", 7, 1), ("25", 3, 1), ("12.5", 16, 2), ("100", 9, 9), ("1", 0, 1)],
)
def test_a_share_of_the_watched_accounts_is_at_least_one(share: str, watched: int, most: int) -> None:
    assert BlastRadius(None, Decimal(share), timedelta(minutes=5)).most(watched) == most


DECISIONS = st.lists(
    st.builds(
        decided,
        st.sampled_from(["A1", "A2", "A3", "A4"]),
        st.integers(0, 400),
        row=st.sampled_from([None, "a", "b"]),
        mode=st.sampled_from([Mode.ENFORCE, Mode.DRY_RUN]),
    ),
    max_size=8,
    unique_by=lambda one: (one.account, one.decided_at, one.row),
)


@given(DECISIONS, st.randoms(use_true_random=False))
def test_the_order_in_which_decisions_come_is_no_matter(decisions: list[Decision], random: object) -> None:
    shuffled = sorted(decisions, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert admit(shuffled, TWO, 20) == admit(decisions, TWO, 20)


@given(DECISIONS)
def test_no_decision_is_lost_and_no_more_accounts_pass_than_allowed(decisions: list[Decision]) -> None:
    found, _ = admit(decisions, TWO, 20)
    assert sorted(one.decision.key for one in found) == sorted(one.key for one in decisions)
    assert all(one.passage is not Passage.STOP for one in found)
    for one in found:
        within = {
            other.decision.account
            for other in found
            if other.passage is Passage.PASS
            and other.decision.mode is one.decision.mode
            and _is_near(other.decision.decided_at, one.decision.decided_at)
        }
        assert len(within) <= 2 * TWO.most(20)


def _is_near(one: datetime, other: datetime) -> bool:
    return timedelta(0) <= other - one < TWO.within


def test_what_was_reached_is_a_plain_value() -> None:
    assert admit([decided("A1")], TWO, 20)[1] == (Reached("A1", Mode.ENFORCE, START),)
