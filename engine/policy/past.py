"""Calls that ask of a day's history: what each may be asked of, and which series a policy needs kept."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.domain.kinds import DURATION, PERCENT, TEXT, TIME, Kind, Type
from engine.policy import ir
from engine.policy.calls import Reading, check_count, read_argument
from engine.policy.scope import HISTORY
from engine.policy.sentence import Problem, SentenceError
from engine.policy.type_rules import described

_CHANGING = ir.FactRef | ir.FieldRef | ir.Aggregate | ir.Call | ir.Past


@dataclass(frozen=True, slots=True)
class _Asks:
    """What a function takes beside its series, and what its series must be."""

    argument: Type | None
    of_numbers: bool = True


_ASKS: Mapping[str, _Asks] = MappingProxyType(
    {
        "at": _Asks(TIME, of_numbers=False),
        "last_known": _Asks(None, of_numbers=False),
        "unknown_for": _Asks(None, of_numbers=False),
        "change": _Asks(DURATION),
        "max_over": _Asks(DURATION),
        "min_over": _Asks(DURATION),
        "avg_over": _Asks(DURATION),
        "count_over": _Asks(DURATION),
        "move": _Asks(DURATION),
    }
)


def read_past(reading: Reading, name: str, node: ast.Call) -> ir.Past:
    """
    Return a call that asks of the day's history.

    Raises: SentenceError when the number or the kind of an argument is wrong, or no history is kept of its series.
    """
    asks, hint = _ASKS[name], HISTORY[name]
    check_count(name, len(node.args), (1 if asks.argument is None else 2,), reading.at(node), hint)
    series = _spot(reading, node.args[0], hint) if name == "move" else reading.read(node.args[0])
    _check_series(reading, name, series)
    argument = None
    if asks.argument is not None:
        argument = read_argument(reading, name, asks.argument, node.args[1], hint)
        if any(isinstance(part, _CHANGING) for part in ir.walk(argument)):
            message = f"{name} needs a fixed {asks.argument.kind.value} here"
            raise SentenceError(Problem("type-mismatch", message, hint, argument.at))
        if isinstance(argument, ir.Literal) and asks.argument == DURATION and not argument.value:
            raise SentenceError(Problem("wrong-arguments", "a window of no length holds nothing", hint, argument.at))
    return ir.Past(
        function=name, series=series, argument=argument, type=_result(name, series.type), at=reading.at(node)
    )


def _spot(reading: Reading, given: ast.expr, hint: str) -> ir.Call:
    underlying = read_argument(reading, "move", TEXT, given, hint)
    spec = reading.scope.catalogue.functions["spot"]
    return ir.Call(function=spec.name, arguments=(underlying,), type=spec.type, at=underlying.at)


def _result(name: str, type_: Type) -> Type:
    return {"unknown_for": DURATION, "move": PERCENT}.get(name, type_)


def _check_series(reading: Reading, name: str, series: ir.Node) -> None:
    message, hint = _refusal(reading, name, series)
    if message:
        raise SentenceError(Problem("no-history", message, hint, series.at))


def _refusal(reading: Reading, name: str, series: ir.Node) -> tuple[str, str]:
    catalogue = reading.scope.catalogue
    whose = "history is kept of facts, of fields of the rule's own row, and of spot('NIFTY')"
    if any(rows.spans_accounts for rows in reading.scope.variables.values()):
        return (
            f"{name} cannot be asked in a rule about a group",
            "history is kept of one account; use for_each: account",
        )
    if isinstance(series, ir.ValueRef | ir.Literal):
        return f"{name} of a value says nothing: it does not change", whose
    if not isinstance(series, ir.FactRef | ir.FieldRef | ir.Call):
        return f"{name} is asked of one fact, not of an expression", whose
    fields = [part for part in ir.walk(series) if isinstance(part, ir.FieldRef)]
    if any(catalogue.singular(part.variable) is None for part in fields):
        return f"no history is kept of rows that '{fields[0].variable}' runs over", whose
    if series.type.kind is Kind.TEXT:
        return "no history is kept of texts", whose
    if _ASKS[name].of_numbers and not series.type.is_numeric:
        return f"{name} needs numbers, this is {described(series.type)}", whose
    if name == "count_over" and not (isinstance(series, ir.FactRef) and catalogue.facts[series.name].only_grows):
        growing = ", ".join(fact for fact, spec in catalogue.facts.items() if spec.only_grows)
        return f"count_over counts what is only added to: {growing}", "change(x, 1m) tells how far x has moved"
    return "", ""


def histories(nodes: Iterable[ir.Node], values: Mapping[str, ir.Node]) -> tuple[ir.Past, ...]:
    """Return every call that asks of history, also inside the values that are named."""
    found: dict[ir.Past, None] = {}
    seen: set[str] = set()
    waiting = list(nodes)
    while waiting:
        for part in ir.walk(waiting.pop()):
            if isinstance(part, ir.Past):
                found[part] = None
            elif isinstance(part, ir.ValueRef) and part.name in values and part.name not in seen:
                seen.add(part.name)
                waiting.append(values[part.name])
    return tuple(found)


def series_name(series: ir.Node) -> str:
    """Return what a series is called: a fact by its name, a field with the kind of its rows, a call by its function."""
    if isinstance(series, ir.FieldRef):
        return f"{series.rows}.{series.field}"
    assert isinstance(series, ir.FactRef | ir.Call)
    return series.name if isinstance(series, ir.FactRef) else series.function
