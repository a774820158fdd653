"""Facts about the clock, the exchange's session, the connection and what stops the account locally."""

from datetime import datetime, timedelta
from decimal import Decimal

from engine.domain.enums import TradingState, Weekday
from engine.domain.kinds import BOOL, DATE, DURATION, INSTANT, TIME, choice, count_of
from engine.domain.numbers import CONTEXT, ZERO, rounded, seconds_of
from engine.domain.session import Session
from engine.domain.values import Value, unknown
from engine.facts.base import FactSpec, Part, Sign, View

_CLOCK = frozenset({Part.CLOCK})
_LINK = frozenset({Part.LINK})
_MINUTE = Decimal(60)
_WEEKDAYS = tuple(Weekday)
_STRICTNESS = tuple(TradingState)


def time_of_day(view: View) -> Value:
    """Return seconds since midnight in the account's exchange zone."""
    clock = view.now.astimezone(view.account.zone).time()
    return seconds_of(
        timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    )


def minutes_since_open(view: View) -> Value:
    """Return minutes since the session opened, negative before it."""
    opens_at = view.session.opens_at
    return no_hours(view.session) if opens_at is None else minutes_between(opens_at, view.now)


def minutes_to_close(view: View) -> Value:
    """Return minutes until the session closes, negative after it."""
    closes_at = view.session.closes_at
    return no_hours(view.session) if closes_at is None else minutes_between(view.now, closes_at)


def snapshot_age(view: View) -> Value:
    """Return seconds since the newest reading was complete."""
    return max(ZERO, seconds_of(view.now - view.snapshot.taken_at))


def weekday(view: View) -> Value:
    """Return the trading date's day of the week as the word an author writes."""
    return _WEEKDAYS[view.session.trading_date.weekday()].value


def locked_at(view: View) -> Value:
    """Return when the account was locked; Unknown when it is not."""
    at = view.snapshot.link.locked_at
    return unknown("the account is not locked") if at is None else at


def trading_state(view: View) -> Value:
    """Return what is still allowed: the strictest of what the link says and the live enforced blocks."""
    blocked = any(block.is_enforced and block.underlying is None for block in view.blocks)
    states = (view.snapshot.link.trading_state, TradingState.REDUCING if blocked else TradingState.ACTIVE)
    return max(states, key=_STRICTNESS.index).value


def blocked_underlyings(view: View) -> Value:
    """Return the number of underlyings with a live enforced block of their own."""
    return Decimal(len({block.underlying for block in view.blocks if block.is_enforced} - {None}))


def minutes_between(start: datetime, end: datetime) -> Decimal:
    """Return minutes with fractions, negative when the end comes first."""
    minutes = rounded(CONTEXT.divide(seconds_of(end - start), _MINUTE), 4)
    return CONTEXT.add(minutes.normalize(CONTEXT), ZERO)


def no_hours(session: Session) -> Value:
    """Return why nothing can be measured against a session without hours."""
    return unknown(f"no session hours for {session.trading_date}: {session.note or 'not known'}")


SESSION_FACTS = (
    FactSpec(
        name="time",
        type=TIME,
        doc="The time of day in the account's exchange zone.",
        example="time >= 15:12",
        compute=time_of_day,
        needs=_CLOCK,
        low=ZERO,
        high=Decimal(86400),
    ),
    FactSpec(
        name="minutes_since_open",
        type=count_of("minutes"),
        doc="Minutes since the session opened, with fractions; negative before it, unknown on a day without hours.",
        example="minutes_since_open < 15",
        compute=minutes_since_open,
        needs=_CLOCK,
    ),
    FactSpec(
        name="minutes_to_close",
        type=count_of("minutes"),
        doc="Minutes until the session closes, with fractions; negative after it, unknown on a day without hours.",
        example="minutes_to_close <= 18",
        compute=minutes_to_close,
        needs=_CLOCK,
    ),
    FactSpec(
        name="trading_date",
        type=DATE,
        doc="The exchange's date of this evaluation.",
        example="any(p.expiry == trading_date for p in positions)",
        compute=lambda view: view.session.trading_date,
        needs=_CLOCK,
    ),
    FactSpec(
        name="weekday",
        type=choice(Weekday),
        doc="The trading date's day of the week.",
        example="weekday in [TUE, THU]",
        compute=weekday,
        needs=_CLOCK,
    ),
    FactSpec(
        name="snapshot_age",
        type=DURATION,
        doc="How long ago the newest reading of the account was complete.",
        example="snapshot_age > 10s",
        compute=snapshot_age,
        needs=_CLOCK,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="broker_connected",
        type=BOOL,
        doc="Whether the broker answers.",
        example="not broker_connected",
        compute=lambda view: view.snapshot.link.connected,
        needs=_LINK,
    ),
    FactSpec(
        name="stop_file",
        type=BOOL,
        doc="Whether the STOP file is in place, by which a person halts the account without a console.",
        example="stop_file",
        compute=lambda view: view.snapshot.link.stop_file,
        needs=_LINK,
    ),
    FactSpec(
        name="trading_state",
        type=choice(TradingState),
        doc="What is still allowed on the account: ACTIVE all, REDUCING exits only, HALTED nothing. An enforced block "
        "of entries on every underlying makes it REDUCING from the next reading on.",
        example="trading_state == HALTED",
        compute=trading_state,
        needs=_LINK,
    ),
    FactSpec(
        name="blocked_underlyings",
        type=count_of("underlyings"),
        doc="Underlyings with an enforced block of entries of their own; a block of every underlying is not counted.",
        example="blocked_underlyings >= 2",
        compute=blocked_underlyings,
        needs=_LINK,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="locked_at",
        type=INSTANT,
        doc="When the account was locked; unknown while it is not.",
        example="since(locked_at) < 30m",
        compute=locked_at,
        needs=_LINK,
    ),
)
