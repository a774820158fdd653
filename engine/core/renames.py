"""What is remembered of policies under former names, given the names they have now: rules, latches, blocks."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from engine.core.rule_state import RuleState
from engine.domain.block import Block
from engine.domain.latch import Latch

# Names of today by the former one.
Former = Mapping[str, str]
# The row or the member a rule is about.
_About = TypeVar("_About", str, str | None)


def renamed_rules(
    rules: Mapping[tuple[str, _About], RuleState], former: Former
) -> Mapping[tuple[str, _About], RuleState]:
    """Return rule states by their policies' names of today; what is remembered under that name already goes before."""
    if not any(name in former for name, _ in rules):
        return rules
    old = {(former[name], row): rule for (name, row), rule in rules.items() if name in former}
    return MappingProxyType({**old, **{key: rule for key, rule in rules.items() if key[0] not in former}})


def renamed_latches(latches: frozenset[Latch], former: Former) -> frozenset[Latch]:
    """Return `once` rows under their policies' names of today; each keeps its mode and its period."""
    old = {latch for latch in latches if latch.policy in former}
    return latches.difference(old).union(replace(latch, policy=former[latch.policy]) for latch in old)


def renamed_blocks(blocks: tuple[Block, ...], former: Former) -> tuple[Block, ...]:
    """Return live blocks with their owners' names of today."""
    if not any(block.policy in former for block in blocks):
        return blocks
    return tuple(
        block if block.policy is None else replace(block, policy=former.get(block.policy, block.policy))
        for block in blocks
    )
