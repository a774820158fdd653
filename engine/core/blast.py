"""
Between decision and action: on how many accounts one policy acts at once.

What a policy decides for an account is never lost here. An exit beyond the radius is asked about and then goes on;
only what adds risk is stopped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from engine.core.decide import Decision
from engine.domain.enums import Mode
from engine.policy.program import BlastRadius

# How long an exit beyond the radius waits for an answer before it goes on.
ASKED_FOR: Final = timedelta(seconds=10)


class Passage(Enum):
    """What becomes of a decision: it passes, a person is asked first, or it is stopped."""

    PASS = "pass"
    ASK = "ask"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Reached:
    """An account on which a policy has acted, under a mode, and when it first did within the window."""

    account: str
    mode: Mode
    at: datetime


@dataclass(frozen=True, slots=True)
class Admission:
    """One decision's passage: its account is the policy's `account_number`th of at most `most` within the window."""

    decision: Decision
    passage: Passage
    account_number: int
    most: int


def admit(
    decisions: Iterable[Decision], radius: BlastRadius, watched: int, reached: tuple[Reached, ...] = ()
) -> tuple[tuple[Admission, ...], tuple[Reached, ...]]:
    """
    Return what becomes of one policy's decisions on any accounts, in the order of time, and whom it has reached now.

    The order in which they are given does not matter: of decisions at one instant the accounts' names decide. What only
    tells or blocks is not counted and passes. Modes are counted apart, so that a dry run uses up nothing.
    watched: how many accounts the policy watches. reached: what an earlier call has returned.
    """
    most = radius.most(watched)
    admissions: list[Admission] = []
    for decision in sorted(decisions, key=lambda one: (one.decided_at, one.account, one.row or "")):
        if not any(call.spec.irrevocable for call in decision.actions):
            admissions.append(Admission(decision, Passage.PASS, 0, most))
            continue
        reached = tuple(one for one in reached if decision.decided_at - one.at < radius.within)
        of_mode = [one.account for one in reached if one.mode is decision.mode]
        if decision.account not in of_mode:
            reached = (*reached, Reached(decision.account, decision.mode, decision.decided_at))
            of_mode.append(decision.account)
        number = of_mode.index(decision.account) + 1
        admissions.append(Admission(decision, _passage(decision, is_over=number > most), number, most))
    return tuple(admissions), reached


def _passage(decision: Decision, *, is_over: bool) -> Passage:
    if not is_over:
        return Passage.PASS
    return Passage.STOP if any(call.spec.adds_risk for call in decision.actions) else Passage.ASK
