"""
The one typed tree a policy means: what the evaluator reads, and what fingerprints, costs and explanations are taken of.

Nodes are frozen; `at` is (first, last) column in the sentence for carets. Types are settled before a tree exists.
"""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from typing import Any

from engine.domain.kinds import BOOL, DURATION, Type
from engine.domain.numbers import canonical
from engine.domain.values import Known

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any expression. type: what it evaluates to."""

    type: Type
    at: Span = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Node):
    """A constant. text: as written. bare: a number that takes the unit of whatever it meets. currency: as written."""

    value: Known
    text: str
    bare: bool = False
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRef(Node):
    """A desk value or `let`, by name: an argument of the evaluation, not a constant."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRef(Node):
    """A fact of the account."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRef(Node):
    """A field of the row that `variable` stands for; `rows` is the kind of rows (`positions`)."""

    variable: str
    rows: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    """`not operand`."""

    operand: Node
    type: Type = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction(Node):
    """`and` / `or` inside a sentence, `all` / `any` / `none` over a block. kind: "all", "any" or "none"."""

    kind: str
    operands: tuple[Node, ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Node):
    """`left operator right`; operator one of `< <= > >= == !=`."""

    operator: str
    left: Node
    right: Node
    type: Type = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Node):
    """`item in [a, b]`."""

    item: Node
    options: tuple[Node, ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Arith(Node):
    """`left operator right`; operator one of `+ - * /`, or `%of` for a percent of something."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class IsKnown(Node):
    """`known(operand)`: never unknown itself."""

    operand: Node
    type: Type = BOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Age(Node):
    """`age(operand)`: how long ago the parts it is read from were taken."""

    operand: Node
    type: Type = DURATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Since(Node):
    """`since(operand)`: time passed since an instant."""

    operand: Node
    type: Type = DURATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Node):
    """
    `any all sum min max count` over rows.

    element: what is taken of each row; None for `count(rows)`. where: the `if` of the generator, None without one.
    """

    kind: str
    rows: str
    variable: str
    element: Node | None
    where: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """A function of the catalogue, called."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases(Node):
    """A value with cases: that of the first condition that holds, else the default; `uses` stands beside them."""

    conditions: tuple[Node, ...]
    uses: tuple[Node, ...]
    default: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Node):
    """A value by key: one of `uses` for each of `keys`; default: for any other key, None when there is none."""

    keys: tuple[str, ...]
    uses: tuple[Node, ...]
    default: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Node):
    """`table(key)`: the entry of a table; `table` names the value it is."""

    table: ValueRef
    key: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Past(Node):
    """
    A function of the day's readings of one series.

    series: a fact, a field of the rule's row, or a call. argument: a time of day or the length of a window, if any.
    """

    function: str
    series: Node
    argument: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence(Node):
    """One sentence of an author with its JSON Pointer; transparent for meaning, the unit of traces and distances."""

    text: str
    pointer: str
    body: Node
    type: Type = BOOL


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct sub-expressions of a node, in reading order."""
    found: list[Node] = []
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(part for part in value if isinstance(part, Node))
    return tuple(found)


def walk(node: Node) -> tuple[Node, ...]:
    """Return the node and everything below it."""
    result = [node]
    for child in children(node):
        result.extend(walk(child))
    return tuple(result)


def canonical_form(node: Node) -> Any:
    """
    Return the meaning of a tree as nested plain data: no positions, no spelling, names instead of values.

    Two trees with the same form mean the same; fingerprints are taken over it.
    """
    if isinstance(node, Sentence):
        return canonical_form(node.body)
    if isinstance(node, Literal):
        return ["literal", node.type.kind.value, _plain(node.value)]
    form: list[Any] = [type(node).__name__]
    for item in fields(node):
        if item.name in ("at", "type", "text", "pointer"):
            continue
        value = getattr(node, item.name)
        if isinstance(value, Node):
            form.append(canonical_form(value))
        elif isinstance(value, tuple):
            form.append([canonical_form(part) if isinstance(part, Node) else part for part in value])
        else:
            form.append(value)
    return form


def _plain(value: Known) -> str | bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return canonical(value)
    return str(value.value) if isinstance(value, Enum) else str(value)
