"""What one unit of a leg is worth now, in price units, and within which bounds when that is not known."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal
from functools import partial

from engine.domain.enums import InstrumentKind, MarkBasis
from engine.domain.instrument import Instrument
from engine.domain.kinds import show_duration
from engine.domain.numbers import ZERO, rounded, seconds_of
from engine.domain.snapshot import Leg, Missing, Quote
from engine.domain.values import Bounds, Unknown, Value, unknown
from engine.facts.base import View
from engine.facts.index import once_for
from engine.facts.parts import Key, name_of, quotes_of, quotes_read_at, too_old

# What is bought outright cannot be worth less than nothing; a future can (crude oil did).
_NEVER_NEGATIVE = frozenset({InstrumentKind.OPTION, InstrumentKind.EQUITY})
# How far the broker's stamp of one quote may lie behind the newest of the same answer.
_FROZEN_AFTER = 5
_LAST = MarkBasis.LAST
_LEAST_FROZEN = timedelta(seconds=60)


def price_bounds(instrument: Instrument) -> Bounds:
    """Return what a price of this contract can be when nothing is known: [0, ∞) for options and shares, else any."""
    return (ZERO, None) if instrument.kind in _NEVER_NEGATIVE else (None, None)


def mark(view: View, leg: Leg) -> Value:
    """
    Return the price a leg is valued at, as the account's mark basis says.

    DEPTH: the last trade if it lies within [bid, ask], else the nearer side; with a side missing an interval. LAST:
    the last trade of the row. Unknown, within the bounds a price of that contract can have, when there is no quote,
    it is stale or its own stamp lags far behind the newest of its answer, or the reading itself is doubted.
    """
    if view.snapshot.doubted:
        doubts: dict[Key, str] = view.kept("doubted", lambda v: dict(v.snapshot.doubted))
        if leg.key in doubts:
            return _bounded(leg.instrument, (f"price of {name_of(leg.instrument)} not believed: {doubts[leg.key]}",))
    if view.account.profile.mark_basis is _LAST:
        return _last_of_row(leg)
    return once_for(view, "mark", leg, _by_depth)


def marking(view: View) -> Callable[[Leg], Value]:
    """Return `mark` for many legs of one view."""
    return _last_of_row if stands_in_row(view) and not view.snapshot.doubted else partial(mark, view)


def stands_in_row(view: View) -> bool:
    """
    Return whether this account's marks stand in the rows of the book.

    Only then may what is computed from them be kept (`View.kept`): whether a quote lies too far behind the others of
    its answer depends on when that answer was taken.
    """
    return view.account.profile.mark_basis is _LAST


def quote_of(view: View, leg: Leg) -> Quote | Unknown:
    """
    Return the quote of a leg; Unknown when there is none, the broker's last answer is too old, or this quote froze.

    Frozen: its own stamp is behind the newest of the same answer by more than 5 times the age a quote may have, 60 s at
    least; a quiet strike is not that, a feed that stopped is. Exactly that far behind is still fresh.
    """
    quotes = quotes_of(view)
    if isinstance(quotes, Unknown):
        return quotes
    quote = quotes.get(leg.instrument.key)
    if quote is None:
        return unknown(f"no quote for {name_of(leg.instrument)}")
    read_at = quotes_read_at(view)
    stale = None if read_at is None else too_old(view, read_at, view.account.profile.quotes_max_age)
    stale = stale or _frozen(view, quote)
    return unknown(f"quote of {name_of(leg.instrument)} is {stale}") if stale else quote


def last_price(view: View, leg: Leg) -> Value:
    """Return the last trade: the quote's where quotes with depth are read, else the row's."""
    if stands_in_row(view):
        return _last_of_row(leg)
    quote = quote_of(view, leg)
    if isinstance(quote, Unknown):
        return _bounded(leg.instrument, quote.causes)
    price = believable(leg.instrument, quote.last_price)
    return _bounded(leg.instrument, (f"no trade of {name_of(leg.instrument)} today",)) if price is None else price


def believable(instrument: Instrument, price: Decimal | None) -> Decimal | None:
    """Return the price, or None for what brokers send in place of one: a zero or less for an option or a share."""
    if price is not None and price <= ZERO and instrument.kind in _NEVER_NEGATIVE:
        return None
    return price


def _by_depth(view: View, leg: Leg) -> Value:
    quote = quote_of(view, leg)
    if isinstance(quote, Unknown):
        return _bounded(leg.instrument, quote.causes)
    return _from_quote(leg.instrument, quote)


def _frozen(view: View, quote: Quote) -> str | None:
    newest: datetime | None = view.once("newest quote", _newest_stamp)
    if quote.as_of is None or newest is None or not view.session.contains(view.now):
        return None
    limit = max(_LEAST_FROZEN, _FROZEN_AFTER * view.account.profile.quotes_max_age)
    behind = newest - quote.as_of
    if behind <= limit:
        return None
    shown = show_duration(rounded(seconds_of(behind), 1, ROUND_UP))
    return f"{shown} behind the newest quote (limit {show_duration(seconds_of(limit))})"


def _newest_stamp(view: View) -> datetime | None:
    quotes, book = quotes_of(view), view.snapshot.quotes
    if isinstance(quotes, Unknown) or isinstance(book, Missing):
        return None
    stamps = [at for at in (book.as_of, *(quote.as_of for quote in quotes.values())) if at is not None]
    # A stamp ahead of its own answer is a fault of one quote, not the age of the others.
    return min(max(stamps), book.taken_at) if stamps else None


def _last_of_row(leg: Leg) -> Value:
    price = leg.last_price
    if price is not None and price > ZERO:
        return price
    price = believable(leg.instrument, price)
    return _bounded(leg.instrument, (f"no last price of {name_of(leg.instrument)}",)) if price is None else price


def _from_quote(instrument: Instrument, quote: Quote) -> Value:
    name = name_of(instrument)
    last = believable(instrument, quote.last_price)
    if not quote.has_depth:
        return _bounded(instrument, (f"no price in the quote of {name}",)) if last is None else last
    bid, ask = believable(instrument, quote.bid), believable(instrument, quote.ask)
    if bid is None and ask is None:
        return _bounded(instrument, (f"no bid and no offer for {name}",))
    if bid is None or ask is None:
        low = price_bounds(instrument)[0] if bid is None else bid
        return Unknown((f"no {'bid' if bid is None else 'offer'} for {name}",), low, ask)
    if bid > ask:
        return _bounded(instrument, (f"bid above offer for {name}",))
    if last is None:
        return bid if bid == ask else Unknown((f"no trade of {name} today",), bid, ask)
    return min(max(last, bid), ask)


def _bounded(instrument: Instrument, causes: tuple[str, ...]) -> Unknown:
    return Unknown(causes, *price_bounds(instrument))
