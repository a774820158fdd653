"""
What can be known of a sentence before any reading: whether it is always true, impossible, or fires without a loss.

Facts take the ranges they declare; the sign guard sets every P&L fact to zero. Nothing here looks at an account.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import UnionType
from typing import Any

from engine.domain.kinds import BOOL
from engine.domain.numbers import ZERO
from engine.domain.truth import Truth, conjunction
from engine.domain.values import Known, Unknown, Value, bounds, unknown
from engine.facts.base import Catalogue, FactSpec, FieldSpec, FunctionSpec, Part
from engine.facts.history import Past
from engine.policy import ir, meaning
from engine.policy.windows import anything

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_MAX_ALTERNATIVES = 64
_BOOK = frozenset({Part.POSITIONS, Part.ORDERS, Part.FILLS})


class _AnyRow(dict[str, Any]):
    """Binds every variable to the same token: an abstract row has no identity."""

    def __missing__(self, key: str) -> str:
        return key


@dataclass
class _Ranges:
    """An environment of declared ranges. zero_pnl: P&L facts are 0. assumed: results of abstract aggregates."""

    catalogue: Catalogue
    values: Mapping[str, ir.Node]
    zero_pnl: bool
    empty: bool = False
    assumed: dict[str, Value] = field(default_factory=dict)
    now: datetime = _ANY_TIME

    def fact(self, name: str) -> Value:
        if name in self.assumed:
            return self.assumed[name]
        return self._range(self.catalogue.facts[name])

    def rows(self, plural: str) -> tuple[Any, ...] | Unknown:
        return ()

    def field(self, plural: str, row: Any, field: str) -> Value:
        return self._range(self.catalogue.kind(plural).fields[field])

    def key(self, plural: str, row: Any) -> str:
        return plural

    def value(self, name: str) -> ir.Node:
        value = _without(ir.IsKnown if self.empty else ir.Aggregate | ir.IsKnown, self.values[name], self)
        if isinstance(value, ir.Table) and value.default is None:
            # A key that is not there makes what asks for it unknown, never true: the entries are all that can fire.
            return replace(value, default=value.uses[0])
        return value

    def call(self, function: str, arguments: tuple[Known, ...]) -> Value:
        return self._range(self.catalogue.functions[function])

    def past(self, function: str, series: str, row: Any, text: str, current: Value) -> Past | Value:
        return anything(function, current)

    def read_at(self, name: str) -> datetime | None:
        return None

    def _range(self, spec: FactSpec | FieldSpec | FunctionSpec) -> Value:
        if self.zero_pnl and getattr(spec, "is_pnl", False) and spec.type.is_numeric:
            return ZERO
        if self.empty and spec.type.unit and spec.low == ZERO:
            return ZERO
        return Unknown(("not read yet",), spec.low, spec.high) if spec.type.is_numeric else unknown("not read yet")


def decided(node: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> Truth:
    """Return TRUE or FALSE when a condition has that answer for every reading there can be, else UNKNOWN."""
    return _abstract(node, _Ranges(catalogue, values, zero_pnl=False))


def decided_part(
    sentence: ir.Sentence, catalogue: Catalogue, values: Mapping[str, ir.Node]
) -> tuple[ir.Node, Truth] | None:
    """Return the first comparison of a sentence, or its whole body, that is decided for every reading; None if open."""
    if sentence.type != BOOL:
        return None
    comparisons = [part for part in ir.walk(sentence.body) if isinstance(part, ir.Compare | ir.Member)]
    for part in (*comparisons, sentence.body):
        truth = decided(part, catalogue, values)
        if truth is not Truth.UNKNOWN:
            return part, truth
    return None


def is_always_passed(line: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> bool:
    """Return whether every loss, also none, lies beyond a line of money."""
    nothing = ir.Literal(value=ZERO, text="0", type=line.type)
    compared = ir.Compare(operator=">=", left=nothing, right=line)
    return decided(compared, catalogue, values) is Truth.TRUE


def is_never_negative(node: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> bool:
    """Return whether a number is zero or more at every reading there can be."""
    ranges = _Ranges(catalogue, values, zero_pnl=False)
    low, _ = bounds(meaning.evaluate(_without_rows(node, ranges), ranges, _AnyRow()).value)
    return low is not None and low >= ZERO


def fires_without_loss(
    when: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]
) -> Iterator[tuple[tuple[ir.Node, ...], Truth]]:
    """Yield the alternatives of a condition that mention P&L and are, or may be, true when all of it is zero."""
    for alternative, truth in flat_book_alternatives(when, catalogue, values):
        if truth is not Truth.FALSE:
            yield alternative, truth


def flat_book_alternatives(
    when: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]
) -> Iterator[tuple[tuple[ir.Node, ...], Truth]]:
    """
    Yield each alternative of a condition that mentions P&L, with its truth when every P&L fact is zero.

    A limit typed with the wrong sign makes one of them not FALSE.
    """
    for alternative in alternatives(when):
        if any(mentions_pnl(part, catalogue, values) for part in alternative):
            ranges = _Ranges(catalogue, values, zero_pnl=True)
            yield alternative, conjunction(_abstract(part, ranges) for part in alternative)


def holds_over_no_rows(when: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> bool:
    """Return whether a condition with an `all` over rows may be true when there are none."""
    if not any(isinstance(part, ir.Aggregate) and part.kind == "all" for part in ir.walk(when)):
        return False
    ranges = _Ranges(catalogue, values, zero_pnl=True, empty=True)
    return meaning.evaluate(_without(ir.IsKnown, when, ranges), ranges, _AnyRow()).truth is not Truth.FALSE


def holds_on_empty_book(when: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> bool:
    """
    Return whether what a condition asks of the book is true of an account without positions, orders and fills.

    What it asks of the clock, the link or the funds may be so or not, and is passed over.
    """
    asked = [part for part in _all_of(when) if _is_of_the_book(part, catalogue, values)]
    ranges = _EmptyBook(catalogue, values, zero_pnl=True)
    truths = [meaning.evaluate(_without(ir.IsKnown, part, ranges), ranges, _AnyRow()).truth for part in asked]
    return bool(asked) and conjunction(truths) is Truth.TRUE


# What an empty book leaves whole instead of at 0.
_LEFT = frozenset({"order_budget_left"})


class _EmptyBook(_Ranges):
    """The ranges of an account that holds nothing: its counts are 0 and nothing has happened to it."""

    def _range(self, spec: FactSpec | FieldSpec | FunctionSpec) -> Value:
        if spec.needs & _BOOK and spec.type == BOOL:
            return False
        counts = spec.type.is_numeric and spec.type.unit and spec.low == ZERO and spec.name not in _LEFT
        if spec.needs & _BOOK and counts:
            return ZERO
        return super()._range(spec)


def _all_of(node: ir.Node) -> list[ir.Node]:
    if isinstance(node, ir.Sentence):
        return _all_of(node.body)
    if isinstance(node, ir.Junction) and node.kind == "all":
        return [part for operand in node.operands for part in _all_of(operand)]
    return [node]


def _is_of_the_book(node: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> bool:
    for part in ir.walk(node):
        if isinstance(part, ir.FactRef) and catalogue.facts[part.name].needs & _BOOK:
            return True
        if isinstance(part, ir.Aggregate) and catalogue.rows[part.rows].needs & _BOOK:
            return True
        if isinstance(part, ir.ValueRef) and _is_of_the_book(values[part.name], catalogue, values):
            return True
    return False


def _abstract(node: ir.Node, ranges: _Ranges) -> Truth:
    return meaning.evaluate(_without_rows(node, ranges), ranges, _AnyRow()).truth


def _without_rows(node: ir.Node, ranges: _Ranges) -> ir.Node:
    return _without(ir.Aggregate | ir.IsKnown, node, ranges)


def _without(kinds: type[ir.Node] | UnionType, node: ir.Node, ranges: _Ranges) -> ir.Node:
    """Return the tree with each aggregate and `known(x)` replaced by an assumed fact that holds all it can be."""
    if isinstance(node, kinds):
        name = f"#{len(ranges.assumed)}"
        assert isinstance(node, ir.Aggregate | ir.IsKnown)
        ranges.assumed[name] = _known(node, ranges) if isinstance(node, ir.IsKnown) else _all_it_can_be(node, ranges)
        return ir.FactRef(name=name, type=node.type, at=node.at)
    changes: dict[str, Any] = {}
    for slot in node.__dataclass_fields__:
        part = getattr(node, slot)
        if isinstance(part, ir.Node):
            changes[slot] = _without(kinds, part, ranges)
        elif isinstance(part, tuple) and part and isinstance(part[0], ir.Node):
            changes[slot] = tuple(_without(kinds, item, ranges) for item in part)
    if not changes:
        return node
    return replace(node, **changes)


def _known(node: ir.IsKnown, ranges: _Ranges) -> Value:
    # What is decided for every reading there can be is known; anything else may be read or not, which is open here.
    value = meaning.evaluate(_without_rows(node.operand, ranges), ranges, _AnyRow()).value
    return unknown("not read yet") if isinstance(value, Unknown) else True


def _all_it_can_be(node: ir.Aggregate, ranges: _Ranges) -> Value:
    open_ended = Unknown(("rows not read yet",), low=ZERO)
    if node.element is None:
        return open_ended
    element = meaning.evaluate(_without_rows(node.element, ranges), ranges, _AnyRow()).value
    where = None if node.where is None else _abstract(node.where, ranges)
    if where is Truth.FALSE:
        nothing_left: dict[str, Value] = {"any": False, "all": True, "count": ZERO, "sum": ZERO}
        return nothing_left.get(node.kind, unknown("no rows"))
    if node.kind in ("any", "count"):
        nothing: Value = False if node.kind == "any" else ZERO
        holds = meaning.truth_of(element) is not Truth.FALSE
        return (unknown("rows not read yet") if node.kind == "any" else open_ended) if holds else nothing
    if node.kind == "all":
        truth = meaning.truth_of(element)
        if ranges.zero_pnl and truth is Truth.FALSE:
            # The sign guard asks about rows there are; that no rows make `all` true is a warning of its own.
            return False
        return True if truth is Truth.TRUE else unknown("rows not read yet")
    low, high = bounds(element)
    if node.kind == "sum":
        low = ZERO if low is not None and low >= ZERO else None
        high = ZERO if high is not None and high <= ZERO else None
        return ZERO if low == high == ZERO else Unknown(("rows not read yet",), low, high)
    # Over no rows there is no least: even with one possible value it stays a bound and is not known.
    return Unknown(("rows not read yet",), low, high)


def alternatives(node: ir.Node) -> list[tuple[ir.Node, ...]]:
    """Return the disjuncts of a condition, each as its conjuncts; bounded, the whole condition when too many."""
    if isinstance(node, ir.Sentence):
        # Each part stays in its sentence, so that it can be shown where it stands.
        return [tuple(replace(node, body=part) for part in found) for found in alternatives(node.body)]
    if isinstance(node, ir.Junction) and node.kind == "any":
        found = [alternative for operand in node.operands for alternative in alternatives(operand)]
        return found if len(found) <= _MAX_ALTERNATIVES else [(node,)]
    if isinstance(node, ir.Junction) and node.kind == "all":
        combined: list[tuple[ir.Node, ...]] = [()]
        for operand in node.operands:
            combined = [(*left, *right) for left in combined for right in alternatives(operand)]
            if len(combined) > _MAX_ALTERNATIVES:
                return [(node,)]
        return combined
    return [(node,)]


def mentions_pnl(node: ir.Node, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> bool:
    """
    Return whether a tree, or a value it names, speaks of profit and loss.

    The sentences that choose between cases do not count: a limit that tightens after a loss is a limit all the same.
    """
    if isinstance(node, ir.Cases):
        return any(mentions_pnl(use, catalogue, values) for use in (*node.uses, node.default))
    # How long a figure has been unknown is no figure.
    spells = [part for part in ir.walk(node) if isinstance(part, ir.Past) and part.function == "unknown_for"]
    passed_over = {id(part.series) for part in spells}
    for part in ir.walk(node):
        if id(part) in passed_over:
            continue
        if isinstance(part, ir.ValueRef) and mentions_pnl(values[part.name], catalogue, values):
            return True
        if isinstance(part, ir.FactRef) and catalogue.facts[part.name].is_pnl:
            return True
        if isinstance(part, ir.FieldRef) and catalogue.kind(part.rows).fields[part.field].is_pnl:
            return True
    return False
