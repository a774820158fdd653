"""The rules about several accounts, looked at after each member's evaluation; no account waits for them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from engine.core.decision_form import recorded_decision
from engine.core.evaluate import Evaluation
from engine.core.group import GroupEvaluation, GroupResult, GroupState, evaluate_group
from engine.core.group_reading import MemberReading, group_policies, reading_of
from engine.core.state_form import group_change
from engine.domain.account import Account
from engine.domain.block import Block
from engine.domain.enums import Mode
from engine.domain.journal import ENGINE, DecisionRecord, Tick
from engine.policy.program import Program
from engine.runtime.acts import Acts
from engine.runtime.in_force import Programs
from engine.runtime.keeper import Keeper
from engine.runtime.told import notes_of


@dataclass(frozen=True, slots=True)
class Looked:
    """Where the policies about an account's groups stand in each member, and what was decided and is ours to act on."""

    groups: tuple[GroupResult, ...] = ()
    decided: tuple[DecisionRecord, ...] = ()


NOTHING: Final = Looked()


class Groups:
    """What is remembered of the rules about groups, and each member's last reading of what they ask."""

    def __init__(
        self,
        programs: Programs,
        keeper: Keeper,
        acts: Acts,
        restored: GroupState | None,
        is_watched: Callable[[str], bool],
    ) -> None:
        self._programs = programs
        self._keeper = keeper
        self._is_watched = is_watched
        self._acts = acts
        self._state = restored or GroupState()
        self._written = restored
        self._readings: dict[str, MemberReading] = {}
        self._latest: dict[str, GroupResult] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def latest(self) -> Mapping[str, GroupResult]:
        """Where each policy about a group stood last, by its name."""
        return MappingProxyType(self._latest)

    def blocks_of(self, account: str) -> tuple[Block, ...]:
        """Return the blocks that rules about groups keep in an account."""
        return self._state.blocks.get(account, ())

    async def after(self, account: Account, evaluation: Evaluation, now: datetime) -> Looked:
        """
        Look at an account's groups after its evaluation; return what that came to, in whichever member.

        Raises: LeaseLost.
        """
        async with self._one_at_a_time:
            in_force = self._programs.current()
            if not group_policies(in_force.program):
                return NOTHING
            reading = reading_of(in_force.program, account, evaluation)
            if reading is None:
                return NOTHING
            self._readings[account.id] = reading
            accounts = {name: self._as_watched(one, in_force.program) for name, one in in_force.accounts.items()}
            found = evaluate_group(in_force.program, accounts, self._readings, self._state, now, ticked=account.id)
            self._latest.update({one.policy.name: one for one in found.groups})
            return Looked(found.groups, await self._keep(found, in_force.program, now))

    async def _keep(self, found: GroupEvaluation, program: Program, now: datetime) -> tuple[DecisionRecord, ...]:
        results = [one for one in found.results if one.decision is not None]
        decisions = tuple(recorded_decision(one, program.digest) for one in results)
        change, notes = group_change(self._written, found.next_state), notes_of(found.results, now)
        self._state = found.next_state
        if not (decisions or change.parts or notes):
            return ()
        kept = await self._keeper.keep(ENGINE, Tick(now, change, decisions, notes=notes))
        if kept.is_in_journal:
            self._written = found.next_state
        ours = tuple(one for one in decisions if one.key not in kept.refused)
        for record in ours:
            outcomes = await self._acts.carry_out(record, program.policy(record.policy))
            await self._keeper.keep(record.account, Tick(now, outcomes=outcomes))
        return ours

    def _as_watched(self, account: Account, program: Program) -> Account:
        # Who is not watched counts in its groups as long as its last reading is fresh, and nothing is done to it.
        if self._is_watched(account.id):
            return account
        return replace(account, modes={**account.modes, **{one.name: Mode.OFF for one in group_policies(program)}})
