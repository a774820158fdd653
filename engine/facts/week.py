"""The trading week so far: what the days before brought, as remembered, and today."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.domain.account import Account
from engine.domain.enums import Weekday
from engine.domain.kinds import MONEY
from engine.domain.numbers import ZERO
from engine.domain.session import Session
from engine.domain.values import Unknown, Value, add, total, unknown
from engine.facts.base import FactSpec, Part, Sign, View
from engine.facts.memory import DayMemory, DayResult
from engine.facts.pnl import account_mtm, loss_of

# A day counts with its last known result, if that was read this near to the close: a book that was flat before may
# have been traded again while nobody looked.
_NEAR_CLOSE = timedelta(minutes=15)
_PRICED = frozenset({Part.POSITIONS, Part.PRICES})
_WEEKDAYS = tuple(Weekday)


def result_of(view: View) -> DayResult | None:
    """Return the day's result as this reading has it; the one before while it is not known, None before the open."""
    before, opens_at, at = view.memory.result, view.session.opens_at, view.snapshot.taken_at
    if view.session.known and (opens_at is None or at < opens_at):
        return before
    mtm = account_mtm(view)
    if not isinstance(mtm, Decimal):
        return before
    closes_at = view.session.closes_at
    is_final = closes_at is not None and at >= closes_at - _NEAR_CLOSE
    return DayResult(view.session.trading_date, mtm, at, is_final)


def results_until(memory: DayMemory, session: Session) -> tuple[DayResult, ...]:
    """Return the remembered results of the days before a session that lie in its week, oldest first."""
    known = (*memory.week, *(() if memory.result is None else (memory.result,)))
    week = session.trading_date.isocalendar()[:2]
    return tuple(one for one in known if one.on.isocalendar()[:2] == week and one.on < session.trading_date)


def week_mtm(view: View) -> Value:
    """
    Return the sum of the week's days: those before as last read, today as it stands.

    Shape: money, charges excluded, the week from Monday. Unknown when a trading day of it has no result, or one that
    was read long before its close.
    """
    today = view.session
    own = ZERO if today.known and today.opens_at is None else account_mtm(view)
    return add(total(_earlier(view)), own)


def week_loss(view: View) -> Value:
    """Return the week's loss as a positive amount, zero in profit."""
    return loss_of(week_mtm(view))


def _earlier(view: View) -> Iterable[Value]:
    results = {one.on: one for one in view.memory.week}
    today = view.session.trading_date
    for back in range(today.weekday(), 0, -1):
        day = today - timedelta(days=back)
        result = results.get(day)
        if result is not None and result.is_final:
            yield result.mtm
        elif result is not None:
            clock = result.read_at.astimezone(view.account.zone)
            yield unknown(f"the result of {_name(day)} was last read at {clock:%H:%M}, before its close")
        else:
            missing = _missing(view.account, day)
            if missing is not None:
                yield missing


def _missing(account: Account, day: date) -> Unknown | None:
    session = account.calendar.session_at(datetime.combine(day, time(12), tzinfo=account.calendar.zone))
    if session.known and session.opens_at is None:
        return None
    if not session.known and day.weekday() >= 5:
        return None
    return unknown(f"no result of {_name(day)} is remembered")


def _name(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()].value} {day}"


def begun(memory: DayMemory, session: Session) -> DayMemory:
    """Return the memory of a new trading date: nothing but what the days of its week before it brought."""
    return replace(DayMemory(trading_date=session.trading_date), week=results_until(memory, session))


WEEK_FACTS = (
    FactSpec(
        name="week_mtm",
        type=MONEY,
        doc="The profit (+) or loss (−) of the trading week so far: the mtm of its days before, as last read, and of "
        "today. Unknown when a trading day of the week has no result, or none near its close.",
        example="week_mtm <= -50k",
        compute=week_mtm,
        needs=_PRICED,
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FactSpec(
        name="week_loss",
        type=MONEY,
        doc="The loss of the trading week so far as a positive amount, zero in profit; charges excluded.",
        example="week_loss >= 50k",
        compute=week_loss,
        needs=_PRICED,
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
)
