"""What a broker allows and charges, and when it acts by itself, as checked data; facts that follow are in `facts`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

from engine.domain.capabilities import Capabilities
from engine.domain.enums import InstrumentKind, Side
from engine.domain.instrument import Instrument
from engine.domain.session import Calendar, Session


class Segment(Enum):
    """What is charged and squared off alike; commodities are one, whatever the contract."""

    EQUITY = "equity"
    FUTURES = "futures"
    OPTIONS = "options"
    COMMODITY = "commodity"


@dataclass(frozen=True, slots=True)
class OrderLimits:
    """
    How many orders, or calls of any kind, a broker takes; None where it names no such limit.

    per_second: of placing, changing and cancelling together. verified: whether the broker itself says so.
    """

    per_second: Decimal
    per_minute: Decimal | None = None
    per_day: Decimal | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class SquareOff:
    """
    When a broker closes intraday products by itself: at a time of day, or so long before the session closes.

    products: its own labels. verified: whether that is read of today's hours.
    """

    products: frozenset[str]
    segments: frozenset[Segment]
    at: time | None
    before_close: timedelta | None
    verified: bool = False

    def instant(self, session: Session) -> datetime | None:
        """Return when that is in a session; None when the session has no hours or does not reach that time."""
        opens_at, closes_at = session.opens_at, session.closes_at
        if opens_at is None or closes_at is None:
            return None
        if self.before_close is not None:
            return closes_at - self.before_close
        if self.at is None:
            return None
        when = datetime.combine(session.trading_date, self.at, tzinfo=closes_at.tzinfo)
        return when if opens_at < when < closes_at else None


@dataclass(frozen=True, slots=True)
class Brokerage:
    """
    What a broker takes for an executed order of a segment.

    least, most: money of one order; they differ where it depends on the plan. percent: of the order's turnover, when
    that is less than `most`.
    """

    segment: Segment
    least: Decimal
    most: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """
    What exchange and state take of a turnover in a segment of an exchange, in percent of it.

    stt: transaction tax, by side. stamp: on purchases. transaction: the exchange's charge. sebi: the regulator's fee.
    """

    exchange: str
    segment: Segment
    stt: Mapping[Side, Decimal]
    stamp: Decimal
    transaction: Decimal
    sebi: Decimal


@dataclass(frozen=True, slots=True)
class ChargesPeriod:
    """All statutory rates from a day until the next period. gst: percent on brokerage, transaction charge and fee."""

    since: date
    gst: Decimal
    rates: Mapping[tuple[str, Segment], Rates]
    verified: bool = False


NOTHING_DECLARED = Capabilities("none")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """
    What is known of an account's broker and of the exchanges; all of it may be missing.

    limits: of orders; None for a broker nobody looked up, and then square_offs is None too. calls: of everything asked,
    orders among it. brokerage: by the day from which it holds, in order of time. charges: periods in order of time.
    calendars: of every exchange, by each of its names.
    """

    broker: str = "none"
    currency: str = "INR"
    limits: OrderLimits | None = None
    calls: OrderLimits | None = None
    capabilities: Capabilities = NOTHING_DECLARED
    square_offs: tuple[SquareOff, ...] | None = None
    brokerage: tuple[tuple[date, Mapping[Segment, Brokerage]], ...] = ()
    charges: tuple[ChargesPeriod, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=lambda: MappingProxyType({}))

    def calendar_of(self, exchange: str) -> Calendar | None:
        """Return the calendar of an exchange by whatever name a broker gives it."""
        return self.calendars.get(exchange.upper())

    def segment_of(self, contract: Instrument) -> tuple[str, Segment] | None:
        """Return a contract's exchange, by its code, and segment; None for what is not known to belong to one."""
        calendar = self.calendar_of(contract.exchange)
        if calendar is None:
            return None
        if calendar.exchange == "MCX":
            return calendar.exchange, Segment.COMMODITY
        segment = _SEGMENTS.get(contract.kind)
        return None if segment is None else (calendar.exchange, segment)

    def charges_on(self, day: date) -> ChargesPeriod | None:
        """Return the statutory rates that hold on a day; None before the first."""
        begun = [period for period in self.charges if period.since <= day]
        return begun[-1] if begun else None

    def brokerage_on(self, day: date) -> Mapping[Segment, Brokerage] | None:
        """Return the brokerage that holds on a day; None before the first."""
        begun = [held for since, held in self.brokerage if since <= day]
        return begun[-1] if begun else None


_SEGMENTS = MappingProxyType(
    {
        InstrumentKind.EQUITY: Segment.EQUITY,
        InstrumentKind.FUTURE: Segment.FUTURES,
        InstrumentKind.OPTION: Segment.OPTIONS,
    }
)
NOTHING_KNOWN = Rulebook()
