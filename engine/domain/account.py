"""Who is watched: an account's identity, money, clock, labels, values and what its broker lets us read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.domain.enums import MarkBasis, Mode
from engine.domain.overrides import Override, settings_of
from engine.domain.rulebook import NOTHING_KNOWN, Rulebook
from engine.domain.session import Calendar, Hours

# What an account's money is in unless the desk says otherwise.
CURRENCY: Final = "INR"


@dataclass(frozen=True, slots=True)
class Profile:
    """
    How an account is read.

    poll: time between two readings. mark_basis: fixed for the day;
    is_basis_stated: False when nobody chose it, so that the first readings may.
    *_max_age: beyond it the part is stale; for positions, orders and fills that is 3 × poll.
    """

    broker: str = "none"
    poll: timedelta = timedelta(seconds=2)
    mark_basis: MarkBasis = MarkBasis.LAST
    is_basis_stated: bool = True
    quotes_max_age: timedelta = timedelta(seconds=10)
    funds_max_age: timedelta = timedelta(seconds=60)

    @property
    def books_max_age(self) -> timedelta:
        """Age beyond which positions, orders and fills are stale."""
        return 3 * self.poll


def _no_calendar() -> Calendar:
    return Calendar("exchange", ZoneInfo("Asia/Kolkata"), Hours(None, None), MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Account:
    """
    One broker account.

    calendar: whose sessions it follows; one that holds no year makes every session unknown, which is armed.
    values: desk values that differ here, as compiled expressions. modes, lets: modes and values of policies that do, by
    policy. overrides: where these come from, those that end on some day among them.
    linked: accounts a `sync` reaches. rulebook: what its broker allows and charges.
    """

    id: str
    currency: str = CURRENCY
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Kolkata"))
    exchange: str = "NSE"
    calendar: Calendar = field(default_factory=_no_calendar)
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    modes: Mapping[str, Mode] = field(default_factory=lambda: MappingProxyType({}))
    lets: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    overrides: tuple[Override, ...] = ()
    linked: tuple[str, ...] = ()
    profile: Profile = field(default_factory=Profile)
    rulebook: Rulebook = NOTHING_KNOWN
    memo: dict[int, "Account"] = field(default_factory=dict, init=False, compare=False, repr=False)

    def on(self, day: date) -> "Account":
        """Return the account without what it does no longer differently on a trading date; the same for the same."""
        holding = tuple(one for one in self.overrides if one.holds_on(day))
        if len(holding) == len(self.overrides):
            return self
        # What has ended by a day is told by how many ended first: overrides end in the order of their days.
        found = self.memo.get(len(holding))
        if found is None:
            own = settings_of(holding)
            found = replace(self, values=own.values, modes=own.modes, lets=own.lets, overrides=holding)
            self.memo[len(holding)] = found
        return found

    def at(self, now: datetime) -> "Account":
        """Return the account as it is at an instant: without what it does no longer differently that day."""
        return self.on(now.astimezone(self.calendar.zone).date()) if self.overrides else self
