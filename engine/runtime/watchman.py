"""Watches the watch: what presses on accounts from outside, how each of them is doing, and who must hear of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from engine.domain.block import Block, Until
from engine.domain.enums import Mode
from engine.domain.health import AccountHealth, EngineHealth
from engine.domain.journal import Note
from engine.domain.message import ChannelHealth
from engine.errors import LeaseLost, StoreError
from engine.ports import Clock, Journal
from engine.runtime.alarms import Alarms
from engine.runtime.concerns import MARK, PATIENCE, Patience, concerns
from engine.runtime.health import after
from engine.runtime.hours import rests
from engine.runtime.in_force import Programs
from engine.runtime.keeper import Keeper
from engine.runtime.monitor import QUIET, Around, Ticked
from engine.runtime.roster import Roster, Watched
from engine.runtime.stop_files import StopFiles

# A STOP file is to be seen within a second.
PULSE: Final = timedelta(milliseconds=250)
_LOOKS_A_CONCERN: Final = 4


@dataclass(frozen=True, slots=True)
class Eyes:
    """
    What a watchman sees besides what he hears. desk: whose STOP files count, None for no folder. around: what else
    presses on an account. channels: how the ways to people stand. reload: how the files differ from what is in force.
    """

    desk: Path | None = None
    around: Callable[[str], Around] = lambda _: QUIET
    channels: Callable[[], tuple[ChannelHealth, ...]] = lambda: ()
    reload: Callable[[], str] = lambda: ""
    patience: Patience = PATIENCE


class Watchman:
    """One engine's. alarms: what lasts begins and ends there, also over a restart."""

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        programs: Programs,
        roster: Roster,
        keeper: Keeper,
        alarms: Alarms,
        eyes: Eyes,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._programs = programs
        self._roster = roster
        self._keeper = keeper
        self._alarms = alarms
        self._eyes = eyes
        self._stop_files = None if eyes.desk is None else StopFiles(eyes.desk)
        self._began_at = clock.now()
        self._accounts: dict[str, AccountHealth] = {}
        self._awake: dict[str, datetime] = {}
        if self._stop_files is not None:
            self._stop_files.look(self._began_at)

    def hear(self, ticked: Ticked) -> None:
        """Take note of a look at an account."""
        self._accounts[ticked.account] = after(self._of(ticked.account), ticked)

    def around(self, account: str) -> Around:
        """Return what presses on an account now."""
        other = self._eyes.around(account)
        stop = None if self._stop_files is None else self._stop_files.block(account)
        blocks = (*other.blocks, *((stop,) if stop is not None else ()))
        if self._keeper.down_since is not None:
            why = "the journal, which takes no writes"
            blocks += (Block(None, account, why, 0, Mode.ENFORCE, self._keeper.down_since, Until.LIFTED),)
        return replace(other, stop_file=other.stop_file or stop is not None, blocks=blocks)

    def health(self) -> EngineHealth:
        """Return how everything is doing now."""
        now, in_force = self._clock.now(), self._programs.current()
        return EngineHealth(
            at=now,
            began_at=self._began_at,
            policy_set=in_force.program.digest,
            policies=len(in_force.program.policies),
            accounts=tuple(self._seen(one, now) for one in self._roster.accounts.values()),
            channels=self._eyes.channels(),
            journal_down_since=self._keeper.down_since,
            journal_down=self._keeper.why,
            reload=self._eyes.reload(),
        )

    async def run(self) -> None:
        """Look around, for ever."""
        beats = 0
        while True:
            await self._look_for_files()
            if beats % _LOOKS_A_CONCERN == 0:
                await self._mind()
            beats += 1
            await self._clock.sleep(PULSE)

    async def _look_for_files(self) -> None:
        """Let what a STOP file changes hold at once, not at the next reading."""
        if self._stop_files is None:
            return
        before, now = dict(self._stop_files.found), self._clock.now()
        if not self._stop_files.look(now):
            return
        after_it = self._stop_files.found
        words = [("stop file", name) for name in after_it.keys() - before.keys()]
        words += [("stop file removed", name) for name in before.keys() - after_it.keys()]
        for one in tuple(self._roster.accounts.values()):
            if one.stopped is None:
                # The next tick meets a lost lease too, and knows what is to be done about it.
                with suppress(LeaseLost):
                    await one.monitor.judge(None)
        with suppress(StoreError):
            await self._journal.tell(*(Note(word, now, name) for word, name in sorted(words)))
        await self._mind()

    async def _mind(self) -> None:
        """Let people hear of what has begun and what is over."""
        health = self.health()
        for one in health.accounts:
            if one.rests:
                self._awake.pop(one.account, None)
            else:
                self._awake.setdefault(one.account, health.at)
        found = concerns(health, self._awake, self._halted(), self._eyes.patience)
        for key, message in found.items():
            self._alarms.begin(key, message)
        for alert in self._alarms.standing:
            # What was told before a restart goes on until the account was seen again.
            is_seen = alert.message.account in {"", *self._accounts}
            if alert.key.startswith(MARK) and alert.key not in found and is_seen:
                self._alarms.end(alert.key)

    def _halted(self) -> Mapping[str, str]:
        if self._stop_files is None:
            return {}
        known = {f"STOP.{name}": name for name in self._roster.accounts}
        return {name: known.get(name, "every account") for name in self._stop_files.found if name in {"STOP", *known}}

    def _of(self, account: str) -> AccountHealth:
        return self._accounts.get(account) or AccountHealth(account)

    def _seen(self, one: Watched, now: datetime) -> AccountHealth:
        account, broker = self._programs.current().accounts[one.monitor.account], one.monitor.broker
        resting = rests(account.calendar.session_at(now), now)
        if one.stopped is not None:
            resting = f"{one.stopped.who} has stopped it{f': {one.stopped.why}' if one.stopped.why else ''}"
        ahead = broker.clock_ahead
        return replace(
            self._of(account.id),
            broker=account.profile.broker,
            session=broker.session.value,
            rests=resting,
            stop_file=self._stop_files is not None and bool(self._stop_files.halts(account.id)),
            clock_ahead_ms=None if ahead is None else ahead // timedelta(milliseconds=1),
        )
