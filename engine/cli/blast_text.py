"""Which decisions of a dry run lie beyond their policy's blast radius, and that in words."""

from collections.abc import Iterable, Mapping

from engine.core.blast import ASKED_FOR, Admission, Passage, admit
from engine.core.decide import Decision
from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.kinds import show_duration
from engine.domain.numbers import seconds_of
from engine.policy.program import Policy, Program

# By account, policy and row.
Beyond = Mapping[tuple[str, str, str | None], Admission]


def beyond_radius(program: Program, accounts: Iterable[Account], decisions: Iterable[Decision]) -> Beyond:
    """Return the newest decision of each rule that does not simply pass. accounts: all that the policies may watch."""
    known, taken = tuple(accounts), tuple(decisions)
    found: dict[tuple[str, str, str | None], Admission] = {}
    for policy in program.policies:
        if policy.blast_radius is None:
            continue
        watched = sum(_is_watched(policy, account) for account in known)
        own = [decision for decision in taken if decision.policy == policy.name]
        for one in admit(own, policy.blast_radius, watched)[0]:
            key = (one.decision.account, policy.name, one.decision.row)
            found.pop(key, None)
            if one.passage is not Passage.PASS:
                found[key] = one
    return found


def beyond_words(admission: Admission) -> str:
    """Return what becomes of a decision beyond the radius, in words."""
    asked = show_duration(seconds_of(ASKED_FOR))
    then = f"asks {asked}, then goes on" if admission.passage is Passage.ASK else "stopped"
    accounts = "account" if admission.most == 1 else "accounts"
    return f"over its blast radius: {admission.account_number} of at most {admission.most} {accounts}; {then}"


def _is_watched(policy: Policy, account: Account) -> bool:
    mode = account.modes.get(policy.name, policy.mode)
    return mode is not Mode.OFF and policy.accounts.selects(account.id, account.labels)
