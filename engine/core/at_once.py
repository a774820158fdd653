"""The line of loss past which one reading is enough: `at_once_beyond`."""

from engine.core.env import AccountEnv
from engine.core.result import Case, Row
from engine.domain.enums import MarkBasis
from engine.domain.truth import Truth
from engine.domain.values import Unknown, compare
from engine.policy import ir, meaning

# What `at_once_beyond` measures.
_LOSSES = frozenset({"loss", "drawdown"})
# A condition on these is one on the loss, with the sign turned.
_TURNED = frozenset({"mtm"})


def is_beyond(case: Case, row: Row) -> bool:
    """Return whether a loss the policy speaks of is past its `at_once_beyond`, on known quotes with both sides."""
    return is_past(case, row) and is_two_sided(case.env)


def is_past(case: Case, row: Row) -> bool:
    """Return whether a loss the policy speaks of is past its `at_once_beyond`, whatever the quotes."""
    line = case.policy.confirm.at_once_beyond
    if line is None:
        return False
    limit = meaning.evaluate(line, case.env, {}).value
    losses = [part for part in ir.walk(case.policy.when) if _is_loss(part, row)]
    values = [meaning.evaluate(node, case.env, row.bound).value for node in losses]
    if any(isinstance(part, ir.FactRef) and part.name in _TURNED for part in ir.walk(case.policy.when)):
        values.append(case.env.fact("loss"))
    known = [value for value in values if not isinstance(value, Unknown)]
    return any(compare(">=", value, limit) is Truth.TRUE for value in known)


def _is_loss(node: ir.Node, row: Row) -> bool:
    # The line is one of loss: no other amount of money may bypass the confirmation.
    if isinstance(node, ir.FactRef):
        return node.name in _LOSSES
    return isinstance(node, ir.FieldRef) and node.field in _LOSSES and node.variable in row.bound


def is_two_sided(env: AccountEnv) -> bool:
    """Return whether every open position has a known quote with both sides."""
    rows = env.rows("positions")
    if isinstance(rows, Unknown) or env.view.account.profile.mark_basis is not MarkBasis.DEPTH:
        return False
    sides = (env.field("positions", row, side) for row in rows for side in ("bid", "ask"))
    return not any(isinstance(side, Unknown) for side in sides)
