"""The parts of a reading as facts may use them: read, fresh and of today, or Unknown with the cause; no arithmetic."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_UP
from types import MappingProxyType
from typing import Any, TypeVar, cast

from engine.domain.enums import InstrumentKind
from engine.domain.instrument import Instrument
from engine.domain.kinds import show_duration
from engine.domain.numbers import rounded, seconds_of
from engine.domain.snapshot import Book, Fill, Funds, Leg, Missing, Order, Quote
from engine.domain.values import Unknown, unknown
from engine.facts.base import View

Row = TypeVar("Row")
Key = tuple[str, str, str]
Quotes = MappingProxyType[tuple[str, str], Quote]


def name_of(instrument: Instrument) -> str:
    """Return the contract as a risk manager reads it: `NFO:NIFTY26NOV24000CE`."""
    return f"{instrument.exchange}:{instrument.symbol}"


def may_be_option(instrument: Instrument) -> bool:
    """Return whether a contract is an option, or a derivative whose symbol does not tell what it is."""
    return instrument.kind in (InstrumentKind.OPTION, InstrumentKind.OTHER)


def is_today(view: View, at: datetime) -> bool:
    """Return whether an instant falls on the trading date of this evaluation."""
    return at.astimezone(view.account.zone).date() == view.session.trading_date


def too_old(view: View, taken_at: datetime, limit: timedelta) -> str | None:
    """
    Return `34s old (limit 10s)` when something read at `taken_at` is stale, else None.

    Exactly at the limit is still fresh; a policy's `max_age` may only tighten it. Nothing grows stale while the
    session is closed: the books do not move then.
    """
    if view.demands.max_age is not None:
        limit = min(limit, view.demands.max_age)
    age = view.now - taken_at
    if age <= limit or not view.session.contains(view.now):
        return None
    shown = rounded(seconds_of(age), 1, ROUND_UP)
    return f"{show_duration(shown)} old (limit {show_duration(seconds_of(limit))})"


def legs_of(view: View) -> tuple[Leg, ...] | Unknown:
    """Return every row carried into or traded today, numbered by the day's memory; Unknown when not read or stale."""
    return cast("tuple[Leg, ...] | Unknown", view.once("legs", _legs))


def positions_of(view: View) -> tuple[Leg, ...] | Unknown:
    """Return the open rows."""
    legs = legs_of(view)
    return legs if isinstance(legs, Unknown) else tuple(leg for leg in legs if leg.is_open)


def leg_at(view: View, key: Key) -> Leg | Unknown:
    """Return the row of a key; Unknown when the positions are, or show no such row."""
    legs = legs_of(view)
    if isinstance(legs, Unknown):
        return legs
    rows: dict[Key, Leg] = view.once("legs by key", lambda _: {leg.key: leg for leg in legs})
    exchange, symbol, product = key
    return rows.get(key) or unknown(f"positions show no row for {exchange}:{symbol} ({product})")


def orders_of(view: View) -> tuple[Order, ...] | Unknown:
    """Return the orders of today, and any that still work; Unknown when not read or stale."""
    return cast("tuple[Order, ...] | Unknown", view.once("orders", _orders))


def of_today(view: View, order: Order) -> bool:
    """
    Return whether an order is one of today: it carries a stamp of today, or none at all, or has a trade of today.

    Brokers go on showing yesterday's book until they clear it.
    """
    stamps = [at for at in (order.placed_at, order.updated_at) if at is not None]
    if not stamps or any(is_today(view, at) for at in stamps):
        return True
    return order.id in cast("frozenset[str]", view.once("traded today", _traded_today))


def fills_of(view: View) -> tuple[Fill, ...] | Unknown:
    """Return the executions of today; Unknown when not read or stale."""
    return cast("tuple[Fill, ...] | Unknown", view.once("fills", _fills))


def funds_of(view: View) -> Funds | Unknown:
    """Return the money of the account; Unknown when not read or stale."""
    return cast("Funds | Unknown", view.once("funds", _funds))


def quotes_of(view: View) -> Quotes | Unknown:
    """Return the quotes by (exchange, symbol), of whatever age; Unknown when not read."""
    return cast("Quotes | Unknown", view.once("quotes", _quotes))


def quotes_read_at(view: View) -> datetime | None:
    """Return when the broker last answered for the quotes."""
    quotes = view.snapshot.quotes
    return None if isinstance(quotes, Missing) else quotes.taken_at


def _fresh(view: View, name: str, book: Book[Any] | Missing) -> Unknown | None:
    if isinstance(book, Missing):
        return unknown(f"{name} not read: {book.cause}")
    stale = too_old(view, book.taken_at, view.account.profile.books_max_age)
    return unknown(f"{name} are {stale}") if stale else None


def _legs(view: View) -> tuple[Leg, ...] | Unknown:
    book = view.snapshot.positions
    fault = _fresh(view, "positions", book)
    if fault is not None or isinstance(book, Missing):
        return fault or unknown("positions not read")
    numbers = {track.key: max(track.number, 1) for track in view.memory.tracks}
    rows = tuple(
        leg if numbers.get(leg.key, leg.number) == leg.number else replace(leg, number=numbers[leg.key])
        for leg in book.rows
    )
    seen: set[Key] = set()
    for leg in rows:
        if leg.key in seen:
            return unknown(f"positions show two rows for {name_of(leg.instrument)} ({leg.product})")
        seen.add(leg.key)
    return rows


def _orders(view: View) -> tuple[Order, ...] | Unknown:
    book = view.snapshot.orders
    fault = _fresh(view, "orders", book)
    if fault is not None or isinstance(book, Missing):
        return fault or unknown("orders not read")
    return tuple(order for order in book.rows if order.is_working or of_today(view, order))


def _traded_today(view: View) -> frozenset[str]:
    fills = fills_of(view)
    return frozenset() if isinstance(fills, Unknown) else frozenset(fill.order_id for fill in fills if fill.filled_at)


def _fills(view: View) -> tuple[Fill, ...] | Unknown:
    book = view.snapshot.fills
    fault = _fresh(view, "trades", book)
    if fault is not None or isinstance(book, Missing):
        return fault or unknown("trades not read")
    return tuple(fill for fill in book.rows if fill.filled_at is None or is_today(view, fill.filled_at))


def _funds(view: View) -> Funds | Unknown:
    funds = view.snapshot.funds
    if isinstance(funds, Missing):
        return unknown(f"funds not read: {funds.cause}")
    stale = too_old(view, funds.taken_at, view.account.profile.funds_max_age)
    return unknown(f"funds are {stale}") if stale else funds


def _quotes(view: View) -> Quotes | Unknown:
    book = view.snapshot.quotes
    if isinstance(book, Missing):
        return unknown(f"quotes not read: {book.cause}")
    return MappingProxyType({quote.key: quote for quote in book.rows})
