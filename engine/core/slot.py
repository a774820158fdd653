"""One account at one instant: what every policy makes of it, each behind its own guard."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.core.at_once import is_beyond
from engine.core.decide import Decision, latch_of, period_of
from engine.core.env import AccountEnv, read_from, stamps_of
from engine.core.newness import is_new_reading
from engine.core.result import Case, Judged, Result, Row
from engine.core.rule_state import Phase, Reading, RuleState, Step, advance, ended, goes_on, held_back, rested
from engine.core.views import Views
from engine.core.watch import Watch
from engine.core.window import in_window
from engine.domain.account import Account
from engine.domain.enums import Mode, Verdict
from engine.domain.kinds import BOOL
from engine.domain.latch import Latch
from engine.domain.truth import Truth
from engine.domain.values import Unknown, unknown
from engine.policy import meaning
from engine.policy.meaning import Trace
from engine.policy.program import Policy

# A rule nothing is remembered of.
_UNTOUCHED = RuleState()

RuleKey = tuple[str, str | None]
Rules = Mapping[RuleKey, RuleState]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy made of a slot: its results, and the rule states to remember."""

    results: tuple[Result, ...]
    rules: Rules


class Slot:
    """Evaluates policies on one reading; `rules`, `latches` and the `rearmed` of these are those before this slot."""

    def __init__(
        self, watch: Watch, views: Views, rules: Rules, latches: frozenset[Latch], rearmed: frozenset[Latch]
    ) -> None:
        self._watch = watch
        self._account: Account = watch.account
        self._rules: dict[str, dict[str | None, RuleState]] = {}
        for (policy, row), state in rules.items():
            self._rules.setdefault(policy, {})[row] = state
        self._latches = latches
        self._rearmed = rearmed
        self._views = views

    def evaluate(self, policy: Policy, known: Truth | None = None) -> Outcome:
        """
        Return what a policy makes of this slot; one that breaks is unknown, says why, and keeps its state.

        known: its condition where that is known already, None to find out.
        """
        mode = self._watch.mode_of(policy)
        if mode is Mode.OFF:
            off = Result(policy, None, mode, None, Truth.UNKNOWN, note="off")
            return Outcome((off,), self._ended(policy))
        case = Case(policy, mode, self._env(policy))
        try:
            return self._evaluate(case, known)
        except Exception as error:  # noqa: BLE001 - the one guard: a policy that breaks must not silence the set
            return self._broken(case, f"this policy could not be evaluated: {type(error).__name__}: {error}")

    def conditions(self, policy: Policy) -> Mapping[str | None, Truth]:
        """
        Return what `when` is for the account (None), or for each row that `where` chooses, whatever the mode.

        Where the rows cannot be told, or the policy breaks, it is unknown for the policy as a whole.
        """
        case = Case(policy, self._watch.mode_of(policy), self._env(policy))
        try:
            rows = self._rows(case)
            if isinstance(rows, Unknown):
                return {None: Truth.UNKNOWN}
            return {row.key: Judged(case, row).trace.truth for row in rows}
        except Exception:  # noqa: BLE001 - what breaks is not known
            return {None: Truth.UNKNOWN}

    def _env(self, policy: Policy) -> AccountEnv:
        return self._watch.env(policy, self._views)

    def _rows(self, case: Case) -> list[Row] | Unknown:
        """Return what the policy is about: the account itself, or each row that `where` chooses."""
        if case.policy.for_each is None:
            return [Row(None, {})]
        rows = case.env.rows(case.policy.for_each.plural)
        return rows if isinstance(rows, Unknown) else self._chosen(case, rows)

    def _evaluate(self, case: Case, known: Truth | None) -> Outcome:
        for_each = case.policy.for_each
        if for_each is None:
            return joined([self._judge(case, Row(None, {}), known)])
        rows = case.env.rows(for_each.plural)
        if isinstance(rows, Unknown):
            return self._unseen(case, for_each.plural, rows)
        found = [self._judge(case, row) for row in self._chosen(case, rows)]
        absent = self._ended(case.policy)
        if found:
            outcome = joined(found)
            return Outcome(outcome.results, {**absent, **outcome.rules})
        matching = " that match `where`" if rows else ""
        note = f"no {for_each.plural}{matching}"
        return Outcome((Result(case.policy, None, case.mode, Verdict.CLEAR, Truth.FALSE, note=note),), absent)

    def _broken(self, case: Case, note: str) -> Outcome:
        # It is unknown like any other, so that its own `on_unknown` decides; that it broke is told once besides.
        try:
            outcome = self._unseen(case, "", unknown(note))
            return outcome if self._state(case, Row(None, {})).unknown_since is not None else _told(outcome)
        except Exception:  # noqa: BLE001 - second line of the same guard
            judged = Judged(case, Row(None, {}), Trace("aggregate", "", unknown(note), BOOL))
            told = Result(
                case.policy, None, case.mode, Verdict.UNKNOWN, Truth.UNKNOWN,
                steps=(Step.ALERT,), note=note, judged=judged,
            )  # fmt: skip
            states = self._rules.get(case.policy.name, {})
            return Outcome((told,), {(case.policy.name, row): state for row, state in states.items()})

    def _chosen(self, case: Case, rows: tuple[Any, ...]) -> list[Row]:
        for_each, where = case.policy.for_each, case.policy.where
        assert for_each is not None
        chosen = []
        for row in rows:
            bound = {for_each.singular: row}
            trace = meaning.is_meant(row, None if where is None else meaning.evaluate(where, case.env, bound))
            if trace is None or trace.truth is not Truth.FALSE:
                chosen.append(Row(for_each.key(row), bound, trace))
        return chosen

    def _unseen(self, case: Case, plural: str, cause: Unknown) -> Outcome:
        # The policy as a whole is unknown, and no row forgets what it was about to do. People are told once.
        trace = Trace("aggregate", plural, cause, BOOL)
        found = [self._settle(case, Row(None, {}), trace, cause.cause)]
        quiet: dict[RuleKey, RuleState] = {}
        for row, state in self._rules.get(case.policy.name, {}).items():
            if row is not None and state.phase is Phase.IDLE:
                quiet[case.policy.name, row] = state
            elif row is not None:
                result, moved = self._settle(case, Row(row, {}), trace, cause.cause)
                found.append((replace(result, steps=_without_alarms(result.steps), is_spokesman=False), moved))
        outcome = joined(found)
        return Outcome(outcome.results, {**quiet, **outcome.rules})

    def _ended(self, policy: Policy) -> dict[RuleKey, RuleState]:
        """The rules of a policy that is off, or of rows that are gone: nothing is open, episodes go on counting."""
        return {(policy.name, row): ended(state) for row, state in self._rules.get(policy.name, {}).items()}

    def _judge(self, case: Case, row: Row, known: Truth | None = None) -> tuple[Result, RuleState]:
        view, terms = case.env.view, self._watch.terms_of(case.policy)
        if known is Truth.TRUE and goes_on(self._state(case, row), terms, view.session.trading_date, view.now):
            # That it is still true is all that matters; why, is worked out when somebody asks.
            return self._moved(Judged(case, row), known)
        if known is Truth.UNKNOWN:
            return self._moved(Judged(case, row), known, **self._of_spell(case, row))
        return self._settle(case, row)

    def _of_spell(self, case: Case, row: Row) -> dict[str, Any]:
        """Return what matters of a reading while a condition is unknown."""
        return {
            "latched": self._latch(case, row) in self._latches,
            "books_known": self._books_known(case),
        }

    def _books_known(self, case: Case) -> bool:
        return not any(isinstance(case.env.rows(book), Unknown) for book in ("positions", "orders"))

    def _settle(self, case: Case, row: Row, told: Trace | None = None, note: str = "") -> tuple[Result, RuleState]:
        policy, judged = case.policy, Judged(case, row, told)
        clear = Truth.FALSE
        if policy.clear_when is not None and told is None:
            clear = meaning.evaluate(policy.clear_when, case.env, row.bound).truth
        return self._moved(
            judged,
            judged.trace.truth,
            note,
            clear=clear,
            **self._newly_read(judged, self._state(case, row)),
            **self._of_spell(case, row),
        )

    def _newly_read(self, judged: Judged, before: RuleState) -> dict[str, Any]:
        """Return what matters of when a reading was taken while a condition is true."""
        policy, view = judged.case.policy, judged.case.env.view
        stamps = stamps_of(view.snapshot, read_from(policy.needs, self._account.profile))
        return {
            "stamps": tuple(stamps.items()),
            "is_new": is_new_reading(judged.trace, policy.freshness, stamps, before, view),
            "beyond": is_beyond(judged.case, judged.row),
        }

    def _moved(self, judged: Judged, condition: Truth, note: str = "", **more: Any) -> tuple[Result, RuleState]:
        case, row = judged.case, judged.row
        view = case.env.view
        inside, outside = in_window(case.policy.during, self._account, view.session, view.now)
        reading = Reading(now=view.now, on=view.session.trading_date, condition=condition, inside=inside, **more)
        moved = advance(self._state(case, row), reading, self._watch.terms_of(case.policy))
        result = Result(
            policy=case.policy,
            row=row.key,
            mode=case.mode,
            verdict=moved.verdict,
            condition=condition,
            since=moved.state.since if moved.state.phase is not Phase.IDLE else None,
            steps=moved.steps,
            note=note or outside,
            held_back=held_back(moved, reading) if moved.verdict is Verdict.PENDING else None,
            judged=judged,
        )
        return self._decided(result, moved.state, judged) if Step.ACT in moved.steps else (result, moved.state)

    def _decided(self, result: Result, state: RuleState, judged: Judged) -> tuple[Result, RuleState]:
        policy, view = result.policy, judged.case.env.view
        decision = Decision(
            policy=policy.name,
            account=self._account.id,
            row=result.row,
            period=period_of(policy.once, view.session.trading_date),
            episode=state.episode,
            mode=result.mode,
            decided_at=view.now,
            actions=policy.then,
            latch=self._latch(judged.case, judged.row),
            because=result.because or "",
        )
        # Without an executor the sequence ends where it begins; a running engine moves the rest to its true end.
        if policy.cooldown is not None:
            state = rested(state, view.now + policy.cooldown)
        return replace(result, decision=decision), state

    def _latch(self, case: Case, row: Row) -> Latch | None:
        today = case.env.view.session.trading_date
        return latch_of(case.policy, self._account.id, row.key, today, case.mode, self._rearmed)

    def _state(self, case: Case, row: Row) -> RuleState:
        return self._rules.get(case.policy.name, {}).get(row.key, _UNTOUCHED)


def _without_alarms(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step not in (Step.ALERT, Step.BLOCK_ENTRIES))


def _told(outcome: Outcome) -> Outcome:
    whole, *rest = outcome.results
    steps = tuple(dict.fromkeys((Step.ALERT, *whole.steps)))
    return Outcome((replace(whole, steps=steps), *rest), outcome.rules)


def joined(found: list[tuple[Result, RuleState]]) -> Outcome:
    """Return the outcome of some rows of one policy."""
    results = tuple(result for result, _ in found)
    return Outcome(results, {(result.policy.name, result.row): state for result, state in found})
