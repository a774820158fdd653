"""
The heart: one program, one account, one reading, the state so far and one instant; out come decisions and a new state.

Pure and total: same inputs, same output; bad data becomes Unknown; a policy that breaks silences only itself, visibly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from engine.core.decide import Decision, Latch, is_latched, latch_of, period_of
from engine.core.distance import Distance, distances
from engine.core.env import AccountEnv, stamps_of
from engine.core.reconcile import ReconcileState, reconcile
from engine.core.rule_state import Phase, Reading, RuleState, Step, Terms, advance, rested
from engine.domain.account import Account
from engine.domain.enums import MarkBasis, Mode, Verdict
from engine.domain.kinds import BOOL, show, show_duration
from engine.domain.session import Session
from engine.domain.snapshot import Snapshot
from engine.domain.truth import Truth
from engine.domain.values import Unknown, compare, unknown
from engine.facts.base import Catalogue, View
from engine.facts.memory import DayMemory
from engine.facts.observe import observe
from engine.facts.parts import seconds
from engine.policy import ir, meaning, reference
from engine.policy.meaning import Trace
from engine.policy.program import Policy, Program

RuleKey = tuple[str, str | None]


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
class Result:
    """
    Where one policy stands for one row at this slot.

    row: None without for_each. verdict: None for an `off` policy. condition: of `when` at this reading.
    since: start of the pending or firing phase. steps: what this slot asked for. note: why a verdict is not about the
    condition (outside its hours, no rows). because: rendered when it fires or is pending.
    """

    policy: Policy
    row: str | None
    mode: Mode
    verdict: Verdict | None
    condition: Truth
    since: datetime | None = None
    trace: Trace | None = None
    distances: tuple[Distance, ...] = ()
    because: str | None = None
    steps: tuple[Step, ...] = ()
    note: str = ""
    decision: Decision | None = None

    @property
    def is_acting(self) -> bool:
        """Whether the policy is on here and does more than notify."""
        return self.mode is not Mode.OFF and self.policy.reduces_risk


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
    slot = _Slot(program, account, view, catalogue)
    results: list[Result] = []
    rules: dict[RuleKey, RuleState] = {}
    latches = set(state.latches)
    for policy in program.policies:
        if not policy.accounts.selects(account.id, account.labels):
            continue
        for result, rule_state in slot.policy(policy, state):
            results.append(result)
            if rule_state is not None:
                rules[policy.name, result.row] = rule_state
            if result.decision is not None and result.decision.latch is not None:
                latches.add(result.decision.latch)
    next_state = replace(state, rules=MappingProxyType(rules), latches=frozenset(latches))
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


class _Slot:
    """One account at one instant, for all policies."""

    def __init__(self, program: Program, account: Account, view: View, catalogue: Catalogue) -> None:
        self._values = {**program.values, **account.values}
        self._account = account
        self._view = view
        self._catalogue = catalogue
        self._views: dict[Any, View] = {view.demands: view}

    def policy(self, policy: Policy, state: AccountState) -> list[tuple[Result, RuleState | None]]:
        mode = self._account.modes.get(policy.name, policy.mode)
        if mode is Mode.OFF:
            return [(Result(policy, None, mode, None, Truth.UNKNOWN, note="off"), None)]
        try:
            return self._rows(policy, mode, state)
        except Exception as error:  # noqa: BLE001 - the one guard: a policy that breaks must not silence the set
            note = f"this policy could not be evaluated: {type(error).__name__}: {error}"
            kept = {key: rule for key, rule in state.rules.items() if key[0] == policy.name}
            broken = Result(policy, None, mode, Verdict.UNKNOWN, Truth.UNKNOWN, steps=(Step.ALERT,), note=note)
            return [(broken, kept.get((policy.name, None)))]

    def _rows(self, policy: Policy, mode: Mode, state: AccountState) -> list[tuple[Result, RuleState | None]]:
        env = AccountEnv(self._view_for(policy), self._catalogue, {**self._values, **policy.lets})
        if policy.for_each is None:
            return [self._one(policy, mode, None, {}, env, state)]
        rows = env.rows(policy.for_each.plural)
        if isinstance(rows, Unknown):
            return [self._unknown_rows(policy, mode, rows, env, state)]
        found = []
        for row in rows:
            bound = {policy.for_each.singular: row}
            where = meaning.evaluate(policy.where, env, bound) if policy.where is not None else None
            if where is None or where.truth is not Truth.FALSE:
                found.append(self._one(policy, mode, policy.for_each.key(row), bound, env, state, where))
        if found:
            return found
        which = (
            policy.for_each.plural
            if not rows or policy.where is None
            else f"{policy.for_each.plural} that match `where`"
        )
        return [(Result(policy, None, mode, Verdict.CLEAR, Truth.FALSE, note=f"no {which}"), None)]

    def _unknown_rows(
        self, policy: Policy, mode: Mode, rows: Unknown, env: AccountEnv, state: AccountState
    ) -> tuple[Result, RuleState | None]:
        trace = Trace("aggregate", policy.for_each.plural if policy.for_each else "", rows, BOOL)
        return self._settle(policy, mode, None, trace, Truth.FALSE, env, state, {}, note=rows.cause)

    def _one(
        self,
        policy: Policy,
        mode: Mode,
        row: str | None,
        bound: Mapping[str, Any],
        env: AccountEnv,
        state: AccountState,
        where: Trace | None = None,
    ) -> tuple[Result, RuleState | None]:
        trace = meaning.evaluate(policy.when, env, bound)
        if where is not None and where.truth is Truth.UNKNOWN and trace.truth is not Truth.FALSE:
            trace = Trace(
                "all", "where", unknown("whether the rule is about this row is unknown"), BOOL, (where, trace)
            )
        clear = meaning.evaluate(policy.clear_when, env, bound).truth if policy.clear_when is not None else Truth.FALSE
        return self._settle(policy, mode, row, trace, clear, env, state, bound)

    def _settle(
        self,
        policy: Policy,
        mode: Mode,
        row: str | None,
        trace: Trace,
        clear: Truth,
        env: AccountEnv,
        state: AccountState,
        bound: Mapping[str, Any],
        note: str = "",
    ) -> tuple[Result, RuleState | None]:
        view = env.view
        inside, outside_note = _inside(policy, self._account, view.session, view.now)
        latch = latch_of(policy, self._account.id, row, view.session.trading_date, mode)
        reading = Reading(
            now=view.now,
            condition=trace.truth,
            clear=clear,
            stamps=tuple(stamps_of(view.snapshot, policy.fresh).items()),
            takes_slots=policy.takes_slots,
            beyond=_is_beyond(policy, env, bound),
            latched=is_latched(policy, latch, state.latches),
            books_known=not any(isinstance(env.rows(book), Unknown) for book in ("positions", "orders")),
            inside=inside,
        )
        before = state.rules.get((policy.name, row), RuleState())
        moved = advance(before, reading, _terms(policy, mode, self._account.profile.poll))
        result = Result(
            policy=policy,
            row=row,
            mode=mode,
            verdict=moved.verdict,
            condition=trace.truth,
            since=moved.state.since if moved.state.phase is not Phase.IDLE else None,
            trace=trace,
            distances=distances(trace),
            steps=moved.steps,
            note=note or outside_note,
        )
        if moved.verdict in (Verdict.FIRES, Verdict.PENDING):
            result = replace(result, because=render_because(policy, env, bound, self._account))
        return self._decided(result, moved.state, latch, view)

    def _decided(self, result: Result, state: RuleState, latch: Latch | None, view: View) -> tuple[Result, RuleState]:
        if Step.ACT not in result.steps:
            return result, state
        policy = result.policy
        decision = Decision(
            policy=policy.name,
            account=self._account.id,
            row=result.row,
            period=period_of(policy.once, view.session.trading_date),
            episode=state.episode,
            mode=result.mode,
            decided_at=view.now,
            actions=policy.then,
            latch=latch,
            because=result.because or "",
        )
        # Without an executor the sequence ends where it begins; a running engine moves the rest to its true end.
        if policy.cooldown is not None:
            state = rested(state, view.now + policy.cooldown)
        return replace(result, decision=decision), state

    def _view_for(self, policy: Policy) -> View:
        if policy.demands not in self._views:
            self._views[policy.demands] = replace(self._view, demands=policy.demands, cache={})
        return self._views[policy.demands]


def _terms(policy: Policy, mode: Mode, poll: timedelta) -> Terms:
    return Terms(
        confirm=policy.confirm,
        max_gap=policy.confirm.max_gap if policy.confirm.max_gap is not None else 3 * poll,
        on_unknown=policy.on_unknown,
        cooldown=policy.cooldown,
        has_clear_when=policy.clear_when is not None,
        fingerprint=policy.fingerprint,
        mode=mode,
    )


def _inside(policy: Policy, account: Account, session: Session, now: datetime) -> tuple[bool, str]:
    if not session.known:
        armed = policy.reduces_risk
        return armed, f"{session.note}: the session is unknown, {'so this policy is armed' if armed else 'outside'}"
    clock = now.astimezone(account.zone)
    window = policy.during
    if not session.contains(now, window.margin):
        return False, f"outside {window.name.replace('_', ' ')} ({clock:%a %H:%M:%S}, {session.note})"
    if window.start is not None and window.end is not None:
        passed = seconds(timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second))
        if not window.start <= passed < window.end:
            return False, f"outside {window.name} ({clock:%H:%M:%S})"
    return True, ""


def _is_beyond(policy: Policy, env: AccountEnv, bound: Mapping[str, Any]) -> bool:
    line = policy.confirm.at_once_beyond
    if line is None:
        return False
    limit = meaning.evaluate(line, env, {}).value
    compared = [
        part.left for part in ir.walk(policy.when) if isinstance(part, ir.Compare) and part.left.type == line.type
    ]
    values = [meaning.evaluate(node, env, bound).value for node in compared]
    known = [value for value in values if not isinstance(value, Unknown)]
    return any(compare(">=", value, limit) is Truth.TRUE for value in known) and _two_sided(env)


def _two_sided(env: AccountEnv) -> bool:
    rows = env.rows("positions")
    if isinstance(rows, Unknown) or env.view.account.profile.mark_basis is not MarkBasis.DEPTH:
        return False
    sides = (env.field("positions", row, side) for row in rows for side in ("bid", "ask"))
    return not any(isinstance(side, Unknown) for side in sides)


def render_because(policy: Policy, env: AccountEnv, bound: Mapping[str, Any], account: Account) -> str:
    """Return the `because` text with its facts; what cannot be rendered reads `unknown` and changes nothing."""
    rows = {policy.for_each.singular: policy.for_each.plural} if policy.for_each is not None else {}
    variables = {name: (rows[name], row) for name, row in bound.items() if name in rows}
    text = []
    for piece in policy.because.pieces:
        if isinstance(piece, str):
            text.append(piece)
            continue
        source, node = piece
        value = reference.interpret(source, env, variables)
        text.append("unknown" if isinstance(value, Unknown) else show(value, node.type, account.currency, account.zone))
    return "".join(text)


def action_words(result: Result) -> tuple[str, ...]:
    """Return what a result would do, in words, in order: the actions of a rule that fires or is about to."""
    words: list[str] = []
    if result.verdict in (Verdict.FIRES, Verdict.PENDING):
        words.extend(call.words for call in result.policy.then)
    spells = result.policy.on_unknown
    if Step.ALERT in result.steps:
        after = f" for {show_duration(seconds(spells.alert))}" if spells.alert else ""
        words.append(f"alert: the condition has been unknown{after}")
    if Step.BLOCK_ENTRIES in result.steps:
        words.append("block entries while the condition is unknown")
    return tuple(words)
