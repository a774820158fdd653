"""
The heart: one program, one account, one reading, the state so far and one instant; out come decisions and a new state.

Pure and total: same inputs, same output; bad data becomes Unknown; a policy that breaks silences only itself, visibly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType

from engine.core.blocks import folded, standing, unexpired
from engine.core.decide import Decision, is_past
from engine.core.quick import quick
from engine.core.reconcile import ReconcileState, reconcile
from engine.core.record import recorded
from engine.core.renames import Former, renamed_blocks, renamed_latches, renamed_rules
from engine.core.result import Result
from engine.core.rule_state import RuleState, is_blank, is_over, rests, stands
from engine.core.slot import Outcome, RuleKey, Slot
from engine.core.views import Views
from engine.core.watch import Watch, watch_of
from engine.core.window import in_window
from engine.domain.account import Account
from engine.domain.block import Block
from engine.domain.latch import Latch
from engine.domain.session import Session
from engine.domain.snapshot import Snapshot
from engine.domain.truth import Truth
from engine.facts.base import View
from engine.facts.history import NOTHING_KEPT, History
from engine.facts.memory import DayMemory
from engine.facts.observe import day_of, fold, fold_prices, is_new
from engine.policy.program import Program

__all__ = ["AccountState", "Evaluation", "Result", "evaluate", "perceive"]


@dataclass(frozen=True, slots=True)
class AccountState:
    """
    Everything one account's evaluation remembers; a value, journalled and restored whole.

    last: the newest reading as it was believed. rules: by policy and row, where there is something to remember.
    latches: `once` rows already written. rearmed: those of them that hold nothing back any more.
    blocks: those that live, the oldest first. history: what the day's readings have said of what policies ask of it.
    views: what the last reading was seen as; saves work, means nothing, and is not journalled.
    """

    memory: DayMemory = field(default_factory=DayMemory)
    reconciled: ReconcileState = field(default_factory=ReconcileState)
    last: Snapshot | None = None
    rules: Mapping[RuleKey, RuleState] = field(default_factory=lambda: MappingProxyType({}))
    latches: frozenset[Latch] = frozenset()
    rearmed: frozenset[Latch] = frozenset()
    blocks: tuple[Block, ...] = ()
    history: History = NOTHING_KEPT
    views: Views | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Evaluation:
    """
    What one slot came to: the next state, the view it was judged on, and results.

    moved: results, in file order, of the policies whose rule moved or whose condition the tree evaluator had to judge.
    standing: policies whose rule fires on as it did before.
    """

    moved: tuple[Result, ...]
    standing: frozenset[str]
    next_state: AccountState
    view: View
    slot: Slot = field(repr=False, compare=False)
    watch: Watch = field(repr=False, compare=False)

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """All results in file order; those of policies that are clear or fire on are worked out when somebody asks."""
        moved: dict[str, list[Result]] = {}
        for result in self.moved:
            moved.setdefault(result.policy.name, []).append(result)
        found: list[Result] = []
        for policy in self.watch.policies:
            known = Truth.TRUE if policy.name in self.standing else None
            found += moved.get(policy.name) or self.slot.evaluate(policy, known).results
        return tuple(found)

    @property
    def true(self) -> frozenset[str]:
        """Names of the policies whose condition is true here, for the account or some row."""
        return self.standing.union(result.policy.name for result in self.moved if result.condition is Truth.TRUE)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Blocks of entries that live after this slot, the oldest first, those of a dry run too."""
        return self.next_state.blocks

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What the rules that act at this slot order, by policy and row: neither files nor severity put one first."""
        found = (result.decision for result in self.moved if result.decision is not None)
        return tuple(sorted(found, key=lambda decision: (decision.policy, decision.row or "")))


def evaluate(
    program: Program,
    account: Account,
    snapshot: Snapshot,
    state: AccountState,
    now: datetime,
    beside: tuple[Block, ...] = (),
) -> Evaluation:
    """
    Return what every policy makes of an account at one instant.

    Shape: `now` aware and not before `snapshot.taken_at`. With no new reading pass the last snapshot again: ages grow,
    nothing counts twice. beside: live blocks here that rules about groups have opened (`GroupState.blocks`): facts see
    them, and the account's state does not hold them.
    """
    account, beside = account.at(now), unexpired(beside, now)
    watch = watch_of(program, account)
    state = _under_new_names(state, watch.former)
    reconciled, views = _seen(account, snapshot, state, now, beside)
    if watch.series:
        views.recalling(recorded(watch, views, state.history))
    slot = Slot(watch, views, state.rules, state.latches, state.rearmed)
    standing, outcomes = _outcomes(watch, slot, views, state.rules)
    views.let_go()
    results = tuple([result for outcome in outcomes for result in outcome.results])
    view, today = views.base, views.base.session.trading_date
    own = view.blocks[: len(view.blocks) - len(beside)]
    written = {result.decision.latch for result in results if result.decision and result.decision.latch}
    rules = _rules(state.rules, outcomes, today, now)
    latches = _latches(state.latches, written, today)
    next_state = AccountState(
        memory=view.memory,
        reconciled=reconciled,
        last=view.snapshot,
        rules=rules,
        latches=latches,
        rearmed=state.rearmed & latches,
        blocks=folded(own, results, rules, watch.by_name),
        history=view.history,
        views=views,
    )
    return Evaluation(results, standing, next_state, view, slot, watch)


def perceive(account: Account, snapshot: Snapshot, state: AccountState, now: datetime) -> tuple[AccountState, View]:
    """Return the state with a reading reconciled and remembered, and the view facts are computed from."""
    reconciled, views = _seen(account, snapshot, state, now)
    views.let_go()
    view = views.base
    seen = replace(
        state, memory=view.memory, reconciled=reconciled, last=view.snapshot, blocks=view.blocks, views=views
    )
    return seen, view


def _under_new_names(state: AccountState, former: Former) -> AccountState:
    if not former:
        return state
    return replace(
        state,
        rules=renamed_rules(state.rules, former),
        latches=renamed_latches(state.latches, former),
        rearmed=renamed_latches(state.rearmed, former),
        blocks=renamed_blocks(state.blocks, former),
    )


def _seen(
    account: Account, snapshot: Snapshot, state: AccountState, now: datetime, beside: tuple[Block, ...] = ()
) -> tuple[ReconcileState, Views]:
    """Return what is to be believed of a reading, with the day's memory of it."""
    session, reconciled = _session_at(account, now, state.views), state.reconciled
    if state.last is not None and snapshot.taken_at <= state.last.taken_at:
        # What stops the account here may change between two readings.
        is_same = snapshot.taken_at < state.last.taken_at or snapshot.link == state.last.link
        snapshot = state.last if is_same else replace(state.last, link=snapshot.link)
    else:
        snapshot, reconciled = reconcile(state.last, snapshot, reconciled, account.zone)
    blocks = (*standing(state.blocks, account, session, now), *beside)
    view = View(account, snapshot, day_of(state.memory, session), session, now, blocks=blocks)
    is_same_book = reconciled.positions.believed is state.reconciled.positions.believed
    views = Views(view, state.views, is_same_book=is_same_book)
    if not is_new(views.base):
        return reconciled, views
    return reconciled, views.remembering((fold_prices if views.may_skip_rows else fold)(views.base))


def _session_at(account: Account, now: datetime, before: Views | None) -> Session:
    # While one lasts there is no other, and most instants lie in the session of the instant before.
    if before is not None and before.base.account is account:
        session = before.base.session
        if session.known and session.contains(now):
            return session
    return account.calendar.session_at(now)


def _rules(
    before: Mapping[RuleKey, RuleState], outcomes: list[Outcome], today: date, now: datetime
) -> Mapping[RuleKey, RuleState]:
    # A policy that is not in this set, or does not watch the account now, may come back: its episodes go on counting.
    rules = {key: rule for key, rule in before.items() if not is_over(rule, today, now)}
    if not outcomes and len(rules) == len(before):
        return before
    for outcome in outcomes:
        for key, rule in outcome.rules.items():
            rules[key] = rule
            if is_blank(rule) or is_over(rule, today, now):
                del rules[key]
    return MappingProxyType(rules)


def _latches(before: frozenset[Latch], written: set[Latch], today: date) -> frozenset[Latch]:
    past = [latch for latch in before if is_past(latch, today)]
    return before if not past and not written else before.union(written).difference(past)


def _outcomes(
    watch: Watch, slot: Slot, views: Views, rules: Mapping[RuleKey, RuleState]
) -> tuple[frozenset[str], list[Outcome]]:
    """Return the policies that fire on, and what comes of every other that matters; the rest is clear, and was so."""
    answers = quick(watch, views)
    view = views.base
    today = view.session.trading_date
    stirred = {name for (name, _), rule in rules.items() if not _is_at_rest(watch, name, rule, today)}
    standing = frozenset([name for name, truth in answers.known.items() if _stands(watch, view, name, truth, rules)])
    loud = (answers.known.keys() | answers.open | stirred) - standing
    if not loud:
        return standing, []
    known = answers.known
    return standing, [slot.evaluate(policy, known.get(policy.name)) for policy in watch.policies if policy.name in loud]


def _is_at_rest(watch: Watch, policy: str, rule: RuleState, today: date) -> bool:
    terms = watch.terms.get(policy)
    return terms is None or rests(rule, terms, today)


def _stands(watch: Watch, view: View, name: str, truth: Truth, rules: Mapping[RuleKey, RuleState]) -> bool:
    """Return whether a rule fires on: of the account, true, inside its window, with nothing to be done or told anew."""
    rule = rules.get((name, None))
    if (
        truth is not Truth.TRUE
        or rule is None
        or not stands(rule, watch.terms[name], view.session.trading_date, view.now)
    ):
        return False
    policy = watch.by_name[name]
    return policy.for_each is None and in_window(policy.during, watch.account, view.session, view.now)[0]
