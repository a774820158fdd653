"""How an engine and the accounts it watches are doing, as values; what is made of them stands elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.message import ChannelHealth


@dataclass(frozen=True, slots=True)
class RuleHealth:
    """
    One policy, or one row of it, that is not clear. verdict: its word.

    since: when it came to be so, as far as was watched. why: of what is unknown, the causes. good_at: when it was
    last judged and known; None for never.
    """

    policy: str
    row: str
    verdict: str
    since: datetime
    why: str = ""
    good_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """
    One account.

    session: a word of `engine.ports.SessionState`. judged_at: when its rules were last judged. read_at: when all its
    books were last read. unread_since, unread: while a book is not known, since when and why. fault_since, fault: while
    an error of our own keeps it from being judged. missed: slots gone by without a look, since the engine began.
    rests: why it is not looked at now, empty while it is. clock_ahead_ms: our clock before its broker's, in
    milliseconds, None when that is not told. rules: of policies that are not clear.
    """

    account: str
    broker: str = ""
    session: str = ""
    judged_at: datetime | None = None
    read_at: datetime | None = None
    unread_since: datetime | None = None
    unread: str = ""
    fault_since: datetime | None = None
    fault: str = ""
    missed: int = 0
    rests: str = ""
    stop_file: bool = False
    blocked: bool = False
    clock_ahead_ms: int | None = None
    rules: tuple[RuleHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """
    A whole engine.

    began_at: its start. policy_set: digest of the set in force. journal_down_since, journal_down: while the journal
    takes no writes, since when and why. reload: how the files on disk differ from what is in force, empty when not.
    """

    at: datetime
    began_at: datetime
    policy_set: str = ""
    policies: int = 0
    accounts: tuple[AccountHealth, ...] = ()
    channels: tuple[ChannelHealth, ...] = ()
    journal_down_since: datetime | None = None
    journal_down: str = ""
    reload: str = ""
