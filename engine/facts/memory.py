"""The day so far of one account as a value; how it grows from reading to reading lives in `engine.facts.observe`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.domain.numbers import ZERO


@dataclass(frozen=True, slots=True)
class StopHit:
    """
    Evidence that a stop-loss on a sold option filled, wholly or in part.

    quantity: units filled. price: their average price, None where the broker did not say.
    share: part of the order that filled, in percent of the order, whatever the size of the short it stood for.
    reduced: units by which that short shrank, never zero.
    evidence: which source proved it was a stop, in words.
    """

    order_id: str
    symbol: str
    filled_at: datetime
    quantity: Decimal
    price: Decimal | None
    share: Decimal
    reduced: Decimal
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
class Hedged:
    """How many units of a sold option bought ones have certainly covered today, while position n of its key stood."""

    key: tuple[str, str, str]
    number: int
    units: Decimal


@dataclass(frozen=True, slots=True)
class DayResult:
    """
    What a day had brought when its mark-to-market was last known.

    is_final: whether its session was at its end then.
    """

    on: date
    mtm: Decimal
    read_at: datetime
    is_final: bool


@dataclass(frozen=True, slots=True)
class DayMemory:
    """
    What a trading day's readings have shown so far.

    observed_at: `taken_at` of the newest reading folded in; an older one, or the same again, changes nothing.
    mtm_peak: highest level held over two readings at least 3 s apart, from 0 at the open.
    samples: the readings of the last seconds the peak still needs.
    capital: the first capital read today, fixed for the day.
    stops_seen: ids of orders that any reading of today showed as a stop.
    stop_hits: stop-losses seen filled today, part fills too; they stay for the day, and their share only grows.
    tracks: one per leg key seen today.
    primaries: underlyings in which a sold option stood at some time today.
    hedged: the sold options that were covered at some time today, in key order.
    result: what today has brought so far, None while nothing was known within its session. week: what the days of
    this week before it brought, oldest first.
    """

    trading_date: date | None = None
    observed_at: datetime | None = None
    mtm_peak: Decimal = ZERO
    samples: tuple[Sample, ...] = ()
    capital: Decimal | None = None
    stops_seen: frozenset[str] = frozenset()
    stop_hits: tuple[StopHit, ...] = ()
    tracks: tuple[PositionTrack, ...] = ()
    primaries: frozenset[str] = frozenset()
    hedged: tuple[Hedged, ...] = ()
    result: DayResult | None = None
    week: tuple[DayResult, ...] = ()


def merge_hits(recorded: Iterable[StopHit], seen: Iterable[StopHit]) -> tuple[StopHit, ...]:
    """Return both together, one per order: the larger share wins, the first record on a tie; oldest fill first."""
    by_order: dict[str, StopHit] = {}
    for hit in (*recorded, *seen):
        known = by_order.get(hit.order_id)
        if known is None or hit.share > known.share:
            by_order[hit.order_id] = hit
    return tuple(sorted(by_order.values(), key=lambda hit: (hit.filled_at, hit.order_id)))
