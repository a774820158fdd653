"""The day so far of one account as a value: what earlier readings showed and this one alone cannot; a pure fold."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.domain.numbers import ZERO


@dataclass(frozen=True, slots=True)
class StopHit:
    """
    Evidence that a stop-loss on a sold option filled.

    share: filled part of the stop order in percent. reduced: units by which the short shrank.
    evidence: which source proved it was a stop, in words.
    """

    order_id: str
    symbol: str
    filled_at: datetime
    quantity: Decimal
    price: Decimal
    share: Decimal
    evidence: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of the day's mark-to-market: its certain lower bound, None when nothing is certain."""

    taken_at: datetime
    mtm_low: Decimal | None


@dataclass(frozen=True, slots=True)
class PositionTrack:
    """The life of one position key: last net seen, its number n, since when the present position stands."""

    key: tuple[str, str, str]
    net_quantity: Decimal
    number: int
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayMemory:
    """
    What a trading day's readings have shown so far.

    mtm_peak: highest level held over two readings at least 3 s apart, from 0 at the open.
    samples: the readings of the last seconds the peak still needs.
    capital: the first capital read today, fixed for the day.
    stops_seen: ids of orders that an earlier reading showed with a stop type.
    stop_hits: stop-losses seen filled today; they stay for the day.
    tracks: one per leg key seen today.
    primaries: underlyings in which a sold option stood at some time today.
    """

    trading_date: date | None = None
    mtm_peak: Decimal = ZERO
    samples: tuple[Sample, ...] = ()
    capital: Decimal | None = None
    stops_seen: frozenset[str] = frozenset()
    stop_hits: tuple[StopHit, ...] = ()
    tracks: tuple[PositionTrack, ...] = ()
    primaries: frozenset[str] = frozenset()
