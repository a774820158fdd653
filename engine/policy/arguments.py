"""What follows an action's name in `then`, read in its types; what has the wrong shape is told of already."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from engine.actions.base import Measure, Unit
from engine.actions.catalogue import EXITS_OF, UNTIL_WORDS
from engine.domain.kinds import PERCENT
from engine.domain.numbers import ZERO
from engine.facts.base import RowSpec
from engine.policy import ir
from engine.policy.demands import is_open
from engine.policy.expression import parse_condition
from engine.policy.findings import Place, Report
from engine.policy.literals import parse_duration, parse_literal, parse_time
from engine.policy.scope import Scope
from engine.policy.sentence import SentenceError, flatten
from engine.policy.units import constant
from engine.policy.values import report_sentence
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence

_WAIT = Decimal(20)
_LONGEST_WAIT = Decimal(3_600)
# What a rule about such a row may say `this` of.
_HAS_ORDERS = ("order", "position")

Read = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """Where an action stands: what its sentences may name, the rows of the policy, its place, where findings go."""

    scope: Scope
    for_each: RowSpec | None
    place: Place
    report: Report

    def refuse(self, node: Node, message: str, hint: str) -> None:
        """Report a value that cannot be meant, unless its shape is wrong and that is told of."""
        if not self.report.errors_under(node.place):
            self.report.error("wrong-value", node.place, message, hint)

    def no_row(self, place: Place, message: str, hint: str) -> None:
        """Report a `this` where there is none."""
        self.report.error("no-row", place, message, hint)


def _text(node: Node | None, default: str = "") -> str:
    return node.text if isinstance(node, Scalar) else default


def _parts(node: Node | None) -> Mapping[str, Scalar]:
    """Return what stands under each key of a mapping, and nothing for anything else."""
    entries = node.entries if isinstance(node, MappingNode) else ()
    return {entry.key.text: entry.value for entry in entries if isinstance(entry.value, Scalar)}


def _notify(argument: Node | None, reading: Reading) -> Read | None:
    if isinstance(argument, Sequence):
        return {"channels": tuple(_text(item) for item in argument.items)}
    return {"channels": (_text(argument),)}


def _ask(argument: Node | None, reading: Reading) -> Read | None:
    parts = _parts(argument)
    text, wait, unanswered = parts.get("text"), parts.get("wait"), parts.get("unanswered")
    if text is None or not text.text.strip() or unanswered is None or unanswered.text not in ("go on", "stop"):
        return None
    if re.search("[{}]", text.text):
        reading.refuse(text, "a question is asked as it stands: braces are not filled in", "facts stand in because")
        return None
    seconds = _WAIT if wait is None else parse_duration(wait.text)
    if wait is not None and seconds is not None and not ZERO < seconds <= _LONGEST_WAIT:
        reading.refuse(wait, f"nobody can answer within {wait.text}", "write a time from 1s to 1h, such as 20s")
        return None
    question = " ".join(text.text.split())
    return None if seconds is None else {"text": question, "wait": seconds, "unanswered": unanswered.text}


def _endpoint(argument: Node | None, reading: Reading) -> Read | None:
    return {"name": _text(argument)} if re.fullmatch("[a-z][a-z0-9_-]*", _text(argument)) else None


def _block_entries(argument: Node | None, reading: Reading) -> Read | None:
    parts = _parts(argument)
    until: Any = _text(parts.get("until"), "end of session")
    if until not in UNTIL_WORDS:
        clock, seconds = parse_time(until), parse_duration(until)
        until = (clock,) if clock is not None else seconds
        if until is None:
            return None
        if seconds == ZERO and clock is None:
            node = parts["until"]
            reading.refuse(node, f"'{node.text}' is no time at all", "write a time such as 30m, or end of session")
            return None
    read = {"until": until, "foreign_orders": _text(parts.get("foreign_orders"), "report")}
    underlying, row = parts.get("underlying"), reading.for_each
    if underlying is None:
        return read
    if underlying.text != "this":
        return None
    if row is None or (row.singular != "underlying" and "underlying" not in row.fields):
        hint = "add for_each: underlying, or leave underlying out to block the whole account"
        reading.no_row(underlying.place, "'underlying: this' needs a rule about one underlying", hint)
        return None
    return {**read, "underlying": "this"}


def _cancel_orders(argument: Node | None, reading: Reading) -> Read | None:
    which, row = _text(argument), reading.for_each
    if which != "this":
        return {"which": which} if which in ("all", "entries", "stops") else None
    if row is None or row.singular not in _HAS_ORDERS:
        hint = "add for_each: order or for_each: position, or write cancel_orders: all"
        reading.no_row(reading.place, "'cancel_orders: this' needs a rule about one order or position", hint)
        return None
    return {"which": which, "row": row.singular}


def _exit_position(argument: Node | None, reading: Reading) -> Read | None:
    if _text(argument) != "this":
        return None
    if reading.for_each is None or reading.for_each.singular != "position":
        hint = "add for_each: position, or use square_off"
        reading.no_row(reading.place, "'exit_position: this' needs a rule about one position", hint)
        return None
    return {"which": "this"}


def _square_off(argument: Node | None, reading: Reading) -> Read | None:
    if isinstance(argument, Scalar):
        return {"what": argument.text} if argument.text in EXITS_OF else None
    return _collected(argument, {"what": "all"}, _SQUARE_OFF_PARTS, reading)


def _reduce(argument: Node | None, reading: Reading) -> Read | None:
    read = _collected(argument, {}, _REDUCE_PARTS, reading)
    return read if read is not None and {"pick", "by"} <= read.keys() else None


def _kill_switch(argument: Node | None, reading: Reading) -> Read | None:
    if argument is None or (isinstance(argument, Scalar) and not argument.text):
        return {}
    if not isinstance(argument, MappingNode):
        return None
    return {"even_if_open": True} if _text(argument.get("even_if_open")) in ("yes", "true") else {}


def _logout(argument: Node | None, reading: Reading) -> Read | None:
    return {"when": _text(argument)} if _text(argument) in ("after_watch", "now") else None


def _sync(argument: Node | None, reading: Reading) -> Read | None:
    return {"which": "linked"} if _text(argument) == "linked" else None


# -- the parts of square_off and reduce --------------------------------------------------------------------------------

_Part = Callable[[Scalar, Reading], Any]


def _collected(
    argument: Node | None, start: Read, readers: Mapping[str, _Part], reading: Reading
) -> Read | None:  # fmt: skip
    """Return every part that is there by its key; None when one cannot be read, or there is none."""
    parts = _parts(argument)
    read = {**start}
    for key, node in parts.items():
        value = readers[key](node, reading) if key in readers and node.text else None
        if value is None:
            return None
        read[key] = value
    return read if parts else None


def _word(node: Scalar, reading: Reading) -> str | None:
    return node.text


def _where(where: Scalar, reading: Reading) -> ir.Sentence | None:
    scope, report = reading.scope, reading.report
    rows = scope.catalogue.rows["positions"]
    try:
        body = parse_condition(where.text, scope.binding(rows.singular, rows))
    except SentenceError as error:
        report_sentence(error, where, report)
        return None
    if not any(isinstance(part, ir.FieldRef) and part.variable == rows.singular for part in ir.walk(body)):
        hint = "as in where: position.is_short"
        report.error("no-row", where.place, "'where' of an action must say something about position.", hint)
        return None
    sentence = ir.Sentence(text=flatten(where.text), pointer=where.place.path, body=body)
    return sentence if is_open(sentence, scope, where, report) else None


def _clock(node: Scalar, reading: Reading) -> Decimal | None:
    return parse_time(node.text)


def _pause(node: Scalar, reading: Reading) -> Decimal | None:
    seconds = parse_duration(node.text)
    if seconds == ZERO:
        reading.refuse(node, f"'{node.text}' is no time at all", "write a time such as 5s")
        return None
    return seconds


def _portion(node: Scalar, reading: Reading) -> Measure | None:
    return _measure(node, reading, "write 50% or 2 lots")


def _slippage(node: Scalar, reading: Reading) -> Measure | None:
    return _measure(node, reading, "write 5%, or an amount for each unit such as 2.50")


def _residual(node: Scalar, reading: Reading) -> str | Measure | None:
    return node.text if node.text in ("none", "worthless") else _measure(node, reading, "write none or 2 lots")


def _measure(node: Scalar, reading: Reading, hint: str) -> Measure | None:
    """Return a percent, a number of lots or money for each unit; more than nothing."""
    counted = re.fullmatch("([0-9]+) lots?", node.text)
    literal = parse_literal(counted[1] if counted else node.text)
    if literal is None:
        return None
    try:
        value = constant(literal, reading.scope, (0, len(node.text))).value
    except SentenceError as error:
        report_sentence(error, node, reading.report)
        return None
    assert isinstance(value, Decimal)
    if value <= ZERO:
        reading.refuse(node, f"'{node.text}' is nothing", hint)
        return None
    return Measure(value, Unit.LOTS if counted else Unit.PERCENT if literal.type == PERCENT else Unit.MONEY)


_SQUARE_OFF_PARTS: Mapping[str, _Part] = MappingProxyType(
    {
        "what": _word,
        "where": _where,
        "scope": _word,
        "include": _word,
        "by": _clock,
        "chase": _pause,
        "max_slippage": _slippage,
        "residual": _residual,
    }
)
_REDUCE_PARTS: Mapping[str, _Part] = MappingProxyType(
    {"pick": _word, "where": _where, "scope": _word, "by": _portion}
)  # fmt: skip

READERS: Mapping[str, Callable[[Node | None, Reading], Read | None]] = MappingProxyType(
    {
        "notify": _notify,
        "ask": _ask,
        "webhook": _endpoint,
        "stop_source": _endpoint,
        "block_entries": _block_entries,
        "cancel_orders": _cancel_orders,
        "exit_position": _exit_position,
        "square_off": _square_off,
        "reduce": _reduce,
        "kill_switch": _kill_switch,
        "logout": _logout,
        "sync": _sync,
    }
)
