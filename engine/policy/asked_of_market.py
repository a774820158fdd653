"""Which prices a policy set asks of the market by name, beside those of what an account holds."""

from collections.abc import Iterable, Iterator

from engine.domain.account import Account
from engine.policy import ir
from engine.policy.program import Program


def spots_asked(program: Program, accounts: Iterable[Account] = ()) -> tuple[str, ...]:
    """Return the underlyings whose own price a policy, a value or an account's own value names, by name."""
    trees = (*_trees(program), *(tree for account in accounts for tree in _own(account)))
    calls = (node for tree in trees for node in ir.walk(tree) if isinstance(node, ir.Call) and node.function == "spot")
    named = {str(one.value).upper() for call in calls for one in call.arguments if isinstance(one, ir.Literal)}
    return tuple(sorted(named))


def _trees(program: Program) -> Iterator[ir.Node]:
    yield from program.values.values()
    for policy in program.policies:
        yield from policy.trees
        yield from policy.lets.values()


def _own(account: Account) -> Iterator[ir.Node]:
    yield from account.values.values()
    for lets in account.lets.values():
        yield from lets.values()
