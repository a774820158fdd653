"""A block of new risk on one account: whose it is, since when, until what, and how wide."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from engine.domain.enums import Mode


class Until(Enum):
    """
    What ends a block.

    KNOWN: that something unknown is known again, a condition or the session. LIFTED: that what keeps it from outside
    the rules is gone, such as a STOP file.
    """

    CLEARED = "cleared"
    REARMED = "rearmed"
    KNOWN = "known"
    TIME = "time"
    LIFTED = "lifted"


class ForeignOrders(Enum):
    """What happens to entries that reach the broker another way, mildest first."""

    REPORT = "report"
    CANCEL = "cancel"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Block:
    """
    One live block; it ends by itself and with no other.

    policy, row, episode: the owner; policy None is the exchange's session, or of a LIFTED one what `row` says. mode:
    only an enforced block counts, any other is shown. ends_at: of a block until a TIME, not included. underlying: the
    only one that is blocked; None is every one.
    """

    policy: str | None
    account: str
    row: str | None
    episode: int
    mode: Mode
    since: datetime
    until: Until
    ends_at: datetime | None = None
    underlying: str | None = None
    foreign_orders: ForeignOrders = ForeignOrders.REPORT

    @property
    def is_enforced(self) -> bool:
        """Whether it refuses anything."""
        return self.mode is Mode.ENFORCE
