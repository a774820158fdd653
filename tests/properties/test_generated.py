"""The generated function never says what the tree evaluator does not: it agrees with it, or leaves it the answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.domain.kinds import BOOL
from engine.domain.truth import Truth
from engine.domain.values import Unknown, Value, unknown
from engine.facts.base import Catalogue, FieldSpec
from engine.policy import ir, meaning, reference
from engine.policy.expression import parse_condition
from engine.policy.generated.conditions import Conditions, condition_of, generate
from engine.policy.program import Policy
from engine.policy.sentence import MAX_LENGTH, SentenceError
from tests.policy.toy import CATALOGUE, World, loaded, policy
from tests.properties import grammar
from tests.properties.test_reference import AGES, SCOPE, stamped

TEMPLATE = loaded(policy()).require().policies[0]


def told(name: str) -> Callable[[Any, Any], Value]:
    return lambda _view, row: row[name]


def with_fields(make: Callable[[FieldSpec], FieldSpec]) -> Catalogue:
    kinds = {
        plural: replace(rows, fields={name: make(spec) for name, spec in rows.fields.items()})
        for plural, rows in CATALOGUE.rows.items()
    }
    return Catalogue(CATALOGUE.facts, kinds)


# Rows that are dicts: every field is computed.
COMPUTED = with_fields(lambda spec: replace(spec, path="", compute=told(spec.name)))
# Rows that are objects: what is a number just stands there, and None is not known.
STANDING = with_fields(
    lambda spec: replace(
        spec, path="" if spec.type == BOOL else spec.name, compute=lambda _, row: getattr(row, spec.name)
    )
)


def standing(row: dict[str, Value]) -> SimpleNamespace:
    plain = {
        name: None if isinstance(value, Unknown) and name not in grammar.FIELDS["bool"] else value
        for name, value in row.items()
    }
    return SimpleNamespace(**plain)


def typed(text: str) -> ir.Node:
    if len(text) > MAX_LENGTH:
        assume(False)  # noqa: FBT003
    try:
        return ir.Sentence(text=text, pointer="/when", body=parse_condition(text, SCOPE))
    except SentenceError as error:
        assume(error.problem.code != "sentence-too-deep")
        raise


def policies_of(texts: Sequence[str]) -> tuple[Policy, ...]:
    return tuple(replace(TEMPLATE, name=f"p{i}", when=typed(text)) for i, text in enumerate(texts))


def answers(conditions: Conditions, world: World, *, stand: bool = False, careful: bool = False) -> list[Truth | None]:
    """What the generated function says of each policy; None where it leaves the answer to the tree."""
    facts = tuple(world.fact(name) for name in conditions.facts)
    moment = (
        world.now,
        *(world.fact(name) for name in conditions.moments),
        *(meaning.evaluate(one.node, world).value for one in conditions.asked),
    )
    constants = tuple(meaning.evaluate(constant.node, world).value for constant in conditions.constants)
    results: list[Any] = []
    for one in conditions.passes:
        rows = world.rows(one.rows)
        if stand and not isinstance(rows, Unknown):
            rows = tuple(standing(row) for row in rows)
        results += one.over(rows, None, facts, moment, constants)
    names = (*conditions.facts, *conditions.moments)
    unknown = frozenset(name for name in names if isinstance(world.fact(name), Unknown)) if careful else frozenset()
    given = (facts, moment, constants, results)
    fires, doubtful, unsure = conditions.ask(*given, unknown) if careful else conditions.function(*given)
    assert len({*fires, *doubtful, *unsure}) == len(fires) + len(doubtful) + len(unsure)
    known: dict[str, Truth | None] = {**dict.fromkeys(fires, Truth.TRUE), **dict.fromkeys(unsure, None)}
    known |= dict.fromkeys(doubtful, Truth.UNKNOWN)
    return [known.get(name, Truth.FALSE) for name in conditions.policies]


def by_tree(policies: Sequence[Policy], world: World) -> list[Truth]:
    return [meaning.evaluate(condition_of(policy), world).truth for policy in policies]


def agree(said: Sequence[Truth | None], meant: Sequence[Truth], source: str) -> None:
    for quick, tree in zip(said, meant, strict=True):
        assert quick is None or quick is tree, source


TEXTS = st.lists(grammar.conditions(3, known=True), min_size=1, max_size=4)


@settings(max_examples=500)
@given(TEXTS, grammar.worlds(), AGES)
def test_it_agrees_with_the_tree_or_leaves_it_the_answer(texts: list[str], world: World, ages: dict[str, int]) -> None:
    world, policies = stamped(world, ages), policies_of(texts)
    conditions = generate(policies, COMPUTED)
    agree(answers(conditions, world), by_tree(policies, world), conditions.source)


@settings(max_examples=500)
@given(TEXTS, grammar.worlds(), AGES)
def test_with_facts_that_are_unknown_it_says_what_the_tree_says(
    texts: list[str], world: World, ages: dict[str, int]
) -> None:
    world, policies = stamped(world, ages), policies_of(texts)
    conditions = generate(policies, COMPUTED)
    agree(answers(conditions, world, careful=True), by_tree(policies, world), conditions.source)


@settings(max_examples=200)
@given(TEXTS, grammar.worlds(), AGES)
def test_it_agrees_with_the_reference_interpreter_too(texts: list[str], world: World, ages: dict[str, int]) -> None:
    world, policies = stamped(world, ages), policies_of(texts)
    conditions = generate(policies, COMPUTED)
    meant = [meaning.truth_of(reference.interpret(text, world)) for text in texts]
    agree(answers(conditions, world, careful=True), meant, conditions.source)


@settings(max_examples=300)
@given(TEXTS, grammar.worlds(certain=True), grammar.worlds())
def test_unknown_facts_alone_leave_the_tree_nothing(texts: list[str], world: World, other: World) -> None:
    # The rows are known, some facts are not: then the answer may be "unknown", but it is an answer.
    assume(not any(word in text for text in texts for word in ("known(", "age(", " for ")))
    world, policies = stamped(World(other.facts, world.kinds), {}), policies_of(texts)
    conditions = generate(policies, COMPUTED)
    assert tuple(answers(conditions, world, careful=True)) == tuple(by_tree(policies, world)), conditions.source


@settings(max_examples=300)
@given(TEXTS, grammar.worlds())
def test_it_agrees_where_fields_just_stand_in_their_rows(texts: list[str], world: World) -> None:
    world, policies = stamped(world, {}), policies_of(texts)
    conditions = generate(policies, STANDING)
    agree(answers(conditions, world, stand=True), by_tree(policies, world), conditions.source)


@settings(max_examples=300)
@given(TEXTS, grammar.worlds(certain=True))
def test_it_answers_what_is_known(texts: list[str], world: World) -> None:
    # A division by nothing, and the least of no rows, are unknown in a world where everything else is known.
    assume(not any(word in text for text in texts for word in ("/", "min(", "max(", "known(", "age(")))
    world, policies = stamped(world, {}), policies_of(texts)
    conditions = generate(policies, COMPUTED)
    said = answers(conditions, world)
    agree(said, by_tree(policies, world), conditions.source)
    assert all(answer is not None for name, answer in zip(conditions.policies, said, strict=True)
               if name not in conditions.by_tree), conditions.source  # fmt: skip


LIMITS = ("0 INR", "1 INR", "3 INR", "loss_limit", "50% of loss_limit", "mtm", "2 * capital")
TESTS = ("p.is_short", "not p.is_covered", "p.lots > 1", "p.lots != 3", "p.spread_pct <= 50%", "stop_loss_hit")


@st.composite
def over_rows(draw: st.DrawFn) -> str:
    """A run over rows whose outcome hangs on one limit: most of what passes share, and where they may go wrong."""
    limit = f"p.{draw(st.sampled_from(('loss', 'mark')))} {draw(st.sampled_from(grammar.ORDERED))} {{}}"
    limit = limit if draw(st.booleans()) else f"{{}} {draw(st.sampled_from(grammar.ORDERED))} p.loss"
    limit = limit.format(draw(st.sampled_from(LIMITS)))
    parts = draw(st.permutations([limit, *draw(st.lists(st.sampled_from(TESTS), max_size=2))]))
    glue = draw(st.sampled_from((" and ", " and ", " or ")))
    element, *where = parts if draw(st.booleans()) else [f"({glue.join(parts)})"]
    chosen = f" if {' and '.join(where)}" if where else ""
    kind = draw(st.sampled_from(("any", "all", "count", "none")))
    rows = draw(st.sampled_from(grammar.ROWS))
    if kind == "count":
        return f"count({element} for p in {rows}{chosen}) {draw(st.sampled_from(grammar.ORDERED))} 1"
    run = f"{'any' if kind == 'none' else kind}({element} for p in {rows}{chosen})"
    return f"not {run}" if kind == "none" else run


@st.composite
def extremes(draw: st.DrawFn) -> str:
    """A sum, least or greatest beside a limit."""
    word = draw(st.sampled_from(("sum", "min", "max")))
    chosen = draw(st.sampled_from(("", " if p.is_short", " if p.lots > 1 and p.is_short")))
    taken = draw(st.sampled_from(("p.loss", "p.mark - p.loss", "2 * p.loss", "p.loss * leverage")))
    return f"{word}({taken} for p in positions{chosen}) {draw(st.sampled_from(grammar.ORDERED))} " + draw(
        st.sampled_from(LIMITS)
    )


RUNS = st.lists(st.one_of(over_rows(), over_rows(), extremes()), min_size=1, max_size=6)


@settings(max_examples=800)
@given(RUNS, grammar.worlds(certain=True))
def test_shared_passes_say_what_each_run_says_by_itself(texts: list[str], world: World) -> None:
    world, policies = stamped(world, {}), policies_of(texts)
    conditions = generate(policies, COMPUTED)
    said, meant = answers(conditions, world), by_tree(policies, world)
    agree(said, meant, conditions.source)
    assert not conditions.by_tree
    assert all(quick is not None or tree is Truth.UNKNOWN for quick, tree in zip(said, meant, strict=True))
    assert answers(conditions, world, careful=True) == meant


@settings(max_examples=500)
@given(RUNS, grammar.worlds())
def test_shared_passes_leave_the_tree_what_is_not_known(texts: list[str], world: World) -> None:
    world, policies = stamped(world, {}), policies_of(texts)
    conditions = generate(policies, STANDING)
    agree(answers(conditions, world, stand=True, careful=True), by_tree(policies, world), conditions.source)


@settings(max_examples=300)
@given(grammar.conditions(2, ("p",)), st.one_of(st.none(), grammar.conditions(1, ("p",))), grammar.worlds())
def test_it_agrees_for_each_row(when: str, where: str | None, world: World) -> None:
    rows = CATALOGUE.rows["positions"]
    bound = SCOPE.binding("p", rows)
    assume(len(when) <= MAX_LENGTH and len(where or "") <= MAX_LENGTH)
    one = replace(
        TEMPLATE,
        for_each=replace(rows, singular="p"),
        when=ir.Sentence(text=when, pointer="/when", body=parse_condition(when, bound)),
        where=None if where is None else parse_condition(where, bound),
    )
    catalogue = replace(
        COMPUTED, rows={**COMPUTED.rows, "positions": replace(COMPUTED.rows["positions"], singular="p")}
    )
    conditions = generate([one], catalogue)
    world = stamped(world, {})
    agree(answers(conditions, world), by_tree([one], world), conditions.source)


@given(grammar.conditions(3, known=True))
def test_the_source_is_the_same_for_the_same_policies(text: str) -> None:
    policies = policies_of([text, text])
    assert generate(policies, COMPUTED).source == generate(policies, COMPUTED).source


def test_what_an_author_writes_stands_in_the_source_as_a_comment_only() -> None:
    hostile = ir.Sentence(
        text="loss >= 1 INR\n    raise SystemExit\r#\u2028\x0cimport os", pointer="/when",
        body=parse_condition("loss >= 1 INR", SCOPE),
    )  # fmt: skip
    source = generate([replace(TEMPLATE, when=hostile)], CATALOGUE).source
    assert "raise SystemExit" in source
    assert not any(line.lstrip().startswith(("raise", "import")) for line in source.splitlines())


def test_one_row_that_is_not_known_costs_only_the_policies_that_ask_for_it() -> None:
    policies = policies_of(
        ["any(p.loss >= 3 INR for p in positions)", "sum(p.lots for p in positions) > 2", "count(positions) > 5"]
    )
    row = {field: NO for fields in grammar.FIELDS.values() for field in fields}
    rows = tuple({**row, "lots": grammar.AMOUNTS[6]} for _ in range(2))
    world = stamped(World({}, {"positions": rows}), {})
    assert answers(generate(policies, COMPUTED), world) == [None, Truth.TRUE, Truth.FALSE]


NO = unknown("not told")
