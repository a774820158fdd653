"""What all rules that fire on an account come to at one slot, by mode: an enforced one never waits for a dry run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.actions.merge import Merged, Owner, merged, ordered_by
from engine.actions.targets import Targets
from engine.core.evaluate import Evaluation
from engine.core.result import Result
from engine.domain.block import Block
from engine.domain.enums import Mode, Verdict


def exits_in(result: Result, evaluation: Evaluation) -> tuple[Targets, ...]:
    """Return the targets of each action of a result on its account; a rule about a group acts on each member's book."""
    if not result.policy.is_of_group:
        return result.exits
    views = evaluation.next_state.views
    return () if views is None else result.exits_on(evaluation.watch.env(result.policy, views))


@dataclass(frozen=True, slots=True)
class Beside:
    """What rules about groups come to on one account: their results there, and the blocks they keep there."""

    results: tuple[Result, ...] = ()
    blocks: tuple[Block, ...] = ()


NOTHING_BESIDE: Final = Beside()


def together(evaluation: Evaluation, beside: Beside = NOTHING_BESIDE) -> Mapping[Mode, Merged]:
    """Return what the rules that fire order together, for each mode in which several do."""
    firing: dict[Mode, list[Result]] = {}
    for result in (*evaluation.results, *beside.results):
        if result.verdict is Verdict.FIRES and result.is_spokesman:
            firing.setdefault(result.mode, []).append(result)
    blocks = (*evaluation.next_state.blocks, *beside.blocks)
    return {
        mode: merged(merged_of(one, exits_in(one, evaluation), blocks) for one in results)
        for mode, results in firing.items()
        if len(results) > 1
    }


def merged_of(result: Result, exits: Iterable[Targets], blocks: Iterable[Block]) -> Merged:
    """Return what one rule orders; exits: its targets. blocks: all that live on the account."""
    owner = Owner(result.policy.name, result.row)
    own = [block for block in blocks if (block.policy, block.row) == (owner.policy, owner.row)]
    calls = [(call.name, call.arguments) for call in result.policy.then]
    return ordered_by(owner, calls, exits, own)
