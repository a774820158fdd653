"""Conditions in other languages: one walk over the typed tree, one small class for each language."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from bench.books import Loaded
from engine.domain.numbers import canonical
from engine.policy import ir

T = TypeVar("T")
_TURNED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_HUNDRED = Decimal(100)


def spell_book(speller: "Speller[T]", loaded: Loaded) -> dict[str, T]:
    """Return every condition of a book in a language, by the policy's name."""
    speller.values = loaded.program.values
    return {policy.name: speller.spell(policy.when) for policy in loaded.program.policies}


class Speller(ABC, Generic[T]):
    """
    One language. What is constant is calculated here, so no engine pays for it.

    has_extremes: whether it has a min and a max that are zero over no rows. Where it has none, `max(x) >= c` is asked
    as "is any x >= c", which is how its users would ask.
    """

    has_extremes: ClassVar[bool] = True
    values: Mapping[str, ir.Node]

    def spell(self, node: ir.Node) -> T:
        """Return an expression in this language."""
        constant = self._constant(node)
        if constant is not None:
            return self.number(constant)
        match node:
            case ir.Sentence():
                return self.spell(node.body)
            case ir.Junction():
                parts = [self.spell(operand) for operand in node.operands]
                return self.both(parts) if node.kind == "all" else self.either(parts)
            case ir.Compare():
                return self._compare(node)
            case ir.Arith():
                return self._arithmetic(node)
            case ir.Aggregate():
                return self._aggregate(node)
            case _:
                return self._leaf(node)

    def _leaf(self, node: ir.Node) -> T:
        match node:
            case ir.Literal():
                return self.word(str(node.value))
            case ir.FactRef():
                return self.fact(node.name)
            case ir.FieldRef():
                return self.field(node.variable, node.field)
            case ir.Member():
                return self.member(self.spell(node.item), [self.spell(option) for option in node.options])
            case _:
                raise TypeError(f"no spelling for {type(node).__name__}")

    def _constant(self, node: ir.Node) -> Decimal | None:
        match node:
            case ir.Literal(value=Decimal() as value):
                return value
            case ir.ValueRef():
                return self._constant(self.values[node.name])
            case ir.Sentence():
                return self._constant(node.body)
            case ir.Negative():
                inner = self._constant(node.operand)
                return None if inner is None else -inner
            case ir.Arith(operator="*"):
                left, right = self._constant(node.left), self._constant(node.right)
                return None if left is None or right is None else left * right
            case _:
                return None

    def _compare(self, node: ir.Compare) -> T:
        left = node.left
        if isinstance(left, ir.Aggregate) and left.kind in ("min", "max") and not self.has_extremes:
            return self._extreme_as_any(node, left)
        return self.compare(node.operator, self.spell(left), self.spell(node.right))

    def _extreme_as_any(self, node: ir.Compare, extreme: ir.Aggregate) -> T:
        if extreme.element is None or (extreme.kind == "max") != node.operator.startswith(">"):
            raise TypeError(f"{extreme.kind} {node.operator} is no question of any row")
        with self.inside():
            element = self.compare(node.operator, self.spell(extreme.element), self.spell(node.right))
            return self.any_of(extreme.variable, element, self._where(extreme))

    def _arithmetic(self, node: ir.Arith) -> T:
        if node.operator != "%of":
            return self.arithmetic(node.operator, self.spell(node.left), self.spell(node.right))
        share = self._constant(node.left)
        if share is None:
            raise TypeError("a share that is no constant")
        return self.arithmetic("*", self.number(share / _HUNDRED), self.spell(node.right))

    def _aggregate(self, node: ir.Aggregate) -> T:
        if node.element is None or node.rows != "positions":
            raise TypeError(f"no spelling for {node.kind} of {node.rows}")
        with self.inside():
            element, where = self.spell(node.element), self._where(node)
        match node.kind:
            case "any":
                return self.any_of(node.variable, element, where)
            case "all":
                return self.all_of(node.variable, element, where)
            case "count":
                return self.count_of(node.variable, element if where is None else self.both([where, element]))
            case _:
                return self.number_of(node.kind, node.variable, element, where)

    def _where(self, node: ir.Aggregate) -> T | None:
        return None if node.where is None else self.spell(node.where)

    def inside(self) -> "Inside":
        """Return a context for what is spelt inside an aggregate; most languages need to know nothing of it."""
        return Inside()

    @abstractmethod
    def number(self, value: Decimal) -> T:
        """Return a constant."""

    @abstractmethod
    def word(self, value: str) -> T:
        """Return a text."""

    @abstractmethod
    def fact(self, name: str) -> T:
        """Return a fact of the account."""

    @abstractmethod
    def field(self, variable: str, name: str) -> T:
        """Return a field of a row."""

    @abstractmethod
    def compare(self, operator: str, left: T, right: T) -> T:
        """Return a comparison."""

    @abstractmethod
    def arithmetic(self, operator: str, left: T, right: T) -> T:
        """Return one of `+ - * /`."""

    @abstractmethod
    def member(self, item: T, options: Sequence[T]) -> T:
        """Return whether an item is one of a list."""

    @abstractmethod
    def both(self, parts: Sequence[T]) -> T:
        """Return `and`."""

    @abstractmethod
    def either(self, parts: Sequence[T]) -> T:
        """Return `or`."""

    @abstractmethod
    def any_of(self, variable: str, element: T, where: T | None) -> T:
        """Return whether a condition is true for any of the rows."""

    @abstractmethod
    def all_of(self, variable: str, element: T, where: T | None) -> T:
        """Return whether a condition is true for all of the rows."""

    @abstractmethod
    def count_of(self, variable: str, condition: T) -> T:
        """Return for how many rows a condition is true."""

    @abstractmethod
    def number_of(self, kind: str, variable: str, element: T, where: T | None) -> T:
        """Return sum, min or max over the rows."""


class Inside:
    """A context that does nothing."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


class Infix(Speller[str]):
    """What languages that look like Python or C share."""

    AND: ClassVar[str] = "and"
    OR: ClassVar[str] = "or"

    def number(self, value: Decimal) -> str:
        """Return the digits."""
        return canonical(value)

    def word(self, value: str) -> str:
        """Return a quoted text; none of the books has a quote inside."""
        return f'"{value}"'

    def fact(self, name: str) -> str:
        """Return the bare name."""
        return name

    def field(self, variable: str, name: str) -> str:
        """Return the dotted name."""
        return f"{variable}.{name}"

    def compare(self, operator: str, left: str, right: str) -> str:
        """Return the comparison as it is."""
        return f"{left} {operator} {right}"

    def arithmetic(self, operator: str, left: str, right: str) -> str:
        """Return the calculation in parentheses."""
        return f"({left} {operator} {right})"

    def member(self, item: str, options: Sequence[str]) -> str:
        """Return `in` over a list."""
        return f"{item} in [{', '.join(options)}]"

    def both(self, parts: Sequence[str]) -> str:
        """Return the parts joined, in parentheses."""
        return f"({f' {self.AND} '.join(parts)})"

    def either(self, parts: Sequence[str]) -> str:
        """Return the parts joined, in parentheses."""
        return f"({f' {self.OR} '.join(parts)})"


def plain(value: Any) -> Any:
    """Return a fact as engines without exact numbers take it: a float."""
    return float(value) if isinstance(value, Decimal) else value
