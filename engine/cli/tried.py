"""Every slot a dry run goes through: each account's readings, and after each what the rules about its groups say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from engine.cli.inputs import Watched
from engine.core.decide import Decision
from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.core.group import GroupResult, GroupState, evaluate_group
from engine.core.group_reading import MemberReading, group_policies, reading_of
from engine.core.together import Beside
from engine.domain.account import Account
from engine.domain.snapshot import Snapshot
from engine.policy.program import Program


@dataclass(frozen=True, slots=True)
class Tried:
    """
    What a dry run has come to.

    evaluations: each account's last, in the order the accounts were given. groups: the last of each policy about a
    group, in file order. readings: by account, of all that were read. decisions: of every slot.
    """

    evaluations: Mapping[str, Evaluation]
    groups: tuple[GroupResult, ...]
    group_state: GroupState
    readings: Mapping[str, MemberReading]
    decisions: tuple[Decision, ...]

    def beside(self, account: str) -> Beside:
        """Return what the rules about groups come to on an account."""
        results = tuple(one.results[account] for one in self.groups if account in one.results)
        return Beside(results, self.group_state.blocks.get(account, ()))


def try_out(program: Program, seen: Iterable[Watched], accounts: Mapping[str, Account]) -> Tried:
    """
    Return what all accounts' readings come to, in the order of time; nothing is sent.

    accounts: of the desk, those without readings too: as members of a group they are unknown.
    """
    seen = tuple(seen)
    known = {**accounts, **{one.account.id: one.account for one in seen}}
    states: dict[str, AccountState] = {}
    last: dict[str, Evaluation] = {}
    readings: dict[str, MemberReading] = {}
    groups: dict[str, GroupResult] = {}
    state, decisions = GroupState(), list[Decision]()
    for at, looks in groupby(_looks(seen), key=lambda look: look.at):
        looked_at: list[str] = []
        for account, snapshot in ((look.account, look.snapshot) for look in looks):
            before, beside = states.get(account.id, AccountState()), state.blocks.get(account.id, ())
            evaluation = evaluate(program, account, snapshot, before, at, beside)
            last[account.id], states[account.id] = evaluation, evaluation.next_state
            decisions += evaluation.decisions
            reading = reading_of(program, account, evaluation)
            if reading is not None:
                readings[account.id] = reading
                looked_at.append(account.id)
        # Readings of one instant belong together: in which order they were given must not matter.
        for name in looked_at:
            together = evaluate_group(program, known, readings, state, at, ticked=name)
            groups.update({one.policy.name: one for one in together.groups})
            decisions += together.decisions
            state = together.next_state
    return Tried(
        MappingProxyType({one.account.id: last[one.account.id] for one in seen}),
        tuple(groups[policy.name] for policy in group_policies(program) if policy.name in groups),
        state,
        MappingProxyType(readings),
        tuple(decisions),
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at an account at one instant."""

    at: datetime
    account: Account
    snapshot: Snapshot


def _looks(seen: Iterable[Watched]) -> list[_Look]:
    """Return every look at an account by time; those of one instant in the order the accounts were given."""
    looks = [_Look(snapshot.taken_at, one.account, snapshot) for one in seen for snapshot in one.readings]
    looks += [
        _Look(one.at, one.account, one.readings[-1])
        for one in seen
        if one.at is not None and one.at > one.readings[-1].taken_at
    ]
    return sorted(looks, key=lambda look: look.at)
