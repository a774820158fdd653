"""What an evaluation tells beside its decisions, as notes of the journal: what is unknown, what ended, what is lost."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from engine.core.result import Result
from engine.core.rule_state import Step
from engine.domain.journal import Note

ALERT: Final = "unknown"
CLEARED: Final = "cleared"
_WORDS: Final = {
    Step.ALERT: ALERT,
    Step.BLOCK_ENTRIES: "blocked while unknown",
    Step.CLEARED: CLEARED,
    Step.STATE_DROPPED: "pending dropped",
}


def notes_of(results: Iterable[Result], at: datetime) -> tuple[Note, ...]:
    """Return a note for each step of a rule that is no decision, about its policy."""
    return tuple(
        Note(_WORDS[step], at, one.policy.name, _details(one))
        for one in results
        for step in one.steps
        if step in _WORDS
    )


def _details(result: Result) -> dict[str, str]:
    told = {"mode": result.mode.value}
    if result.row is not None:
        told["row"] = result.row
    if result.note:
        told["note"] = result.note
    return told
