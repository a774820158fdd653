"""What a condition asks of which number: each comparison as a line a subject must be above or below, comparably."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from json import dumps
from typing import Any, Final

from engine.domain.numbers import CONTEXT, HUNDRED, ONE, ZERO, canonical
from engine.facts.base import Catalogue
from engine.policy import guard, ir, meaning

Values = Mapping[str, ir.Node]

_TURNED: Final[Mapping[str, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
# Of these only one is ever more than 0.
_OPPOSITES: Final = (('"loss"', '"profit"'), ('"profit"', '"loss"'))
_NEGATED: Final[Mapping[str, str]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Line:
    """
    One comparison: `subject` must be above (or below) `factor` times `base`; an empty base is a plain number.

    is_strict: the line itself does not count.
    """

    subject: str
    is_floor: bool
    is_strict: bool
    factor: Decimal
    base: str

    @property
    def words(self) -> str:
        """The line as text; equal texts mean the same."""
        sign = (">" if self.is_floor else "<") + ("" if self.is_strict else "=")
        return f"{self.subject} {sign} {canonical(self.factor)} {self.base}"

    @property
    def is_above_nothing(self) -> bool:
        """Whether what is past this floor is more than 0, whatever the base."""
        return (self.factor > ZERO and not self.base) or (self.factor == ZERO and self.is_strict)

    def meets(self, other: "Line") -> bool:
        """Return whether two lines are of the same subject and can be told apart, whatever the reading."""
        return (self.subject, self.base) == (other.subject, other.base)

    def implies(self, other: "Line") -> bool:
        """Return whether what is past this line is past the other."""
        if not self.meets(other) or self.is_floor is not other.is_floor:
            return False
        if self.factor == other.factor:
            return self.is_strict or not other.is_strict
        return (self.factor > other.factor) is self.is_floor

    def excludes(self, other: "Line", *, beyond_a_point: bool = False) -> bool:
        """Return whether nothing is past both; with `beyond_a_point` also when only one number is."""
        if self.is_floor and other.is_floor and self.is_above_nothing and other.is_above_nothing:
            return any(self.subject.replace(*names) == other.subject != self.subject for names in _OPPOSITES)
        if not self.meets(other) or self.is_floor is other.is_floor:
            return False
        floor, ceiling = (self, other) if self.is_floor else (other, self)
        if floor.factor == ceiling.factor:
            return beyond_a_point or floor.is_strict or ceiling.is_strict
        return floor.factor > ceiling.factor


@dataclass(frozen=True, slots=True)
class Conjunct:
    """
    One thing a condition asks for, beside all others: `node`, or its opposite where `is_negated`.

    form: its meaning with values in place of names; equal forms mean the same. sentence: the author's, for places.
    is_turned: it stands under a `not`, and `node` is already what that makes of it.
    """

    node: ir.Node
    is_negated: bool
    sentence: ir.Sentence | None
    form: str
    line: Line | None
    is_turned: bool = False

    @property
    def text(self) -> str:
        """The author's words for it."""
        if self.sentence is None:
            return "this condition"
        start, length = self.node.at
        words = self.sentence.text[start : start + length] or self.sentence.text
        return f"not {words}" if self.is_negated or self.is_turned else words


class Reader:
    """Reads conditions in the light of some values; local to one check."""

    def __init__(self, values: Values, catalogue: Catalogue) -> None:
        self._values = values
        self._catalogue = catalogue

    def conjuncts(self, node: ir.Node | None) -> tuple[Conjunct, ...]:
        """Return everything that must hold for a condition to hold; blocks of `any` stay whole."""
        return () if node is None else tuple(self._flat(node, is_negated=False, sentence=None))

    def form(self, node: ir.Node) -> str:
        """Return the meaning of a tree as text, values in place of their names."""
        return dumps(ir.canonical_form(self._inlined(node)), ensure_ascii=False, default=str)

    def number(self, node: ir.Node) -> Decimal | None:
        """Return the number an expression is at every reading, or None when it moves or is none."""
        try:
            value = meaning.fixed_value(node, self._values)
        except (TypeError, KeyError):
            return None
        return value if isinstance(value, Decimal) else None

    def scaled(self, node: ir.Node) -> tuple[Decimal, str] | None:
        """Return an expression as a number of times what it is a share of; None when two such cannot be compared."""
        fixed = self.number(node)
        if fixed is not None:
            return fixed, ""
        node = self._bare(node)
        if isinstance(node, ir.Arith) and node.operator in ("%of", "*"):
            share, whole = (node.left, node.right) if self.number(node.left) is not None else (node.right, node.left)
            factor, rest = self.number(share), self.scaled(whole)
            if factor is None or rest is None:
                return None
            if node.operator == "%of":
                factor = CONTEXT.divide(factor, HUNDRED)
            return CONTEXT.multiply(factor, rest[0]), rest[1]
        is_base = guard.is_never_negative(node, self._catalogue, self._values)
        return (ONE, self.form(node)) if is_base else None

    def _flat(self, node: ir.Node, *, is_negated: bool, sentence: ir.Sentence | None) -> Iterator[Conjunct]:
        if isinstance(node, ir.Sentence):
            yield from self._flat(node.body, is_negated=is_negated, sentence=node)
        elif isinstance(node, ir.Not):
            yield from self._flat(node.operand, is_negated=not is_negated, sentence=sentence)
        elif isinstance(node, ir.Junction) and (node.kind == "all" if not is_negated else node.kind == "any"):
            for operand in node.operands:
                yield from self._flat(operand, is_negated=is_negated, sentence=sentence)
        elif isinstance(node, ir.Junction) and node.kind == "none" and not is_negated:
            for operand in node.operands:
                yield from self._flat(operand, is_negated=True, sentence=sentence)
        else:
            plain = self._turned(node) if is_negated and isinstance(node, ir.Compare) else node
            still = is_negated and plain is node
            form = self.form(ir.Not(operand=plain) if still else plain)
            line = self._line(plain) if isinstance(plain, ir.Compare) and not still else None
            yield Conjunct(plain, still, sentence, form, line, is_negated and not still)

    def _turned(self, node: ir.Compare) -> ir.Compare:
        return replace(node, operator=_NEGATED[node.operator])

    def _line(self, node: ir.Compare) -> Line | None:
        operator, left, right = node.operator, node.left, node.right
        if self.number(left) is not None:
            operator, left, right = _TURNED[operator], right, left
        ordered = operator in ("<", "<=", ">", ">=") and right.type.is_numeric
        scaled = self.scaled(right) if ordered else None
        if scaled is None or self.number(left) is not None:
            return None
        factor, base = scaled
        left = self._bare(left)
        while isinstance(left, ir.Negative):
            operator, left, factor = _TURNED[operator], self._bare(left.operand), -factor
        is_floor = operator in (">", ">=")
        if _is_mtm(left) and not base and factor < ZERO:
            # Below 5k of minus and beyond a loss of 5k are the same.
            left, is_floor, operator, factor = _as_amount(left, "loss"), not is_floor, _TURNED[operator], -factor
        elif _is_mtm(left) and not base and factor > ZERO:
            left = _as_amount(left, "profit")
        return Line(self.form(left), is_floor, operator in ("<", ">"), factor, base)

    def _bare(self, node: ir.Node) -> ir.Node:
        while isinstance(node, ir.Sentence | ir.ValueRef):
            node = node.body if isinstance(node, ir.Sentence) else self._values[node.name]
        return node

    def _inlined(self, node: ir.Node) -> ir.Node:
        if isinstance(node, ir.ValueRef):
            return self._inlined(self._values[node.name]) if node.name in self._values else node
        changes: dict[str, Any] = {}
        for slot in node.__dataclass_fields__:
            part = getattr(node, slot)
            if isinstance(part, ir.Node):
                changes[slot] = self._inlined(part)
            elif isinstance(part, tuple) and part and isinstance(part[0], ir.Node):
                changes[slot] = tuple(self._inlined(item) for item in part)
        return replace(node, **changes) if changes else node


def _is_mtm(node: ir.Node) -> bool:
    return "mtm" in (
        node.name if isinstance(node, ir.FactRef) else "",
        node.field if isinstance(node, ir.FieldRef) else "",
    )


def _as_amount(node: ir.Node, amount: str) -> ir.Node:
    return replace(node, name=amount) if isinstance(node, ir.FactRef) else replace(node, field=amount)  # type: ignore[call-arg]
