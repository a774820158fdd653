"""
How an expression of the typed tree is written as Python; a value that is not known makes what is written raise.

Comparison and arithmetic raise by themselves, for `Unknown` has neither; equality is asked for expressly.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from json import dumps
from keyword import iskeyword
from typing import Final

from engine.domain.kinds import Kind
from engine.domain.numbers import CONTEXT, HUNDRED, ONE
from engine.facts.base import Catalogue, FieldSpec, Part
from engine.policy import ir, meaning
from engine.policy.generated.careful import COMPARISONS, INSTEAD_OF, OPERATIONS

ROW: Final = "row"
_CONSTANT = ir.Literal | ir.ValueRef | ir.Arith | ir.Negative | ir.Lookup | ir.Table
_OPERATIONS: Final = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
# What the written text calls by these names, or numbers like these, no fact may be called in it.
_TAKEN: Final = frozenset(
    {"fires", "unknown", "unsure", "answer", "rows", "row", "view", "facts", "moment", "constants", "results", "now"}
    | {"number", "ZERO", "since", "some", "not_known", "value"}
).union(OPERATIONS, INSTEAD_OF)
_NUMBERED: Final = re.compile(r"(?:k|limit_|asked_|fixed_|any_|count_|sum_|min_|max_)\d+", re.ASCII).fullmatch


class NotWrittenError(Exception):
    """This tree has no generated form; the tree evaluator answers for its policy."""


@dataclass(frozen=True, slots=True)
class Term:
    """
    One written expression.

    fields: the fields of the row it reads. is_timed: whether it may change while nothing but the time does.
    known: the test that it has a value; empty where it has one, or raises when it is used.
    """

    text: str
    fields: tuple[str, ...] = ()
    is_timed: bool = False
    known: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """What is fixed for an account: its tree, the values it is read in (a policy's own first), and its words."""

    node: ir.Node
    lets: Mapping[str, ir.Node]
    words: str


@dataclass(slots=True)
class Names:
    """
    What the written text names, in the order it first did.

    facts: local name by fact. literals: what is the same for everybody, with how Python spells it; constants: what is
    fixed for an account; both by canonical form. asked: trees whose value the tree evaluator gives.
    hoisted: what stands inside a run over rows and is said of no row, by its text: computed once before the run.
    """

    catalogue: Catalogue
    facts: dict[str, str] = field(default_factory=dict)
    literals: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    constants: dict[str, tuple[str, Constant]] = field(default_factory=dict)
    asked: dict[str, tuple[str, Constant]] = field(default_factory=dict)
    hoisted: dict[str, str] = field(default_factory=dict)

    def fact(self, name: str) -> str:
        """Return the local name of a fact."""
        return self.facts.setdefault(name, self.local(name))

    def local(self, name: str) -> str:
        """Return a name as Python can have it."""
        plain = name.replace(".", "_")
        return f"{plain}_" if plain in _TAKEN or _NUMBERED(plain) or iskeyword(plain) else plain

    def constant(self, node: ir.Node, lets: Mapping[str, ir.Node], words: str) -> str:
        """Return the name of a constant; one that means the same has the same name."""
        key = _key(node, lets)
        value = None if _value_names(node) or not is_fixed(node, {}) else meaning.fixed_value(node, {})
        if isinstance(value, str):
            return self.literals.setdefault(key, (f"k{len(self.literals)}", repr(value), words))[0]
        if isinstance(value, Decimal):
            return self.literals.setdefault(key, (f"k{len(self.literals)}", f"number({str(value)!r})", words))[0]
        return self.constants.setdefault(key, (f"limit_{len(self.constants)}", Constant(node, lets, words)))[0]

    def ask(self, node: ir.Node, lets: Mapping[str, ir.Node], words: str) -> str:
        """Return the name of a value that the tree evaluator gives."""
        return self.asked.setdefault(_key(node, lets), (f"asked_{len(self.asked)}", Constant(node, lets, words)))[0]

    def hoist(self, term: Term) -> Term:
        """Return the name under which an expression is computed before a run over rows."""
        if term.text.isidentifier():
            return term
        name = self.hoisted.setdefault(term.text, f"fixed_{len(self.hoisted)}")
        return Term(name, is_timed=term.is_timed, known=known_if_value(name))


@dataclass(frozen=True, slots=True)
class Writer:
    """
    Writes the expressions of one policy.

    lets: the policy's own values. reduce: writes an aggregate. sentence: whose columns the nodes refer to.
    is_careful: what is not known is calculated with (see `careful`), instead of raising.
    rows: the kind of rows `variable` stands for when inside a run over rows, where nothing is careful.
    """

    names: Names
    lets: Mapping[str, ir.Node]
    reduce: Callable[[ir.Aggregate, "Writer"], Term]
    is_careful: bool = False
    sentence: str = ""
    variable: str = ""
    rows: str = ""

    def inside(self, variable: str, rows: str) -> "Writer":
        """Return the writer for what is said of one row."""
        return replace(self, is_careful=False, variable=variable, rows=rows)

    def write(self, node: ir.Node) -> Term:
        """Return an expression as Python. Raises: NotWrittenError."""
        if not isinstance(node, ir.Sentence) and is_fixed(node, self.lets):
            name = self.names.constant(node, self.lets, self._words(node))
            return Term(name, known="" if isinstance(node, ir.Literal) else known_if_value(name))
        if self.variable and not is_about(node, self.variable):
            return self.names.hoist(self.inside("", "").write(node))
        return _WRITERS[type(node)](self, node)

    def writer_of(self, sentence: ir.Sentence) -> "Writer":
        """Return the writer whose words are those of a sentence."""
        return replace(self, sentence=sentence.text)

    def call(self, function: str) -> str:
        """Return the name of a function that raises where something is not known, or of the one used instead."""
        return INSTEAD_OF[function] if self.is_careful else function

    def field(self, name: str) -> FieldSpec:
        """Return a field of the row."""
        return self.names.catalogue.rows[self.rows].fields[name]

    def _words(self, node: ir.Node) -> str:
        if isinstance(node, ir.Literal):
            return node.text
        start, length = node.at
        return node.name if isinstance(node, ir.ValueRef) else self.sentence[start : start + length]


def is_about(node: ir.Node, variable: str) -> bool:
    """Return whether an expression speaks of the row a variable stands for."""
    return any(isinstance(part, ir.FieldRef) and part.variable == variable for part in ir.walk(node))


def flipped(operator: str) -> str:
    """Return the operator that says the same with its sides exchanged."""
    return _FLIPPED[operator]


def joined(glue: str, terms: Iterable[Term]) -> Term:
    """Return terms put together in brackets."""
    parts = tuple(terms)
    return Term(f"({glue.join(part.text for part in parts)})", *_merged(parts))


def known_if_value(name: str) -> str:
    """Return the test that what has this name is known."""
    return f"{name}.__class__ is not Unknown"


def read_field(spec: FieldSpec, singular: str) -> str:
    """Return how a field is read off a row: straight from it where it just stands there, else computed."""
    if not spec.path:
        return f"{computed(spec, singular)}(view, {ROW})"
    return f"{ROW}.{spec.path}{'._value_' if spec.type.kind is Kind.ENUM else ''}"


def computed(spec: FieldSpec, singular: str) -> str:
    """Return the name under which the function of a field is called."""
    return f"{singular}_{spec.name}"


# -- one function a kind of node ----------------------------------------------------------------------------------


def _sentence(writer: Writer, node: ir.Sentence) -> Term:
    return writer.writer_of(node).write(node.body)


def _junction(writer: Writer, node: ir.Junction) -> Term:
    parts = tuple(writer.write(part) for part in node.operands)
    if writer.is_careful:
        inner = _called("all_of" if node.kind == "all" else "any_of", *parts)
    else:
        inner = joined(" and " if node.kind == "all" else " or ", parts)
    return inner if node.kind != "none" else turned(inner, writer)


def turned(term: Term, writer: Writer) -> Term:
    """Return the opposite of a yes or no."""
    text = f"opposite({term.text})" if writer.is_careful else f"(not {term.text})"
    return Term(text, term.fields, term.is_timed)


def compared(operator: str, left: Term, right: Term, writer: Writer) -> Term:
    """Return a comparison in order of size."""
    if writer.is_careful:
        return _called(COMPARISONS[operator], left, right)
    return Term(f"{left.text} {operator} {right.text}", *_merged((left, right)))


def _not(writer: Writer, node: ir.Not) -> Term:
    return turned(writer.write(node.operand), writer)


def _compare(writer: Writer, node: ir.Compare) -> Term:
    if writer.is_careful:
        return compared(node.operator, writer.write(node.left), writer.write(node.right), writer)
    if node.operator not in ("==", "!="):
        return compared(node.operator, writer.write(node.left), writer.write(node.right), writer)
    left, right = _whole(writer, node.left), _whole(writer, node.right)
    return _surely(f"{left.text} {node.operator} {right.text}", left, right)


def _member(writer: Writer, node: ir.Member) -> Term:
    item, options = writer.write(node.item), [writer.write(option) for option in node.options]
    if writer.is_careful:
        return _called("any_of", *(_called(COMPARISONS["=="], item, option) for option in options))
    return _surely(f"{item.text} in ({', '.join(option.text for option in options)},)", item, *options)


def _whole(writer: Writer, node: ir.Node) -> Term:
    # Python's own `and` and `or` may give a value on without asking whether it is known.
    term = writer.write(node)
    return Term(f"bool({term.text})", term.fields, term.is_timed) if isinstance(node, ir.Junction) else term


def _surely(text: str, *sides: Term) -> Term:
    """Return a test for equality that raises where a side is not known: by itself it would just be false."""
    checks = " and ".join(dict.fromkeys(side.known for side in sides if side.known))
    return Term(f"({text} if {checks} else not_known())" if checks else f"({text})", *_merged(sides))


def _fact(writer: Writer, node: ir.FactRef) -> Term:
    spec, name = writer.names.catalogue.facts[node.name], writer.names.fact(node.name)
    return Term(name, is_timed=Part.CLOCK in spec.needs, known=known_if_value(name))


def _field(writer: Writer, node: ir.FieldRef) -> Term:
    if node.variable != writer.variable:
        raise NotWrittenError("it compares rows of two kinds")
    spec, name = writer.field(node.field), f"{ROW}_{node.field}"
    known = f"{name} is not None" if spec.path else known_if_value(name)
    return Term(name, (node.field,), Part.CLOCK in spec.needs, "" if spec.is_always_told else known)


def _value(writer: Writer, node: ir.ValueRef) -> Term:
    # A policy's own value that moves: no account can change it, so what it says may stand in its place.
    return writer.write(writer.lets[node.name])


def _arithmetic(writer: Writer, node: ir.Arith) -> Term:
    if node.operator == "%of":
        hundredth = ir.Literal(value=CONTEXT.divide(ONE, HUNDRED), text="1%", type=node.left.type)
        share = ir.Arith(operator="*", left=node.left, right=hundredth, type=node.left.type, at=node.left.at)
        return _operated(writer, "*", writer.write(share), writer.write(node.right))
    return _operated(writer, node.operator, writer.write(node.left), writer.write(node.right))


def _operated(writer: Writer, operator: str, left: Term, right: Term) -> Term:
    # A pass runs in the one exact context, where Python's own operators say the same and take half as long.
    if writer.variable:
        return Term(f"({left.text} {operator} {right.text})", *_merged((left, right)))
    return _called(writer.call(_OPERATIONS[operator]), left, right)


def _called(function: str, *terms: Term) -> Term:
    return Term(f"{function}({', '.join(term.text for term in terms)})", *_merged(terms))


def _negative(writer: Writer, node: ir.Negative) -> Term:
    inner = writer.write(node.operand)
    if writer.variable:
        return Term(f"(-{inner.text})", inner.fields, inner.is_timed)
    return _called(writer.call("minus"), inner)


def _is_known(writer: Writer, node: ir.IsKnown) -> Term:
    if not isinstance(node.operand, ir.FactRef | ir.FieldRef):
        raise NotWrittenError("it asks whether an expression is known")
    inner = writer.write(node.operand)
    return Term(f"({inner.known or 'True'})", inner.fields, inner.is_timed)


def _age(writer: Writer, node: ir.Age) -> Term:
    if writer.variable and is_about(node, writer.variable):
        raise NotWrittenError("it asks for the age of a row")
    name = writer.names.ask(node, writer.lets, "")
    return Term(name, is_timed=True, known=known_if_value(name))


def _since(writer: Writer, node: ir.Since) -> Term:
    inner = writer.write(node.operand)
    return Term(f"{writer.call('since')}(now, {inner.text})", inner.fields, is_timed=True)


def _by_tree(writer: Writer, node: ir.Call | ir.Past) -> Term:
    if writer.variable and is_about(node, writer.variable):
        raise NotWrittenError("it calls a function of a row")
    name = writer.names.ask(node, writer.lets, "")
    return Term(name, is_timed=True, known=known_if_value(name))


def _cases(writer: Writer, node: ir.Cases) -> Term:
    name = writer.names.constant(node, writer.lets, "")
    return Term(name, known=known_if_value(name))


def _lookup(writer: Writer, node: ir.Lookup) -> Term:
    if writer.variable:
        raise NotWrittenError("it looks up a table for each row")
    name = writer.names.ask(node, writer.lets, "")
    return Term(name, is_timed=True, known=known_if_value(name))


def _aggregate(writer: Writer, node: ir.Aggregate) -> Term:
    if writer.variable:
        raise NotWrittenError("it runs over rows inside a run over rows")
    return writer.reduce(node, writer)


def _merged(terms: Iterable[Term]) -> tuple[tuple[str, ...], bool]:
    parts = tuple(terms)
    names = dict.fromkeys(name for part in parts for name in part.fields)
    return tuple(names), any(part.is_timed for part in parts)


def is_fixed(node: ir.Node, values: Mapping[str, ir.Node]) -> bool:
    """Return whether an expression, followed through the values it names, is the same at every reading."""
    if isinstance(node, ir.Sentence):
        return is_fixed(node.body, values)
    if isinstance(node, ir.ValueRef):
        return node.name not in values or is_fixed(values[node.name], values)
    return isinstance(node, _CONSTANT) and all(is_fixed(child, values) for child in ir.children(node))


def _key(node: ir.Node, lets: Mapping[str, ir.Node]) -> str:
    """Return what two expressions share only if they mean the same: their form, and that of all lets they lead to."""
    reached: dict[str, object] = {}
    names = _value_names(node)
    while names:
        name = names.pop()
        if name in lets and name not in reached:
            reached[name] = ir.canonical_form(lets[name])
            names += _value_names(lets[name])
    return dumps([ir.canonical_form(node), sorted(reached.items())], ensure_ascii=False, default=str)


def _value_names(node: ir.Node) -> list[str]:
    return sorted({part.name for part in ir.walk(node) if isinstance(part, ir.ValueRef)})


_WRITERS: Mapping[type[ir.Node], Callable[..., Term]] = {
    ir.Sentence: _sentence,
    ir.Junction: _junction,
    ir.Not: _not,
    ir.Compare: _compare,
    ir.Member: _member,
    ir.FactRef: _fact,
    ir.FieldRef: _field,
    ir.ValueRef: _value,
    ir.Arith: _arithmetic,
    ir.Negative: _negative,
    ir.IsKnown: _is_known,
    ir.Age: _age,
    ir.Since: _since,
    ir.Call: _by_tree,
    ir.Past: _by_tree,
    ir.Aggregate: _aggregate,
    ir.Cases: _cases,
    ir.Lookup: _lookup,
}
