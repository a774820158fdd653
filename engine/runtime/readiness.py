"""Whether a desk is ready for the open: each thing that must be so, whether it is, and what to do when it is not."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.domain.account import Account
from engine.domain.health import EngineHealth
from engine.domain.numbers import seconds_of
from engine.errors import EngineError
from engine.ports import SavedSession
from engine.runtime.board import Board, account_problems
from engine.runtime.concerns import PATIENCE
from engine.runtime.connections import BROKERS
from engine.runtime.credentials import read_credentials
from engine.runtime.desk import Desk
from engine.runtime.health import unread_causes
from engine.runtime.kept_files import SessionFiles
from engine.runtime.live import Heard
from engine.runtime.notify_settings import read_addresses
from engine.runtime.stop_files import StopFiles

# Positions, orders, trades, limits and quotes: what one reading asks.
_CALLS: Final = 5
_FREE_BYTES: Final = 1_000_000_000
_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the board. to_do: what a person does about it; empty when it is as it should be."""

    name: str
    said: str
    to_do: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it is as it should be."""
        return not self.to_do


def checks_of_desk(desk: Desk, now: datetime, environment: Mapping[str, str]) -> Iterator[Check]:
    """Yield what can be told without asking anybody."""
    watched = [one for one in desk.accounts.values() if one.profile.broker in BROKERS]
    names = ", ".join(one.id for one in watched)
    yield Check("accounts", names or "none is watched", "" if watched else "name accounts with a broker in rekha.yaml")
    yield _secrets(watched, environment)
    yield from _calendars(watched, now)
    yield _notifiers(desk, environment)
    yield _disk(desk)
    yield _halts(desk, now)
    for one in watched:
        yield _calls(one)
        yield _token(one, SessionFiles(desk.folder), now)


def checks_of_readings(heard: Mapping[str, Heard]) -> Iterator[Check]:
    """Yield what came of asking each account once."""
    for account, one in heard.items():
        causes = unread_causes(one.readings[-1])
        todo = "see the cause; `rekha dry-run --desk DIR --account ID` asks again"
        yield Check(f"{account}: books", "; ".join(causes) or "read just now", todo if causes else "")
        for note in one.notes:
            yield Check(f"{account}: contracts", note, "without today's file lots and expiries are guessed; ask again")
        yield from _clock(account, one.clock_ahead)


def checks_of_engine(board: Board, health: EngineHealth) -> Iterator[Check]:
    """Yield what a running engine says of itself."""
    todo = "see rekha status"
    for line in board.problems:
        yield Check("engine", line, todo)
    if not board.problems:
        yield Check("engine", f"{board.holder} is well")
    for one in health.accounts:
        wrong = tuple(account_problems(one, board.at, health.began_at))
        said = f"rests: {one.rests}" if one.rests else f"the session is {one.session}"
        refused = one.session in ("refused", "logged_out")
        words = "mend its secrets, and restart the engine" if refused else todo
        yield Check(f"{one.account}: login", said, words if refused or wrong else "")
        ahead = None if one.clock_ahead_ms is None else timedelta(milliseconds=one.clock_ahead_ms)
        yield from _clock(one.account, ahead)


def _secrets(watched: Iterable[Account], environment: Mapping[str, str]) -> Check:
    try:
        read_credentials(((one.id, one.profile.broker) for one in watched), environment)
    except EngineError as error:
        return Check("secrets", str(error), "set them where the engine is started")
    return Check("secrets", "set for every account")


def _calendars(watched: Iterable[Account], now: datetime) -> Iterator[Check]:
    for calendar in {one.calendar.exchange: one.calendar for one in watched}.values():
        days = (calendar.session_at(now + timedelta(days=ahead)) for ahead in range(_DAYS))
        unknown = next((day for day in days if not day.known), None)
        name = f"calendar {calendar.exchange}"
        if unknown is None:
            today = calendar.session_at(now)
            opens = "no session" if today.opens_at is None else f"opens at {today.opens_at:%H:%M}"
            yield Check(name, f"known for {_DAYS} days; today, {today.trading_date}, {opens}")
        else:
            todo = "add the exchange's calendar of that year; until then every rule is armed and entries are blocked"
            yield Check(name, f"{unknown.trading_date}: {unknown.note}", todo)


def _notifiers(desk: Desk, environment: Mapping[str, str]) -> Check:
    try:
        read_addresses(desk.notify, environment)
    except EngineError as error:
        return Check("notifiers", str(error), "set them where the engine is started")
    if not desk.notify.channels:
        return Check("notifiers", "nobody is told of anything", "add notify: channels to rekha.yaml")
    return Check("notifiers", ", ".join(desk.notify.channels))


def _disk(desk: Desk) -> Check:
    free = shutil.disk_usage(desk.folder).free
    todo = "" if free >= _FREE_BYTES else "free some: a journal that takes no writes blocks entries; see rekha db prune"
    return Check("disk", f"{free // 1_000_000:,} MB free", todo)


def _halts(desk: Desk, now: datetime) -> Check:
    files = StopFiles(desk.folder)
    files.look(now)
    halted = [one for one in desk.accounts if files.halts(one)]
    if not halted:
        return Check("STOP files", "none")
    return Check(
        "STOP files", f"entries are blocked on {', '.join(halted)}", "remove the file when entries are allowed"
    )


def _calls(account: Account) -> Check:
    needed = int(_CALLS * 60 / seconds_of(account.profile.poll))
    limits = account.rulebook.calls
    name = f"{account.id}: calls"
    if limits is None:
        return Check(name, f"about {needed} a minute; its broker names no limit")
    # A quarter is held back for exits.
    allowed = int(min(limits.per_second * 60, limits.per_minute or limits.per_second * 60) * 3 / 4)
    todo = "" if needed <= allowed else "give it a longer poll in rekha.yaml"
    return Check(name, f"about {needed} a minute of {allowed} for readings", todo)


def _token(account: Account, kept: SessionFiles, now: datetime) -> Check:
    name = f"{account.id}: token"
    try:
        found: SavedSession | None = kept.load(account.profile.broker, account.id)
    except EngineError as error:
        return Check(name, str(error), "let nobody else read it: chmod 600")
    if found is None:
        return Check(name, "none is kept; the first call logs in")
    if found.expires_at is None:
        return Check(name, "one is kept; nobody tells until when it is good")
    if found.expires_at <= now:
        return Check(name, "the one that is kept has expired; the next call logs in")
    return Check(name, f"good until {found.expires_at.astimezone(account.zone):%Y-%m-%d %H:%M}")


def _clock(account: str, ahead: timedelta | None) -> Iterator[Check]:
    if ahead is None:
        return
    seconds = f"{seconds_of(abs(ahead)):.1f} s {'behind' if ahead < timedelta(0) else 'ahead of'} its broker's"
    yield Check(f"{account}: clock", seconds, "set this machine's clock by NTP" if abs(ahead) > PATIENCE.clock else "")
