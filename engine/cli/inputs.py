"""The reading arguments that `dry-run`, `facts` and `snapshot` share: from files on disk to accounts with readings."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from engine.brokers.readings import NOT_READ, Bodies, newest_stamp, read
from engine.cli.output import complain
from engine.domain.account import Account, Profile
from engine.domain.enums import MarkBasis
from engine.domain.snapshot import Missing, Snapshot
from engine.errors import MisuseError, SettingsError
from engine.facts.catalogue import CATALOGUE
from engine.policy.program import Program
from engine.runtime import clock
from engine.runtime.calendars import calendar_for
from engine.runtime.desk import Desk, read_desk, resolve_desk
from engine.runtime.rulebooks import rulebook_for
from engine.runtime.snapshot_file import NOT_IN_FILE, parse_snapshot

_BODIES = ("positions", "orders", "trades", "history", "funds", "quotes", "instruments")
_MAX_BYTES = 64 * 1024 * 1024
_NO_PROGRAM = Program((), MappingProxyType({}), "", CATALOGUE)
# A broker's clock may run a little ahead of ours; what is stamped later than this was not there to be seen.
_CLOCKS_APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """
    One account and its consecutive readings, oldest first.

    at: the instant to look from when it is later than the last reading, else None. origin: how that was chosen.
    is_guessed: whether it was taken from the files or the clock, because nobody named one.
    is_live: whether the account itself was asked just now. notes: what else a person should know of the readings.
    """

    account: Account
    readings: tuple[Snapshot, ...]
    at: datetime | None
    origin: str
    is_guessed: bool = False
    is_live: bool = False
    notes: tuple[str, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether somebody answered at the last reading."""
        return self.readings[-1].link.connected


def wants_readings(arguments: argparse.Namespace) -> bool:
    """Return whether any reading was named."""
    return bool(arguments.snapshot or arguments.broker or any(getattr(arguments, name) for name in _BODIES))


def watched(arguments: argparse.Namespace, desk: Desk | None, spots: tuple[str, ...] = ()) -> tuple[Watched, ...]:
    """
    Return every account the arguments name, with its readings; with none named the desk's accounts are asked.

    desk: of `--desk`, None without. spots: underlyings whose price a live account is asked for beside its books.
    Raises: MisuseError when arguments do not fit or something named is not there; SettingsError when a file cannot be
    read or means nothing.
    """
    check_fit(arguments)
    if desk is not None and not wants_readings(arguments):
        from_live: Callable[..., tuple[Watched, ...]] = import_module("engine.cli.live").from_live
        return from_live(desk, arguments.account, spots, getattr(arguments, "readings", None) or 1)
    at = _instant(arguments.at) if arguments.at else None
    accounts = None if desk is None else desk.accounts
    if arguments.snapshot:
        return _from_snapshots(arguments, accounts, at)
    return (_from_bodies(arguments, accounts, at),)


def desk_of(arguments: argparse.Namespace) -> Desk | None:
    """
    Return the desk of `--desk` with its accounts' profiles, None without it; its policies are not looked at.

    Raises: MisuseError when there is no desk, PolicyErrors when its file is wrong.
    """
    check_fit(arguments)
    return resolve_desk(read_desk(arguments.desk), _NO_PROGRAM, whole=False) if arguments.desk else None


def check_fit(arguments: argparse.Namespace) -> None:
    """Raise MisuseError when the reading arguments do not fit together; no file is looked at."""
    given = [name for name in _BODIES if getattr(arguments, name)]
    if arguments.snapshot and (arguments.broker or given):
        raise MisuseError("--snapshot and raw broker files do not go together; name one kind")
    if given and not arguments.broker:
        raise MisuseError(f"--{given[0]} needs --broker kite or --broker kotak to say whose answer it is")
    if arguments.broker and not arguments.positions:
        raise MisuseError("--broker needs at least --positions FILE")
    if not wants_readings(arguments) and not arguments.desk:
        raise MisuseError(
            "name readings: --snapshot FILE…, or --broker kite|kotak --positions FILE; "
            "with --desk DIR alone its accounts are asked"
        )
    if arguments.at and not wants_readings(arguments):
        raise MisuseError("--at says from when files are looked at; live accounts are looked at now")
    if getattr(arguments, "readings", None) and wants_readings(arguments):
        raise MisuseError("--readings says how often live accounts are asked; of files each is one reading")
    if arguments.at:
        _instant(arguments.at)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise MisuseError(f"--at {text!r} is not an ISO-8601 instant; write 2026-11-23T10:15:00+05:30") from None
    if at.tzinfo is None:
        raise MisuseError(f"--at {text!r} has no zone; write 2026-11-23T10:15:00+05:30")
    return at


def _from_snapshots(
    arguments: argparse.Namespace, desk: Mapping[str, Account] | None, at: datetime | None
) -> tuple[Watched, ...]:
    by_account: dict[str, list[Snapshot]] = {}
    for name in arguments.snapshot:
        snapshot = parse_snapshot(read_text(name), name)
        if arguments.account in (None, snapshot.account):
            by_account.setdefault(snapshot.account, []).append(snapshot)
    if not by_account:
        raise MisuseError(f"no snapshot is of the account {arguments.account!r}")
    found = []
    for account_id, readings in by_account.items():
        _check_order(account_id, readings)
        if at is not None and at < readings[-1].taken_at:
            raise MisuseError(f"--at is before the last reading of {account_id} ({readings[-1].taken_at.isoformat()})")
        account = _account(account_id, desk, readings, "none")
        found.append(Watched(account, tuple(readings), at, "--at" if at else "the reading's own time"))
    return tuple(found)


def _check_order(account_id: str, readings: list[Snapshot]) -> None:
    for earlier, later in pairwise(readings):
        if later.taken_at < earlier.taken_at:
            raise MisuseError(
                f"the readings of {account_id} are not in order: {later.taken_at.isoformat()} comes after "
                f"{earlier.taken_at.isoformat()}"
            )


def _from_bodies(arguments: argparse.Namespace, desk: Mapping[str, Account] | None, at: datetime | None) -> Watched:
    bodies = Bodies(
        positions=_optional(arguments.positions),
        orders=_optional(arguments.orders),
        trades=_optional(arguments.trades),
        histories=tuple(read_bytes(name) for name in arguments.history or ()),
        funds=_optional(arguments.funds),
        quotes=_optional(arguments.quotes),
        instruments=_optional(arguments.instruments),
    )
    origin, stamp = "--at", newest_stamp(arguments.broker, bodies)
    if at is not None and stamp is not None and stamp - at > _CLOCKS_APART:
        raise MisuseError(f"--at is before the newest stamp in the files ({stamp.astimezone(at.tzinfo).isoformat()})")
    if at is None:
        at, origin = stamp, "the newest stamp in the files"
    if at is None:
        at, origin = clock.now(), "now, because the files carry no stamp"
    account_id = _account_id(arguments, desk)
    reading = read(arguments.broker, account_id, bodies, at)
    if reading.failures:
        raise SettingsError("\n".join(_failed(arguments, bodies, part, str(error)) for part, error in reading.failures))
    snapshot = with_answer_times(reading.snapshot, at)
    account = _account(account_id, desk, (snapshot,), arguments.broker)
    return Watched(account, (snapshot,), None, origin, is_guessed=not arguments.at)


def _failed(arguments: argparse.Namespace, bodies: Bodies, part: str, problem: str) -> str:
    if part != "histories":
        return f"{getattr(arguments, part)}: {problem}"
    alone = (read(arguments.broker, "", Bodies(histories=(body,)), clock.now()) for body in bodies.histories)
    names = [name for name, reading in zip(arguments.history, alone, strict=True) if reading.failures]
    return f"{', '.join(names)}: {problem}"


def with_answer_times(snapshot: Snapshot, at: datetime) -> Snapshot:
    """
    Return a reading of raw answers with the quotes taken when the broker gave them.

    A quotes answer tells its own age: its newest stamp is when the broker answered, so old quotes are seen as old.
    """
    quotes = snapshot.quotes
    if isinstance(quotes, Missing) or quotes.as_of is None:
        return snapshot
    return replace(snapshot, quotes=replace(quotes, taken_at=min(at, quotes.as_of)))


def _account_id(arguments: argparse.Namespace, desk: Mapping[str, Account] | None) -> str:
    if arguments.account:
        return str(arguments.account)
    fitting = [name for name, account in (desk or {}).items() if account.profile.broker == arguments.broker]
    if desk is not None and len(fitting) != 1:
        raise MisuseError(f"say which account with --account; the desk has {', '.join(fitting or desk)}")
    return fitting[0] if fitting else "account"


def _account(account_id: str, desk: Mapping[str, Account] | None, readings: Sequence[Snapshot], broker: str) -> Account:
    if desk is not None:
        if account_id not in desk:
            raise MisuseError(f"the account {account_id!r} is not in the desk's rekha.yaml; it has {', '.join(desk)}")
        account = desk[account_id]
        if "none" not in (broker, account.profile.broker) and broker != account.profile.broker:
            raise MisuseError(
                f"the account {account_id!r} is with {account.profile.broker} in rekha.yaml, not {broker}"
            )
        if not account.profile.is_basis_stated:
            account = replace(account, profile=replace(account.profile, mark_basis=_basis(readings)))
        return account
    calendar = calendar_for("NSE")
    return Account(
        account_id, zone=calendar.zone, calendar=calendar,
        profile=replace(Profile(broker), mark_basis=_basis(readings)), rulebook=rulebook_for(broker),
    )  # fmt: skip


def _basis(readings: Sequence[Snapshot]) -> MarkBasis:
    # Where no desk says it the readings decide, once for the day; quotes asked for in vain were asked for.
    never_asked = (NOT_READ, NOT_IN_FILE)
    return MarkBasis.LAST if all(reading.quotes in never_asked for reading in readings) else MarkBasis.DEPTH


def _optional(name: str | None) -> bytes | None:
    return None if name is None else read_bytes(name)


def say_from_when(seen: tuple[Watched, ...]) -> None:
    """Say on standard error from when raw answers are looked at, for output that has no place for it."""
    for one in seen:
        if one.is_guessed:
            at = one.readings[-1].taken_at.astimezone(one.account.zone)
            complain(f"{one.account.id}: seen from {at.isoformat()} ({one.origin})")


def read_text(name: str) -> str:
    """Return a file's text. Raises: as `read_bytes`; SettingsError when it is no UTF-8."""
    try:
        return read_bytes(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name}: byte {error.start} is not UTF-8 text") from None


def read_bytes(name: str) -> bytes:
    """Return what is in a file. Raises: MisuseError when there is none; SettingsError saying what is wrong with it."""
    path = Path(name)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise SettingsError(f"{name}: the file has more than {_MAX_BYTES // 1024 // 1024} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise MisuseError(f"{name}: no such file") from None
    except OSError as error:
        raise SettingsError(f"{name}: cannot be read: {error.strerror or error}") from error
