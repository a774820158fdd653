"""The parts of a reading as facts may use them: read, fresh and of today, or Unknown with the cause; no arithmetic."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_UP
from types import MappingProxyType
from typing import cast

from engine.domain.enums import InstrumentKind
from engine.domain.instrument import Instrument
from engine.domain.kinds import show_duration
from engine.domain.numbers import rounded, seconds_of
from engine.domain.session import falls_on
from engine.domain.snapshot import Fill, Funds, Leg, Missing, Order, Quote
from engine.domain.values import Unknown, unknown
from engine.facts.base import View

Key = tuple[str, str, str]
Quotes = MappingProxyType[tuple[str, str], Quote]


def name_of(instrument: Instrument) -> str:
    """Return the contract as a risk manager reads it: `NFO:NIFTY26NOV24000CE`."""
    return f"{instrument.exchange}:{instrument.symbol}"


def may_be_option(instrument: Instrument) -> bool:
    """Return whether a contract is an option, or a derivative whose symbol does not tell what it is."""
    return instrument.kind in (InstrumentKind.OPTION, InstrumentKind.OTHER)


def may_expire(instrument: Instrument) -> bool:
    """Return whether a contract ends on a day: a derivative, or what may be one as its symbol does not tell."""
    return instrument.is_derivative or instrument.kind is InstrumentKind.OTHER


def is_today(view: View, at: datetime) -> bool:
    """Return whether an instant falls on the trading date of this evaluation."""
    return today(view)(at)


def today(view: View) -> Callable[[datetime], bool]:
    """Return the test `is_today` asks, for many instants."""
    found: Callable[[datetime], bool] = view.held("today", _today)
    return found


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
    found: tuple[Leg, ...] | Unknown = view.kept("legs", _legs)
    return found


def positions_of(view: View) -> tuple[Leg, ...] | Unknown:
    """Return the open rows."""
    found: tuple[Leg, ...] | Unknown = view.kept("positions", _positions)
    return found


def legs_by_key(view: View) -> Mapping[Key, Leg] | Unknown:
    """Return the same rows as `legs_of` by key, in the same order."""
    found: Mapping[Key, Leg] | Unknown = view.kept("legs by key", _legs_by_key)
    return found


def leg_at(view: View, key: Key) -> Leg | Unknown:
    """Return the row of a key; Unknown when the positions are, or show no such row."""
    legs = legs_by_key(view)
    if isinstance(legs, Unknown):
        return legs
    leg = legs.get(key)
    if leg is not None:
        return leg
    exchange, symbol, product = key
    return unknown(f"positions show no row for {exchange}:{symbol} ({product})")


def orders_of(view: View) -> tuple[Order, ...] | Unknown:
    """Return the orders of today, and any that still work; Unknown when not read or stale."""
    found: tuple[Order, ...] | Unknown = view.settled("orders", _orders)
    return found


def working_orders(view: View) -> tuple[Order, ...] | Unknown:
    """Return the orders that may still trade, those of a status we do not hold too; Unknown as the orders are."""
    found: tuple[Order, ...] | Unknown = view.settled("working orders", _working)
    return found


def placed_today(view: View) -> tuple[bool, ...]:
    """Return of every row of the order book, as it lists them, whether it was placed today; of none when not read."""
    found: tuple[bool, ...] = view.settled("placed today", _placed_today)
    return found


def of_today(view: View, order: Order) -> bool:
    """
    Return whether an order is one of today: it carries a stamp of today, or none at all, or has a trade of today.

    Brokers go on showing yesterday's book until they clear it.
    """
    on_it: Callable[[datetime], bool] = view.held("today", _today)
    placed_at, updated_at = order.placed_at, order.updated_at
    if placed_at is None:
        if updated_at is None or on_it(updated_at):
            return True
    elif on_it(placed_at) or (updated_at is not None and on_it(updated_at)):
        return True
    return order.id in cast("frozenset[str]", view.held("traded today", _traded_today))


def fills_of(view: View) -> tuple[Fill, ...] | Unknown:
    """Return the executions of today; Unknown when not read or stale."""
    found: tuple[Fill, ...] | Unknown = view.held("fills", _fills)
    return found


def funds_of(view: View) -> Funds | Unknown:
    """Return the money of the account; Unknown when not read or stale."""
    # Not kept: a new reading of the funds is a new value, whatever it says.
    found: Funds | Unknown = view.once("funds", _funds)
    return found


def quotes_of(view: View) -> Quotes | Unknown:
    """Return the quotes by (exchange, symbol), of whatever age; Unknown when not read."""
    found: Quotes | Unknown = view.kept("quotes", _quotes)
    return found


def quotes_read_at(view: View) -> datetime | None:
    """Return when the broker last answered for the quotes."""
    quotes = view.snapshot.quotes
    return None if isinstance(quotes, Missing) else quotes.taken_at


def _today(view: View) -> Callable[[datetime], bool]:
    return falls_on(view.session.trading_date, view.account.zone)


def _legs(view: View) -> tuple[Leg, ...] | Unknown:
    legs = legs_by_key(view)
    return legs if isinstance(legs, Unknown) else tuple(legs.values())


def _positions(view: View) -> tuple[Leg, ...] | Unknown:
    legs = legs_of(view)
    return legs if isinstance(legs, Unknown) else tuple([leg for leg in legs if leg.net_quantity])


def _legs_by_key(view: View) -> Mapping[Key, Leg] | Unknown:
    book = view.snapshot.positions
    if isinstance(book, Missing):
        return unknown(f"positions not read: {book.cause}")
    stale = too_old(view, book.taken_at, view.account.profile.books_max_age)
    if stale:
        return unknown(f"positions are {stale}")
    numbers = {track.key: track.number or 1 for track in view.memory.tracks}
    legs: dict[Key, Leg] = {}
    for leg in book.rows:
        key = leg.key
        if key in legs:
            return unknown(f"positions show two rows for {name_of(leg.instrument)} ({leg.product})")
        number = numbers.get(key, leg.number)
        legs[key] = leg if number == leg.number else replace(leg, number=number)
    return legs


def _orders(view: View) -> tuple[Order, ...] | Unknown:
    book = view.snapshot.orders
    if isinstance(book, Missing):
        return unknown(f"orders not read: {book.cause}")
    stale = too_old(view, book.taken_at, view.account.profile.books_max_age)
    if stale:
        return unknown(f"orders are {stale}")
    placed = placed_today(view)
    if all(placed):
        return book.rows
    rows = zip(book.rows, placed, strict=True)
    found = [order for order, was in rows if was or not order.status.is_terminal or of_today(view, order)]
    return book.rows if len(found) == len(book.rows) else tuple(found)


def _working(view: View) -> tuple[Order, ...] | Unknown:
    orders = orders_of(view)
    return orders if isinstance(orders, Unknown) else tuple([one for one in orders if not one.status.is_terminal])


def _placed_today(view: View) -> tuple[bool, ...]:
    book, on_it = view.snapshot.orders, today(view)
    rows = () if isinstance(book, Missing) else book.rows
    return tuple([(at := order.placed_at) is not None and on_it(at) for order in rows])


def _traded_today(view: View) -> frozenset[str]:
    fills = fills_of(view)
    return frozenset() if isinstance(fills, Unknown) else frozenset(fill.order_id for fill in fills if fill.filled_at)


def _fills(view: View) -> tuple[Fill, ...] | Unknown:
    book = view.snapshot.fills
    if isinstance(book, Missing):
        return unknown(f"trades not read: {book.cause}")
    stale = too_old(view, book.taken_at, view.account.profile.books_max_age)
    if stale:
        return unknown(f"trades are {stale}")
    on_it = today(view)
    found = [fill for fill in book.rows if fill.filled_at is None or on_it(fill.filled_at)]
    return book.rows if len(found) == len(book.rows) else tuple(found)


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
