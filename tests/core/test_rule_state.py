"""The life of a rule, transition by transition: the table of the language page, and every edge beside it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from engine.core.rule_state import Phase, Reading, RuleState, Step, Terms, advance, ended, rested
from engine.domain.enums import Mode, Verdict
from engine.domain.truth import Truth
from engine.policy.program import Confirm, OnUnknown

START = datetime.fromisoformat("2026-11-23T10:00:00+05:30")
DAY = date(2026, 11, 23)
CONFIRM = Confirm(samples=2, at_least=timedelta(seconds=3))
TERMS = Terms(
    confirm=CONFIRM,
    max_gap=timedelta(seconds=10),
    on_unknown=OnUnknown(),
    cooldown=None,
    has_clear_when=False,
    fingerprint="one",
    mode=Mode.ENFORCE,
)
ANSWERS = {"T": Truth.TRUE, "F": Truth.FALSE, "U": Truth.UNKNOWN}


def seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


def reading(word: str, **changes: object) -> Reading:
    """`T4`: true at four seconds. Small t, u: no new reading. `c` behind it: `clear_when` holds. `-`: outside."""
    answer = ANSWERS[word[0].upper()]
    digits = "".join(character for character in word if character.isdigit())
    made = Reading(
        now=START + seconds(int(digits)),
        on=DAY,
        condition=answer,
        clear=Truth.TRUE if "c" in word else Truth.FALSE,
        stamps=(),
        is_new=word[0].isupper(),
        beyond="!" in word,
        latched="L" in word,
        books_known="?" not in word,
        inside="-" not in word,
    )
    return replace(made, **changes)


def run(words: str, terms: Terms = TERMS, state: RuleState | None = None) -> tuple[RuleState, list[str], list[str]]:
    """The state after some readings, the verdict at each, and each step with its second."""
    state = state or RuleState()
    verdicts: list[str] = []
    steps: list[str] = []
    for word in words.split():
        one = reading(word)
        moved = advance(state, one, terms)
        state = moved.state
        verdicts.append(moved.verdict.value)
        steps += [f"{step.value}@{(one.now - START).seconds}" for step in moved.steps]
    return state, verdicts, steps


def last(words: str, terms: Terms = TERMS) -> str:
    return run(words, terms)[1][-1]


def steps(words: str, terms: Terms = TERMS) -> list[str]:
    return run(words, terms)[2]


# --- confirmation


@pytest.mark.parametrize(
    ("words", "verdict", "acted"),
    [
        pytest.param("T0 T2", "pending", [], id="not-long-enough"),
        pytest.param("T0 T2 T4", "fires", ["act@4"], id="fires-at-four"),
        pytest.param("T0 T2 T4 T6 T8", "fires", ["act@4"], id="acts-once"),
        pytest.param("T0 U2 T4", "fires", ["act@4"], id="unknown-neither-counts-nor-resets"),
        pytest.param("T0 U2 U4 U6 U8 U10 T12", "pending", [], id="beyond-the-gap"),
        pytest.param("T0 T10", "fires", ["act@10"], id="exactly-the-gap"),
        pytest.param("T0 T11", "pending", [], id="one-second-more"),
        pytest.param("T0 T11 T13 T15", "fires", ["act@15"], id="anew-after-the-gap"),
        pytest.param("T0 F2 T4 T6", "pending", [], id="false-starts-over"),
        pytest.param("T0 F2 T4 T6 T8", "fires", ["act@8"], id="false-starts-over-then-fires"),
        pytest.param("T0 t2 t4 t6", "pending", [], id="the-same-snapshot-is-one-reading"),
        pytest.param("T0 t2 T4", "fires", ["act@4"], id="a-new-snapshot-counts"),
        pytest.param("T0!", "fires", ["act@0"], id="beyond-the-line-at-once"),
        pytest.param("U0! U2!", "unknown", [], id="unknown-is-never-beyond"),
        pytest.param("F0", "clear", [], id="clear"),
        pytest.param("U0", "unknown", [], id="unknown"),
        pytest.param("T0 U2", "pending", [], id="pending-while-unknown"),
        pytest.param("T0 U2 U12", "unknown", [], id="unknown-when-the-gap-is-over"),
        pytest.param("T0 T4 U6 U60", "fires", ["act@4"], id="firing-stays-firing-while-unknown"),
        pytest.param("T0 T4 F6", "clear", ["act@4", "cleared@6"], id="cleared"),
        pytest.param("T0 T4 F6 T8 T12", "fires", ["act@4", "cleared@6", "act@12"], id="the-next-episode"),
    ],
)
def test_confirmation(words: str, verdict: str, acted: list[str]) -> None:
    assert last(words) == verdict
    assert steps(words) == acted


def test_one_sample_fires_at_once() -> None:
    assert steps("T0", replace(TERMS, confirm=Confirm(samples=1))) == ["act@0"]


def test_three_samples_need_three_readings() -> None:
    terms = replace(TERMS, confirm=Confirm(samples=3))
    assert steps("T0 T8 t9", terms) == []
    assert steps("T0 T8 T9", terms) == ["act@9"]


def test_an_episode_is_counted_where_the_rule_acts() -> None:
    assert run("T0 T4")[0].episode == 1
    assert run("T0 T4 F6 T8 T12")[0].episode == 2
    assert run("T0 T2")[0].episode == 0


def test_since_is_the_start_of_the_phase() -> None:
    assert run("T0 T2")[0].since == START
    assert run("T0 T2 T4 T6")[0].since == START + seconds(4)
    assert run("T0 F2")[0].since is None


# --- unknown


ALERT = replace(TERMS, on_unknown=OnUnknown(alert=seconds(10), block_entries=seconds(20)))
FIRE = replace(TERMS, on_unknown=OnUnknown(fire=seconds(10)))


@pytest.mark.parametrize(
    ("words", "terms", "wanted"),
    [
        pytest.param("U0 U2 U4 U6 U8 U10", ALERT, ["alert@10"], id="alert-at-ten"),
        pytest.param("U0 U8 F9 U10 U14", ALERT, [], id="false-ends-the-spell"),
        pytest.param("U0 U8 T9 U10 U14", ALERT, [], id="true-ends-the-spell"),
        pytest.param("U0 U8 U9- U10 U14", ALERT, [], id="outside-ends-the-spell"),
        pytest.param("U0 U10 U15 U20 U30", ALERT, ["alert@10", "block_entries@20"], id="each-once"),
        pytest.param("U0 U25", ALERT, ["alert@25", "block_entries@25"], id="both-when-late"),
        pytest.param("U0 U12 F13 U14 U24", ALERT, ["alert@12", "alert@24"], id="again-in-a-new-spell"),
        pytest.param("u0 u5 u10", ALERT, ["alert@10"], id="without-new-readings"),
        pytest.param("T0 T4 U6 U16", ALERT, ["act@4", "alert@16"], id="also-while-firing"),
        pytest.param("U0 U10", FIRE, ["act@10"], id="fire"),
        pytest.param("U0 U10 U20 U30", FIRE, ["act@10"], id="fire-once"),
        pytest.param("U0? U10?", FIRE, ["block_entries@10", "alert@10"], id="blind-blocks-and-alerts"),
        pytest.param("U0? U10? U20? U30?", FIRE, ["block_entries@10", "alert@10"], id="blind-once"),
        pytest.param("U0? U10? U12 U21", FIRE, ["block_entries@10", "alert@10"], id="seeing-starts-the-time"),
        pytest.param(
            "U0? U10? U12 U22", FIRE, ["block_entries@10", "alert@10", "act@22"], id="fires-when-seen-long-enough"
        ),
        pytest.param("U0 U8 U9? U10 U19", FIRE, [], id="a-blind-moment-starts-it-anew"),
        pytest.param("U0L U10L", FIRE, [], id="latched-does-not-act"),
    ],
)
def test_on_unknown(words: str, terms: Terms, wanted: list[str]) -> None:
    assert steps(words, terms) == wanted


def test_a_rule_fired_by_unknown_clears_like_any_other() -> None:
    state, verdicts, taken = run("U0 U10 U12 F14", FIRE)
    assert verdicts == ["unknown", "fires", "fires", "clear"]
    assert taken == ["act@10", "cleared@14"]
    assert state.phase is Phase.IDLE


# --- latches, rests, clearing


def test_a_latched_rule_shows_it_and_does_not_act() -> None:
    state, verdicts, taken = run("T0L T4L T6L F8L")
    assert verdicts == ["pending", "latched", "latched", "clear"]
    assert taken == []
    assert state.episode == 0


def test_once_it_has_acted_its_own_latch_does_not_change_the_verdict() -> None:
    assert run("T0 T4 T6L T8L")[1] == ["pending", "fires", "fires", "fires"]


COOL = replace(TERMS, cooldown=seconds(20))


def cooled(words: str, terms: Terms = COOL) -> tuple[list[str], list[str]]:
    """As `run`, the cooldown starting at each act."""
    state, verdicts, taken = RuleState(), [], []
    for word in words.split():
        one = reading(word)
        moved = advance(state, one, terms)
        verdicts.append(moved.verdict.value)
        taken += [f"{step.value}@{(one.now - START).seconds}" for step in moved.steps]
        state = rested(moved.state, one.now + seconds(20)) if Step.ACT in moved.steps else moved.state
    return verdicts, taken


@pytest.mark.parametrize(
    ("words", "verdicts", "taken"),
    [
        pytest.param("T0 T4 T6 T22", "pending fires cooling cooling", "act@4", id="cooling"),
        pytest.param("T0 T4 T6 T24 T28", "pending fires cooling pending fires", "act@4 act@28", id="acts-again"),
        pytest.param("T0 T4 F6", "pending fires clear", "act@4 cleared@6", id="cleared-at-once"),
        pytest.param("T0 T4 T6 F8", "pending fires cooling clear", "act@4 cleared@8", id="cleared-while-cooling"),
        pytest.param("T0 T4 T24 F26", "pending fires pending clear", "act@4 cleared@26", id="cleared-after-the-rest"),
        pytest.param(
            "T0 T4 F6 T8 T12 F14", "pending fires clear pending cooling clear", "act@4 cleared@6", id="held-then-clear"
        ),
        pytest.param("T0 T4 T6 U8 T24", "pending fires cooling cooling pending", "act@4", id="unknown-keeps-it"),
    ],
)
def test_cooldown(words: str, verdicts: str, taken: str) -> None:
    assert cooled(words) == (verdicts.split(), taken.split())


CLEAR_WHEN = replace(TERMS, has_clear_when=True)


@pytest.mark.parametrize(
    ("words", "verdicts", "taken"),
    [
        pytest.param("T0 T4 F6 F8c", "pending fires fires clear", "act@4 cleared@8", id="clears-by-its-own"),
        pytest.param("T0 T4 T6c", "pending fires fires", "act@4", id="when-wins"),
        pytest.param("T0 T4 U6c F8", "pending fires fires fires", "act@4", id="unknown-keeps-it"),
        pytest.param("T0 F2 T4 T6", "pending clear pending pending", "", id="false-still-starts-over"),
        pytest.param("F0 F2c", "clear clear", "", id="nothing-to-clear"),
    ],
)
def test_clear_when(words: str, verdicts: str, taken: str) -> None:
    assert run(words, CLEAR_WHEN)[1:] == (verdicts.split(), taken.split())


def test_a_new_episode_keeps_what_stands_until_it_is_cleared() -> None:
    verdicts, taken = cooled("T0 T4 T24 T28 F30")
    assert verdicts == ["pending", "fires", "pending", "fires", "clear"]
    assert taken == ["act@4", "act@28", "cleared@30"]


# --- the window, the day, another policy


def test_outside_the_window_a_pending_rule_is_dropped() -> None:
    assert run("T0 T2- T4 T6")[1] == ["pending", "clear", "pending", "pending"]


def test_at_the_end_of_the_window_what_was_until_cleared_ends() -> None:
    state, verdicts, taken = run("T0 T4 T6- T8-")
    assert verdicts[-1] == "clear"
    assert taken == ["act@4", "cleared@6"]
    assert state.episode == 1


def test_another_trading_day_ends_what_was_open() -> None:
    state, _, _ = run("T0 T4")
    moved = advance(state, reading("T6", on=date(2026, 11, 24)), TERMS)
    assert moved.verdict is Verdict.PENDING
    assert moved.steps == (Step.CLEARED,)


def test_another_condition_starts_anew_and_says_so() -> None:
    state, _, _ = run("T0 T2")
    moved = advance(state, reading("T4"), replace(TERMS, fingerprint="two"))
    assert moved.verdict is Verdict.PENDING
    assert moved.steps == (Step.STATE_DROPPED,)
    assert advance(RuleState(), reading("T4"), TERMS).steps == ()


def test_what_a_dry_run_did_never_disarms_an_enforce_firing() -> None:
    dry = replace(COOL, mode=Mode.DRY_RUN, on_unknown=OnUnknown(fire=seconds(10)))
    state, _, _ = run("T0 T4", dry)
    state = rested(state, START + seconds(3600))
    enforced = replace(dry, mode=Mode.ENFORCE)
    assert steps_from(state, "T6 T8 T10", enforced) == ["state_dropped@6", "act@10"]
    unknown, _, _ = run("U0 U10", dry)
    assert steps_from(unknown, "U12 U22", enforced) == ["state_dropped@12", "act@22"]


def steps_from(state: RuleState, words: str, terms: Terms) -> list[str]:
    return run(words, terms, state)[2]


def test_a_row_that_is_gone_goes_on_counting_episodes() -> None:
    state = ended(run("T0 T4")[0])
    assert (state.phase, state.episode, state.uncleared) == (Phase.IDLE, 1, False)
    assert run("T6 T10", TERMS, state)[0].episode == 2


def test_a_state_is_never_changed_in_place() -> None:
    state = RuleState()
    advance(state, reading("T0"), TERMS)
    assert state == RuleState()
