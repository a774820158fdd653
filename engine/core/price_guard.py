"""
The price guard for accounts without market depth: a premium that jumps while its underlying stands still.

Where the broker gives an order book the mark is bounded by it, and nothing here applies.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.domain.numbers import CONTEXT, HUNDRED, canonical, rounded
from engine.domain.snapshot import Book, Leg, Quote, Snapshot
from engine.domain.spots import underlying_of_spot

# LANGUAGE: a jump above 50 % of premium in one reading while the underlying moved under 0.1 %, for two readings.
JUMP = Decimal("0.5")
STILL = Decimal("0.001")
DOUBTED_READINGS = 2


@dataclass(frozen=True, slots=True)
class Doubt:
    """One leg whose price is not believed. left: readings still doubted, this one counted. at: when it was read."""

    key: tuple[str, str, str]
    reason: str
    left: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Prices:
    """The last prices of one reading, by contract, by leg and by underlying."""

    quotes: dict[tuple[str, str], Quote]
    rows: dict[tuple[str, str, str], Decimal | None]
    spots: dict[str | None, Decimal | None]
    quoted_at: datetime
    rows_at: datetime


def doubts_of(previous: Snapshot | None, current: Snapshot, standing: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
    """Return the legs whose price is doubted in this reading; `standing` are the doubts of the reading before."""
    if not isinstance(current.positions, Book):
        return standing
    if not standing and not _may_have_jumped(previous, current):
        return ()
    then, now = None if previous is None else _prices(previous), _prices(current)
    before = {doubt.key: doubt for doubt in standing}
    found = (_doubt(then, now, leg, before.get(leg.key)) for leg in current.positions.rows)
    return tuple(doubt for doubt in found if doubt is not None)


def _may_have_jumped(previous: Snapshot | None, current: Snapshot) -> bool:
    """Return whether there are spots to jump against, then and now, and any price is another than before."""
    if previous is None or not isinstance(previous.quotes, Book) or not isinstance(current.quotes, Book):
        return False
    if not previous.quotes.rows or not current.quotes.rows:
        return False
    legs = _rows_of(current)
    if previous.quotes.rows is not current.quotes.rows or _rows_of(previous) is not legs:
        return True
    # Two rows of one key may show two prices.
    return len({leg.key for leg in legs}) < len(legs)


def _rows_of(snapshot: Snapshot) -> tuple[Leg, ...]:
    return snapshot.positions.rows if isinstance(snapshot.positions, Book) else ()


def _prices(snapshot: Snapshot) -> _Prices:
    quotes = snapshot.quotes.rows if isinstance(snapshot.quotes, Book) else ()
    return _Prices(
        {quote.key: quote for quote in quotes},
        {leg.key: leg.last_price for leg in _rows_of(snapshot)},
        {underlying_of_spot(quote.symbol): quote.last_price for quote in quotes},
        snapshot.quotes.taken_at if isinstance(snapshot.quotes, Book) else snapshot.taken_at,
        snapshot.positions.taken_at if isinstance(snapshot.positions, Book) else snapshot.taken_at,
    )


def _doubt(then: _Prices | None, now: _Prices, leg: Leg, standing: Doubt | None) -> Doubt | None:
    if not leg.instrument.is_option or not leg.is_open:
        return None
    at = now.quoted_at if leg.instrument.key in now.quotes else now.rows_at
    if standing is not None:
        left = standing.left - 1 if at > standing.at else standing.left
        if left > 0:
            return Doubt(leg.key, standing.reason, left, max(at, standing.at))
    reason = None if then is None else _jump(then, now, leg)
    return None if reason is None else Doubt(leg.key, reason, DOUBTED_READINGS, at)


def _jump(then: _Prices, now: _Prices, leg: Leg) -> str | None:
    """Return why the price is not believed; None when it did not jump or what it jumped against is not known."""
    old, new = _premiums(then, now, leg)
    underlying = leg.instrument.underlying
    if not old or not new or underlying is None:
        return None
    spot_before, spot_now = then.spots.get(underlying), now.spots.get(underlying)
    if not spot_before or spot_now is None:
        return None
    if _share(old, new) <= JUMP or _share(spot_before, spot_now) >= STILL:
        return None
    moved = canonical(rounded(CONTEXT.multiply(_share(spot_before, spot_now), HUNDRED), 3))
    return f"the price went from {canonical(old)} to {canonical(new)} in one reading while {underlying} moved {moved} %"


def _premiums(then: _Prices, now: _Prices, leg: Leg) -> tuple[Decimal | None, Decimal | None]:
    """Return the leg's price then and now from one source, quotes before the position row; none where depth is read."""
    quote, earlier = now.quotes.get(leg.instrument.key), then.quotes.get(leg.instrument.key)
    if quote is not None and quote.has_depth:
        return None, None
    if quote is not None and quote.last_price is not None:
        return (None if earlier is None else earlier.last_price), quote.last_price
    return then.rows.get(leg.key), leg.last_price


def _share(old: Decimal, new: Decimal) -> Decimal:
    return CONTEXT.divide(CONTEXT.subtract(new, old).copy_abs(), old.copy_abs())
