"""A policy's own examples: given values read in the kinds of the facts they stand for."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from engine.domain.kinds import Kind, Type
from engine.domain.truth import Truth
from engine.domain.values import Known
from engine.policy import ir
from engine.policy.calls import plain
from engine.policy.expression import parse_expression
from engine.policy.findings import Report
from engine.policy.literals import parse_literal
from engine.policy.program import Example
from engine.policy.scope import Scope
from engine.policy.sentence import SentenceError
from engine.policy.type_rules import described
from engine.policy.units import constant
from engine.policy.values import report_sentence
from engine.policy.yaml_text import TAGGED, Node, Scalar, Sequence
from engine.policy.yaml_text import Mapping as MappingNode

UNKNOWN = "unknown"


def compile_examples(node: Node | None, scope: Scope, report: Report) -> tuple[Example, ...]:
    """Return the examples in file order; a given value that is not of its fact's kind is reported."""
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(example for item in items if (example := _example(item, scope, report)) is not None)


def _example(node: Node, scope: Scope, report: Report) -> Example | None:
    if not isinstance(node, MappingNode):
        return None
    given, expect, title = node.get("given"), node.get("expect"), node.get("title")
    if not isinstance(given, MappingNode) or not isinstance(expect, Scalar):
        return None
    if expect.text not in (truth.value for truth in Truth):
        return None
    values: dict[str, object] = {}
    before = report.error_count
    for entry in given.entries:
        if isinstance(entry.value, Scalar) and entry.value.style == TAGGED:
            return None
        if isinstance(entry.value, Scalar):
            name = plain(entry.key.text)
            values[name] = _given(name, entry.value, scope, report)
    if report.error_count > before:
        return None
    text = title.text if isinstance(title, Scalar) else ""
    return Example(text, MappingProxyType(values), Truth(expect.text), expect.place)


def _given(name: str, scalar: Scalar, scope: Scope, report: Report) -> Known | None:
    type_ = _type_of(name, scope)
    if isinstance(scope.values.get(name), ir.Table):
        hint = "give what it is asked by, and leave the table to say the rest"
        report.error("example-wrong-kind", scalar.place, f"'{name}' is a table, not one value", hint)
        return None
    if scalar.text == UNKNOWN or type_ is None:
        return None
    reader = _READERS.get(type_.kind, _number)
    try:
        value = reader(scalar.text, type_)
        literal = parse_literal(scalar.text)
        if literal is not None and isinstance(value, Decimal):
            constant(literal, scope, (0, len(literal.text)))
    except ValueError:
        value = None
    except SentenceError as error:
        report_sentence(error, scalar, report)
        return None
    if value is None:
        hint = f"'{name}' is {described(type_)}; see rekha explain fact {name.split('.')[0]}"
        report.error("example-wrong-kind", scalar.place, f"'{scalar.text[:60]}' is no value of '{name}'", hint)
    return value


def _type_of(name: str, scope: Scope) -> Type | None:
    fact = scope.catalogue.facts.get(name)
    if fact is not None:
        return fact.type
    if "(" in name:
        return _type_of_call(name, scope)
    base, _, field = name.partition(".")
    rows = scope.variables.get(base)
    if rows is not None and field in rows.fields:
        return rows.fields[field].type
    return scope.value_type(name)


def _type_of_call(name: str, scope: Scope) -> Type | None:
    try:
        return parse_expression(name, scope).type
    except SentenceError:
        return None  # nothing reads it, which is told


def _number(text: str, type_: Type) -> Known | None:
    literal = parse_literal(text)
    if literal is None:
        return None
    has_unit = type_.kind in (Kind.DURATION, Kind.TIME)
    fits = literal.type.kind is type_.kind or (literal.bare and not has_unit) or type_.kind is Kind.NUMBER
    return literal.value if fits else None


def _yes_or_no(text: str, _: Type) -> Known | None:
    return {"yes": True, "true": True, "no": False, "false": False}.get(text)


def _choice(text: str, type_: Type) -> Known | None:
    return text if text in type_.members else None


def _instant(text: str, _: Type) -> Known | None:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else None


_READERS: Mapping[Kind, Callable[[str, Type], Known | None]] = {
    Kind.BOOL: _yes_or_no,
    Kind.ENUM: _choice,
    Kind.TEXT: lambda text, _: text,
    Kind.DATE: lambda text, _: date.fromisoformat(text),
    Kind.INSTANT: _instant,
}
