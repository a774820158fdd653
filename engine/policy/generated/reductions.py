"""Aggregates over rows as reductions that a shared pass can make: what must hold of a row, and what is taken of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from engine.policy import ir
from engine.policy.generated.terms import (
    NotWrittenError,
    Term,
    Writer,
    compared,
    flipped,
    is_about,
    known_if_value,
    turned,
)

_NEGATED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TOWARDS: Final = {">": "max", ">=": "max", "<": "min", "<=": "min"}


@dataclass(frozen=True, slots=True)
class Reduction:
    """
    One value over the rows of a kind.

    kind: any (is there such a row), count, sum, min or max (None when there is no such row).
    guards: what must hold of a row, all of it. measure: what is taken of it; None for any and count.
    """

    kind: str
    rows: str
    guards: tuple[Term, ...]
    measure: Term | None
    name: str

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything said of a row."""
        return self.guards if self.measure is None else (*self.guards, self.measure)

    @property
    def is_timed(self) -> bool:
        """Whether it may change while nothing but the time does."""
        return any(term.is_timed for term in self.terms)


@dataclass(slots=True)
class Reductions:
    """Every reduction of a set of policies; those that mean the same are one."""

    found: dict[tuple[object, ...], Reduction] = field(default_factory=dict)

    def write(self, node: ir.Aggregate, writer: Writer) -> Term:
        """Return what an aggregate is, in terms of a reduction. Raises: NotWrittenError."""
        if any(isinstance(part, ir.Aggregate) for child in ir.children(node) for part in ir.walk(child)):
            raise NotWrittenError("it runs over rows inside a run over rows")
        inner = writer.inside(node.variable, node.rows)
        chosen = conjuncts(node.where)
        if node.kind == "any":
            return self._exists([*chosen, *conjuncts(node.element)], inner, writer)
        if node.kind == "all" and node.element is not None:
            return turned(self._exists([*chosen, *conjuncts(negated(node.element))], inner, writer), writer)
        if node.kind == "count":
            return _result(self._add("count", inner, [*chosen, *conjuncts(node.element)], None), writer)
        found = _result(self._add(node.kind, inner, chosen, node.element), writer)
        # Over no rows there is no least and no greatest.
        return found if node.kind == "sum" else replace(found, text=f"{writer.call('some')}({found.text})")

    def _exists(self, parts: list[ir.Node], inner: Writer, writer: Writer) -> Term:
        """Return whether there is such a row; rules that differ only in one limit share the row nearest to it."""
        limit = next((found for part in reversed(parts) if (found := _limit(part, inner)) is not None), None)
        if limit is None:
            return _result(self._add("any", inner, parts, None), writer)
        rest = [part for part in parts if part is not limit.whole]
        nearest = _result(self._add(_TOWARDS[limit.operator], inner, rest, limit.side), writer)
        beyond = compared(limit.operator, nearest, writer.write(limit.line), writer)
        if writer.is_careful:
            return replace(beyond, text=f"(False if {nearest.text} is None else {beyond.text})")
        return replace(beyond, text=f"({nearest.text} is not None and {beyond.text})")

    def _add(self, kind: str, inner: Writer, parts: Iterable[ir.Node], element: ir.Node | None) -> Reduction:
        guards = {term.text: term for term in (inner.write(part) for part in parts)}
        measure = None if element is None else inner.write(element)
        key = (kind, inner.rows, frozenset(guards), None if measure is None else measure.text)
        new = Reduction(kind, inner.rows, tuple(guards.values()), measure, f"{kind}_{len(self.found)}")
        return self.found.setdefault(key, new)


def _result(reduction: Reduction, writer: Writer) -> Term:
    name = f"made({reduction.name})" if writer.is_careful else reduction.name
    return Term(name, is_timed=reduction.is_timed, known=known_if_value(reduction.name))


@dataclass(frozen=True, slots=True)
class _Limit:
    """A part of a condition that compares something of the row with something that is the same for all rows."""

    whole: ir.Node
    side: ir.Node
    operator: str
    line: ir.Node


def conjuncts(node: ir.Node | None) -> list[ir.Node]:
    """Return the parts that must all be true for a condition to be; none for no condition."""
    if node is None:
        return []
    if isinstance(node, ir.Sentence):
        return conjuncts(node.body)
    if isinstance(node, ir.Junction) and node.kind == "all":
        return [part for operand in node.operands for part in conjuncts(operand)]
    if isinstance(node, ir.Junction) and node.kind == "none":
        return [part for operand in node.operands for part in conjuncts(negated(operand))]
    if isinstance(node, ir.Not):
        return conjuncts(negated(node.operand)) if _turns(node.operand) else [node]
    return [node]


def negated(node: ir.Node) -> ir.Node:
    """Return the opposite of a condition, the negation drawn inwards."""
    if isinstance(node, ir.Sentence):
        return negated(node.body)
    if isinstance(node, ir.Not):
        return node.operand
    if isinstance(node, ir.Compare):
        return replace(node, operator=_NEGATED[node.operator])
    if isinstance(node, ir.Junction) and node.kind == "any":
        return ir.Junction(kind="all", operands=tuple(negated(part) for part in node.operands))
    if isinstance(node, ir.Junction) and node.kind == "all":
        return ir.Junction(kind="any", operands=tuple(negated(part) for part in node.operands))
    if isinstance(node, ir.Junction):
        return ir.Junction(kind="any", operands=node.operands)
    return ir.Not(operand=node)


def _turns(node: ir.Node) -> bool:
    return isinstance(node, ir.Sentence | ir.Not | ir.Compare | ir.Junction)


def _limit(node: ir.Node, inner: Writer) -> _Limit | None:
    if not isinstance(node, ir.Compare) or node.operator not in _TOWARDS:
        return None
    about = [is_about(side, inner.variable) for side in (node.left, node.right)]
    if about == [True, False]:
        return _Limit(node, node.left, node.operator, node.right)
    return _Limit(node, node.right, flipped(node.operator), node.left) if about == [False, True] else None
