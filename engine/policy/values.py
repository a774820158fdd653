"""One value as an author writes it; and a number without a unit takes the unit of its first use, of no second."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.domain.kinds import Kind
from engine.policy import ir
from engine.policy.expression import parse_expression
from engine.policy.findings import Place, Report
from engine.policy.literals import parse_literal
from engine.policy.scope import Scope
from engine.policy.sentence import FOLLOWS, SentenceError, flatten
from engine.policy.units import constant, is_bare, settled
from engine.policy.yaml_text import Node, Scalar


def report_sentence(error: SentenceError, scalar: Node, report: Report) -> None:
    """Report a sentence's problem with its caret inside the scalar it stands in."""
    problem = error.problem
    if problem.code != FOLLOWS:
        report.error(problem.code, place_in(scalar, problem.at), problem.message, problem.hint)


def place_in(scalar: Node, at: ir.Span) -> Place:
    """
    Return the place of a span inside a scalar's stripped text.

    It is the whole scalar where columns cannot be told: folded over several lines, or with odd escapes.
    """
    if not isinstance(scalar, Scalar):
        return scalar.place
    lead = len(scalar.text) - len(scalar.text.lstrip())
    start, end = at[0] + lead, at[0] + lead + at[1]
    if scalar.style is None:
        return scalar.place if scalar.place.length < len(scalar.text) else scalar.place.shifted(start, at[1])
    # Inside quotes the author wrote `''`, `\\"` or `\\\\` for one character.
    doubled = {"'": "'", '"': '"\\'}.get(scalar.style, "")
    written = [2 if character in doubled else 1 for character in scalar.text]
    if not doubled or sum(written) + 2 != scalar.place.length:
        return scalar.place
    return scalar.place.shifted(1 + sum(written[:start]), sum(written[start:end]))


def compile_value(scalar: Scalar, scope: Scope, report: Report) -> ir.Node | None:
    """Return the expression of a value: a literal, or a share of facts such as `2% of capital`; None with a finding."""
    literal = parse_literal(scalar.text)
    try:
        if literal is not None:
            return constant(literal, scope, (0, len(literal.text)))
        node = parse_expression(scalar.text, scope)
    except SentenceError as error:
        if error.problem.code == "not-a-sentence":
            _report_bad_value(scalar, report)
        elif error.problem.code == "unknown-fact" and error.problem.hint is None and scalar.text.isidentifier():
            hint = "a value is a number; texts and choices stand in the sentence itself"
            report_sentence(SentenceError(replace(error.problem, hint=hint)), scalar, report)
        else:
            report_sentence(error, scalar, report)
        return None
    parts = ir.walk(node)
    names_nothing = not any(isinstance(part, ir.FactRef | ir.ValueRef) for part in parts)
    if names_nothing or not node.type.is_numeric or any(isinstance(part, ir.FieldRef | ir.Aggregate) for part in parts):
        _report_bad_value(scalar, report)
        return None
    return ir.Sentence(text=flatten(scalar.text), pointer=scalar.place.path, body=node, type=node.type)


def _report_bad_value(scalar: Scalar, report: Report) -> None:
    hint = "write 10k, 10,000 INR, 5%, 30s, 14:45, or a share such as 2% of capital"
    report.error("bad-value", scalar.place, f"'{scalar.text[:60]}' is not a value", hint)


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a bare value: the kind it took, and where."""

    name: str
    kind: Kind
    place: Place


def uses_of_bare(node: ir.Node, values: Mapping[str, ir.Node], where: Node) -> Iterable[Use]:
    """Yield every use of a value written without a unit, those inside other values too; `where`: the text it is in."""
    for part in ir.walk(node):
        value = values.get(part.name) if isinstance(part, ir.ValueRef) else None
        if isinstance(part, ir.ValueRef) and value is not None:
            if is_bare(value, values) and part.type.kind is not Kind.NUMBER:
                yield Use(part.name, part.type.kind, place_in(where, part.at))
                value = replace(settled(value, part.type, values), at=part.at)
            yield from (replace(use, place=place_in(where, part.at)) for use in uses_of_bare(value, values, where))


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
