"""
The whole engine, told in order: take the accounts, remember, finish what was begun, then look at each in its turn.

    take leases → fold back latch files → restore state → carry out what a crash left → turns, until stopped → let go

What one look at an account is stands in `monitor`; who is put together with whom in `wiring`.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from engine.domain.enums import Severity
from engine.domain.journal import ENGINE, Note, OutcomeRecord, Tick
from engine.domain.message import Delivery, Message
from engine.errors import InvariantError, LeaseLost, StoreError
from engine.ports import Broker, Clock, Journal, Notifier, StateStore
from engine.runtime.acts import Acts
from engine.runtime.alarms import Alarms
from engine.runtime.alerts import CLIMB, Climb
from engine.runtime.commands import Commands, Handler, StandingDown
from engine.runtime.duties import Duties, Prune
from engine.runtime.groups import Groups
from engine.runtime.health import as_details
from engine.runtime.hours import rests
from engine.runtime.in_force import InForce, Programs
from engine.runtime.job_driver import drive
from engine.runtime.jobs import JOBS, TOLD_LATE, begun_by
from engine.runtime.keeper import Keeper
from engine.runtime.leases import Leases
from engine.runtime.monitor import Monitor, Shared, Ticked
from engine.runtime.recovery import restore_account, restore_groups, unfinished
from engine.runtime.roster import Roster, Watched
from engine.runtime.watchman import Eyes, Watchman
from engine.stores.latch_files import LatchFiles


@dataclass(frozen=True, slots=True)
class Paces:
    """How often what is not a reading is done. pulse: commands are taken. renewal: leases and the heartbeat."""

    pulse: timedelta = timedelta(milliseconds=250)
    renewal: timedelta = timedelta(seconds=5)


async def _nothing_to_prune(_: datetime) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Parts:
    """
    What the engine is put together from.

    brokers: by account; only these are watched. holder: the name the accounts are taken under. eyes: what the watchman
    sees. ticked: who hears of each look. prune: throws away what is kept for a while only. commands: what else people
    may ask for, by kind. deliveries: lets somebody hear what becomes of messages, None when nobody tells it. climb: how
    an alert that nobody acknowledges goes on.
    """

    clock: Clock
    journal: Journal
    store: StateStore
    latch_files: LatchFiles
    programs: Programs
    brokers: Mapping[str, Broker]
    notifier: Notifier
    holder: str
    eyes: Eyes = field(default_factory=Eyes)
    ticked: tuple[Callable[[Ticked], None], ...] = ()
    prune: Prune = _nothing_to_prune
    commands: Mapping[str, Handler] = field(default_factory=lambda: MappingProxyType({}))
    deliveries: Callable[[Callable[[Delivery], None]], None] | None = None
    climb: Climb = CLIMB
    paces: Paces = Paces()


class Service:
    """Watches a desk's accounts until it is told to stop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._leases = Leases(parts.journal, parts.clock, parts.holder)
        self._keeper = Keeper(parts.journal, parts.latch_files, self._leases, parts.clock)
        told_back = parts.deliveries is not None
        self._alarms = Alarms(parts.notifier, parts.clock, parts.climb, self._keeper.keep, told_back=told_back)
        if parts.deliveries is not None:
            parts.deliveries(self._alarms.delivered)
        self._acts = Acts(self._alarms, parts.clock)
        self._roster = Roster()
        self._watchman = Watchman(
            parts.clock, parts.journal, parts.programs, self._roster, self._keeper, self._alarms, parts.eyes
        )
        self._ticks: set[asyncio.Task[None]] = set()
        self._failed: BaseException | None = None

    @property
    def monitors(self) -> Mapping[str, Monitor]:
        """Who is watched now, by account."""
        return MappingProxyType({name: one.monitor for name, one in self._roster.accounts.items()})

    @property
    def alarms(self) -> Alarms:
        """The alerts that stand, and where more are raised."""
        return self._alarms

    async def run(self, ended: asyncio.Event) -> None:
        """
        Watch until `ended` is set; then finish what is being judged, and let go.

        Raises: LeaseHeld when another engine watches an account, StoreError when the journal cannot be read at the
        start, LeaseLost when another has taken everything over.
        """
        await self._leases.acquire(self._parts.brokers)
        try:
            await self._recover()
            await self._watch(ended)
        finally:
            await self._let_go()

    async def _recover(self) -> None:
        parts, now = self._parts, self._clock.now()
        await self._keeper.fold_back()
        groups, notes = await restore_groups(parts.store, now)
        shared = Shared(
            self._clock,
            parts.programs,
            self._keeper,
            Groups(parts.programs, self._keeper, self._acts, groups, self._roster.is_watched),
            self._acts,
            self._watchman.around,
            (self._watchman.hear, self._alarms.hear, *parts.ticked),
        )
        notes += await self._alarms.restore(parts.store)
        await parts.journal.tell(Note("started", now, parts.holder, {"accounts": ", ".join(parts.brokers)}), *notes)
        for account, broker in parts.brokers.items():
            found = await restore_account(parts.store, account, now)
            await self._finish(account, found.notes)
            monitor = Monitor(account, broker, shared, found.state)
            self._roster.accounts[account] = Watched(monitor, found.stopped)

    async def _finish(self, account: str, notes: tuple[Note, ...]) -> None:
        """Carry out what was decided before and nothing is written of."""
        program, told_back = self._parts.programs.current().program, self._parts.deliveries is not None
        outcomes: list[OutcomeRecord] = []
        for record in await unfinished(self._parts.journal, account, self._clock.now(), told_back):
            outcomes += await self._acts.carry_out(record, program.policy(record.policy))
        if outcomes or notes:
            await self._keeper.keep(account, Tick(self._clock.now(), outcomes=tuple(outcomes), notes=notes))

    async def _watch(self, ended: asyncio.Event) -> None:
        stories = (
            ended.wait(),
            self._take_turns(),
            self._renew(),
            self._take_commands(),
            self._do_jobs(),
            self._alarms.run(),
            self._watchman.run(),
        )
        loops: list[asyncio.Task[Any]] = [asyncio.create_task(one) for one in stories]
        try:
            await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in loops:
                task.cancel()
            ends = await asyncio.gather(*loops, return_exceptions=True)
            await self._let_ticks_end()
        for end in (self._failed, *ends):
            if isinstance(end, Exception):
                raise end

    async def _take_turns(self) -> None:
        """Look at whoever is due, for ever."""
        while True:
            in_force, now = self._parts.programs.current(), self._clock.now()
            if self._roster.follow(in_force):
                await self._keep_policies(in_force)
            for one, gone in self._roster.due(now):
                account = in_force.accounts[one.monitor.account]
                if one.stopped is None and not rests(account.calendar.session_at(now), now):
                    task = asyncio.create_task(self._tick(one.monitor, gone))
                    self._ticks.add(task)
                    task.add_done_callback(self._ticks.discard)
            due = self._roster.next_due(now)
            if due is None:
                raise self._failed or InvariantError("there is no account to watch")
            await self._clock.sleep(due - self._clock.now())

    async def _tick(self, monitor: Monitor, gone: int) -> None:
        try:
            await monitor.tick(gone)
        except LeaseLost as error:
            await self._lose(error)

    async def _say_how(self) -> None:
        said = as_details(self._watchman.health())
        await self._parts.journal.beat(self._leases.holder, self._clock.now(), said)

    async def _renew(self) -> None:
        """Keep the leases and say that we are alive and how we are, for ever."""
        while True:
            try:
                await self._say_how()
                await self._clock.sleep(self._parts.paces.renewal)
                await self._leases.renew()
                await self._say_how()
            except LeaseLost as error:
                await self._lose(error)
            except StoreError:
                # The keeper tells of it at the next tick; a lease we could not renew is still ours until it is taken.
                continue

    async def _take_commands(self) -> None:
        """Do what people ask, for ever."""
        commands = Commands(
            self._parts.journal,
            self._leases,
            self._keeper,
            self._clock,
            {
                **StandingDown(self._roster, self._alarms, self._clock).handlers,
                **self._alarms.handlers,
                **self._parts.commands,
            },
        )
        while True:
            await self._clock.sleep(self._parts.paces.pulse)
            try:
                await commands.take()
            except LeaseLost as error:
                await self._lose(error)
            except StoreError:
                # They wait where they are.
                continue

    async def _do_jobs(self) -> None:
        """Do what the exchanges' days ask for, for ever; what was due today already, at once."""
        parts, accounts = self._parts, self._parts.programs.current().accounts
        calendars = {accounts[name].calendar.exchange: accounts[name].calendar for name in self._roster.accounts}
        duties = Duties(self._roster, parts.programs, parts.journal, self._alarms, self._clock, parts.prune)
        for calendar in calendars.values():
            for due in begun_by(TOLD_LATE, calendar, self._clock.now()):
                await duties.do(due)
        await drive(JOBS, calendars.values(), self._clock, duties.do)

    async def _lose(self, error: LeaseLost) -> None:
        """Stop watching what another engine watches now."""
        account = error.account or ENGINE
        lost = tuple(self._roster.accounts) if account == ENGINE else (account,)
        told = [name for name in lost if self._roster.accounts.pop(name, None) is not None]
        if account == ENGINE or not self._roster.accounts:
            self._failed = error
        for name in told:
            title = f"{name} is not watched here any more"
            await self._alarms.tell(Message(Severity.CRITICAL, title, self._clock.now(), (str(error),), account=name))

    async def _keep_policies(self, in_force: InForce) -> None:
        with suppress(StoreError):
            await self._parts.journal.keep_policies(in_force.program.digest, in_force.files, self._clock.now())

    async def _let_ticks_end(self) -> None:
        """Wait for what is being judged; who is still asking a broker is not waited for."""
        for one in self._roster.accounts.values():
            one.monitor.stop_asking()
        while self._ticks:
            await asyncio.wait(self._ticks)

    async def _let_go(self) -> None:
        await self._alarms.flush()
        await self._leases.release()
