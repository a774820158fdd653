"""Rearming: a person lets a rule act again; what it did stays written, what it blocked ends."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.core.evaluate import AccountState, Evaluation
from engine.core.group import GroupEvaluation, GroupState
from engine.core.rule_state import rearmed
from engine.domain.truth import Truth
from engine.policy.program import Policy


@dataclass(frozen=True, slots=True)
class Rearmed:
    """The state after it was tried. refusal: why nothing has changed, in words; empty when it is done."""

    state: AccountState
    refusal: str = ""


def rearm(evaluation: Evaluation, policy: str, row: str | None = None) -> Rearmed:
    """
    Return the state in which a policy may begin a new episode and act, and none of its blocks lives.

    evaluation: the account's newest. row: of a `for_each` policy; without one all of its rows. The `once` rows of the
    mode in force stay and hold nothing back any more; those of the other mode are left as they are. Refused while the
    condition is true or unknown, in any mode. A policy that does not watch the account any more has no condition: what
    it left ends.
    """
    state, watched = evaluation.next_state, evaluation.watch.by_name.get(policy)
    named = evaluation.watch.program.policy(policy)
    if named is not None and named.is_of_group:
        return Rearmed(state, f"{policy} is about several accounts together: it is rearmed there")
    refusal = _refusal(evaluation, watched, row) if watched is not None else ""
    if refusal:
        return Rearmed(state, refusal)

    def is_meant(name: str | None, key: str | None) -> bool:
        return name == policy and row in (None, key)

    mode = evaluation.watch.mode_of(watched) if watched is not None else None
    rows = {latch for latch in state.latches if is_meant(latch.policy, latch.subject) and latch.mode is mode}
    rules = {key: rearmed(rule) if is_meant(*key) else rule for key, rule in state.rules.items()}
    blocks = tuple(block for block in state.blocks if not is_meant(block.policy, block.row))
    return Rearmed(replace(state, rules=MappingProxyType(rules), rearmed=state.rearmed | rows, blocks=blocks))


@dataclass(frozen=True, slots=True)
class RearmedGroup:
    """The state of the rules about groups after it was tried. refusal: as of `Rearmed`."""

    state: GroupState
    refusal: str = ""


def rearm_group(evaluation: GroupEvaluation, policy: str, account: str | None = None) -> RearmedGroup:
    """
    Return the same for a rule about a group, in one member or in all: refused while the group's condition holds.

    evaluation: the newest in which its group was looked at; in another its condition is unknown.
    """
    state = evaluation.next_state
    one = next((one for one in evaluation.groups if one.policy.name == policy), None)
    if one is None and not evaluation.is_whole:
        return RearmedGroup(state, f"the condition of {policy} is unknown: its accounts were not looked at")
    for name, condition in one.conditions.items() if one is not None else ():
        refusal = _still(policy, condition(), None) if account in (None, name) else ""
        if refusal:
            return RearmedGroup(state, refusal)

    def is_meant(name: str | None, member: str) -> bool:
        return name == policy and account in (None, member)

    modes = {name: result.mode for name, result in one.results.items()} if one is not None else {}
    rows = {one for one in state.latches if is_meant(one.policy, one.subject) and one.mode is modes.get(one.subject)}
    rules = {key: rearmed(rule) if is_meant(*key) else rule for key, rule in state.rules.items()}
    kept = {
        name: tuple(block for block in live if not is_meant(block.policy, name)) for name, live in state.blocks.items()
    }
    blocks = MappingProxyType({name: live for name, live in kept.items() if live})
    return RearmedGroup(GroupState(MappingProxyType(rules), state.latches, state.rearmed | rows, blocks))


def _refusal(evaluation: Evaluation, policy: Policy, row: str | None) -> str:
    for key, truth in evaluation.slot.conditions(policy).items():
        refusal = _still(policy.name, truth, key) if row is None or key in (None, row) else ""
        if refusal:
            return refusal
    return ""


def _still(policy: str, truth: Truth, row: str | None) -> str:
    if truth is Truth.FALSE:
        return ""
    still = "still true" if truth is Truth.TRUE else "unknown"
    return f"the condition of {policy} is {still}{f' for {row}' if row is not None else ''}"
