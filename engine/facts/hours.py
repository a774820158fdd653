"""When a single contract's session ends, and when the broker closes intraday positions by itself."""

from datetime import date, datetime, time

from engine.domain.enums import InstrumentKind
from engine.domain.kinds import count_of
from engine.domain.rulebook import SquareOff
from engine.domain.session import Session
from engine.domain.snapshot import Leg
from engine.domain.spots import is_index_underlying
from engine.domain.values import Unknown, Value, least, unknown
from engine.facts.base import FactSpec, Part, View
from engine.facts.parts import name_of, positions_of
from engine.facts.session import minutes_between, no_hours

_POSITIONS = frozenset({Part.POSITIONS})
# From that day the expiring index contracts of NSE and BSE stop before the others do.
_EARLY_SINCE, _EARLY_CLOSE = date(2026, 12, 7), time(15, 30)


def leg_minutes_to_close(view: View, leg: Leg) -> Value:
    """Return minutes until the session of the leg's own exchange closes, negative after it."""
    session = _session(view, leg)
    if isinstance(session, Unknown):
        return session
    closes_at = _closes_at(leg, session)
    return no_hours(session) if closes_at is None else minutes_between(view.now, closes_at)


def leg_minutes_to_square_off(view: View, leg: Leg) -> Value:
    """Return minutes until the broker closes an intraday position, negative after that; Unknown for any other."""
    rules = view.account.rulebook.square_offs
    if not leg.is_open:
        return unknown(f"nothing of {name_of(leg.instrument)} is open")
    if rules is None:
        return unknown(f"when {_broker(view)} squares off intraday positions is not known")
    rule = _rule(view, leg, rules)
    if rule is None:
        return unknown(f"{name_of(leg.instrument)} ({leg.product}) is no intraday position")
    if isinstance(rule, Unknown):
        return rule
    session = _session(view, leg)
    if isinstance(session, Unknown):
        return session
    at = rule.instant(session)
    if at is None:
        cause = f"when {_broker(view)} squares off intraday positions on {session.trading_date} is not known"
        return unknown(cause)
    return minutes_between(view.now, at)


def minutes_to_broker_square_off(view: View) -> Value:
    """Return minutes until the broker closes the first of the open intraday positions; Unknown while there is none."""
    positions = positions_of(view)
    if isinstance(positions, Unknown):
        return Unknown(positions.causes)
    rules = view.account.rulebook.square_offs
    intraday = [leg for leg in positions if rules is None or _rule(view, leg, rules) is not None]
    if not intraday:
        return unknown("no intraday position is open")
    return least([leg_minutes_to_square_off(view, leg) for leg in intraday])


def _rule(view: View, leg: Leg, rules: tuple[SquareOff, ...]) -> SquareOff | Unknown | None:
    named = [rule for rule in rules if leg.product.upper() in rule.products]
    if not named:
        return None
    place = view.account.rulebook.segment_of(leg.instrument)
    found = next((rule for rule in named if place is not None and place[1] in rule.segments), None)
    return found or unknown(f"when {_broker(view)} squares off {name_of(leg.instrument)} is not known")


def _session(view: View, leg: Leg) -> Session | Unknown:
    exchange = leg.instrument.exchange
    calendar = view.account.rulebook.calendar_of(exchange)
    if calendar is None:
        return unknown(f"the hours of {exchange} are not known")
    if calendar is view.account.calendar:
        return view.session
    session: Session = view.once(f"session of {calendar.exchange}", lambda seen: calendar.session_at(seen.now))
    return session


def _closes_at(leg: Leg, session: Session) -> datetime | None:
    closes_at, one = session.closes_at, leg.instrument
    if closes_at is None or session.trading_date < _EARLY_SINCE or one.kind is InstrumentKind.EQUITY:
        return closes_at
    if one.expiry is None or one.expiry.on != session.trading_date or not is_index_underlying(one.underlying):
        return closes_at
    return min(closes_at, datetime.combine(session.trading_date, _EARLY_CLOSE, tzinfo=closes_at.tzinfo))


def _broker(view: View) -> str:
    name = view.account.profile.broker
    return "the broker" if name == "none" else name


HOUR_FACTS = (
    FactSpec(
        name="minutes_to_broker_square_off",
        type=count_of("minutes"),
        doc="Minutes until the broker closes the first of the open intraday positions by itself, by its own published "
        "times, with fractions; negative after it. Unknown while no intraday position is open, and for a broker or a "
        "session whose times are not known.",
        example="minutes_to_broker_square_off < 10",
        compute=minutes_to_broker_square_off,
        needs=_POSITIONS | {Part.CLOCK},
    ),
)
