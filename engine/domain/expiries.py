"""On which days contracts of an underlying expire, by the exchanges' checked rules; the contracts know better."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

# Holidays in a row never move an expiry further back than these days.
_LOOK_AHEAD = 7
_WEEK = timedelta(days=7)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class ExpiryRule:
    """
    Since when contracts of an underlying expire on a weekday, every week or in the last week of a month.

    weekday: Monday is 0. closed: by checked year the weekdays that are no ordinary trading day; an expiry that falls on
    one moves to the trading day before.
    """

    since: date
    weekday: int
    weekly: bool
    closed: Mapping[int, frozenset[date]] = field(repr=False)

    def expires_on(self, day: date) -> bool | None:
        """Return whether a contract expires on a day; None where the calendar does not hold the days it takes."""
        answer: bool | None = False
        after: list[bool | None] = []
        for one in (day + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD + 1)):
            if one != day:
                after.append(self._is_open(one))
            if True in after:
                break
            if one >= self.since and self._is_named(one):
                answer = self._is_open(day) if None not in after or self._is_open(day) is False else None
        return answer

    def _is_named(self, day: date) -> bool:
        """Return whether the rule names a day, holidays aside."""
        return day.weekday() == self.weekday and (self.weekly or (day + _WEEK).month != day.month)

    def _is_open(self, day: date) -> bool | None:
        closed = self.closed.get(day.year)
        if day.weekday() > _FRIDAY:
            return False
        return None if closed is None else day not in closed


@dataclass(frozen=True, slots=True)
class Expiries:
    """
    The rules of all exchanges.

    by_underlying: index contracts, newest rule first. others: every other contract, by the exchange's code and aliases.
    """

    by_underlying: Mapping[str, tuple[ExpiryRule, ...]] = field(default_factory=lambda: MappingProxyType({}))
    others: Mapping[str, tuple[ExpiryRule, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def expires_on(self, underlying: str, day: date, exchange: str = "") -> bool | None:
        """
        Return whether contracts of an underlying expire on a day; None where no rule and no calendar tells.

        exchange: where a contract of it is traded, for what has no rule of its own.
        """
        rule = self._rule(underlying, day, exchange)
        return None if rule is None else rule.expires_on(day)

    def last_of_month_on(self, underlying: str, day: date, exchange: str = "") -> bool | None:
        """Return whether the monthly contract of an underlying expires on a day; None as for `expires_on`."""
        rule = self._rule(underlying, day, exchange)
        return None if rule is None else replace(rule, weekly=False).expires_on(day)

    def last_of_month(self, underlying: str, year: int, month: int, exchange: str = "") -> date | None:
        """Return the day the monthly contract of an underlying expires; None as for `expires_on`."""
        for day in range(monthrange(year, month)[1], 0, -1):
            answer = self.last_of_month_on(underlying, date(year, month, day), exchange)
            if answer is not False:
                return date(year, month, day) if answer else None
        return None

    def _rule(self, underlying: str, day: date, exchange: str) -> ExpiryRule | None:
        rules = self.by_underlying.get(underlying) or self.others.get(exchange.upper(), ())
        return next((one for one in rules if one.since <= day), None)
