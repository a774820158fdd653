"""
What a typed tree means: the normative evaluator. Three-valued, interval-valued, and it always tells its reasons.

Property tests hold the simpleeval reading of `reference` equal to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from engine.domain import values as number
from engine.domain.kinds import BOOL
from engine.domain.numbers import CONTEXT, HUNDRED, ONE, ZERO, seconds_of
from engine.domain.truth import Truth, conjunction, disjunction, negate
from engine.domain.values import Known, Unknown, Value, merge_causes
from engine.facts.base import doubt_of
from engine.facts.history import Past
from engine.policy import choices, ir
from engine.policy.calls import call_name, called
from engine.policy.past import series_name
from engine.policy.row_results import AGGREGATES, RowResult, row_trace
from engine.policy.trace import Trace, truth_of, value_of
from engine.policy.windows import asked

__all__ = ["Env", "Trace", "evaluate", "fixed_value", "is_meant", "truth_of"]

# A trace of an aggregate shows this many rows; the others are counted in its note.
SHOWN_ROWS = 12


class Env(Protocol):
    """Where names get their values: one account at one instant, or abstract ranges at load."""

    @property
    def now(self) -> datetime:
        """The one instant of this evaluation."""
        ...

    def fact(self, name: str) -> Value:
        """Return a fact."""
        ...

    def rows(self, plural: str) -> tuple[Any, ...] | Unknown:
        """Return the rows of a kind, or Unknown when their book is."""
        ...

    def field(self, plural: str, row: Any, field: str) -> Value:
        """Return a field of a row."""
        ...

    def key(self, plural: str, row: Any) -> str:
        """Return a row's name."""
        ...

    def value(self, name: str) -> ir.Node:
        """Return the expression a desk value or let stands for."""
        ...

    def call(self, function: str, arguments: tuple[Known, ...]) -> Value:
        """Return what a function of the catalogue says of known arguments."""
        ...

    def past(self, function: str, series: str, row: Any, text: str, current: Value) -> Past | Value:
        """
        Return what is remembered of a series (`mtm`, `positions.loss` of a row, `spot('NIFTY')`), or the answer itself.

        text: the call as written. current: the series' value now.
        """
        ...

    def read_at(self, name: str) -> datetime | None:
        """Return when the oldest part behind a fact, `rows` or `rows.field` was taken; None when not read."""
        ...


def evaluate(node: ir.Node, env: Env, bound: Mapping[str, Any] | None = None, text: str = "") -> Trace:
    """
    Return the value of a tree in an environment, with its trace.

    bound: rows that variables stand for. text: the sentence the node's columns refer to.
    """
    return _HANDLERS[type(node)](node, _Frame(env, {} if bound is None else bound, text))


def fixed_value(node: ir.Node, values: Mapping[str, ir.Node]) -> Value:
    """Return the value of an expression of literals and values alone, which no reading can change."""
    match node:
        case ir.Literal(value=value):
            return value
        case ir.ValueRef(name=name):
            return fixed_value(values[name], values)
        case ir.Sentence(body=body):
            return fixed_value(body, values)
        case ir.Negative(operand=operand):
            return number.negative(fixed_value(operand, values))
        case ir.Lookup(table=table, key=key):
            entry = fixed_value(key, values)
            return choices.entry_of(table.name, values[table.name], entry, lambda one: fixed_value(one, values))
        case ir.Arith(operator=operator, left=left, right=right):
            return _OPERATIONS[operator](fixed_value(left, values), fixed_value(right, values))
        case _:
            raise TypeError(f"not fixed: {type(node).__name__}")


@dataclass(frozen=True, slots=True)
class _Frame:
    env: Env
    bound: Mapping[str, Any]
    text: str

    def words(self, node: ir.Node) -> str:
        start, length = node.at
        return self.text[start : start + length]

    def of(self, node: ir.Node) -> Trace:
        return _HANDLERS[type(node)](node, self)

    def binding(self, variable: str, row: Any) -> "_Frame":
        return _Frame(self.env, {**self.bound, variable: row}, self.text)


def _sentence(node: ir.Sentence, frame: _Frame) -> Trace:
    inner = _Frame(frame.env, frame.bound, node.text).of(node.body)
    return Trace("sentence", node.text, inner.value, BOOL, (inner,), pointer=node.pointer)


def _junction(node: ir.Junction, frame: _Frame) -> Trace:
    parts = tuple(frame.of(operand) for operand in node.operands)
    truths = [part.truth for part in parts]
    if node.kind == "all":
        truth = conjunction(truths)
    else:
        truth = disjunction(truths) if node.kind == "any" else negate(disjunction(truths))
    undecided = [part for part in parts if part.truth is Truth.UNKNOWN]
    return Trace(node.kind, frame.words(node), value_of(truth, undecided), BOOL, parts)


def _not(node: ir.Not, frame: _Frame) -> Trace:
    inner = frame.of(node.operand)
    return Trace("not", frame.words(node), value_of(negate(inner.truth), (inner,)), BOOL, (inner,))


def _compare(node: ir.Compare, frame: _Frame) -> Trace:
    left, right = frame.of(node.left), frame.of(node.right)
    truth = number.compare(node.operator, left.value, right.value)
    return Trace("compare", frame.words(node), value_of(truth, (left, right)), BOOL, (left, right), note=node.operator)


def _member(node: ir.Member, frame: _Frame) -> Trace:
    item = frame.of(node.item)
    options = tuple(frame.of(option) for option in node.options)
    truth = disjunction(number.compare("==", item.value, option.value) for option in options)
    return Trace("in", frame.words(node), value_of(truth, (item, *options)), BOOL, (item, *options))


def _literal(node: ir.Literal, frame: _Frame) -> Trace:
    return Trace("literal", node.text, node.value, node.type)


def _fact(node: ir.FactRef, frame: _Frame) -> Trace:
    return Trace("fact", node.name, frame.env.fact(node.name), node.type, read_at=frame.env.read_at(node.name))


def _field(node: ir.FieldRef, frame: _Frame) -> Trace:
    value = frame.env.field(node.rows, frame.bound[node.variable], node.field)
    name = f"{node.variable}.{node.field}"
    return Trace("field", name, value, node.type, read_at=frame.env.read_at(f"{node.rows}.{node.field}"))


def _value(node: ir.ValueRef, frame: _Frame) -> Trace:
    expression = frame.env.value(node.name)
    if isinstance(expression, ir.Literal):
        return Trace("value", node.name, expression.value, node.type, note=expression.text)
    text = expression.text if isinstance(expression, ir.Sentence) else ""
    inner = evaluate(expression.body if isinstance(expression, ir.Sentence) else expression, frame.env, {}, text)
    return Trace("value", node.name, inner.value, node.type, (inner,), note=text or inner.note)


def _cases(node: ir.Cases, frame: _Frame) -> Trace:
    parts: list[Trace] = []

    def asked(part: ir.Node) -> Value:
        parts.append(frame.of(part))
        return parts[-1].value

    value, note = choices.chosen(node, asked, lambda part: frame.of(part).value)
    return Trace("cases", "", value, node.type, tuple(parts), note=note)


def _lookup(node: ir.Lookup, frame: _Frame) -> Trace:
    name, key = node.table.name, frame.of(node.key)
    table = frame.env.value(name)
    value = choices.entry_of(name, table, key.value, lambda part: evaluate(part, frame.env, {}).value)
    return Trace("value", frame.words(node), value, node.type, (key,))


def _call(node: ir.Call, frame: _Frame) -> Trace:
    parts = tuple(frame.of(argument) for argument in node.arguments)
    value = called(node.function, (part.value for part in parts), frame.env.call)
    return Trace("answer", frame.words(node), value, node.type, parts, read_at=frame.env.read_at(node.function))


def _past(node: ir.Past, frame: _Frame) -> Trace:
    inner = frame.of(node.series)
    argument = None if node.argument is None else frame.of(node.argument)
    parts = (inner,) if argument is None else (inner, argument)
    name, row = series_name(node.series), None
    if isinstance(node.series, ir.FieldRef):
        row = frame.bound[node.series.variable]
    elif isinstance(node.series, ir.Call):
        given = [frame.of(one).value for one in node.series.arguments]
        known = [value for value in given if not isinstance(value, Unknown)]
        if len(known) < len(given):
            return Trace("answer", frame.words(node), Unknown(merge_causes(given)), node.type, parts)
        name = call_name(name, known)
        parts = (replace(inner, text=name), *parts[1:])
    value = frame.env.past(node.function, name, row, frame.words(node), inner.value)
    if isinstance(value, Past):
        value = asked(node.function, value, frame.env.now, inner.value, ZERO if argument is None else argument.value)
    return Trace("answer", frame.words(node), value, node.type, parts)


def _arithmetic(node: ir.Arith, frame: _Frame) -> Trace:
    left, right = frame.of(node.left), frame.of(node.right)
    result = _OPERATIONS[node.operator](left.value, right.value)
    return Trace("arithmetic", frame.words(node), result, node.type, (left, right), note=node.operator)


def _negative(node: ir.Negative, frame: _Frame) -> Trace:
    inner = frame.of(node.operand)
    return Trace("arithmetic", frame.words(node), number.negative(inner.value), node.type, (inner,), note="-")


def _percent_of(share: Value, whole: Value) -> Value:
    return number.multiply(number.multiply(share, CONTEXT.divide(ONE, HUNDRED)), whole)


def _is_known(node: ir.IsKnown, frame: _Frame) -> Trace:
    inner = frame.of(node.operand)
    return Trace("call", frame.words(node), not isinstance(inner.value, Unknown), BOOL, (inner,))


def _age(node: ir.Age, frame: _Frame) -> Trace:
    inner = frame.of(node.operand)
    stamps = [frame.env.read_at(name) for name in _read_names(node.operand, frame.env)]
    known = [stamp for stamp in stamps if stamp is not None]
    if known and len(known) == len(stamps):
        age: Value = _seconds(min(known), frame.env.now)
    else:
        age = Unknown((*merge_causes((inner.value,)), "never read")[:1], low=ZERO)
    return Trace("call", frame.words(node), age, node.type, (inner,))


def _read_names(node: ir.Node, env: Env) -> Iterable[str]:
    """Yield everything an expression is read from, as `Env.read_at` names it."""
    for part in ir.walk(node):
        if isinstance(part, ir.FactRef):
            yield part.name
        elif isinstance(part, ir.FieldRef):
            yield f"{part.rows}.{part.field}"
        elif isinstance(part, ir.Aggregate | ir.Call):
            yield part.rows if isinstance(part, ir.Aggregate) else part.function
        elif isinstance(part, ir.ValueRef):
            yield from _read_names(env.value(part.name), env)


def _since(node: ir.Since, frame: _Frame) -> Trace:
    inner = frame.of(node.operand)
    moment = inner.value
    passed = (
        _seconds(moment, frame.env.now) if isinstance(moment, datetime) else Unknown(merge_causes((moment,)), low=ZERO)
    )
    return Trace("call", frame.words(node), passed, node.type, (inner,))


def _seconds(start: datetime, end: datetime) -> Decimal:
    return max(ZERO, seconds_of(end - start))


# -- rows ---------------------------------------------------------------------------------------------------------


def _aggregate(node: ir.Aggregate, frame: _Frame) -> Trace:
    rows = frame.env.rows(node.rows)
    read_at = frame.env.read_at(node.rows)
    if isinstance(rows, Unknown):
        value = _unknown_rows(node, rows)
        return Trace("aggregate", frame.words(node), value, node.type, read_at=read_at, note=f"{node.rows} are unknown")
    results = [_row(node, row, frame) for row in rows]
    value = AGGREGATES[node.kind](results)
    shown = tuple(row_trace(result) for result in results[:SHOWN_ROWS])
    note = f"{len(results)} {node.rows}" + (f", the first {SHOWN_ROWS} shown" if len(results) > SHOWN_ROWS else "")
    return Trace("aggregate", frame.words(node), value, node.type, shown, read_at=read_at, note=note)


def _unknown_rows(node: ir.Aggregate, rows: Unknown) -> Value:
    # Nothing is known of the rows, but a count is never negative.
    return Unknown(rows.causes, low=ZERO) if node.kind == "count" else Unknown(rows.causes)


def _row(node: ir.Aggregate, row: Any, frame: _Frame) -> RowResult:
    inner = frame.binding(node.variable, row) if node.variable else frame
    where = is_meant(row, inner.of(node.where) if node.where is not None else None)
    included = Truth.TRUE if where is None else where.truth
    element = inner.of(node.element) if node.element is not None and included is not Truth.FALSE else None
    return RowResult(frame.env.key(node.rows, row), included, element, where)


def is_meant(row: Any, where: Trace | None) -> Trace | None:
    """Return what `where` says of a row, and if it may not be there at all, that; None when nothing is said."""
    doubt = doubt_of(row)
    if doubt is None or (where is not None and where.truth is Truth.FALSE):
        return where
    values = (doubt,) if where is None else (doubt, where.value)
    return Trace("all", "where", Unknown(merge_causes(values)), BOOL, () if where is None else (where,))


_OPERATIONS: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": number.add,
    "-": number.subtract,
    "*": number.multiply,
    "/": number.divide,
    "%of": _percent_of,
}
_HANDLERS: Mapping[type[ir.Node], Callable[[Any, _Frame], Trace]] = {
    ir.Sentence: _sentence,
    ir.Junction: _junction,
    ir.Not: _not,
    ir.Compare: _compare,
    ir.Member: _member,
    ir.Literal: _literal,
    ir.FactRef: _fact,
    ir.FieldRef: _field,
    ir.ValueRef: _value,
    ir.Call: _call,
    ir.Past: _past,
    ir.Arith: _arithmetic,
    ir.Negative: _negative,
    ir.IsKnown: _is_known,
    ir.Age: _age,
    ir.Since: _since,
    ir.Aggregate: _aggregate,
    ir.Cases: _cases,
    ir.Lookup: _lookup,
}
