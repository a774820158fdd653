"""
Whether an account's own setting is plainly tighter than the desk's, so that nobody has to say why and how long.

Plainly: a stricter mode, or a smaller fixed value that policies compare as the line of a loss and use for nothing else.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from engine.domain.enums import Mode
from engine.domain.numbers import ZERO
from engine.policy import ir, meaning
from engine.policy.program import Policy
from engine.policy.units import possible

_LOSSES = frozenset({"loss", "drawdown", "week_loss", "worst_loss"})
# What is compared with a line of loss with its sign turned.
_RESULTS = frozenset({"mtm", "mtm_net", "week_mtm", "realized_pnl", "unrealized_pnl"})
_STRICTNESS = (Mode.OFF, Mode.DRY_RUN, Mode.ENFORCE)
_FLIPPED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
_Values = Mapping[str, ir.Node]


def is_weaker(mode: Mode, than: Mode) -> bool:
    """Return whether a mode does less than another."""
    return _STRICTNESS.index(mode) < _STRICTNESS.index(than)


def why_looser(name: str, own: ir.Node, desk: ir.Node, policies: Iterable[Policy], values: _Values) -> str | None:
    """
    Return why a value is not plainly tighter than the desk's, None when it is.

    policies: those it is for. values: the desk's, and where the value is a policy's own, that policy's.
    """
    mine, theirs = _fixed(own, values), _fixed(desk, values)
    if mine is None or theirs is None:
        return "one of the two is not a fixed amount"
    if max(mine) > min(theirs):
        return "it is larger"
    for policy in policies:
        here = {**values, **policy.lets}
        if not _is_line_of_loss(policy, name, here):
            return f"{policy.name} does not only compare a loss with it"
    return None


def uses(policy: Policy, name: str, values: _Values) -> bool:
    """Return whether a policy decides anything by a value."""
    here = {**values, **policy.lets}
    return any(_names(node, name, here) for node in policy.conditions)


def _fixed(node: ir.Node, values: _Values) -> list[Decimal] | None:
    """Return every number a value can come to, None when one of them follows the reading."""
    found = []
    for one in possible(node):
        try:
            number = meaning.fixed_value(one, values)
        except TypeError:
            return None
        if not isinstance(number, Decimal):
            return None
        found.append(number)
    return found


def _is_line_of_loss(policy: Policy, name: str, values: _Values) -> bool:
    line = policy.confirm.at_once_beyond
    chosen = [call.arguments["where"] for call in policy.then if "where" in call.arguments]
    return (
        _fires_sooner(policy.when, name, values)
        and (policy.where is None or _fires_sooner(policy.where, name, values))
        and (policy.clear_when is None or _fires_sooner(policy.clear_when, name, values, turned=True))
        and (line is None or not _names(line, name, values) or _is_share(line, name, values))
        and not any(_names(node, name, values) for node in chosen)
    )


def _fires_sooner(node: ir.Node, name: str, values: _Values, *, turned: bool = False) -> bool:
    """
    Return whether a smaller value can only make a condition true where it was false; `turned`: false where it was true.
    """
    if not _names(node, name, values):
        return True
    match node:
        case ir.Sentence(body=body):
            return _fires_sooner(body, name, values, turned=turned)
        case ir.IsKnown(operand=operand):
            # Whether it can be told is asked, not what; with another line it can be told as well or as badly.
            return any(_fires_sooner(operand, name, values, turned=way) for way in (False, True))
        case ir.Not(operand=operand):
            return _fires_sooner(operand, name, values, turned=not turned)
        case ir.Junction(kind=kind, operands=operands):
            turned = turned != (kind == "none")
            return all(_fires_sooner(one, name, values, turned=turned) for one in operands)
        case ir.Aggregate(kind="any" | "all" as kind, element=element, where=where):
            inside = element is None or _fires_sooner(element, name, values, turned=turned)
            outside = where is None or _fires_sooner(where, name, values, turned=turned != (kind == "all"))
            return inside and outside
        case ir.Compare(operator=operator, left=left, right=right):
            if _is_loss(right) or _is_result(right):
                left, right, operator = right, left, _FLIPPED.get(operator, operator)
            if _is_result(left) and isinstance(right, ir.Negative):
                # A result below the turned line is a loss beyond it.
                right, operator = right.operand, _FLIPPED.get(operator, operator)
            elif not _is_loss(left):
                return False
            wanted = ("<=", "<") if turned else (">=", ">")
            return operator in wanted and _is_share(right, name, values)
        case _:
            return False


def _is_loss(node: ir.Node) -> bool:
    if isinstance(node, ir.FactRef):
        return node.name in _LOSSES
    return isinstance(node, ir.FieldRef) and node.field in _LOSSES


def _is_result(node: ir.Node) -> bool:
    match node:
        case ir.FactRef(name=name) | ir.FieldRef(field=name):
            return name in _RESULTS
        case ir.Past(function="change", series=operand):
            return _is_result(operand)
        case _:
            return False


def _is_share(node: ir.Node, name: str, values: _Values) -> bool:
    """
    Return whether a node is the value, or a fixed positive share of it, under whatever name.

    A value with cases is one where each case that names it is; what chooses the case may not.
    """
    match node:
        case ir.Sentence(body=body):
            return _is_share(body, name, values)
        case ir.ValueRef(name=other):
            return other == name or _is_share(values[other], name, values)
        case ir.Arith(operator="%of" | "*", left=ir.Literal(value=Decimal() as share), right=right):
            return share >= ZERO and _is_share(right, name, values)
        case ir.Cases(conditions=conditions, uses=uses, default=default):
            ends = [one for one in (*uses, default) if _names(one, name, values)]
            return not any(_names(one, name, values) for one in conditions) and all(
                _is_share(one, name, values) for one in ends
            )
        case _:
            return False


def _names(node: ir.Node, name: str, values: _Values) -> bool:
    for part in ir.walk(node):
        if isinstance(part, ir.ValueRef) and (part.name == name or _names(values[part.name], name, values)):
            return True
    return False
