"""One account, watched: asked, judged, written down, and only then acted on; whose turn it is stands elsewhere."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from engine.core.decision_form import recorded_decision
from engine.core.evaluate import AccountState, Evaluation, evaluate
from engine.core.group import GroupResult
from engine.core.reading_form import recorded_reading
from engine.core.state_form import account_change
from engine.domain.account import Account
from engine.domain.block import Block
from engine.domain.capabilities import Capability
from engine.domain.enums import TradingState
from engine.domain.journal import DecisionRecord, Reading, Tick
from engine.domain.snapshot import Link, Snapshot
from engine.errors import BrokerError, LeaseLost
from engine.policy.program import Program
from engine.ports import Broker, Clock, Wanted
from engine.runtime.acts import Acts
from engine.runtime.groups import Groups
from engine.runtime.in_force import Programs
from engine.runtime.keeper import Keeper
from engine.runtime.live import unread
from engine.runtime.told import notes_of

# A contract file that was not to be had is asked for again after so long.
_CONTRACTS_AGAIN: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Around:
    """
    What presses on an account from outside its books and rules. blocks: live ones that no rule keeps.

    locked_at: when its broker locked it at our word.
    """

    stop_file: bool = False
    blocks: tuple[Block, ...] = ()
    locked_at: datetime | None = None


QUIET: Final = Around()


@dataclass(frozen=True, slots=True)
class Ticked:
    """
    What one look at an account came to.

    read: the reading it brought, None when the last one was looked at again. evaluation: None when our own fault kept
    it from being judged, which `fault` tells. decided: what was decided and is ours to act on, of its groups too.
    groups: where the rules about its groups stand in each member. missed: slots that went by
    before it. is_kept: whether the journal holds all of it.
    """

    account: str
    at: datetime
    read: Snapshot | None
    evaluation: Evaluation | None
    decided: tuple[DecisionRecord, ...] = ()
    groups: tuple[GroupResult, ...] = ()
    missed: int = 0
    is_kept: bool = True
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all monitors use. around: what presses on an account now. ticked: who hears of each look."""

    clock: Clock
    programs: Programs
    keeper: Keeper
    groups: Groups
    acts: Acts
    around: Callable[[str], Around] = lambda _: QUIET
    ticked: tuple[Callable[[Ticked], None], ...] = ()


class Monitor:
    """Watches one account. restored: what its evaluation remembers from before; None for an account never watched."""

    def __init__(self, account: str, broker: Broker, shared: Shared, restored: AccountState | None = None) -> None:
        self.account = account
        self.broker = broker
        self._shared = shared
        self._state = restored or AccountState()
        self._written = restored
        self._recorded: tuple[Snapshot, Reading] | None = None
        self._contracts_on: date | None = None
        self._contracts_again: datetime | None = None
        self._one_at_a_time = asyncio.Lock()
        self._asking: asyncio.Task[Snapshot] | None = None
        self._is_ending = False

    @property
    def state(self) -> AccountState:
        """What is remembered now."""
        return self._state

    async def tick(self, missed: int = 0) -> Ticked | None:
        """
        Look at the account in its slot; while an answer is still awaited, at the last reading again: it ages.

        None when we were told to end before an answer came. Raises: LeaseLost, when another engine watches it now.
        """
        if self._asking is not None:
            return await self.judge(None, missed)
        self._asking = asyncio.create_task(self._ask())
        try:
            snapshot = await self._asking
        except asyncio.CancelledError:
            # We are to end, or whoever waits for this is; a reading that never came changes nothing.
            if not self._is_ending:
                raise
            return None
        finally:
            self._asking = None
        return await self.judge(snapshot, missed)

    def stop_asking(self) -> None:
        """Wait for no answer any more; what is being judged goes on."""
        self._is_ending = True
        if self._asking is not None:
            self._asking.cancel()

    async def judge(self, snapshot: Snapshot | None, missed: int = 0) -> Ticked:
        """Evaluate a reading, or the last one anew, and make it durable; then act. Raises: LeaseLost."""
        async with self._one_at_a_time:
            at = self._shared.clock.now()
            try:
                ticked = await self._judged(snapshot, at)
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - the tick's edge: what breaks here shows, and the next slot tries again
                ticked = Ticked(
                    self.account, at, snapshot, None, is_kept=False, fault=f"{type(error).__name__}: {error}"
                )
            ticked = replace(ticked, missed=missed)
        for hear in self._shared.ticked:
            hear(ticked)
        return ticked

    async def _ask(self) -> Snapshot:
        """Return what the account's broker says; whatever is not said is Missing with its cause."""
        in_force = self._shared.programs.current()
        try:
            await self.broker.login()
            await self._have_contracts(in_force.accounts[self.account])
            return await self.broker.fetch_snapshot(Wanted(spots=in_force.spots))
        except BrokerError as error:
            return unread(self.account, self._shared.clock.now(), str(error))
        except Exception as error:  # noqa: BLE001 - a broker's part of us that breaks must not silence the account
            cause = f"our own fault while asking: {type(error).__name__}: {error}"
            return unread(self.account, self._shared.clock.now(), cause)

    async def _have_contracts(self, account: Account) -> None:
        """Have the contract file of the trading date at hand, for lots and exact expiries."""
        now = self._shared.clock.now()
        today = account.calendar.session_at(now).trading_date
        if self._contracts_on == today or not self.broker.capabilities.has(Capability.CONTRACT_FILE):
            return
        if self._contracts_again is not None and now < self._contracts_again:
            return
        self._contracts_again = now + _CONTRACTS_AGAIN
        try:
            found = await self.broker.fetch_contracts(today)
        except BrokerError:
            return
        if found.on >= today:
            self._contracts_on, self._contracts_again = today, None

    async def _judged(self, snapshot: Snapshot | None, at: datetime) -> Ticked:
        in_force, state = self._shared.programs.current(), self._state
        account = in_force.accounts[self.account]
        around = self._shared.around(self.account)
        beside = (*self._shared.groups.blocks_of(self.account), *around.blocks)
        seen = None if snapshot is None else _linked(snapshot, around, (*state.blocks, *beside))
        before = state.last or unread(self.account, at, "not read yet")
        looked_at = seen or _linked(before, around, (*state.blocks, *beside))
        evaluation = evaluate(in_force.program, account, looked_at, state, at, beside)
        results = [one for one in evaluation.moved if one.decision is not None]
        decisions = tuple(recorded_decision(one, in_force.program.digest) for one in results)
        tick = Tick(
            at,
            account_change(self._written, evaluation.next_state),
            decisions,
            notes=notes_of(evaluation.moved, at),
            reading=None if seen is None else self._reading(seen),
        )
        kept = await self._shared.keeper.keep(self.account, tick)
        self._state = evaluation.next_state
        if kept.is_in_journal:
            self._written = evaluation.next_state
        ours = tuple(one for one in decisions if one.key not in kept.refused)
        await self._act(ours, in_force.program)
        of_groups = await self._shared.groups.after(account, evaluation, at)
        decided = (*ours, *of_groups.decided)
        return Ticked(self.account, at, seen, evaluation, decided, of_groups.groups, is_kept=kept.is_in_journal)

    def _reading(self, snapshot: Snapshot) -> Reading:
        reading = recorded_reading(snapshot, self._recorded)
        self._recorded = (snapshot, reading)
        return reading

    async def _act(self, decisions: tuple[DecisionRecord, ...], program: Program) -> None:
        for record in decisions:
            outcomes = await self._shared.acts.carry_out(record, program.policy(record.policy))
            await self._shared.keeper.keep(self.account, Tick(self._shared.clock.now(), outcomes=outcomes))


def _linked(snapshot: Snapshot, around: Around, blocks: tuple[Block, ...]) -> Snapshot:
    """Return a reading with what is not in the books: what stops the account here."""
    state = TradingState.REDUCING if any(block.is_enforced for block in blocks) else TradingState.ACTIVE
    if around.locked_at is not None:
        state = TradingState.HALTED
    link = Link(snapshot.link.connected, around.stop_file, state, around.locked_at)
    return snapshot if link == snapshot.link else replace(snapshot, link=link)
