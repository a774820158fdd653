"""The normative tree evaluator and the simpleeval reference give the same value, bounds included, for any sentence."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value
from engine.policy import ir, meaning, reference
from engine.policy.expression import parse_condition, parse_expression
from engine.policy.sentence import MAX_LENGTH, SentenceError
from tests.policy.toy import NOW, World, scope
from tests.properties import grammar

SCOPE = scope(grammar.DESK)


def typed(text: str) -> ir.Node:
    assume(len(text) <= MAX_LENGTH)
    try:
        return parse_condition(text, SCOPE)
    except SentenceError as error:
        assume(error.problem.code != "sentence-too-deep")
        raise


def outline(value: Value) -> object:
    return (value.low, value.high) if isinstance(value, Unknown) else value


def stamped(world: World, seconds: dict[str, int]) -> World:
    stamps = {name: NOW - timedelta(seconds=age) for name, age in seconds.items()}
    return replace(world, values=SCOPE.values, stamps=stamps)


NAMES = (*(name for names in grammar.FACTS.values() for name in names), *grammar.ROWS)
FIELDS = tuple(f"{plural}.{field}" for plural in grammar.ROWS for fields in grammar.FIELDS.values() for field in fields)
AGES = st.dictionaries(st.sampled_from((*NAMES, *FIELDS)), st.integers(0, 9), max_size=20)


@settings(max_examples=600)
@given(grammar.conditions(3, known=True), grammar.worlds(), AGES)
def test_the_tree_and_the_reference_agree_on_conditions(text: str, world: World, ages: dict[str, int]) -> None:
    world = stamped(world, ages)
    tree = meaning.evaluate(typed(text), world, text=text)
    assert outline(tree.value) == outline(reference.interpret(text, world)), text


@settings(max_examples=300)
@given(st.sampled_from(grammar.NUMBERS).flatmap(lambda kind: grammar.numbers(kind, 3, ())), grammar.worlds())
def test_the_tree_and_the_reference_agree_on_numbers(text: str, world: World) -> None:
    assume(len(text) <= MAX_LENGTH)
    world = replace(world, values=SCOPE.values)
    tree = meaning.evaluate(parse_expression(text, SCOPE), world, text=text)
    assert outline(tree.value) == outline(reference.interpret(text, world)), text


@given(grammar.conditions(3, known=True), grammar.worlds())
def test_an_unknown_always_says_why(text: str, world: World) -> None:
    result = meaning.evaluate(typed(text), replace(world, values=SCOPE.values), text=text)
    if result.truth is Truth.UNKNOWN:
        assert isinstance(result.value, Unknown)
        assert result.value.causes


@given(grammar.conditions(3, known=True))
def test_a_canonical_form_is_the_same_for_the_same_text_with_other_spaces(text: str) -> None:
    spaced = text.replace(" ", "   ").replace("(", "( ")
    assume(len(spaced) <= MAX_LENGTH)
    assert ir.canonical_form(typed(text)) == ir.canonical_form(typed(spaced))
