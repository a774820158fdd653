"""What all rules that fire on an account come to at one slot, by mode: an enforced one never waits for a dry run."""

from collections.abc import Iterable, Mapping

from engine.actions.merge import Merged, Owner, merged, ordered_by
from engine.core.evaluate import Evaluation
from engine.core.result import Result
from engine.domain.block import Block
from engine.domain.enums import Mode, Verdict


def together(evaluation: Evaluation) -> Mapping[Mode, Merged]:
    """Return what the rules that fire order together, for each mode in which several do."""
    firing: dict[Mode, list[Result]] = {}
    for result in evaluation.results:
        if result.verdict is Verdict.FIRES and result.is_spokesman:
            firing.setdefault(result.mode, []).append(result)
    blocks = evaluation.next_state.blocks
    return {
        mode: merged(merged_of(one, blocks) for one in results) for mode, results in firing.items() if len(results) > 1
    }


def merged_of(result: Result, blocks: Iterable[Block]) -> Merged:
    """Return what one rule orders; blocks: those that live on the account, of which it has its own."""
    owner = Owner(result.policy.name, result.row)
    own = [block for block in blocks if (block.policy, block.row) == (owner.policy, owner.row)]
    calls = [(call.name, call.arguments) for call in result.policy.then]
    return ordered_by(owner, calls, result.exits, own)
