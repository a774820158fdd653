"""Who is watched: an account's identity, money, clock, labels, values and what its broker lets us read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.domain.enums import MarkBasis, Mode
from engine.domain.values import Value


@dataclass(frozen=True, slots=True)
class Profile:
    """
    How an account is read.

    poll: time between two readings. mark_basis: fixed for the day. *_max_age: beyond it the part is stale; for positions,
    orders and fills that is 3 × poll.
    """

    broker: str = "none"
    poll: timedelta = timedelta(seconds=2)
    mark_basis: MarkBasis = MarkBasis.LAST
    quotes_max_age: timedelta = timedelta(seconds=10)
    funds_max_age: timedelta = timedelta(seconds=60)

    @property
    def books_max_age(self) -> timedelta:
        """Age beyond which positions, orders and fills are stale."""
        return 3 * self.poll


@dataclass(frozen=True, slots=True)
class Account:
    """
    One broker account.

    exchange: whose calendar its sessions follow. values: desk values resolved for this account. modes: overrides by
    policy name. linked: accounts a `sync` reaches.
    """

    id: str
    currency: str = "INR"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Kolkata"))
    exchange: str = "NSE"
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    modes: Mapping[str, Mode] = field(default_factory=lambda: MappingProxyType({}))
    linked: tuple[str, ...] = ()
    profile: Profile = field(default_factory=Profile)
