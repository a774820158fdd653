"""Values with cases and tables: read from their mappings, everything they can come to of one kind."""

from collections.abc import Iterable

from engine.domain.kinds import Kind
from engine.policy import ir
from engine.policy.demands import is_open
from engine.policy.expression import parse_condition
from engine.policy.findings import Report
from engine.policy.scope import Scope
from engine.policy.sentence import SentenceError, flatten
from engine.policy.type_rules import comparable, described, mismatch_hint
from engine.policy.units import is_bare, settled
from engine.policy.values import compile_value, report_sentence
from engine.policy.yaml_text import TAGGED, Node, Scalar, Sequence
from engine.policy.yaml_text import Mapping as MappingNode

_DEFAULT = "default"


def compile_any(name: str, node: Node, scope: Scope, report: Report) -> ir.Node | None:
    """Return the expression of a value in any form: one value, cases, or a table; None with findings."""
    if isinstance(node, Scalar):
        return _one(node, scope, report)
    if not isinstance(node, MappingNode):
        return None
    return _cases(name, node, scope, report) if "cases" in node.keys() else _table(name, node, scope, report)


def _one(node: Node | None, scope: Scope, report: Report) -> ir.Node | None:
    if not isinstance(node, Scalar) or node.style == TAGGED or not node.text:
        return None
    return compile_value(node, scope, report)


def _cases(name: str, node: MappingNode, scope: Scope, report: Report) -> ir.Node | None:
    items, default = node.get("cases"), node.get(_DEFAULT)
    entries = [item for item in items.items if isinstance(item, MappingNode)] if isinstance(items, Sequence) else []
    conditions = [_condition(entry.get("if"), scope, report) for entry in entries]
    read = _of_one_kind(name, [*(entry.get("use") for entry in entries), default], scope, report)
    sound = [condition for condition in conditions if condition is not None]
    if read is None or not sound or len(sound) < len(conditions):
        return None
    *uses, last = read
    return ir.Cases(conditions=tuple(sound), uses=tuple(uses), default=last, type=last.type)


def _condition(node: Node | None, scope: Scope, report: Report) -> ir.Node | None:
    if not isinstance(node, Scalar) or node.style == TAGGED or not node.text:
        return None
    try:
        body = parse_condition(node.text, scope)
    except SentenceError as error:
        report_sentence(error, node, report)
        return None
    sentence = ir.Sentence(text=flatten(node.text), pointer=node.place.path, body=body)
    return sentence if is_open(sentence, scope, node, report) else None


def _table(name: str, node: MappingNode, scope: Scope, report: Report) -> ir.Node | None:
    keys = tuple(entry.key.text for entry in node.entries if entry.key.text != _DEFAULT)
    nodes: list[Node | None] = [node.get(key) for key in keys]
    if not keys:
        # A mapping with no key at all is reported for its shape.
        for entry in node.entries:
            hint = f"write {name}: {entry.value.text}" if isinstance(entry.value, Scalar) else None
            message = f"'{name}' has a default, but neither cases nor entries"
            report.error("wrong-shape", entry.key.place, message, hint)
        return None
    default = node.get(_DEFAULT)
    read = _of_one_kind(name, nodes if default is None else [*nodes, default], scope, report)
    if read is None:
        return None
    uses, rest = read[: len(keys)], read[len(keys) :]
    return ir.Table(keys=keys, uses=uses, default=rest[0] if rest else None, type=uses[0].type)


def _of_one_kind(name: str, nodes: Iterable[Node | None], scope: Scope, report: Report) -> tuple[ir.Node, ...] | None:
    """Return the values of some nodes, those without a unit with that of the others; None with findings."""
    given = tuple(nodes)
    read = [(node, value) for node in given if isinstance(node, Scalar) and (value := _one(node, scope, report))]
    if len(read) < len(given):
        return None
    wanted = next((value for _, value in read if not is_bare(value, scope.values)), read[0][1]).type
    settled_values = []
    for node, value in read:
        try:
            one = settled(value, wanted, scope.values)
        except SentenceError as error:
            report_sentence(error, node, report)
            return None
        if not comparable(one.type, wanted) or (one is not value and wanted.kind is Kind.PERCENT):
            message = f"'{name}' is {described(wanted)} in one place and {described(value.type)} here"
            report.error("type-mismatch", node.place, message, mismatch_hint(value.type, wanted) or "one kind for all")
            return None
        settled_values.append(one)
    return tuple(settled_values)
