"""`rekha stop` and `rekha start`: a person's word about the watch of one account, also while no engine runs."""

import argparse
import asyncio
import getpass
import os
from pathlib import Path

from engine.cli import exits
from engine.cli.journal_place import place_of_desk
from engine.cli.output import complain, report_error, write
from engine.domain.journal import Note, Tick
from engine.errors import EngineError, LeaseHeld, MisuseError, SettingsError
from engine.runtime.asking import ask
from engine.runtime.commands import STOP, open_book
from engine.runtime.leases import SPAN
from engine.runtime.recovery import restore_account
from engine.runtime.standing_down import Stopped, as_change
from engine.runtime.told_clock import clock_of
from engine.stores.journal import SqlJournal


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the account is as it was asked for, 1 when it is not, 2 on misuse."""
    try:
        told, is_done = asyncio.run(_run(arguments))
    except EngineError as error:
        return report_error(error)
    (write if is_done else complain)(told)
    return exits.OK if is_done else exits.ERRORS


async def _run(arguments: argparse.Namespace) -> tuple[str, bool]:
    journal = await SqlJournal.opened(place_of_desk(Path(arguments.desk)))
    try:
        async with clock_of(os.environ) as clock:
            who = getpass.getuser()
            told = await ask(journal, arguments.account, arguments.command, who, arguments.why, clock.now())
            if told is None:
                told = await _without_engine(journal, arguments, Stopped(who, arguments.why, clock.now()))
            # What an engine refuses it says; what is kept is what counts.
            kept = await restore_account(journal, arguments.account, clock.now())
    finally:
        await journal.close()
    return told, (kept.stopped is not None) is (arguments.command == STOP)


async def _without_engine(journal: SqlJournal, arguments: argparse.Namespace, word: Stopped) -> str:
    account = arguments.account
    found = await restore_account(journal, account, word.at)
    if found.state is None and found.stopped is None:
        raise MisuseError(f"{account} was never watched from this desk; see its rekha.yaml")
    is_stop = arguments.command == STOP
    doubt = open_book(None if found.state is None else found.state.last)
    if is_stop and doubt and not word.why:
        raise MisuseError(f"{account} goes on being watched: {doubt}; to stop it all the same, add --why")
    try:
        lease = await journal.acquire(account, f"{word.who} at the command line", word.at, SPAN)
    except LeaseHeld as error:
        raise SettingsError(f"the engine that watches {account} does not answer: {error.holder}") from error
    note = Note(arguments.command, word.at, account, {"who": word.who, "why": word.why})
    await journal.write(lease, Tick(word.at, as_change(word if is_stop else None), notes=(note,)))
    await journal.release(lease, word.at)
    return f"{account} {'will not be' if is_stop else 'will be'} watched when an engine runs here again"
