"""
The heart: one program, one account, one reading, the state so far and one instant; out come decisions and a new state.

Pure and total: same inputs, same output; bad data becomes Unknown; a policy that breaks silences only itself, visibly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from engine.core.decide import Decision, Latch, is_past
from engine.core.reconcile import ReconcileState, reconcile
from engine.core.rule_state import RuleState, is_over
from engine.core.slot import Result, RuleKey, Slot
from engine.domain.account import Account
from engine.domain.snapshot import Snapshot
from engine.facts.base import Catalogue, View
from engine.facts.memory import DayMemory
from engine.facts.observe import observe
from engine.policy.program import Program

__all__ = ["AccountState", "Evaluation", "Result", "evaluate", "perceive"]


@dataclass(frozen=True, slots=True)
class AccountState:
    """
    Everything one account's evaluation remembers; a value, journalled and restored whole.

    last: the newest reading as it was believed. rules: by policy and row. latches: `once` rows already written.
    """

    memory: DayMemory = field(default_factory=DayMemory)
    reconciled: ReconcileState = field(default_factory=ReconcileState)
    last: Snapshot | None = None
    rules: Mapping[RuleKey, RuleState] = field(default_factory=lambda: MappingProxyType({}))
    latches: frozenset[Latch] = frozenset()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results of one slot in file order, the decisions among them, the view they were made on, the next state."""

    results: tuple[Result, ...]
    next_state: AccountState
    view: View

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What the rules that act at this slot order."""
        return tuple(result.decision for result in self.results if result.decision is not None)


def evaluate(
    program: Program,
    account: Account,
    snapshot: Snapshot,
    state: AccountState,
    now: datetime,
    catalogue: Catalogue,
) -> Evaluation:
    """
    Return what every policy makes of an account at one instant.

    Shape: `now` aware and not before `snapshot.taken_at`. With no new reading pass the last snapshot again: ages grow,
    nothing counts twice.
    """
    state, view = perceive(account, snapshot, state, now)
    slot = Slot(program, view, catalogue, state.rules, state.latches)
    results: list[Result] = []
    today = view.session.trading_date
    # A policy that is not in this set, or does not watch the account now, may come back: its episodes go on counting.
    rules = {key: rule for key, rule in state.rules.items() if not is_over(rule, today, now)}
    for policy in program.policies:
        if policy.accounts.selects(account.id, account.labels):
            outcome = slot.evaluate(policy)
            results.extend(outcome.results)
            rules.update(outcome.rules)
    written = {result.decision.latch for result in results if result.decision and result.decision.latch}
    latches = frozenset(latch for latch in state.latches | written if not is_past(latch, today))
    next_state = replace(state, rules=MappingProxyType(rules), latches=latches)
    return Evaluation(tuple(results), next_state, view)


def perceive(account: Account, snapshot: Snapshot, state: AccountState, now: datetime) -> tuple[AccountState, View]:
    """Return the state with a reading reconciled and remembered, and the view facts are computed from."""
    session = account.calendar.session_at(now)
    if state.last is not None and snapshot.taken_at <= state.last.taken_at:
        snapshot = state.last
    else:
        snapshot, reconciled = reconcile(state.last, snapshot, state.reconciled, account.zone)
        state = replace(state, reconciled=reconciled, last=snapshot)
    memory = observe(state.memory, account, snapshot, session, now)
    state = replace(state, memory=memory)
    return state, View(account, snapshot, memory, session, now)
