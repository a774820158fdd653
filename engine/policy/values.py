"""Desk values and lets: named, typed, compiled once; a number without a unit takes the unit of its first use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.domain.kinds import Kind
from engine.policy import ir
from engine.policy.expression import parse_expression
from engine.policy.findings import Place, Report
from engine.policy.literals import parse_literal
from engine.policy.scope import Scope
from engine.policy.sentence import SentenceError
from engine.policy.yaml_text import TAGGED, Scalar
from engine.policy.yaml_text import Mapping as MappingNode


def report_sentence(error: SentenceError, scalar: Scalar, report: Report) -> None:
    """Report a sentence's problem with its caret inside the scalar it stands in."""
    problem = error.problem
    report.error(problem.code, place_in(scalar, problem.at), problem.message, problem.hint)


def place_in(scalar: Scalar, at: ir.Span) -> Place:
    """Return the place of a span inside a scalar; the scalar's start when it is folded over several lines."""
    if scalar.style in ("|", ">") or (scalar.place.length == 1 and len(scalar.text) > 1):
        return scalar.place
    lead = len(scalar.text) - len(scalar.text.lstrip())
    shift = at[0] + lead + (1 if scalar.style in ("'", '"') else 0)
    return scalar.place.shifted(shift, at[1])


def compile_value(scalar: Scalar, scope: Scope, report: Report) -> ir.Node | None:
    """Return the expression of a value: a literal, or a share of facts such as `2% of capital`; None with a finding."""
    literal = parse_literal(scalar.text)
    if literal is not None:
        return ir.Literal(value=literal.value, text=literal.text, type=literal.type, bare=literal.bare)
    try:
        node = parse_expression(scalar.text, scope)
    except SentenceError as error:
        report_sentence(error, scalar, report)
        return None
    if not node.type.is_numeric or any(isinstance(part, ir.FieldRef | ir.Aggregate) for part in ir.walk(node)):
        report.error(
            "bad-value",
            scalar.place,
            f"'{scalar.text[:60]}' is not a value",
            "write 10k, 10,000 INR, 5%, 30s, 14:45, or a share such as 2% of capital",
        )
        return None
    return ir.Sentence(text=" ".join(scalar.text.split()), pointer=scalar.place.path, body=node, type=node.type)


def compile_values(node: MappingNode, scope: Scope, report: Report) -> dict[str, ir.Node]:
    """Return values by name in file order; a later one may use an earlier one."""
    made: dict[str, ir.Node] = {}
    for entry in node.entries:
        name = entry.key.text
        if not isinstance(entry.value, Scalar) or entry.value.style == TAGGED or not entry.value.text:
            continue
        if not _name_is_free(name, entry.key, scope, report):
            continue
        inner = Scope(scope.catalogue, scope.later, {**scope.values, **made}, scope.variables)
        compiled = compile_value(entry.value, inner, report)
        if compiled is not None:
            made[name] = compiled
    return made


def _name_is_free(name: str, key: Scalar, scope: Scope, report: Report) -> bool:
    if name in scope.values:
        hint = "choose another name, or change it in values.yaml or for one account in rekha.yaml"
        report.error("shadowed-value", key.place, f"'{name}' is a desk value already", hint)
        return False
    if name in scope.catalogue.facts or name in scope.catalogue.rows:
        report.error("shadowed-value", key.place, f"'{name}' is the name of a fact", "choose another name")
        return False
    return True


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a bare value: the kind it took, and where."""

    name: str
    kind: Kind
    place: Place


def uses_of_bare(node: ir.Node, values: Mapping[str, ir.Node], place: Place) -> Iterable[Use]:
    """Yield every use of a value written without a unit."""
    for part in ir.walk(node):
        if isinstance(part, ir.ValueRef):
            value = values.get(part.name)
            if isinstance(value, ir.Literal) and value.bare and part.type.kind is not Kind.NUMBER:
                yield Use(part.name, part.type.kind, place)


def check_units(uses: Iterable[Use], report: Report) -> None:
    """Report a bare value that is used as two different kinds of quantity."""
    first: dict[str, Use] = {}
    for use in uses:
        earlier = first.setdefault(use.name, use)
        if earlier.kind is not use.kind:
            report.error(
                "value-two-units",
                use.place,
                f"'{use.name}' has no unit and is used as {use.kind.value} here, as {earlier.kind.value} in "
                f"{earlier.place.file}:{earlier.place.line}",
                "give it a unit, or make two values",
            )
