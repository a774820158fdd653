"""The `then` list: each action's arguments read in their types, rows kept to the row the rule is about."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from engine.actions.catalogue import ACTIONS, UNTIL_WORDS
from engine.facts.base import RowSpec
from engine.policy import ir
from engine.policy.demands import is_open
from engine.policy.expression import parse_condition
from engine.policy.findings import Place, Report
from engine.policy.literals import parse_duration, parse_time
from engine.policy.program import ActionCall
from engine.policy.scope import Scope
from engine.policy.sentence import SentenceError, flatten
from engine.policy.values import report_sentence
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence

_Reading = tuple[Scope, RowSpec | None, Report]


def compile_then(node: Node | None, scope: Scope, for_each: RowSpec | None, report: Report) -> tuple[ActionCall, ...]:
    """Return the actions in file order; what cannot be read is reported and left out."""
    if not isinstance(node, Sequence):
        return ()
    calls: list[ActionCall] = []
    for item in node.items:
        name, argument, place = _named(item)
        if name not in ACTIONS or _wrong_shape(name, argument):
            continue
        if for_each is not None and name in _ACCOUNT_WIDE:
            _report_wider(name, place, for_each, report)
            continue
        arguments = _READERS[name](argument, place, (scope, for_each, report))
        if arguments is not None:
            calls.append(ActionCall(ACTIONS[name], MappingProxyType(arguments), place.path))
        elif not report.errors_under(place):
            # Nothing may be left out in silence.
            report.error("wrong-value", place, f"'{name}' cannot be read", f"as in {ACTIONS[name].example}")
    return tuple(calls)


# What reaches beyond one row, whatever it is told: refused in a rule about each row.
_ACCOUNT_WIDE = frozenset({"cancel_orders", "square_off", "kill_switch", "logout", "sync"})


def _report_wider(name: str, place: Place, for_each: RowSpec, report: Report) -> None:
    hint = f"use exit_position: this, or drop for_each and ask any(… for p in {for_each.plural})"
    message = f"a rule about one {for_each.singular} may act only on it; {name} reaches further"
    report.error("wider-than-row", place, message, hint)


def _named(item: Node) -> tuple[str, Node | None, Place]:
    if isinstance(item, Scalar):
        return item.text, None, item.place
    if isinstance(item, MappingNode) and len(item.entries) == 1:
        return item.entries[0].key.text, item.entries[0].value, item.entries[0].key.place
    return "", None, item.place


def _wrong_shape(name: str, argument: Node | None) -> bool:
    return argument is None and not ACTIONS[name].bare


def _text(node: Node | None, default: str = "") -> str:
    return node.text if isinstance(node, Scalar) else default


def _notify(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    if isinstance(argument, Sequence):
        return {"channels": tuple(_text(item) for item in argument.items)}
    return {"channels": (_text(argument),)}


def _block_entries(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    until_node = argument.get("until") if isinstance(argument, MappingNode) else None
    foreign = argument.get("foreign_orders") if isinstance(argument, MappingNode) else None
    until: Any = _text(until_node, "end of session")
    if until not in UNTIL_WORDS:
        clock, seconds = parse_time(until), parse_duration(until)
        until = (clock,) if clock is not None else seconds
        if until is None:
            return None
    return {"until": until, "foreign_orders": _text(foreign, "report")}


def _cancel_orders(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    return {"which": _text(argument)} if _text(argument) in ("all", "entries", "stops") else None


def _exit_position(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    _, for_each, report = reading
    if for_each is None:
        hint = "add for_each: position, or use square_off"
        report.error("no-row", place, "'exit_position: this' needs a rule about one position", hint)
        return None
    return {"which": "this"}


def _square_off(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    scope, _, report = reading
    if isinstance(argument, MappingNode):
        where = argument.get("where")
        return _square_off_where(where, scope, report) if isinstance(where, Scalar) and where.text else None
    return {"scope": _text(argument)} if _text(argument) in ("all", "shorts", "hedges") else None


def _square_off_where(where: Scalar, scope: Scope, report: Report) -> dict[str, Any] | None:
    rows = scope.catalogue.rows["positions"]
    try:
        body = parse_condition(where.text, scope.binding(rows.singular, rows))
    except SentenceError as error:
        report_sentence(error, where, report)
        return None
    if not any(isinstance(part, ir.FieldRef) and part.variable == rows.singular for part in ir.walk(body)):
        hint = "as in where: position.is_short"
        report.error("no-row", where.place, "'where' of square_off must say something about position.", hint)
        return None
    sentence = ir.Sentence(text=flatten(where.text), pointer=where.place.path, body=body)
    return {"where": sentence} if is_open(sentence, scope, where, report) else None


def _kill_switch(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    return {} if argument is None or (isinstance(argument, Scalar) and not argument.text) else None


def _logout(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    return {"when": _text(argument)} if _text(argument) in ("after_watch", "now") else None


def _sync(argument: Node | None, place: Place, reading: _Reading) -> dict[str, Any] | None:
    return {"which": "linked"} if _text(argument) == "linked" else None


_READERS: Mapping[str, Callable[[Node | None, Place, _Reading], dict[str, Any] | None]] = {
    "notify": _notify,
    "block_entries": _block_entries,
    "cancel_orders": _cancel_orders,
    "exit_position": _exit_position,
    "square_off": _square_off,
    "kill_switch": _kill_switch,
    "logout": _logout,
    "sync": _sync,
}
