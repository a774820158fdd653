"""One account at one instant: what every policy makes of it, each behind its own guard."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from engine.core.because import action_words, render_because
from engine.core.decide import Decision, Latch, is_latched, latch_of, period_of
from engine.core.distance import Distance, distances
from engine.core.env import AccountEnv, read_from, stamps_of
from engine.core.newness import is_new_reading
from engine.core.rule_state import Phase, Reading, RuleState, Step, Terms, advance, ended, rested
from engine.domain.account import Account
from engine.domain.enums import MarkBasis, Mode, Verdict
from engine.domain.kinds import BOOL
from engine.domain.numbers import seconds_of
from engine.domain.session import Session
from engine.domain.truth import Truth
from engine.domain.values import Unknown, compare, unknown
from engine.facts.base import Catalogue, Demands, View
from engine.policy import ir, meaning
from engine.policy.meaning import Trace
from engine.policy.program import Policy, Program

# What `at_once_beyond` measures.
_LOSSES = frozenset({"loss", "drawdown"})
# A condition on these is one on the loss, with the sign turned.
_TURNED = frozenset({"mtm"})

RuleKey = tuple[str, str | None]
Rules = Mapping[RuleKey, RuleState]


@dataclass(frozen=True, slots=True)
class Result:
    """
    Where one policy stands for one row at this slot.

    row: None without for_each. verdict: None for an `off` policy. condition: of `when` at this reading.
    since: start of the pending or firing phase. steps: what this slot asked for. would: that in words. note: why a
    verdict is not about the condition (outside its hours, no rows). because: rendered when it fires or is pending.
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
    would: tuple[str, ...] = ()
    note: str = ""
    decision: Decision | None = None

    @property
    def is_acting(self) -> bool:
        """Whether the policy is on here and does more than notify."""
        return self.mode is not Mode.OFF and self.policy.reduces_risk


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy made of a slot: its results, and the rule states to remember."""

    results: tuple[Result, ...]
    rules: Rules


@dataclass(frozen=True, slots=True)
class _Case:
    """One policy on this account: its mode in force and where its names get their values."""

    policy: Policy
    mode: Mode
    env: AccountEnv


@dataclass(frozen=True, slots=True)
class _Row:
    """One row the policy is about: its key and what its variable stands for; key None is the account itself."""

    key: str | None
    bound: Mapping[str, Any]
    where: Trace | None = None


class Slot:
    """Evaluates policies on one view; `rules` and `latches` are those before this slot."""

    def __init__(
        self, program: Program, view: View, catalogue: Catalogue, rules: Rules, latches: frozenset[Latch]
    ) -> None:
        self._values = {**program.values, **view.account.values}
        self._account: Account = view.account
        self._catalogue = catalogue
        self._rules: dict[str, dict[str | None, RuleState]] = {}
        for (policy, row), state in rules.items():
            self._rules.setdefault(policy, {})[row] = state
        self._latches = latches
        self._views: dict[Demands, View] = {view.demands: view}

    def evaluate(self, policy: Policy) -> Outcome:
        """Return what a policy makes of this slot; one that breaks is unknown, says why, and keeps its state."""
        mode = self._account.modes.get(policy.name, policy.mode)
        if mode is Mode.OFF:
            off = Result(policy, None, mode, None, Truth.UNKNOWN, note="off")
            return Outcome((off,), self._ended(policy))
        view = self._view_for(policy.demands)
        case = _Case(policy, mode, AccountEnv(view, self._catalogue, {**self._values, **policy.lets}))
        try:
            return self._evaluate(case)
        except Exception as error:  # noqa: BLE001 - the one guard: a policy that breaks must not silence the set
            return self._broken(case, f"this policy could not be evaluated: {type(error).__name__}: {error}")

    def _evaluate(self, case: _Case) -> Outcome:
        for_each = case.policy.for_each
        if for_each is None:
            return _joined([self._judge(case, _Row(None, {}))])
        rows = case.env.rows(for_each.plural)
        if isinstance(rows, Unknown):
            return self._unseen(case, for_each.plural, rows)
        found = [self._judge(case, row) for row in self._chosen(case, rows)]
        absent = self._ended(case.policy)
        if found:
            outcome = _joined(found)
            return Outcome(outcome.results, {**absent, **outcome.rules})
        matching = " that match `where`" if rows else ""
        note = f"no {for_each.plural}{matching}"
        return Outcome((Result(case.policy, None, case.mode, Verdict.CLEAR, Truth.FALSE, note=note),), absent)

    def _broken(self, case: _Case, note: str) -> Outcome:
        # It is unknown like any other, so that its own `on_unknown` decides; that it broke is told once besides.
        before = self._rules.get(case.policy.name, {}).get(None, RuleState())
        try:
            outcome = self._unseen(case, "", unknown(note))
            return outcome if before.unknown_since is not None else self._told(outcome)
        except Exception:  # noqa: BLE001 - second line of the same guard
            steps = (Step.ALERT,)
            would = action_words(case.policy, Verdict.UNKNOWN, steps, self._account)
            told = Result(
                case.policy, None, case.mode, Verdict.UNKNOWN, Truth.UNKNOWN, steps=steps, would=would, note=note
            )
            states = self._rules.get(case.policy.name, {})
            return Outcome((told,), {(case.policy.name, row): state for row, state in states.items()})

    def _chosen(self, case: _Case, rows: tuple[Any, ...]) -> list[_Row]:
        for_each, where = case.policy.for_each, case.policy.where
        assert for_each is not None
        chosen = []
        for row in rows:
            bound = {for_each.singular: row}
            trace = meaning.evaluate(where, case.env, bound) if where is not None else None
            if trace is None or trace.truth is not Truth.FALSE:
                chosen.append(_Row(for_each.key(row), bound, trace))
        return chosen

    def _told(self, outcome: Outcome) -> Outcome:
        whole, *rest = outcome.results
        steps = tuple(dict.fromkeys((Step.ALERT, *whole.steps)))
        would = action_words(whole.policy, whole.verdict, steps, self._account)
        return Outcome((replace(whole, steps=steps, would=would), *rest), outcome.rules)

    def _unseen(self, case: _Case, plural: str, cause: Unknown) -> Outcome:
        # The policy as a whole is unknown, and no row forgets what it was about to do. People are told once.
        trace = Trace("aggregate", plural, cause, BOOL)
        found = [self._settle(case, _Row(None, {}), trace, Truth.FALSE, cause.cause)]
        quiet: dict[RuleKey, RuleState] = {}
        for row, state in self._rules.get(case.policy.name, {}).items():
            if row is not None and state.phase is Phase.IDLE:
                quiet[case.policy.name, row] = state
            elif row is not None:
                result, moved = self._settle(case, _Row(row, {}), trace, Truth.FALSE, cause.cause)
                found.append((replace(result, steps=_without_alarms(result.steps), would=()), moved))
        outcome = _joined(found)
        return Outcome(outcome.results, {**quiet, **outcome.rules})

    def _ended(self, policy: Policy) -> dict[RuleKey, RuleState]:
        """The rules of a policy that is off, or of rows that are gone: nothing is open, episodes go on counting."""
        return {(policy.name, row): ended(state) for row, state in self._rules.get(policy.name, {}).items()}

    def _judge(self, case: _Case, row: _Row) -> tuple[Result, RuleState]:
        policy = case.policy
        trace = meaning.evaluate(policy.when, case.env, row.bound)
        if row.where is not None and row.where.truth is Truth.UNKNOWN and trace.truth is not Truth.FALSE:
            doubt = unknown("whether the rule is about this row is unknown")
            trace = Trace("all", "where", doubt, BOOL, (row.where, trace))
        clear = Truth.FALSE
        if policy.clear_when is not None:
            clear = meaning.evaluate(policy.clear_when, case.env, row.bound).truth
        return self._settle(case, row, trace, clear)

    def _settle(self, case: _Case, row: _Row, trace: Trace, clear: Truth, note: str = "") -> tuple[Result, RuleState]:
        policy, view = case.policy, case.env.view
        inside, outside_note = _inside(policy, self._account, view.session, view.now)
        latch = latch_of(policy, self._account.id, row.key, view.session.trading_date, case.mode)
        before = self._rules.get(policy.name, {}).get(row.key, RuleState())
        stamps = stamps_of(view.snapshot, read_from(policy.needs, self._account.profile))
        reading = Reading(
            now=view.now,
            on=view.session.trading_date,
            condition=trace.truth,
            clear=clear,
            stamps=tuple(stamps.items()),
            is_new=is_new_reading(trace, policy.freshness, stamps, before, view),
            beyond=_is_beyond(case, row),
            latched=is_latched(policy, latch, self._latches),
            books_known=not any(isinstance(case.env.rows(book), Unknown) for book in ("positions", "orders")),
            inside=inside,
        )
        moved = advance(before, reading, _terms(policy, case.mode, self._account.profile.poll))
        loud = moved.verdict in (Verdict.FIRES, Verdict.PENDING)
        result = Result(
            policy=policy,
            row=row.key,
            mode=case.mode,
            verdict=moved.verdict,
            condition=trace.truth,
            since=moved.state.since if moved.state.phase is not Phase.IDLE else None,
            trace=trace,
            distances=distances(trace),
            because=render_because(policy, case.env, row.bound) if loud else None,
            steps=moved.steps,
            would=action_words(policy, moved.verdict, moved.steps, self._account),
            note=note or outside_note,
        )
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

    def _view_for(self, demands: Demands) -> View:
        if demands not in self._views:
            any_view = next(iter(self._views.values()))
            self._views[demands] = replace(any_view, demands=demands, cache={})
        return self._views[demands]


def _without_alarms(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step not in (Step.ALERT, Step.BLOCK_ENTRIES))


def _joined(found: list[tuple[Result, RuleState]]) -> Outcome:
    results = tuple(result for result, _ in found)
    return Outcome(results, {(result.policy.name, result.row): state for result, state in found})


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
    clock = now.astimezone(account.zone)
    window = policy.during
    if session.known and not session.contains(now, window.margin):
        why = "" if session.note == "regular" else f", {session.note}"
        return False, f"outside {window.name.replace('_', ' ')} ({clock:%a %H:%M:%S}{why})"
    if window.start is not None and window.end is not None:
        passed = seconds_of(timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second))
        if not window.start <= passed < window.end:
            return False, f"outside {window.name} ({clock:%H:%M:%S})"
    if session.known:
        return True, ""
    # Law 18 arms what reduces risk; a rule that only tells costs nothing and must not go dark either.
    return True, f"{session.note}: the session is unknown, so this policy is armed"


def _is_beyond(case: _Case, row: _Row) -> bool:
    line = case.policy.confirm.at_once_beyond
    if line is None:
        return False
    limit = meaning.evaluate(line, case.env, {}).value
    losses = [part for part in ir.walk(case.policy.when) if _is_loss(part, row)]
    values = [meaning.evaluate(node, case.env, row.bound).value for node in losses]
    if any(isinstance(part, ir.FactRef) and part.name in _TURNED for part in ir.walk(case.policy.when)):
        values.append(case.env.fact("loss"))
    known = [value for value in values if not isinstance(value, Unknown)]
    return any(compare(">=", value, limit) is Truth.TRUE for value in known) and _two_sided(case.env)


def _is_loss(node: ir.Node, row: _Row) -> bool:
    # The line is one of loss: no other amount of money may bypass the confirmation.
    if isinstance(node, ir.FactRef):
        return node.name in _LOSSES
    return isinstance(node, ir.FieldRef) and node.field in _LOSSES and node.variable in row.bound


def _two_sided(env: AccountEnv) -> bool:
    rows = env.rows("positions")
    if isinstance(rows, Unknown) or env.view.account.profile.mark_basis is not MarkBasis.DEPTH:
        return False
    sides = (env.field("positions", row, side) for row in rows for side in ("bid", "ask"))
    return not any(isinstance(side, Unknown) for side in sides)
