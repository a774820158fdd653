"""
A second, independent reading of a sentence: simpleeval over the guarded text, with its own three-valued arithmetic.

Never in the live path of a condition. Property tests hold the normative evaluator equal to it; `because` is rendered
by it. Uncertain numbers are (low, high) pairs of Decimals with infinities, unlike anything in the evaluator.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from simpleeval import SimpleEval

from engine.domain.kinds import Kind
from engine.domain.numbers import CONTEXT
from engine.domain.values import Unknown, Value
from engine.facts.base import doubt_of
from engine.policy import ir
from engine.policy.meaning import Env
from engine.policy.sentence import Parsed, parse_sentence

_INFINITY = Decimal("Infinity")
_BELOW = Decimal("-Infinity")
_SCALE = Decimal("0.01")


@dataclass(frozen=True)
class _Range:
    """A number between two ends, inclusive; `percent` marks a share."""

    low: Decimal
    high: Decimal
    percent: bool = False


class _Maybe:
    """Neither yes nor no."""


_MAYBE = _Maybe()


def interpret(text: str, env: Env, bound: Mapping[str, tuple[str, Any]] | None = None) -> Value:
    """
    Return the value of a sentence in an environment.

    bound: variables to (kind of rows, row). Shape: a known value, or Unknown with bounds and the cause "reference".
    """
    return _outward(_Reference(parse_sentence(text), env, bound or {}).run())


class _Reference(SimpleEval):  # type: ignore[misc]
    """simpleeval with the language's names and Kleene's connectives in place of Python's."""

    def __init__(self, parsed: Parsed, env: Env, bound: Mapping[str, tuple[str, Any]]) -> None:
        super().__init__(operators={}, functions={}, names={})
        self._parsed = parsed
        self._env = env
        self._bound = dict(bound)
        self.nodes = {
            ast.BoolOp: self._connective,
            ast.UnaryOp: self._unary,
            ast.Compare: self._chain,
            ast.BinOp: self._binary,
            ast.Call: self._function,
            ast.Name: self._word,
            ast.Attribute: self._dotted,
            ast.Constant: lambda node: node.value,
            ast.List: lambda node: [self._eval(item) for item in node.elts],
        }

    def run(self) -> Any:
        return self.eval(self._parsed.text, previously_parsed=self._parsed.root)

    def _connective(self, node: ast.BoolOp) -> Any:
        answers = [self._eval(part) for part in node.values]
        decisive = isinstance(node.op, ast.Or)
        if any(answer is decisive for answer in answers):
            return decisive
        return _MAYBE if any(_vague(answer) for answer in answers) else not decisive

    def _unary(self, node: ast.UnaryOp) -> Any:
        operand = self._eval(node.operand)
        if isinstance(node.op, ast.Not):
            return _MAYBE if _vague(operand) else not operand
        pair = _pair(operand)
        return _Range(pair.high.copy_negate(), pair.low.copy_negate(), pair.percent)

    def _chain(self, node: ast.Compare) -> Any:
        answers = []
        left = self._eval(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self._eval(comparator)
            answers.append(_compared(operator, left, right))
            left = right
        if any(answer is False for answer in answers):
            return False
        return _MAYBE if any(_vague(answer) for answer in answers) else True

    def _binary(self, node: ast.BinOp) -> Any:
        left, right = _pair(self._eval(node.left)), _pair(self._eval(node.right))
        if isinstance(node.op, ast.Add):
            return _Range(_add(left.low, right.low), _add(left.high, right.high), left.percent or right.percent)
        if isinstance(node.op, ast.Sub):
            low, high = _add(left.low, right.high.copy_negate()), _add(left.high, right.low.copy_negate())
            return _Range(low, high, left.percent or right.percent)
        if isinstance(node.op, ast.Div):
            return _quotient(left, right)
        ends = [_times(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
        if left.percent or right.percent:
            ends = [_times(end, _SCALE) for end in ends]
        return _Range(min(ends), max(ends), left.percent and right.percent)

    def _function(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        name, argument = node.func.id, node.args[0]
        if name not in _ASKING:
            return self._called(name, node.args)
        if name in _OVER_ROWS:
            return self._over_rows(name, argument)
        value = self._eval(argument)
        if name == "known":
            return not _vague(value) and (not isinstance(value, _Range) or value.low == value.high)
        if name == "since":
            return _Range(Decimal(0), _INFINITY) if _vague(value) else _exactly(_passed(value, self._env.now))
        stamps = [self._env.read_at(source) for source in self.sources(argument, {})]
        if not stamps or None in stamps:
            return _Range(Decimal(0), _INFINITY)
        return _exactly(max(_passed(stamp, self._env.now) for stamp in stamps if stamp is not None))

    def _called(self, name: str, arguments: list[ast.expr]) -> Any:
        given = [_outward(self._eval(argument)) for argument in arguments]
        if any(isinstance(value, Unknown) for value in given):
            return _MAYBE
        return _inward(self._env.call(name, tuple(given)))  # type: ignore[arg-type]

    def sources(self, node: ast.AST, rows: Mapping[str, str]) -> list[str]:
        """Return what the names below a node are read from; `rows`: generator variables by their kind of rows."""
        if isinstance(node, ast.GeneratorExp):
            plural, variable = _words_of(node.generators[0])
            inner = {**rows, variable: plural}
            parts = [node.elt, *node.generators[0].ifs]
            return [plural, *(name for part in parts for name in self.sources(part, inner))]
        if isinstance(node, ast.Attribute):
            base = self._parsed.text[slice(*self._ends(node.value))]
            plural = rows.get(base) or (self._bound[base][0] if base in self._bound else base)
            return [f"{plural}.{node.attr}"]
        if isinstance(node, ast.Call):
            function = self._parsed.text[slice(*self._ends(node.func))]
            own = [] if function in _ASKING else [function]
            return own + [name for argument in node.args for name in self.sources(argument, rows)]
        if isinstance(node, ast.Name) and self._parsed.span(node)[0] not in self._parsed.literals:
            return self._sources_of_word(node.id)
        return [name for child in ast.iter_child_nodes(node) for name in self.sources(child, rows)]

    def _sources_of_word(self, word: str) -> list[str]:
        try:
            expression = self._env.value(word)
        except KeyError:
            return [word] if self._is_read(word) else []
        if isinstance(expression, ir.Literal):
            return []
        assert isinstance(expression, ir.Sentence)
        parsed = parse_sentence(expression.text)
        return _Reference(parsed, self._env, {}).sources(parsed.root, {})

    def _is_read(self, word: str) -> bool:
        for read in (self._env.fact, self._env.rows):
            try:
                read(word)
            except KeyError:
                continue
            return True
        return False

    def _ends(self, node: ast.AST) -> tuple[int, int]:
        start, length = self._parsed.span(node)
        return start, start + length

    def _over_rows(self, name: str, argument: ast.expr) -> Any:
        plain = isinstance(argument, ast.Name)
        source: Any = argument if plain else argument.generators[0].iter  # type: ignore[attr-defined]
        rows = self._env.rows(source.id)
        if isinstance(rows, Unknown):
            return _Range(Decimal(0), _INFINITY) if name == "count" else _nothing_known(name)
        if plain:
            return _Range(Decimal(sum(doubt_of(row) is None for row in rows)), Decimal(len(rows)))
        taken = [self._taken(argument, source.id, row) for row in rows]
        return _OVER_ROWS[name]([pair for pair in taken if pair[0] is not False])

    def _taken(self, argument: Any, plural: str, row: Any) -> tuple[Any, Any]:
        generator = argument.generators[0]
        variable = generator.target.id
        self._bound[variable] = (plural, row)
        try:
            kept: Any = True if doubt_of(row) is None else _MAYBE
            for condition in generator.ifs:
                answer = self._eval(condition)
                kept = False if answer is False or kept is False else _MAYBE if _vague(answer) or _vague(kept) else True
            return kept, (self._eval(argument.elt) if kept is not False else None)
        finally:
            del self._bound[variable]

    def _word(self, node: ast.Name) -> Any:
        literal = self._parsed.literals.get(self._parsed.span(node)[0])
        if literal is not None:
            return _exactly(literal.value, literal.type.kind is Kind.PERCENT)
        try:
            expression = self._env.value(node.id)
        except KeyError:
            return self._fact_or_choice(node.id)
        if isinstance(expression, ir.Literal):
            return _inward(expression.value, expression.type.kind is Kind.PERCENT)
        assert isinstance(expression, ir.Sentence)
        return _Reference(parse_sentence(expression.text), self._env, {}).run()

    def _fact_or_choice(self, name: str) -> Any:
        try:
            return _inward(self._env.fact(name), name.endswith("_pct"))
        except KeyError:
            return name

    def _dotted(self, node: ast.Attribute) -> Any:
        assert isinstance(node.value, ast.Name)
        base = node.value.id
        if base in self._bound:
            plural, row = self._bound[base]
            return _inward(self._env.field(plural, row, node.attr), node.attr.endswith("_pct"))
        return _inward(self._env.fact(f"{base}.{node.attr}"))


def _words_of(generator: ast.comprehension) -> tuple[str, str]:
    assert isinstance(generator.iter, ast.Name)
    assert isinstance(generator.target, ast.Name)
    return generator.iter.id, generator.target.id


def _inward(value: Value, percent: bool = False) -> Any:
    if isinstance(value, Unknown):
        if value.low is None and value.high is None:
            return _MAYBE
        low = _BELOW if value.low is None else value.low
        return _Range(low, _INFINITY if value.high is None else value.high, percent)
    if isinstance(value, Decimal):
        return _exactly(value, percent)
    return value.value if isinstance(value, Enum) else value


def _outward(value: Any) -> Value:
    if isinstance(value, _Range):
        if value.low == value.high:
            return value.low
        low = None if value.low == _BELOW else value.low
        return Unknown(("reference",), low, None if value.high == _INFINITY else value.high)
    if _vague(value):
        return Unknown(("reference",))
    known: Value = value
    return known


def _exactly(number: Decimal, percent: bool = False) -> _Range:
    return _Range(number, number, percent)


def _pair(value: Any) -> _Range:
    return value if isinstance(value, _Range) else _Range(_BELOW, _INFINITY)


def _vague(value: Any) -> bool:
    return isinstance(value, _Maybe)


def _nothing_known(name: str) -> Any:
    return _MAYBE if name in ("any", "all") else _Range(_BELOW, _INFINITY)


def _add(left: Decimal, right: Decimal) -> Decimal:
    return CONTEXT.add(left, right)


def _times(left: Decimal, right: Decimal) -> Decimal:
    try:
        return CONTEXT.multiply(left, right)
    except InvalidOperation:  # zero times infinity: an unbounded price is still a finite number
        return Decimal(0)


def _quotient(left: _Range, right: _Range) -> _Range:
    if right.low <= 0 <= right.high:
        return _Range(_BELOW, _INFINITY)
    if left.low == left.high and right.low == right.high:
        return _exactly(CONTEXT.divide(left.low, right.low), left.percent and not right.percent)
    ends = [_over(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return _Range(min(ends), max(ends), left.percent and not right.percent)


def _over(left: Decimal, right: Decimal) -> Decimal:
    # A quotient of two infinite ends may be anything between zero and infinity; its other corners say how far.
    return Decimal(0) if right.is_infinite() else CONTEXT.divide(left, right)


def _compared(operator: ast.cmpop, left: Any, right: Any) -> Any:
    if isinstance(operator, ast.In | ast.NotIn):
        answers = [_compared(ast.Eq(), left, option) for option in right]
        found = True if True in answers else _MAYBE if any(_vague(answer) for answer in answers) else False
        return found if isinstance(operator, ast.In) or _vague(found) else not found
    if isinstance(left, _Range) or isinstance(right, _Range):
        return _compared_ranges(operator, _pair(left), _pair(right))
    if _vague(left) or _vague(right):
        return _MAYBE
    return _PLAIN[type(operator)](left, right)


def _compared_ranges(operator: ast.cmpop, left: _Range, right: _Range) -> Any:
    # The relation holds for sure when it holds at its worst corner, fails for sure when it fails at its best.
    if isinstance(operator, ast.Eq | ast.NotEq):
        if left.low == left.high == right.low == right.high:
            return isinstance(operator, ast.Eq)
        apart = left.high < right.low or right.high < left.low
        return isinstance(operator, ast.NotEq) if apart else _MAYBE
    holds = _PLAIN[type(operator)]
    upward = isinstance(operator, ast.Gt | ast.GtE)
    worst = holds(left.low, right.high) if upward else holds(left.high, right.low)
    best = holds(left.high, right.low) if upward else holds(left.low, right.high)
    infinite = any(end.is_infinite() for end in (left.low, left.high, right.low, right.high))
    if infinite and left == right == _Range(_BELOW, _INFINITY):
        return _MAYBE
    return True if worst else _MAYBE if best else False


def _passed(start: datetime, end: datetime) -> Decimal:
    # In whole microseconds, which the evaluator does not do.
    return max(Decimal(0), CONTEXT.divide(Decimal((end - start) // timedelta(microseconds=1)), 1_000_000))


def _any(pairs: list[tuple[Any, Any]]) -> Any:
    if any(kept is True and value is True for kept, value in pairs):
        return True
    return _MAYBE if any(value is not False for _, value in pairs) else False


def _all(pairs: list[tuple[Any, Any]]) -> Any:
    if any(kept is True and value is False for kept, value in pairs):
        return False
    return True if all(value is True for _, value in pairs) else _MAYBE


def _count(pairs: list[tuple[Any, Any]]) -> Any:
    sure = sum(kept is True and value is True for kept, value in pairs)
    possible = sum(value is not False for _, value in pairs)
    return _Range(Decimal(sure), Decimal(possible))


def _sum(pairs: list[tuple[Any, Any]]) -> Any:
    low = high = Decimal(0)
    percent = False
    for kept, value in pairs:
        pair = _pair(value)
        percent = percent or pair.percent
        low = _add(low, pair.low if kept is True else min(pair.low, Decimal(0)))
        high = _add(high, pair.high if kept is True else max(pair.high, Decimal(0)))
    return _Range(low, high, percent)


def _extreme(pick: Callable[..., Decimal]) -> Callable[[list[tuple[Any, Any]]], Any]:
    def run(pairs: list[tuple[Any, Any]]) -> Any:
        sure = [_pair(value) for kept, value in pairs if kept is True]
        every = [_pair(value) for _, value in pairs]
        if not sure:
            return _Range(_BELOW, _INFINITY)
        lows = [pick(p.low for p in group) for group in (sure, every)]
        highs = [pick(p.high for p in group) for group in (sure, every)]
        return _Range(min(lows), max(highs), any(pair.percent for pair in every))

    return run


_OVER_ROWS: Mapping[str, Callable[[list[tuple[Any, Any]]], Any]] = {
    "any": _any,
    "all": _all,
    "count": _count,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
}
_ASKING = frozenset({"known", "age", "since", *_OVER_ROWS})
_PLAIN: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
