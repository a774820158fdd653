"""Accounts that a person has stopped: who, why, since when; kept beside the account's state, over every restart."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from engine.domain.journal import StateChange, StoredState
from engine.domain.serial import form_of, plain_of, text_of

# The name of the part; that of no part of an evaluation's state.
PART: Final = "stopped"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why an account is not watched though it could be."""

    who: str
    why: str
    at: datetime


_FORM: Final = form_of(Stopped | None)


def as_change(stopped: Stopped | None) -> StateChange:
    """Return what to write of an account that is stopped, or watched again."""
    return StateChange(MappingProxyType({PART: text_of(_FORM.encode(stopped))}))


def stopped_in(stored: StoredState | None) -> Stopped | None:
    """Return who stopped an account, None when it is watched. Raises: ValueError for what nobody wrote."""
    if stored is None or PART not in stored.parts:
        return None
    found: Stopped | None = _FORM.decode(plain_of(stored.parts[PART]))
    return found
