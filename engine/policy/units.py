"""Units of numbers: how a number without one takes that of what it meets, and what arithmetic makes of two kinds."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from engine.domain.kinds import PERCENT, Kind, Type
from engine.domain.numbers import CONTEXT, HUNDRED, ONE, ZERO, canonical
from engine.policy import ir
from engine.policy.literals import Literal
from engine.policy.scope import Scope
from engine.policy.sentence import Problem, SentenceError
from engine.policy.type_rules import described, mismatch_hint, result_type

Values = Mapping[str, ir.Node]


def constant(literal: Literal, scope: Scope, at: ir.Span) -> ir.Literal:
    """
    Return the constant a literal spells.

    Raises: SentenceError for an amount in a currency that is none of the accounts'.
    """
    if literal.currency is not None and literal.currency not in scope.currencies:
        known = " or ".join(sorted(scope.currencies))
        message = f"{literal.text} is not in {known}, the currency of the accounts"
        hint = "nothing is converted here: write the amount in their currency, or leave the currency out"
        raise SentenceError(Problem("wrong-currency", message, hint, at))
    return ir.Literal(
        value=literal.value,
        text=literal.text,
        type=literal.type,
        bare=literal.bare,
        currency=literal.currency,
        at=at,
    )


def possible(node: ir.Node) -> tuple[ir.Node, ...]:
    """Return everything a value can come to: each case or entry and the default; of any other value itself."""
    if not isinstance(node, ir.Cases | ir.Table):
        return (node,)
    return node.uses if node.default is None else (*node.uses, node.default)


def is_bare(node: ir.Node, values: Values) -> bool:
    """Return whether a node is a number that still lacks a unit: `5`, `10k`, `limit`, `60% of limit`, `2 * limit`."""
    if node.type.kind is not Kind.NUMBER:
        return False
    if isinstance(node, ir.Literal):
        return node.bare
    if isinstance(node, ir.ValueRef):
        return node.name in values and is_bare(values[node.name], values)
    if isinstance(node, ir.Sentence):
        return is_bare(node.body, values)
    if isinstance(node, ir.Negative):
        return is_bare(node.operand, values)
    if isinstance(node, ir.Arith):
        return is_bare(node.right, values) and (node.operator == "%of" or is_bare(node.left, values))
    if isinstance(node, ir.Aggregate):
        return node.element is not None and is_bare(node.element, values)
    if isinstance(node, ir.Cases | ir.Table):
        return all(is_bare(use, values) for use in possible(node))
    if isinstance(node, ir.Lookup):
        return is_bare(node.table, values)
    return False


def settled(node: ir.Node, wanted: Type, values: Values) -> ir.Node:
    """
    Return a node with the unit of what it meets, when it has none of its own; else the node.

    Raises: SentenceError where a number without a unit could mean two things.
    """
    if not wanted.is_numeric or wanted.kind is Kind.NUMBER or not is_bare(node, values):
        return node
    if wanted.kind in (Kind.DURATION, Kind.TIME):
        text = node.text if isinstance(node, ir.Literal) else "the number"
        spelled = node.text if isinstance(node, ir.Literal) and node.text.isdecimal() else "30"
        hint = f"write {spelled}s or {spelled}m" if wanted.kind is Kind.DURATION else "write it as 14:45"
        message = f"{text} has no unit; {described(wanted)} needs one"
        raise SentenceError(Problem("type-mismatch", message, hint, node.at))
    if wanted.kind is Kind.PERCENT:
        meant = node.table if isinstance(node, ir.Lookup) else node
        for use in possible(values[meant.name] if isinstance(meant, ir.ValueRef) else meant):
            _refuse_fraction(use, node.at)
    return _retyped(node, wanted, values)


def _retyped(node: ir.Node, wanted: Type, values: Values) -> ir.Node:
    if isinstance(node, ir.Literal):
        return replace(node, type=wanted, bare=False)
    if isinstance(node, ir.Negative):
        return replace(node, operand=_retyped(node.operand, wanted, values), type=wanted)
    if isinstance(node, ir.Sentence):
        return replace(node, body=_retyped(node.body, wanted, values), type=wanted)
    if isinstance(node, ir.Aggregate) and node.element is not None:
        return replace(node, element=_retyped(node.element, wanted, values), type=wanted)
    if isinstance(node, ir.Cases | ir.Table):
        uses = tuple(_retyped(use, wanted, values) for use in node.uses)
        rest = None if node.default is None else _retyped(node.default, wanted, values)
        if isinstance(node, ir.Cases):
            return replace(node, uses=uses, default=rest or node.default, type=wanted)
        return replace(node, uses=uses, default=rest, type=wanted)
    if isinstance(node, ir.Lookup):
        return replace(node, table=replace(node.table, type=wanted), type=wanted)
    if not isinstance(node, ir.Arith):
        return replace(node, type=wanted)
    left, right = node.left, node.right
    if node.operator in "+-":
        left, right = _retyped(left, wanted, values), _retyped(right, wanted, values)
    elif node.operator == "/" or (node.operator == "*" and _names_a_value(left)):
        left = _retyped(left, wanted, values)
    else:
        right = _retyped(right, wanted, values)
    return replace(node, left=left, right=right, type=wanted)


def _names_a_value(node: ir.Node) -> bool:
    return any(isinstance(part, ir.ValueRef) for part in ir.walk(node))


def _refuse_fraction(node: ir.Node, at: ir.Span) -> None:
    if isinstance(node, ir.Literal) and isinstance(node.value, Decimal) and ZERO < node.value.copy_abs() < ONE:
        hint = f"write {canonical(CONTEXT.multiply(node.value, HUNDRED))}% or {node.text}%"
        message = f"{node.text} beside a percent could mean two things"
        raise SentenceError(Problem("type-mismatch", message, hint, at))


def arithmetic(operator: str, left: ir.Node, right: ir.Node, values: Values, at: ir.Span) -> ir.Node:
    """
    Return `left operator right` for one of `+ - * /`; a percent times something is that share of it.

    Raises: SentenceError when the two cannot meet.
    """
    if operator in "+-":
        left, right = settled(left, right.type, values), settled(right, left.type, values)
    share, whole = (right, left) if right.type == PERCENT and left.type != PERCENT else (left, right)
    if operator == "*" and share.type == PERCENT and whole.type.is_numeric and whole.type.kind is not Kind.TIME:
        return ir.Arith(operator="%of", left=share, right=whole, type=whole.type, at=at)
    result = result_type(operator, left.type, right.type)
    if result is None:
        message = f"{described(left.type)} {operator} {described(right.type)} has no meaning"
        raise SentenceError(Problem("type-mismatch", message, mismatch_hint(left.type, right.type), at))
    return ir.Arith(operator=operator, left=left, right=right, type=result, at=at)
