"""The `then` list in file order: each action with its arguments, kept to the row the rule is about."""

from types import MappingProxyType

from engine.actions.catalogue import ACTIONS
from engine.facts.base import RowSpec
from engine.policy.arguments import READERS, Reading
from engine.policy.findings import Place, Report
from engine.policy.program import ActionCall
from engine.policy.row_reach import is_kept_to_row
from engine.policy.scope import Scope
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence


def compile_then(node: Node | None, scope: Scope, for_each: RowSpec | None, report: Report) -> tuple[ActionCall, ...]:
    """Return the actions in file order; what cannot be read is reported and left out."""
    if not isinstance(node, Sequence):
        return ()
    calls: list[ActionCall] = []
    for item in node.items:
        name, argument, place = _named(item)
        if name not in ACTIONS or (argument is None and not ACTIONS[name].bare):
            continue
        arguments = READERS[name](argument, Reading(scope, for_each, place, report))
        if arguments is not None:
            call = ActionCall(name, MappingProxyType(arguments), place.path)
            if is_kept_to_row(call, for_each, place, report):
                calls.append(call)
        elif not report.errors_under(place):
            # Nothing may be left out in silence.
            report.error("wrong-value", place, f"'{name}' cannot be read", f"as in {ACTIONS[name].example}")
    return tuple(calls)


def _named(item: Node) -> tuple[str, Node | None, Place]:
    if isinstance(item, Scalar):
        return item.text, None, item.place
    if isinstance(item, MappingNode) and len(item.entries) == 1:
        return item.entries[0].key.text, item.entries[0].value, item.entries[0].key.place
    return "", None, item.place
