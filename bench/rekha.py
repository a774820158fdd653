"""Our own sides of the comparison, one line each in `OURS`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from bench.books import Loaded
from bench.by_hand import slotted
from bench.days import Seen
from bench.subject import Ready
from engine.domain.kinds import TEXT
from engine.domain.truth import Truth
from engine.domain.values import Unknown
from engine.facts.base import Catalogue, FieldSpec
from engine.facts.catalogue import CATALOGUE
from engine.policy import meaning
from engine.policy.generated.conditions import Conditions, Pass, generate
from engine.policy.program import Program


class Ours(NamedTuple):
    """One way the engine itself judges. make: a program made ready; what it costs is the cost of a load."""

    name: str
    how: str
    make: Callable[[Loaded, Program], Ready]

    def version(self) -> str | None:
        """Return an empty text: it is here."""
        return ""

    def spell(self, loaded: Loaded) -> Program:
        """Return the program: no translation."""
        return loaded.program

    def prepare(self, loaded: Loaded, spelt: Program) -> Ready:
        """Return the program ready."""
        return self.make(loaded, spelt)


def tree(_loaded: Loaded, program: Program) -> Ready:
    """Return the normative evaluator: it always builds the whole trace."""

    def fired(day: Seen) -> set[str]:
        return {policy.name for policy in program.policies if meaning.evaluate(policy.when, day).truth is Truth.TRUE}

    return Ready(lambda day: day, fired)


class _Given(NamedTuple):
    """A day in the form the generated function takes: its arguments, and the day itself for the tree evaluator."""

    facts: tuple[Any, ...]
    moment: tuple[Any, ...]
    rows: tuple[tuple[Pass, Sequence[Any]], ...]
    unknown: frozenset[str]
    day: Seen


def generated(loaded: Loaded, program: Program) -> Ready:
    """Return the generated function, and the tree evaluator for the policies it leaves open."""
    conditions = generate(program.policies, _READY)
    constants = tuple(
        meaning.fixed_value(constant.node, {**program.values, **constant.lets}) for constant in conditions.constants
    )
    row = {plural: slotted(fields) for plural, fields in loaded.fields.items()}
    whens, ask = {policy.name: policy.when for policy in program.policies}, conditions.ask

    def fired(given: _Given) -> set[str]:
        facts, moment, kinds, unknown, day = given
        results: list[Any] = []
        for one, rows in kinds:
            results += one.over(rows, None, facts, moment, constants)
        fires, _, unsure = ask(facts, moment, constants, results, unknown)
        fired = set(fires)
        if unsure:
            fired.update(name for name in unsure if meaning.evaluate(whens[name], day).truth is Truth.TRUE)
        return fired

    return Ready(lambda day: _given(conditions, day, row), fired)


def _given(conditions: Conditions, day: Seen, make: Mapping[str, Callable[..., Any]]) -> _Given:
    return _Given(
        tuple(day.fact(name) for name in conditions.facts),
        (day.now, *(day.fact(name) for name in conditions.moments)),
        tuple((one, [make[one.rows](**row.fields) for row in day.rows(one.rows)]) for one in conditions.passes),
        frozenset(name for name in (*conditions.facts, *conditions.moments) if isinstance(day.fact(name), Unknown)),
        day,
    )


def _ready() -> Catalogue:
    """Return the catalogue with every field standing in its row, as it does in the rows all sides are given here."""
    rows = {
        plural: replace(kind, fields={name: _standing(spec) for name, spec in kind.fields.items()})
        for plural, kind in CATALOGUE.rows.items()
    }
    return Catalogue(CATALOGUE.facts, rows)


def _standing(spec: FieldSpec) -> FieldSpec:
    return FieldSpec(name=spec.name, type=TEXT, doc=spec.doc, needs=spec.needs, path=spec.name)


_READY: Final = _ready()
# The name the goals are set for.
GENERATED: Final = "rekha, generated"
TREE: Final = Ours("rekha, tree with traces", "the normative evaluator, every trace built", tree)
OURS: Final[tuple[Ours, ...]] = (Ours(GENERATED, "one generated function, one pass over the rows", generated), TREE)
