"""Where one policy stands for one row at one slot; its reasons and words are worked out when somebody asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.actions.targets import Targets
from engine.core.because import action_words, render_because
from engine.core.decide import Decision
from engine.core.distance import Distance, distances
from engine.core.env import AccountEnv
from engine.core.exits import exits_of
from engine.core.rule_state import Step
from engine.domain.enums import Mode, Verdict
from engine.domain.kinds import BOOL
from engine.domain.truth import Truth
from engine.domain.values import unknown
from engine.policy import meaning
from engine.policy.meaning import Trace
from engine.policy.program import Policy


@dataclass(frozen=True, slots=True)
class Case:
    """One policy on one account: its mode in force and where its names get their values."""

    policy: Policy
    mode: Mode
    env: AccountEnv


@dataclass(frozen=True, slots=True)
class Row:
    """One row the policy is about: its key and what its variable stands for; key None is the account itself."""

    key: str | None
    bound: Mapping[str, Any]
    where: Trace | None = None


@dataclass(frozen=True)
class Judged:
    """A policy and row, and the reasons for what was found of them. told: a trace that stands instead of `when`'s."""

    case: Case
    row: Row
    told: Trace | None = None

    @cached_property
    def trace(self) -> Trace:
        """The condition by the tree evaluator."""
        if self.told is not None:
            return self.told
        where = self.row.where
        trace = meaning.evaluate(self.case.policy.when, self.case.env, self.row.bound)
        if where is not None and where.truth is Truth.UNKNOWN and trace.truth is not Truth.FALSE:
            doubt = unknown("whether the rule is about this row is unknown")
            return Trace("all", "where", doubt, BOOL, (where, trace))
        return trace


@dataclass(frozen=True)
class Result:
    """
    Where one policy stands for one row at this slot.

    row: None without for_each. verdict: None for an `off` policy. condition: of `when` at this reading.
    since: start of the pending or firing phase. steps: what this slot asked for. note: why a verdict is not about the
    condition (outside its hours, no rows). is_spokesman: False for a row whose policy speaks for all of them.
    held_back: of a pending rule, LATCHED or COOLING when it would not act even if it were confirmed now.
    """

    policy: Policy
    row: str | None
    mode: Mode
    verdict: Verdict | None
    condition: Truth
    since: datetime | None = None
    steps: tuple[Step, ...] = ()
    note: str = ""
    decision: Decision | None = None
    is_spokesman: bool = True
    held_back: Verdict | None = None
    judged: Judged | None = field(default=None, repr=False, compare=False)

    @property
    def is_acting(self) -> bool:
        """Whether the policy is on here and does more than notify."""
        return self.mode is not Mode.OFF and self.policy.reduces_risk

    @cached_property
    def trace(self) -> Trace | None:
        """The reasons, by the tree evaluator; None where there is no condition to judge."""
        return None if self.judged is None else self.judged.trace

    @cached_property
    def distances(self) -> tuple[Distance, ...]:
        """How far each sentence is from its line."""
        return () if self.trace is None else distances(self.trace)

    @cached_property
    def because(self) -> str | None:
        """The policy's own words when it fires or is about to, else None."""
        if self.judged is None or self.verdict not in (Verdict.FIRES, Verdict.PENDING):
            return None
        return render_because(self.policy, self.judged.case.env, self.judged.row.bound)

    @cached_property
    def would(self) -> tuple[str, ...]:
        """What this slot asked for, in words."""
        if self.judged is None or not self.is_spokesman:
            return ()
        verdict = self.held_back or self.verdict
        return action_words(self.policy, verdict, self.steps, self.judged.case.env.view.account)

    @cached_property
    def exits(self) -> tuple[Targets, ...]:
        """
        The targets of each action of `then` when it fires or is about to, on the book of this reading.

        A rule about a group has read no book: see `engine.core.together.exits_in`.
        """
        return () if self.judged is None or self.policy.is_of_group else self.exits_on(self.judged.case.env)

    def exits_on(self, env: AccountEnv) -> tuple[Targets, ...]:
        """Return the same on the book of an environment."""
        verdict = self.held_back or self.verdict
        if self.judged is None or not self.is_spokesman or verdict not in (Verdict.FIRES, Verdict.PENDING):
            return ()
        return exits_of(self.policy.then, env, self.judged.row.bound)
