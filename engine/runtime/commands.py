"""What people ask of a running engine, by row of the journal: taken once, done, and answered in a sentence."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.domain.enums import Severity
from engine.domain.journal import Command, StateChange, Tick
from engine.domain.message import Message
from engine.domain.snapshot import Book, Snapshot
from engine.errors import EngineError
from engine.ports import Clock, Journal, Notifier
from engine.runtime.keeper import Keeper
from engine.runtime.leases import Leases
from engine.runtime.roster import Roster
from engine.runtime.standing_down import Stopped, as_change

STOP: Final = "stop"
START: Final = "start"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command, in a sentence. state: what changes in what is kept of its account."""

    result: str
    state: StateChange = field(default_factory=StateChange)


Handler = Callable[[Command], Awaitable[Done]]


class Commands:
    """Takes the commands for the accounts whose lease we hold, and for the engine. handlers: by a command's kind."""

    def __init__(
        self,
        journal: Journal,
        leases: Leases,
        keeper: Keeper,
        clock: Clock,
        handlers: Mapping[str, Handler],
    ) -> None:
        self._journal = journal
        self._leases = leases
        self._keeper = keeper
        self._clock = clock
        self._handlers = handlers

    async def take(self) -> None:
        """Do what waits. Raises: LeaseLost, StoreError."""
        for command in await self._journal.take(self._leases.held, self._clock.now()):
            done = await self._obey(command)
            tick = Tick(self._clock.now(), done.state, done={command.id: done.result})
            await self._keeper.keep(command.account, tick)

    async def _obey(self, command: Command) -> Done:
        do = self._handlers.get(command.kind)
        if do is None:
            return Done(f"this engine does not know the command '{command.kind}'")
        try:
            return await do(command)
        except EngineError as error:
            return Done(str(error))


class StandingDown:
    """Stops and starts the watch of an account at a person's word."""

    def __init__(self, roster: Roster, notifier: Notifier, clock: Clock) -> None:
        self._roster = roster
        self._notifier = notifier
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """What is done for which command."""
        return {STOP: self.stop, START: self.start}

    async def stop(self, command: Command) -> Done:
        """Watch an account no longer; with open positions only for a reason, and people are alerted."""
        one, name = self._roster.accounts.get(command.account), command.account
        if one is None or one.stopped is not None:
            return Done(f"{name} is not watched: nothing to stop")
        doubt = open_book(one.monitor.state.last)
        if doubt and not command.why:
            return Done(f"{name} goes on being watched: {doubt}; to stop it all the same, say why")
        one.stopped = Stopped(command.who, command.why, self._clock.now())
        told = f"{command.who} has stopped it{f': {command.why}' if command.why else ''}"
        severity = Severity.CRITICAL if doubt else Severity.INFO
        await self._tell(name, f"{name} is not watched any more", severity, told, *([doubt] if doubt else []))
        return Done(f"{name} is not watched any more", as_change(one.stopped))

    async def start(self, command: Command) -> Done:
        """Watch an account again."""
        one, name = self._roster.accounts.get(command.account), command.account
        if one is None or one.stopped is None:
            why = "is watched already" if one else "is none of this engine's accounts"
            return Done(f"{name} {why}: nothing to start")
        one.stopped = None
        await self._tell(name, f"{name} is watched again", Severity.INFO, f"{command.who} has started it")
        return Done(f"{name} is watched again", as_change(None))

    async def _tell(self, account: str, title: str, severity: Severity, *lines: str) -> None:
        needs_ack = severity is Severity.CRITICAL
        message = Message(severity, title, self._clock.now(), lines, account=account, needs_ack=needs_ack)
        await self._notifier.tell(message)


def open_book(last: Snapshot | None) -> str:
    """Return what speaks against leaving an account alone: what it holds, or that nobody knows; empty for nothing."""
    if last is None or not isinstance(last.positions, Book):
        return "whether it holds anything is not known"
    held = sum(leg.is_open for leg in last.positions.rows)
    return f"it holds {held} open position{'s' if held > 1 else ''}" if held else ""
