"""
The life of one rule on one account and row: a pure transition from a state and a reading to the next state.

Every transition is in this module; time is an argument. What a rule then does is decided elsewhere.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from engine.domain.enums import Mode, Verdict
from engine.domain.truth import Truth
from engine.policy.program import Confirm, OnUnknown

# When each part a true reading used was taken, by part name.
Stamps = tuple[tuple[str, datetime], ...]


class Phase(Enum):
    """Where a rule stands between readings."""

    IDLE = "idle"
    PENDING = "pending"
    FIRING = "firing"


class Step(Enum):
    """What a transition asks for, beside the verdict."""

    ACT = "act"
    CLEARED = "cleared"
    ALERT = "alert"
    BLOCK_ENTRIES = "block_entries"
    STATE_DROPPED = "state_dropped"


@dataclass(frozen=True, slots=True)
class RuleState:
    """
    What is remembered of a rule.

    since: start of the present phase. samples, first_true, last_true, stamps: the confirmation so far.
    held: why a confirmed episode did not act (LATCHED or COOLING). rest_until: end of the cooldown.
    uncleared: an episode acted and its `until: cleared` states still stand. unknown_since, books_since, escalated: the
    present spell of unknown, since when positions and orders have been known in it, and the steps it has caused.
    on: trading date of the last slot.
    fingerprint, mode: of the policy this state belongs to; another one starts the confirmation anew.
    """

    phase: Phase = Phase.IDLE
    since: datetime | None = None
    samples: int = 0
    first_true: datetime | None = None
    last_true: datetime | None = None
    stamps: Stamps = ()
    episode: int = 0
    held: Verdict | None = None
    rest_until: datetime | None = None
    uncleared: bool = False
    unknown_since: datetime | None = None
    books_since: datetime | None = None
    escalated: frozenset[str] = frozenset()
    on: date | None = None
    fingerprint: str = ""
    mode: Mode = Mode.DRY_RUN

    @property
    def blocks_entries(self) -> bool:
        """Whether the present spell of unknown has blocked entries."""
        return not self.escalated.isdisjoint(_BLOCKING)


@dataclass(frozen=True, slots=True)
class Terms:
    """What of the policy a transition obeys. max_gap: already resolved from the poll interval."""

    confirm: Confirm
    max_gap: timedelta
    on_unknown: OnUnknown
    cooldown: timedelta | None
    has_clear_when: bool
    fingerprint: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Reading:
    """
    One slot's result for a rule.

    on: the trading date; another one than the state's ends what was open then. clear: `clear_when`, FALSE without one.
    inside: within `during` and the session. stamps: when the parts of this reading were taken.
    is_new: a true condition here is one more sample. beyond: past `at_once_beyond` on known, two-sided quotes.
    latched: the `once` row of this period exists. books_known: positions and orders are known and fresh.
    """

    now: datetime
    on: date
    condition: Truth
    inside: bool
    clear: Truth = Truth.FALSE
    stamps: Stamps = ()
    is_new: bool = False
    beyond: bool = False
    latched: bool = False
    books_known: bool = True


@dataclass(frozen=True, slots=True)
class Transition:
    """The next state, the verdict at this reading, and what to do about it."""

    state: RuleState
    verdict: Verdict
    steps: tuple[Step, ...] = ()


def advance(state: RuleState, reading: Reading, terms: Terms) -> Transition:
    """Return what one slot makes of a rule."""
    state, dropped = _adopted(state, terms)
    # At the end of the window, also one that passed while nothing ran, what was open ends; latches and rests stay.
    another_day = state.on is not None and state.on != reading.on
    if another_day or not reading.inside:
        dropped += (Step.CLEARED,) if state.uncleared else ()
        state = replace(_forgotten(state), uncleared=False)
    if state.on != reading.on:
        state = replace(state, on=reading.on)
    if not reading.inside:
        return Transition(state, Verdict.CLEAR, dropped)
    state, escalations = _unknown_spell(state, reading, terms)
    if Step.ACT in escalations and state.phase is not Phase.FIRING:
        fired = _confirmed(state, reading)
        rest = tuple(step for step in escalations if step is not Step.ACT)
        return Transition(fired.state, fired.verdict, (*dropped, *rest, *fired.steps))
    moved = _BY_TRUTH[reading.condition](state, reading, terms)
    escalations = tuple(step for step in escalations if step is not Step.ACT)
    return Transition(moved.state, moved.verdict, (*dropped, *escalations, *moved.steps))


def rests(state: RuleState, terms: Terms, today: date) -> bool:
    """Return whether a false condition leaves a state as it is and its verdict clear: nothing is open or to be told."""
    idle = state.phase is Phase.IDLE and not state.uncleared and state.unknown_since is None
    return idle and _is_of(state, terms) and state.on == today


def goes_on(state: RuleState, terms: Terms, today: date, now: datetime) -> bool:
    """Return whether nothing matters of a true condition but that it is true: the rule fires already and waits on."""
    fires = state.phase is Phase.FIRING and state.unknown_since is None and state.on == today and _is_of(state, terms)
    return fires and (terms.cooldown is None or state.rest_until is None or now < state.rest_until)


def stands(state: RuleState, terms: Terms, today: date, now: datetime) -> bool:
    """Return whether a true condition, inside its window, leaves a state as it is: it fires on and asks for nothing."""
    if not goes_on(state, terms, today, now):
        return False
    return terms.cooldown is None or state.rest_until is None or state.held is Verdict.COOLING


def is_blank(state: RuleState) -> bool:
    """Return whether nothing is remembered in a state that a new one would not say as well."""
    idle = state.phase is Phase.IDLE and not state.uncleared and state.unknown_since is None
    return idle and not state.episode and state.rest_until is None


def ended(state: RuleState) -> RuleState:
    """Return the state of a rule whose row is gone: nothing is open, but episodes go on being counted."""
    return replace(_forgotten(state), uncleared=False)


def rearmed(state: RuleState) -> RuleState:
    """Return the state of a rule whose next firing is a new episode that may act: nothing is open, nothing rests."""
    return replace(ended(state), rest_until=None)


def is_over(state: RuleState, today: date, now: datetime) -> bool:
    """Return whether nothing of a state can matter any more: idle since another trading date, and not at rest."""
    resting = state.rest_until is not None and state.rest_until > now
    return state.phase is Phase.IDLE and not state.uncleared and not resting and state.on != today


def held_back(moved: Transition, reading: Reading) -> Verdict | None:
    """Return why a rule would not act if the reading that moved it had confirmed it; None when it would."""
    return _held(moved.state, reading)


def rested(state: RuleState, until: datetime) -> RuleState:
    """Return the state with its cooldown running until an instant: called when the episode's sequence has ended."""
    return replace(state, rest_until=until)


def _adopted(state: RuleState, terms: Terms) -> tuple[RuleState, tuple[Step, ...]]:
    # Another condition or another mode: what was being confirmed was something else, and what a dry run did rests not.
    if _is_of(state, terms):
        return state, ()
    same_mode = not state.fingerprint or state.mode is terms.mode
    adopted = replace(state, fingerprint=terms.fingerprint, mode=terms.mode)
    if same_mode and state.fingerprint in ("", terms.fingerprint):
        return adopted, ()
    fresh = replace(_forgotten(adopted), rest_until=state.rest_until if same_mode else None)
    return fresh, () if state.phase is Phase.IDLE else (Step.STATE_DROPPED,)


def _is_of(state: RuleState, terms: Terms) -> bool:
    return state.fingerprint == terms.fingerprint and state.mode is terms.mode


def _idle(state: RuleState) -> RuleState:
    return replace(
        state, phase=Phase.IDLE, since=None, samples=0, first_true=None, last_true=None, stamps=(), held=None
    )


def _forgotten(state: RuleState) -> RuleState:
    return replace(_idle(state), unknown_since=None, books_since=None, escalated=frozenset())


def _unknown_spell(state: RuleState, reading: Reading, terms: Terms) -> tuple[RuleState, tuple[Step, ...]]:
    if reading.condition is not Truth.UNKNOWN and state.unknown_since is None:
        return state, ()
    if reading.condition is not Truth.UNKNOWN:
        return replace(state, unknown_since=None, books_since=None, escalated=frozenset()), ()
    since = state.unknown_since or reading.now
    # With unknown books nothing may be closed on a guess: then `fire` blocks and alerts, and its own time starts anew.
    books_since = (state.books_since or reading.now) if reading.books_known else None
    fire = terms.on_unknown.fire
    timers = {
        "alert": (terms.on_unknown.alert, since),
        "block_entries": (terms.on_unknown.block_entries, since),
        "fire": (fire, books_since),
        "fire_blind": (fire, None if reading.books_known else since),
    }
    due = [
        name
        for name, (after, start) in timers.items()
        if after is not None and start is not None and reading.now - start >= after and name not in state.escalated
    ]
    steps = dict.fromkeys(step for name in due for step in _ESCALATIONS[name])
    spell = replace(state, unknown_since=since, books_since=books_since, escalated=state.escalated | set(due))
    return spell, tuple(steps)


def _on_true(state: RuleState, reading: Reading, terms: Terms) -> Transition:
    if state.phase is Phase.FIRING:
        if terms.cooldown is None or state.rest_until is None:
            return Transition(state, state.held or Verdict.FIRES)
        if reading.now < state.rest_until:
            held = state if state.held is Verdict.COOLING else replace(state, held=Verdict.COOLING)
            return Transition(held, Verdict.COOLING)
        state = replace(_idle(state), rest_until=None)
    counted = _count(state, reading, terms.max_gap)
    if not (reading.beyond or _is_confirmed(counted, terms.confirm)):
        return Transition(counted, Verdict.PENDING)
    return _confirmed(counted, reading)


def _count(state: RuleState, reading: Reading, max_gap: timedelta) -> RuleState:
    if state.phase is Phase.PENDING and not reading.is_new:
        return state
    anew = state.phase is not Phase.PENDING or state.last_true is None or reading.now - state.last_true > max_gap
    first = reading.now if anew else state.first_true
    return replace(
        state,
        phase=Phase.PENDING,
        since=first,
        samples=1 if anew else state.samples + 1,
        first_true=first,
        last_true=reading.now,
        stamps=reading.stamps,
        held=None,
    )


def _is_confirmed(state: RuleState, confirm: Confirm) -> bool:
    if state.first_true is None or state.last_true is None:
        return False
    return state.samples >= confirm.samples and state.last_true - state.first_true >= confirm.at_least


def _confirmed(state: RuleState, reading: Reading) -> Transition:
    firing = replace(state, phase=Phase.FIRING, since=reading.now)
    held = _held(state, reading)
    if held is not None:
        return Transition(replace(firing, held=held), held)
    fired = replace(firing, held=None, episode=state.episode + 1, rest_until=None, uncleared=True)
    return Transition(fired, Verdict.FIRES, (Step.ACT,))


def _held(state: RuleState, reading: Reading) -> Verdict | None:
    if reading.latched:
        return Verdict.LATCHED
    return Verdict.COOLING if state.rest_until is not None and reading.now < state.rest_until else None


def _on_false(state: RuleState, reading: Reading, terms: Terms) -> Transition:
    if terms.has_clear_when and reading.clear is not Truth.TRUE:
        if state.phase is Phase.FIRING:
            return Transition(state, state.held or Verdict.FIRES)
        return Transition(_idle(state), Verdict.CLEAR)
    steps = (Step.CLEARED,) if state.uncleared else ()
    return Transition(replace(_idle(state), uncleared=False), Verdict.CLEAR, steps)


def _on_unknown(state: RuleState, reading: Reading, terms: Terms) -> Transition:
    if state.phase is Phase.FIRING:
        return Transition(state, state.held or Verdict.FIRES)
    alive = state.last_true is not None and reading.now - state.last_true <= terms.max_gap
    if state.phase is Phase.PENDING and alive:
        return Transition(state, Verdict.PENDING)
    return Transition(state, Verdict.UNKNOWN)


_ESCALATIONS = {
    "alert": (Step.ALERT,),
    "block_entries": (Step.BLOCK_ENTRIES,),
    "fire": (Step.ACT,),
    "fire_blind": (Step.BLOCK_ENTRIES, Step.ALERT),
}
_BLOCKING = frozenset(name for name, steps in _ESCALATIONS.items() if Step.BLOCK_ENTRIES in steps)
_BY_TRUTH = {Truth.TRUE: _on_true, Truth.FALSE: _on_false, Truth.UNKNOWN: _on_unknown}
