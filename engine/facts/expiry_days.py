"""When a contract expires: as its symbol or the contract file tells, else by the exchange's rule for its month."""

from engine.domain.instrument import Expiry, Instrument
from engine.facts.base import View

_Month = tuple[str, str | None, int, int]


def expiry_of(view: View, instrument: Instrument) -> Expiry | None:
    """
    Return when a contract ends; None when nothing tells.

    One whose symbol names only the month has the day the exchange's rule gives, and where no rule is held, no day.
    """
    told = instrument.expiry
    if told is None or told.on is not None:
        return told
    days: dict[_Month, Expiry] = view.held("days of months", lambda _: {})
    month = instrument.exchange, instrument.underlying, told.year, told.month
    if month not in days:
        rules = view.account.calendar.expiries
        on = rules.last_of_month(instrument.underlying or "", told.year, told.month, instrument.exchange)
        days[month] = told if on is None else Expiry(on.year, on.month, on.day)
    return days[month]
