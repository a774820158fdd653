"""What a start finds of the time before: state, latches, and decisions whose steps were not all carried out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from engine.core.evaluate import AccountState
from engine.core.group import GroupState
from engine.core.state_form import restored_account, restored_groups
from engine.domain.journal import ENGINE, DecisionRecord, Note, StoredState
from engine.ports import Journal, StateStore
from engine.runtime.acts import QUEUED
from engine.runtime.alarms import PART as ALERTS
from engine.runtime.standing_down import PART as STOPPED
from engine.runtime.standing_down import Stopped, stopped_in

# What is older than this was either told by then or is of no use any more.
_LOOK_BACK: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of an account from before. state: None when it was never watched. notes: what was lost."""

    state: AccountState | None = None
    stopped: Stopped | None = None
    notes: tuple[Note, ...] = ()


async def restore_account(store: StateStore, account: str, now: datetime) -> Remembered:
    """
    Return what is remembered of an account.

    What cannot be read any more is begun anew; the latches that stand are never forgotten.
    """
    whole = await store.restore(account)
    stored = _without(whole, STOPPED)
    if stored is None:
        return Remembered(stopped=stopped_in(whole))
    try:
        return Remembered(restored_account(stored), stopped_in(whole))
    except ValueError as error:
        kept = AccountState(latches=stored.latches) if stored.latches else None
        return Remembered(kept, stopped_in(whole), (_lost(account, stored, error, now),))


async def restore_groups(store: StateStore, now: datetime) -> tuple[GroupState | None, tuple[Note, ...]]:
    """Return the same for the rules about groups."""
    stored = _without(await store.restore(ENGINE), ALERTS)
    if stored is None:
        return None, ()
    try:
        return restored_groups(stored), ()
    except ValueError as error:
        return None if not stored.latches else GroupState(latches=stored.latches), (_lost(ENGINE, stored, error, now),)


async def unfinished(
    journal: Journal, account: str, now: datetime, told_back: bool = False
) -> tuple[DecisionRecord, ...]:
    """
    Return the decisions of the last day with steps nothing is written of, each with these steps only.

    told_back: whether it is written what becomes of messages; then one that was only queued was lost on its way.
    """
    found = []
    for record in await journal.decisions(account, now - _LOOK_BACK):
        outcomes = await journal.outcomes(record.key)
        done = {one.step for one in outcomes if not (told_back and one.result == QUEUED)}
        left = tuple(step for step in record.actions if step[1] not in done)
        if left:
            found.append(replace(record, actions=left))
    return tuple(found)


def _without(stored: StoredState | None, part: str) -> StoredState | None:
    """Return the evaluation's own state, without what else is kept beside it; None when nothing of it was written."""
    parts = {} if stored is None else {name: text for name, text in stored.parts.items() if name != part}
    return StoredState(parts, stored.heard, stored.latches) if stored is not None and parts else None


def _lost(account: str, stored: StoredState, error: ValueError, now: datetime) -> Note:
    details = {"why": str(error), "latches": str(len(stored.latches))}
    return Note("state begun anew", now, account, details)
