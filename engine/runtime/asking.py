"""A person's word to a running engine: a row in the journal, and the wait for what comes of it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from engine.domain.journal import Command, CommandState
from engine.errors import SettingsError
from engine.stores.journal import SqlJournal

# An engine looks four times a second; one that has not taken a command by then is not there.
_TAKEN_WITHIN: Final = timedelta(seconds=5)
_DONE_WITHIN: Final = timedelta(seconds=30)
_LOOK_AGAIN: Final = timedelta(milliseconds=50)
NO_DETAILS: Final[Mapping[str, str]] = MappingProxyType({})


async def ask(
    journal: SqlJournal,
    account: str,
    kind: str,
    who: str,
    why: str,
    now: datetime,
    details: Mapping[str, str] = NO_DETAILS,
) -> str | None:
    """
    Return what came of a command, in a sentence; None when no engine has taken it, and none will any more.

    account: ENGINE for what concerns no account alone. Raises: StoreError; SettingsError when it was taken and nothing
    is known of its end.
    """
    command = Command(uuid4().hex, account, kind, who, why, now, now + _TAKEN_WITHIN, details)
    await journal.ask(command)
    if not await _comes(journal, command.id, CommandState.WAITING, _TAKEN_WITHIN):
        return None
    if not await _comes(journal, command.id, CommandState.TAKEN, _DONE_WITHIN):
        raise SettingsError(f"the engine has taken '{kind}' and has not said what came of it; see its log")
    found = await journal.command(command.id)
    return found.result if found is not None and found.state is CommandState.DONE else None


async def _comes(journal: SqlJournal, command: str, past: CommandState, within: timedelta) -> bool:
    """Wait until a command is past a state; return whether it is."""
    for _ in range(within // _LOOK_AGAIN):
        found = await journal.command(command)
        if found is not None and found.state is not past:
            return True
        await asyncio.sleep(_LOOK_AGAIN.total_seconds())
    return False
