"""From a guarded syntax tree to the typed tree: names resolved, kinds checked, units settled, a caret per error."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from engine.domain.kinds import BOOL, TEXT, TIME, Kind, Type
from engine.domain.numbers import CONTEXT
from engine.facts.base import RowSpec
from engine.policy import ir, names, tables
from engine.policy.calls import check_count, read_call
from engine.policy.findings import suggestion
from engine.policy.past import read_past
from engine.policy.scope import AGGREGATES, FUNCTIONS, HISTORY, Scope
from engine.policy.sentence import Parsed, Problem, SentenceError, parse_sentence
from engine.policy.type_rules import comparable, described, mismatch_hint
from engine.policy.units import arithmetic, constant, settled

# A word that is neither fact nor value: it may be a member of the choice on the other side of a comparison.
_WORD = Type(Kind.ENUM)

_COMPARISONS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_OPERATORS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_ORDERED = frozenset(
    {Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.TIME, Kind.COUNT, Kind.NUMBER, Kind.DATE, Kind.INSTANT}
)


def parse_condition(text: str, scope: Scope) -> ir.Node:
    """
    Return the typed tree of a sentence that is true or false.

    Raises: SentenceError.
    """
    node = parse_expression(text, scope)
    if node.type.kind is not Kind.BOOL:
        flat = " ".join(text.split())
        raise SentenceError(
            Problem(
                "not-a-condition",
                f"'{flat[:60]}' is {described(node.type)}, not a condition",
                f"compare it, as in {flat[:40]} >= …" if node.type.kind in _ORDERED else "compare it with ==",
                node.at,
            )
        )
    return node


def parse_expression(text: str, scope: Scope) -> ir.Node:
    """
    Return the typed tree of any expression.

    Raises: SentenceError.
    """
    parsed = parse_sentence(text)
    return _Reader(parsed, scope).read(parsed.root)


class _Reader:
    def __init__(self, parsed: Parsed, scope: Scope) -> None:
        self._parsed = parsed
        self._scope = scope
        self._handlers: Mapping[type[ast.AST], Callable[..., ir.Node]] = {
            ast.BoolOp: self._junction,
            ast.UnaryOp: self._unary,
            ast.Compare: self._comparison,
            ast.BinOp: self._arithmetic,
            ast.Call: self._call,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Constant: self._constant,
        }

    @property
    def scope(self) -> Scope:
        return self._scope

    def at(self, node: ast.AST) -> ir.Span:
        return self._at(node)

    def read(self, node: ast.AST) -> ir.Node:
        handler = self._handlers.get(type(node))
        if handler is None:
            raise self._problem("not-in-the-language", node, f"{_what(node)} cannot stand here", _where_to(node))
        return handler(node)

    # -- true and false ------------------------------------------------------------------------------------------

    def _junction(self, node: ast.BoolOp) -> ir.Node:
        operands = tuple(self._condition(value) for value in node.values)
        return ir.Junction(kind="all" if isinstance(node.op, ast.And) else "any", operands=operands, at=self._at(node))

    def _unary(self, node: ast.UnaryOp) -> ir.Node:
        if isinstance(node.op, ast.Not):
            return ir.Not(operand=self._condition(node.operand), at=self._at(node))
        operand = self.read(node.operand)
        if not operand.type.is_numeric:
            raise self._problem("type-mismatch", node, f"minus needs a number, this is {described(operand.type)}", None)
        if isinstance(operand, ir.Literal) and isinstance(operand.value, Decimal):
            return replace(operand, value=CONTEXT.minus(operand.value), text=f"-{operand.text}", at=self._at(node))
        return ir.Negative(operand=operand, type=operand.type, at=self._at(node))

    def _condition(self, node: ast.AST) -> ir.Node:
        read = self.read(node)
        if read.type.kind is not Kind.BOOL:
            raise self._problem(
                "not-a-condition",
                node,
                f"'{self._text(node)}' is {described(read.type)}, not a condition",
                "compare it",
            )
        return read

    def _comparison(self, node: ast.Compare) -> ir.Node:
        sides = [node.left, *node.comparators]
        parts: list[ir.Node] = []
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            parts.append(self._one_comparison(operator, left, right))
        if len(parts) == 1:
            return parts[0]
        return ir.Junction(kind="all", operands=tuple(parts), at=self._at(node))

    def _one_comparison(self, operator: ast.cmpop, left: ast.expr, right: ast.expr) -> ir.Node:
        start, _ = self._at(left)
        last, length = self._at(right)
        at = (start, last + length - start)
        if isinstance(operator, ast.In | ast.NotIn):
            member = self._membership(left, right, at)
            return member if isinstance(operator, ast.In) else ir.Not(operand=member, at=at)
        symbol = _COMPARISONS[type(operator)]
        one, other = self._matched(self._operand(left), self._operand(right), left, right, at)
        if symbol not in ("==", "!=") and one.type.kind not in _ORDERED:
            raise SentenceError(
                Problem("type-mismatch", f"'{symbol}' has no meaning for {described(one.type)}", "use == or !=", at)
            )
        return ir.Compare(operator=symbol, left=one, right=other, at=at)

    def _operand(self, node: ast.expr) -> ir.Node:
        """Read a side of a comparison, where a bare word may be a member of the other side's choice."""
        if isinstance(node, ast.Name) and self._is_word(node):
            return ir.Literal(value=node.id, text=node.id, type=_WORD, at=self._at(node))
        return self.read(node)

    def _is_word(self, node: ast.Name) -> bool:
        known = (*self._scope.names(), *self._scope.later.facts, *self._scope.later.rows)
        return self._at(node)[0] not in self._parsed.literals and node.id not in known and not node.id.startswith("_")

    def _membership(self, left: ast.expr, right: ast.expr, at: ir.Span) -> ir.Node:
        if not isinstance(right, ast.List) or not right.elts:
            hint = "write it as in weekday in [TUE, THU]"
            raise self._problem("type-mismatch", right, "'in' needs a list of choices in square brackets", hint)
        item = self._operand(left)
        options = tuple(self._matched(item, self._operand(option), left, option, at)[1] for option in right.elts)
        if item.type is _WORD:
            raise self._unknown_word(left)
        return ir.Member(item=item, options=options, at=at)

    def _matched(
        self, one: ir.Node, other: ir.Node, left: ast.expr, right: ast.expr, at: ir.Span
    ) -> tuple[ir.Node, ir.Node]:
        """Bring both sides to one kind: choices get their members, bare numbers the unit of what they meet."""
        if one.type is _WORD and other.type is _WORD:
            raise self._unknown_word(left)
        if one.type is _WORD:
            return self._member(one, other.type, left), other
        if other.type is _WORD:
            return one, self._member(other, one.type, right)
        if _is_quoted_choice(one, other.type):
            return self._member(one, other.type, left), other
        if _is_quoted_choice(other, one.type):
            return one, self._member(other, one.type, right)
        one, other = self._settle(one, other.type), self._settle(other, one.type)
        if not comparable(one.type, other.type):
            message = f"{described(one.type)} cannot be compared with {described(other.type)}"
            raise SentenceError(Problem("type-mismatch", message, mismatch_hint(one.type, other.type), at))
        return one, other

    def _settle(self, node: ir.Node, wanted: Type) -> ir.Node:
        return settled(node, wanted, self._scope.values)

    def _member(self, word: ir.Node, type_: Type, node: ast.expr) -> ir.Node:
        assert isinstance(word, ir.Literal)
        text = str(word.value)
        if type_.kind is Kind.ENUM:
            if text in type_.members:
                return ir.Literal(value=text, text=text, type=type_, at=word.at)
            hint = suggestion(text, type_.members) or f"one of {', '.join(type_.members)}"
            raise self._problem("unknown-word", node, f"'{text}' is not one of the choices", hint)
        if type_.kind is Kind.TEXT:
            raise self._problem("unknown-word", node, f"'{text}' is not a fact", f"put text in quotes: '{text}'")
        raise self._unknown_word(node)

    # -- numbers -------------------------------------------------------------------------------------------------

    def _arithmetic(self, node: ast.BinOp) -> ir.Node:
        left, right = self.read(node.left), self.read(node.right)
        return arithmetic(_OPERATORS[type(node.op)], left, right, self._scope.values, self._at(node))

    def _constant(self, node: ast.Constant) -> ir.Node:
        if isinstance(node.value, str):
            return ir.Literal(value=node.value, text=repr(node.value), type=TEXT, at=self._at(node))
        if isinstance(node.value, bool):
            message, hint = (
                f"'{node.value}' is not needed",
                "a condition is true by itself; write not x for the opposite",
            )
            raise self._problem("not-in-the-language", node, message, hint)
        message = "'None' is not part of the language" if node.value is None else f"{_what(node)} cannot stand here"
        raise self._problem("not-in-the-language", node, message, "known(x) tells whether there is a value")

    # -- names ---------------------------------------------------------------------------------------------------

    def _name(self, node: ast.Name) -> ir.Node:
        literal = self._parsed.literals.get(self._at(node)[0])
        if literal is not None:
            return constant(literal, self._scope, self._at(node))
        name = node.id
        if name in self._scope.variables:
            rows = self._scope.variables[name]
            raise self._problem(
                "not-a-condition",
                node,
                f"'{name}' is a whole row",
                f"take a field, as in {name}.{next(iter(rows.fields))}",
            )
        if name in self._scope.values:
            value = self._scope.values[name]
            if isinstance(value, ir.Table):
                raise tables.without_key(name, value, self._at(node))
            return ir.ValueRef(name=name, type=value.type, at=self._at(node))
        spec = self._scope.catalogue.facts.get(name)
        if spec is not None:
            return ir.FactRef(name=name, type=spec.type, at=self._at(node))
        raise self._unknown_word(node)

    def _attribute(self, node: ast.Attribute) -> ir.Node:
        if not isinstance(node.value, ast.Name):
            raise self._problem("unknown-fact", node, f"'{self._text(node)}' has too many dots", None)
        base, field = node.value.id, node.attr
        if base in self._scope.variables:
            return self._field(self._scope.variables[base], base, field, node)
        dotted = f"{base}.{field}"
        spec = self._scope.catalogue.facts.get(dotted)
        if spec is not None:
            return ir.FactRef(name=dotted, type=spec.type, at=self._at(node))
        raise names.unknown_dotted(self._scope, self._text(node.value), field, self._at(node))

    def _field(self, rows: RowSpec, variable: str, field: str, node: ast.AST) -> ir.Node:
        spec = rows.fields.get(field)
        if spec is not None:
            return ir.FieldRef(variable=variable, rows=rows.plural, field=field, type=spec.type, at=self._at(node))
        raise names.unknown_field(self._scope, rows, field, self._at(node))

    # -- calls ---------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> ir.Node:
        if not isinstance(node.func, ast.Name):
            message = f"'{self._text(node.func)}' cannot be called"
            known = ", ".join(self._scope.functions())
            raise self._problem("unknown-function", node.func, message, f"functions are {known}")
        name = node.func.id
        if name in self._scope.catalogue.functions:
            return read_call(self, self._scope.catalogue.functions[name], node)
        if name in HISTORY:
            return read_past(self, name, node)
        table = self._scope.values.get(name)
        if isinstance(table, ir.Table):
            return self._entry(name, table, node)
        if name not in FUNCTIONS:
            raise names.unknown_function(self._scope, self._text(node.func), self._at(node.func))
        check_count(name, len(node.args), (1,), self._at(node), FUNCTIONS[name])
        if name in AGGREGATES:
            return self._aggregate(name, node.args[0], node)
        operand = self.read(node.args[0])
        if name == "known":
            return ir.IsKnown(operand=operand, at=self._at(node))
        if name == "age":
            return ir.Age(operand=operand, at=self._at(node))
        if operand.type.kind is not Kind.INSTANT:
            message = f"since needs an instant, this is {described(operand.type)}"
            raise self._problem("type-mismatch", node.args[0], message, "as in since(stop_loss.filled_at)")
        return ir.Since(operand=operand, at=self._at(node))

    def _entry(self, name: str, table: ir.Table, node: ast.Call) -> ir.Node:
        if len(node.args) != 1:
            hint = f"write {tables.as_in(name, table)}"
            raise self._problem("wrong-arguments", node, f"{name} takes one key, not {len(node.args)}", hint)
        argument = node.args[0]
        if isinstance(argument, ast.Name) and self._is_word(argument) and argument.id in table.keys:
            message, hint = f"'{argument.id}' is not a fact", f"put text in quotes: {name}('{argument.id}')"
            raise self._problem("unknown-fact", argument, message, hint)
        key = self.read(argument)
        tables.check_key(name, table, key)
        word = ir.ValueRef(name=name, type=table.type, at=self._at(node.func))
        return ir.Lookup(table=word, key=key, type=table.type, at=self._at(node))

    def _aggregate(self, kind: str, argument: ast.expr, node: ast.Call) -> ir.Node:
        if isinstance(argument, ast.Name) and kind == "count":
            rows = self._rows(argument)
            return ir.Aggregate(
                kind=kind,
                rows=rows.plural,
                variable="",
                element=None,
                where=None,
                type=Type(Kind.COUNT, rows.plural),
                at=self._at(node),
            )
        if not isinstance(argument, ast.GeneratorExp):
            raise self._problem("wrong-arguments", argument, f"{kind} runs over rows", FUNCTIONS[kind])
        if len(argument.generators) != 1 or not isinstance(argument.generators[0].target, ast.Name):
            raise self._problem("wrong-arguments", argument, f"{kind} runs over one kind of rows", FUNCTIONS[kind])
        generator = argument.generators[0]
        variable = argument.generators[0].target.id
        if variable.startswith("_"):
            message = f"'{self._text(generator.target)}' is not a name for a row"
            raise self._problem("bad-name", generator.target, message, "use a short name, such as p for a position")
        if names.is_taken(self._scope, variable):
            message = f"'{variable}' already has a meaning"
            raise self._problem(
                "shadowed-name", generator.target, message, "use a short name, such as p for a position"
            )
        depth = sum(1 for name in self._scope.variables if self._scope.catalogue.singular(name) is None)
        if depth >= 2:
            raise self._problem(
                "sentence-too-deep", node, "aggregates nest one level deep", "split it into two sentences"
            )
        rows = self._rows(generator.iter)
        inner = _Reader(self._parsed, self._scope.binding(variable, rows))
        where = None
        for condition in generator.ifs:
            part = inner._condition(condition)
            where = part if where is None else ir.Junction(kind="all", operands=(where, part), at=part.at)
        element = inner.read(argument.elt)
        return self._typed_aggregate(kind, rows, variable, element, where, node)

    def _typed_aggregate(
        self, kind: str, rows: RowSpec, variable: str, element: ir.Node, where: ir.Node | None, node: ast.Call
    ) -> ir.Node:
        wants_condition = kind in ("any", "all", "count")
        if wants_condition and element.type.kind is not Kind.BOOL:
            message = f"{kind} needs a condition of each row, this is {described(element.type)}"
            raise SentenceError(Problem("type-mismatch", message, FUNCTIONS[kind], element.at))
        if not wants_condition and not element.type.is_numeric:
            message = f"{kind} needs a number of each row, this is {described(element.type)}"
            raise SentenceError(Problem("type-mismatch", message, FUNCTIONS[kind], element.at))
        if kind == "sum" and element.type == TIME:
            raise SentenceError(Problem("type-mismatch", "times of day cannot be added up", None, element.at))
        type_ = Type(Kind.COUNT, rows.plural) if kind == "count" else BOOL if kind in ("any", "all") else element.type
        return ir.Aggregate(
            kind=kind, rows=rows.plural, variable=variable, element=element, where=where, type=type_, at=self._at(node)
        )

    def _rows(self, node: ast.expr) -> RowSpec:
        rows = self._scope.catalogue.rows.get(node.id) if isinstance(node, ast.Name) else None
        if rows is None:
            raise names.unknown_rows(self._scope, self._text(node), self._at(node))
        return rows

    # -- errors --------------------------------------------------------------------------------------------------

    def _unknown_word(self, node: ast.AST) -> SentenceError:
        return names.unknown_word(self._scope, self._text(node), self._at(node))

    def _problem(self, code: str, node: ast.AST, message: str, hint: str | None) -> SentenceError:
        return SentenceError(Problem(code, message, hint, self._at(node)))

    def _at(self, node: ast.AST) -> ir.Span:
        return self._parsed.span(node)

    def _text(self, node: ast.AST) -> str:
        start, length = self._at(node)
        return self._parsed.text[start : start + length]


def _is_quoted_choice(node: ir.Node, other: Type) -> bool:
    # A word of a choice may be written bare or in quotes.
    return isinstance(node, ir.Literal) and node.type.kind is Kind.TEXT and other.kind is Kind.ENUM


def _what(node: ast.AST) -> str:
    return {ast.List: "a list", ast.GeneratorExp: "a run over rows", ast.Constant: "this constant"}.get(
        type(node), "this"
    )


def _where_to(node: ast.AST) -> str | None:
    if isinstance(node, ast.List):
        return "lists stand behind 'in'"
    return (
        "put it inside any(…), all(…), sum(…), min(…), max(…) or count(…)"
        if isinstance(node, ast.GeneratorExp)
        else None
    )
