"""
A second, independent reading of a sentence: simpleeval over the guarded text, with its own three-valued arithmetic.

Never in the live path of a condition. Property tests hold the normative evaluator equal to it; `because` is rendered
by it. Uncertain numbers are (low, high) pairs of Decimals with infinities, unlike anything in the evaluator.
"""

import ast
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simpleeval import SimpleEval

from engine.domain.kinds import Kind
from engine.domain.values import Unknown, Value
from engine.facts.base import doubt_of
from engine.facts.history import Past
from engine.policy import ir
from engine.policy.calls import call_name
from engine.policy.meaning import Env
from engine.policy.reference_values import (
    INFINITY,
    MAYBE,
    OVER_ROWS,
    SCALE,
    Range,
    add,
    as_range,
    compared,
    exactly,
    inward,
    nothing_known,
    one_of,
    outward,
    passed,
    quotient,
    times,
    vague,
)
from engine.policy.scope import FUNCTIONS, HISTORY
from engine.policy.sentence import Parsed, parse_sentence
from engine.policy.windows import asked


def interpret(text: str, env: Env, bound: Mapping[str, tuple[str, Any]] | None = None) -> Value:
    """
    Return the value of a sentence in an environment.

    bound: variables to (kind of rows, row). Shape: a known value, or Unknown with bounds and the cause "reference".
    """
    return outward(_Reference(parse_sentence(text), env, bound or {}).run())


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
        return MAYBE if any(vague(answer) for answer in answers) else not decisive

    def _unary(self, node: ast.UnaryOp) -> Any:
        operand = self._eval(node.operand)
        if isinstance(node.op, ast.Not):
            return MAYBE if vague(operand) else not operand
        pair = as_range(operand)
        return Range(pair.high.copy_negate(), pair.low.copy_negate(), pair.percent)

    def _chain(self, node: ast.Compare) -> Any:
        answers = []
        left = self._eval(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self._eval(comparator)
            answers.append(compared(operator, left, right))
            left = right
        if any(answer is False for answer in answers):
            return False
        return MAYBE if any(vague(answer) for answer in answers) else True

    def _binary(self, node: ast.BinOp) -> Any:
        left, right = as_range(self._eval(node.left)), as_range(self._eval(node.right))
        if isinstance(node.op, ast.Add):
            return Range(add(left.low, right.low), add(left.high, right.high), left.percent or right.percent)
        if isinstance(node.op, ast.Sub):
            low, high = add(left.low, right.high.copy_negate()), add(left.high, right.low.copy_negate())
            return Range(low, high, left.percent or right.percent)
        if isinstance(node.op, ast.Div):
            return quotient(left, right)
        ends = [times(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
        if left.percent or right.percent:
            ends = [times(end, SCALE) for end in ends]
        return Range(min(ends), max(ends), left.percent and right.percent)

    def _function(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        name, argument = node.func.id, node.args[0]
        if name in OVER_ROWS:
            return self._over_rows(name, argument)
        if name in HISTORY:
            return self._past(name, node)
        if name not in FUNCTIONS:
            return self._entry(name, argument) if self._is_value(name) else self._called(name, node.args)
        value = self._eval(argument)
        if name == "known":
            return not vague(value) and (not isinstance(value, Range) or value.low == value.high)
        if name == "since":
            return Range(Decimal(0), INFINITY) if vague(value) else exactly(passed(value, self._env.now))
        stamps = [self._env.read_at(source) for source in self.sources(argument, {})]
        if not stamps or None in stamps:
            return Range(Decimal(0), INFINITY)
        return exactly(max(passed(stamp, self._env.now) for stamp in stamps if stamp is not None))

    def _called(self, name: str, arguments: list[ast.expr]) -> Any:
        given = [outward(self._eval(argument)) for argument in arguments]
        if any(isinstance(value, Unknown) for value in given):
            return MAYBE
        return inward(self._env.call(name, tuple(given)))  # type: ignore[arg-type]

    def _past(self, name: str, node: ast.Call) -> Any:
        given, text = node.args[0], self._parsed.text[slice(*self._ends(node))]
        row, percent = None, False
        if name == "move":
            underlying = outward(self._eval(given))
            if not isinstance(underlying, str):
                return MAYBE
            series, percent, now = call_name("spot", [underlying]), True, self._called("spot", [given])
        else:
            now, series = self._eval(given), self._parsed.text[slice(*self._ends(given))]
            percent = isinstance(now, Range) and now.percent
            if isinstance(given, ast.Call):
                function = self._parsed.text[slice(*self._ends(given.func))]
                arguments = [outward(self._eval(argument)) for argument in given.args]
                if any(isinstance(argument, Unknown) for argument in arguments):
                    return MAYBE
                series = call_name(function, arguments)  # type: ignore[arg-type]
            elif isinstance(given, ast.Attribute) and given.value.id in self._bound:  # type: ignore[attr-defined]
                plural, row = self._bound[given.value.id]  # type: ignore[attr-defined]
                series = f"{plural}.{given.attr}"
        argument = outward(self._eval(node.args[1])) if len(node.args) > 1 else Decimal(0)
        found = self._env.past(name, series, row, text, outward(now))
        if isinstance(found, Past):
            found = asked(name, found, self._env.now, outward(now), argument)
        return inward(found, percent and name != "unknown_for")

    def _is_value(self, name: str) -> bool:
        try:
            self._env.value(name)
        except KeyError:
            return False
        return True

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
            own = node.func.id  # type: ignore[attr-defined]
            read = (
                []
                if own in FUNCTIONS or own in HISTORY
                else self._sources_of_word(own)
                if self._is_value(own)
                else [own]
            )
            return [*read, *(name for argument in node.args for name in self.sources(argument, rows))]
        if isinstance(node, ast.Name) and self._parsed.span(node)[0] not in self._parsed.literals:
            return self._sources_of_word(node.id)
        return [name for child in ast.iter_child_nodes(node) for name in self.sources(child, rows)]

    def _sources_of_word(self, word: str) -> list[str]:
        try:
            expression = self._env.value(word)
        except KeyError:
            return [word] if self._is_read(word) else []
        found = []
        for text in (part.text for part in ir.walk(expression) if isinstance(part, ir.Sentence)):
            parsed = parse_sentence(text)
            found += _Reference(parsed, self._env, {}).sources(parsed.root, {})
        return found

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
            return Range(Decimal(0), INFINITY) if name == "count" else nothing_known(name)
        if plain:
            return Range(Decimal(sum(doubt_of(row) is None for row in rows)), Decimal(len(rows)))
        taken = [self._taken(argument, source.id, row) for row in rows]
        return OVER_ROWS[name]([pair for pair in taken if pair[0] is not False])

    def _taken(self, argument: Any, plural: str, row: Any) -> tuple[Any, Any]:
        generator = argument.generators[0]
        variable = generator.target.id
        self._bound[variable] = (plural, row)
        try:
            kept: Any = True if doubt_of(row) is None else MAYBE
            for condition in generator.ifs:
                answer = self._eval(condition)
                kept = False if answer is False or kept is False else MAYBE if vague(answer) or vague(kept) else True
            return kept, (self._eval(argument.elt) if kept is not False else None)
        finally:
            del self._bound[variable]

    def _word(self, node: ast.Name) -> Any:
        literal = self._parsed.literals.get(self._parsed.span(node)[0])
        if literal is not None:
            return exactly(literal.value, literal.type.kind is Kind.PERCENT)
        try:
            expression = self._env.value(node.id)
        except KeyError:
            return self._fact_or_choice(node.id)
        return self._written(expression)

    def _written(self, value: ir.Node) -> Any:
        if isinstance(value, ir.Literal):
            return inward(value.value, value.type.kind is Kind.PERCENT)
        if isinstance(value, ir.Cases):
            return one_of([self._written(use) for use in self._left_open(value)])
        assert isinstance(value, ir.Sentence)
        return _Reference(parse_sentence(value.text), self._env, {}).run()

    def _left_open(self, value: ir.Cases) -> list[ir.Node]:
        answers = [self._written(condition) for condition in value.conditions]
        first = answers.index(True) if True in answers else len(answers)
        pairs = zip(answers[: first + 1], value.uses, strict=False)
        return [
            *(use for answer, use in pairs if answer is not False),
            *([value.default] if True not in answers else []),
        ]

    def _entry(self, name: str, argument: ast.expr) -> Any:
        table, key = self._env.value(name), self._eval(argument)
        assert isinstance(table, ir.Table)
        entries = dict(zip(table.keys, table.uses, strict=True))
        if not vague(key):
            use = entries.get(key, table.default)
            return MAYBE if use is None else self._written(use)
        return MAYBE if table.default is None else one_of([self._written(u) for u in (*table.uses, table.default)])

    def _fact_or_choice(self, name: str) -> Any:
        try:
            return inward(self._env.fact(name), name.endswith("_pct"))
        except KeyError:
            return name

    def _dotted(self, node: ast.Attribute) -> Any:
        assert isinstance(node.value, ast.Name)
        base = node.value.id
        if base in self._bound:
            plural, row = self._bound[base]
            return inward(self._env.field(plural, row, node.attr), node.attr.endswith("_pct"))
        return inward(self._env.fact(f"{base}.{node.attr}"))


def _words_of(generator: ast.comprehension) -> tuple[str, str]:
    assert isinstance(generator.iter, ast.Name)
    assert isinstance(generator.target, ast.Name)
    return generator.iter.id, generator.target.id
