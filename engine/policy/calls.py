"""Calls of the catalogue's functions in a sentence: their arguments checked against what each is declared to take."""

import ast
from collections.abc import Callable, Iterable
from typing import Protocol

from engine.domain.kinds import Kind, Type
from engine.domain.values import Known, Unknown, Value
from engine.facts.base import FunctionSpec, Parameter
from engine.policy import ir
from engine.policy.event_names import no_event
from engine.policy.scope import Scope
from engine.policy.sentence import FOLLOWS, Problem, SentenceError
from engine.policy.type_rules import comparable, described
from engine.policy.units import settled


class Reading(Protocol):
    """What the reader of a sentence lends to the reading of a call."""

    @property
    def scope(self) -> Scope:
        """What names mean here."""
        ...

    def read(self, node: ast.AST) -> ir.Node:
        """Return the typed tree of a part."""
        ...

    def at(self, node: ast.AST) -> ir.Span:
        """Return where a part stands."""
        ...


def read_call(reading: Reading, spec: FunctionSpec, node: ast.Call) -> ir.Call:
    """
    Return the call of a catalogue function.

    Raises: SentenceError when the number or the kind of an argument is wrong.
    """
    check_count(spec.name, len(node.args), (len(spec.parameters),), reading.at(node), f"as in {spec.example}")
    arguments = tuple(
        read_argument(reading, spec.name, parameter.type, given, f"as in {spec.example}")
        for parameter, given in zip(spec.parameters, node.args, strict=True)
    )
    for parameter, argument in zip(spec.parameters, arguments, strict=True):
        if parameter.one_of:
            _check_choice(parameter, argument, reading.scope, f"as in {spec.example}")
    return ir.Call(function=spec.name, arguments=arguments, type=spec.type, at=reading.at(node))


def _check_choice(parameter: Parameter, argument: ir.Node, scope: Scope, hint: str) -> None:
    if not isinstance(argument, ir.Literal):
        message = f"the {parameter.one_of} is written out in quotes"
        raise SentenceError(Problem("type-mismatch", message, hint, argument.at))
    if argument.value not in parameter.choices:
        message, instead = no_event(str(argument.value), parameter.choices)
        raise SentenceError(Problem(FOLLOWS if scope.events_unread else "unknown-event", message, instead, argument.at))


def check_count(name: str, given: int, wanted: tuple[int, ...], at: ir.Span, hint: str) -> None:
    """Raise a SentenceError when a call has not as many arguments as its function takes."""
    if given not in wanted:
        number = _NUMBERS[wanted[0]]
        plural = "" if wanted == (1,) else "s"
        message = f"{name} takes {number} argument{plural}, not {given}"
        raise SentenceError(Problem("wrong-arguments", message, hint, at))


def read_argument(reading: Reading, name: str, wanted: Type, given: ast.expr, hint: str) -> ir.Node:
    """
    Return an argument of a wanted type.

    Raises: SentenceError when it is of another.
    """
    read = settled(_read(reading, wanted, given), wanted, reading.scope.values)
    if not comparable(read.type, wanted):
        message = f"{name} needs {described(wanted)} here, this is {described(read.type)}"
        raise SentenceError(Problem("type-mismatch", message, hint, read.at))
    return read


def _read(reading: Reading, wanted: Type, given: ast.expr) -> ir.Node:
    try:
        return reading.read(given)
    except SentenceError as error:
        if wanted.kind is not Kind.TEXT or not isinstance(given, ast.Name) or error.problem.code != "unknown-fact":
            raise
        message, hint = f"'{given.id}' is not a fact", f"put text in quotes: '{given.id}'"
        raise SentenceError(Problem("unknown-fact", message, hint, reading.at(given))) from None


def call_name(function: str, arguments: Iterable[Known]) -> str:
    """Return how a call with known arguments is called: `spot('NIFTY')`."""
    return f"{function}({', '.join(_spelt(argument) for argument in arguments)})"


def plain(text: str) -> str:
    """Return a call as written with everything left out that means nothing: blanks, and which quotes were used."""
    pieces = text.replace('"', "'").split("'")
    # Every second piece stood inside quotes.
    return "'".join(piece if index % 2 else "".join(piece.split()) for index, piece in enumerate(pieces))


def called(function: str, arguments: Iterable[Value], answer: Callable[..., Value]) -> Value:
    """Return what a function says of arguments; Unknown with their causes while one of them is."""
    given = tuple(arguments)
    causes = tuple(cause for value in given if isinstance(value, Unknown) for cause in value.causes)
    return Unknown(causes) if causes else answer(function, given)


def _spelt(value: Known) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


_NUMBERS = ("no", "one", "two", "three")
