"""Rearming: a person lets a rule act again; what it did stays written, what it blocked ends."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.core.evaluate import AccountState, Evaluation
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


def _refusal(evaluation: Evaluation, policy: Policy, row: str | None) -> str:
    for key, truth in evaluation.slot.conditions(policy).items():
        if truth is not Truth.FALSE and (row is None or key in (None, row)):
            still = "still true" if truth is Truth.TRUE else "unknown"
            return f"the condition of {policy.name} is {still}{f' for {key}' if key is not None else ''}"
    return ""
