"""
What is decided while something is unknown stays true whatever the unknown turns out to be.

Sentences here hold no `known` and no `age`: those two ask about knowledge itself and may change with it.
"""

from dataclasses import replace
from decimal import Decimal
from itertools import cycle
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value
from engine.policy import guard, meaning
from engine.policy.expression import parse_condition, parse_expression
from engine.policy.sentence import MAX_LENGTH
from tests.policy.toy import CATALOGUE, World, scope
from tests.properties import grammar

SCOPE = scope(grammar.DESK)
KINDS = {name: kind for kind, names in (grammar.FACTS | grammar.FIELDS).items() for name in names}
STEPS = tuple(Decimal(text) for text in ("0", "0.25", "0.5", "1"))


def inside(doubt: Unknown, kind: str, pick: int) -> Value:
    """A value the unknown may turn out to be, often one of its bounds."""
    words = grammar.YES_OR_NO if kind == "bool" else grammar.CHOICES.get(kind)
    if words is not None:
        return words[pick % len(words)]
    low = doubt.low if doubt.low is not None else min(doubt.high or Decimal(0), Decimal(0)) - 5
    high = doubt.high if doubt.high is not None else max(low, Decimal(0)) + 5
    return low + (high - low) * STEPS[pick]


@st.composite
def completed(draw: st.DrawFn, world: World) -> World:
    """The same world with every unknown replaced by something it may be."""
    picks = cycle(draw(st.lists(st.integers(0, len(STEPS) - 1), min_size=7, max_size=7)))
    spare = draw(grammar.rows_of(certain=True))

    def settle(name: str, value: Value) -> Value:
        return inside(value, KINDS.get(name, name), next(picks)) if isinstance(value, Unknown) else value

    facts = {name: settle(name, value) for name, value in world.facts.items()}
    kinds: dict[str, Any] = {}
    for plural, rows in world.kinds.items():
        known = spare if isinstance(rows, Unknown) else rows
        kinds[plural] = tuple({name: settle(name, value) for name, value in row.items()} for row in known)
    return replace(world, facts=facts, kinds=kinds)


WORLDS = grammar.worlds().flatmap(lambda world: st.tuples(st.just(world), completed(world)))
NUMBERS = st.sampled_from(grammar.NUMBERS).flatmap(lambda kind: grammar.numbers(kind, 3, ()))


def truth(text: str, world: World) -> Truth:
    assume(len(text) <= MAX_LENGTH)
    return meaning.evaluate(parse_condition(text, SCOPE), replace(world, values=SCOPE.values)).truth


def number(text: str, world: World) -> Value:
    assume(len(text) <= MAX_LENGTH)
    return meaning.evaluate(parse_expression(text, SCOPE), replace(world, values=SCOPE.values)).value


@settings(max_examples=300)
@given(grammar.conditions(3), WORLDS)
def test_a_decided_answer_holds_in_every_completion(text: str, pair: tuple[World, World]) -> None:
    before, after = truth(text, pair[0]), truth(text, pair[1])
    # A completion may divide by zero or take the least of no rows; then it says nothing.
    assert Truth.UNKNOWN in (before, after) or before is after, text


@settings(max_examples=300)
@given(NUMBERS, WORLDS)
def test_a_number_lies_within_its_bounds_in_every_completion(text: str, pair: tuple[World, World]) -> None:
    before, after = number(text, pair[0]), number(text, pair[1])
    if isinstance(after, Decimal):
        low, high = (before.low, before.high) if isinstance(before, Unknown) else (before, before)
        assert low is None or low <= after, text
        assert high is None or after <= high, text


@st.composite
def blurred(draw: st.DrawFn, world: World) -> World:
    """The same world with one input less certain than it was, never more."""

    def doubt(name: str, value: Value) -> Unknown:
        kind = KINDS.get(name, name)
        if kind == "bool" or kind in grammar.CHOICES:
            return grammar.NO_ANSWER
        low, high = (value.low, value.high) if isinstance(value, Unknown) else (value, value)
        below, above = draw(st.sampled_from(((0, 1), (1, 0), (2, 2))))
        wider = [None if end is None else end + step for end, step in ((low, -below), (high, above))]  # type: ignore[operator]
        return Unknown(("blurred",), *draw(st.sampled_from((wider, [None, wider[1]], [wider[0], None], [None, None]))))

    what = draw(st.sampled_from((*world.facts, *grammar.ROWS)))
    if what in world.facts:
        return replace(world, facts={**world.facts, what: doubt(what, world.facts[what])})
    rows = world.kinds[what]
    if isinstance(rows, Unknown) or not rows or draw(st.booleans()):
        return replace(world, kinds={**world.kinds, what: grammar.NO_ANSWER})
    index = draw(st.integers(0, len(rows) - 1))
    name = draw(st.sampled_from(tuple(rows[index])))
    changed = {**rows[index], name: doubt(name, rows[index][name])}
    return replace(world, kinds={**world.kinds, what: (*rows[:index], changed, *rows[index + 1 :])})


BLURRED = grammar.worlds().flatmap(lambda world: st.tuples(st.just(world), blurred(world)))


@settings(max_examples=300)
@given(grammar.conditions(3), BLURRED)
def test_knowing_less_only_moves_an_answer_to_unknown(text: str, pair: tuple[World, World]) -> None:
    sharp, dim = truth(text, pair[0]), truth(text, pair[1])
    assert dim in (sharp, Truth.UNKNOWN), text


def possible(world: World) -> bool:
    """Whether every value lies within the range its fact or field declares."""

    def fits(spec: Any, value: Value) -> bool:
        if isinstance(value, bool | str | Unknown):
            return True
        return (spec.low is None or spec.low <= value) and (spec.high is None or value <= spec.high)

    facts = all(fits(CATALOGUE.facts[name], value) for name, value in world.facts.items())
    rows = [(plural, row) for plural, kind in world.kinds.items() if not isinstance(kind, Unknown) for row in kind]
    return facts and all(
        fits(CATALOGUE.rows[plural].fields[name], value) for plural, row in rows for name, value in row.items()
    )


def lawful(world: World) -> World:
    """The same world with every number turned positive, as magnitudes are."""

    def up(value: Value) -> Value:
        return abs(value) if isinstance(value, Decimal) else value

    facts = {name: up(value) for name, value in world.facts.items()}
    kinds = {
        plural: tuple({name: up(value) for name, value in row.items()} for row in rows)
        for plural, rows in world.kinds.items()
    }  # type: ignore[union-attr]
    return replace(world, facts=facts, kinds=kinds)


@settings(max_examples=300)
@given(grammar.conditions(2, known=True), grammar.worlds(certain=True).map(lawful))
def test_the_guard_calls_nothing_decided_that_a_possible_reading_answers_otherwise(text: str, world: World) -> None:
    assume(possible(world))
    assume(len(text) <= MAX_LENGTH)
    decided = guard.decided(parse_condition(text, SCOPE), CATALOGUE, SCOPE.values)
    assert decided is Truth.UNKNOWN or truth(text, world) in (decided, Truth.UNKNOWN), text


@given(grammar.conditions(2), grammar.worlds(certain=True))
def test_with_everything_known_only_arithmetic_can_leave_an_answer_open(text: str, world: World) -> None:
    if truth(text, world) is Truth.UNKNOWN:
        assert "/" in text or "min(" in text or "max(" in text
