"""What a person is told, and what became of it; how it reaches somebody stands elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.enums import Severity


@dataclass(frozen=True, slots=True)
class Message:
    """
    One thing to tell.

    title: a sentence. lines: what else, a sentence each. channels: names a policy gives; none is the desk's usual ones.
    account, policy, row: what it is about, empty for none. decision: its key, empty for none. step: pointer of the
    decision's step that asked for it. needs_ack: it is repeated until a person says that it was seen. alert: the key
    of the alert it belongs to, empty for none.
    """

    severity: Severity
    title: str
    at: datetime
    lines: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    account: str = ""
    policy: str = ""
    row: str = ""
    decision: str = ""
    step: str = ""
    needs_ack: bool = False
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """What a channel carries: a title of one line and a body of none or several, with no markup in either."""

    title: str
    body: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message on one channel. failure: why it was given up; empty when it was taken."""

    message: Message
    channel: str
    at: datetime
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """
    How a channel stands.

    waiting: messages not sent yet. told, lost: messages taken, and given up for good. failures: calls refused since it
    last took one, the first at `failing_since`, the last for `last_failure`.
    """

    name: str
    waiting: int = 0
    told: int = 0
    lost: int = 0
    failures: int = 0
    told_at: datetime | None = None
    failing_since: datetime | None = None
    last_failure: str = ""
