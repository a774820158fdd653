"""What a person is told: one short text with what it is about; how it reaches somebody stands elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.enums import Severity


@dataclass(frozen=True, slots=True)
class Message:
    """
    One thing to tell.

    title: a sentence. lines: what else, a sentence each. channels: names a policy gives; none is the desk's usual ones.
    account, policy: what it is about, empty for none. decision: its key, empty for none. needs_ack: it is repeated
    until a person says that it was seen.
    """

    severity: Severity
    title: str
    at: datetime
    lines: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    account: str = ""
    policy: str = ""
    decision: str = ""
    needs_ack: bool = False
