"""What the engine does at the times of the table of jobs; all of it is harmless when repeated."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from engine.domain.enums import Severity
from engine.domain.journal import Note
from engine.domain.message import Message
from engine.domain.snapshot import Missing
from engine.errors import StoreError
from engine.ports import Clock, Journal, Notifier
from engine.runtime.in_force import Programs
from engine.runtime.jobs import CLOSE, NEW_DAY, OPEN, READINESS, RETENTION, SESSION, Due
from engine.runtime.roster import Roster, Watched

Prune = Callable[[datetime], Awaitable[object]]

_BOOKS: Final = ("positions", "orders", "fills", "funds")


class Duties:
    """Does what is due. prune: throws away what is kept for a while only."""

    def __init__(
        self, roster: Roster, programs: Programs, journal: Journal, notifier: Notifier, clock: Clock, prune: Prune
    ) -> None:
        self._roster = roster
        self._programs = programs
        self._journal = journal
        self._notifier = notifier
        self._clock = clock
        self._prune = prune
        self._by_name: Mapping[str, Callable[[Due], Awaitable[object]]] = {
            NEW_DAY: self._note,
            OPEN: self._note,
            CLOSE: self._note,
            SESSION: self._tell_unknown,
            READINESS: self._tell_unready,
            RETENTION: lambda due: self._prune(due.at),
        }

    async def do(self, due: Due) -> None:
        """Do one job. It raises nothing: what cannot be written now is tried again on the next day."""
        try:
            await self._by_name[due.job](due)
        except StoreError as error:
            await self._tell(Severity.WARNING, f"{due.job} on {due.exchange} was not done", str(error))

    async def _note(self, due: Due) -> None:
        session = due.session
        hours = [at.isoformat() for at in (session.opens_at, session.closes_at) if at is not None]
        details = {"date": session.trading_date.isoformat(), "hours": " to ".join(hours), "session": session.note}
        await self._journal.tell(Note(due.job, self._clock.now(), due.exchange, details))

    async def _tell_unknown(self, due: Due) -> None:
        if due.session.known:
            return
        held = ", ".join(one.monitor.account for one in self._of(due.exchange))
        await self._tell(
            Severity.CRITICAL,
            f"nobody knows today's session on {due.exchange}: {due.session.note}",
            f"{held}: rules that reduce risk are armed all day, and entries are blocked",
            "Add the exchange's calendar of this year, and restart",
        )

    async def _tell_unready(self, due: Due) -> None:
        for one in self._of(due.exchange):
            causes = unread_parts(one)
            if causes:
                name = one.monitor.account
                title = f"{name} cannot be read, and the session opens soon"
                await self._tell(Severity.CRITICAL, title, *causes, account=name)

    def _of(self, exchange: str) -> tuple[Watched, ...]:
        accounts = self._programs.current().accounts
        watched = self._roster.accounts.values()
        return tuple(
            one
            for one in watched
            if one.stopped is None and accounts[one.monitor.account].calendar.exchange == exchange
        )

    async def _tell(self, severity: Severity, title: str, *lines: str, account: str = "") -> None:
        await self._notifier.tell(Message(severity, title, self._clock.now(), lines, account=account))


def unread_parts(one: Watched) -> tuple[str, ...]:
    """Return why the books of an account are not known, each cause once; nothing while they are."""
    last = one.monitor.state.last
    if last is None:
        return ("it was never read",)
    parts = (getattr(last, name) for name in _BOOKS)
    return tuple(dict.fromkeys(part.cause for part in parts if isinstance(part, Missing)))
