"""What speaks against one reading of the position book: its own figures, the trades, the rows of the reading before."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from operator import attrgetter, eq
from typing import NamedTuple, TypeVar

from engine.core.evidence import Contract, Suspicion, is_delivered
from engine.domain.enums import Side
from engine.domain.numbers import CONTEXT, ZERO, canonical
from engine.domain.session import falls_on
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order

# Before it the book of the same date may still be the day before's, whose closed rows go when the day begins.
DAY_BEGINS = time(9)

Key = TypeVar("Key")

_marked = attrgetter(
    "instrument", "product", "net_quantity", "opening_quantity", "day_buy_quantity", "day_sell_quantity"
)  # fmt: skip


class LegMark(NamedTuple):
    """What of one row is compared between readings."""

    exchange: str
    symbol: str
    product: str
    net: Decimal
    opening: Decimal
    bought: Decimal
    sold: Decimal

    @property
    def contract(self) -> Contract:
        """(exchange, symbol)."""
        return self.exchange, self.symbol

    @property
    def carries_the_day(self) -> bool:
        """Whether today's result would go with the row: it was traded today, or closed."""
        return not self.net or bool(self.bought) or bool(self.sold)


def leg_marks(book: Book[Leg]) -> frozenset[LegMark]:
    """Return the marks of all rows."""
    return frozenset([_mark_of(leg) for leg in book.rows])


def _mark_of(leg: Leg) -> LegMark:
    one = leg.instrument
    return LegMark(
        one.exchange, one.symbol, leg.product,
        leg.net_quantity, leg.opening_quantity, leg.day_buy_quantity, leg.day_sell_quantity,
    )  # fmt: skip


def same_marks(one: tuple[Leg, ...], other: tuple[Leg, ...]) -> bool:
    """Return whether two books show the same rows in the same order, as far as their marks tell."""
    return len(one) == len(other) and all(map(eq, map(_marked, one), map(_marked, other)))


def own_figures(book: Book[Leg]) -> Iterator[Suspicion]:
    """Yield rows whose net is not opening + bought − sold."""
    subtract, add = CONTEXT.subtract, CONTEXT.add
    for leg in book.rows:
        moved = subtract(leg.day_buy_quantity, leg.day_sell_quantity)
        if add(leg.opening_quantity, moved) != leg.net_quantity:
            text = (
                f"{leg.instrument.symbol}: net {canonical(leg.net_quantity)} is not opening "
                f"{canonical(leg.opening_quantity)} + bought {canonical(leg.day_buy_quantity)} "
                f"− sold {canonical(leg.day_sell_quantity)}"
            )
            yield Suspicion(text, text)


def against_trades(
    book: Book[Leg], fills: Book[Fill] | Missing, orders: Book[Order] | Missing, on: date, zone: tzinfo
) -> Iterator[Suspicion]:
    """
    Yield contracts whose day's trades do not lead from the opening quantity to the net one.

    Summed over products, because a conversion moves a quantity between products without a trade. A trade book that is
    empty, of another date, without times, or behind the order book proves nothing here.
    """
    if isinstance(fills, Missing) or not _proves(fills, orders, on, zone):
        return
    moved = _sums(
        (fill.instrument.key, fill.quantity if fill.side is Side.BUY else fill.quantity.copy_negate())
        for fill in fills.rows
    )
    opening = _sums((leg.instrument.key, leg.opening_quantity) for leg in book.rows)
    net = _sums((leg.instrument.key, leg.net_quantity) for leg in book.rows)
    delivered = {leg.instrument.key for leg in book.rows if is_delivered(leg.instrument)}
    for contract in sorted(net):
        traded = moved.get(contract, ZERO)
        if CONTEXT.add(opening[contract], traded) != net[contract]:
            text = (
                f"{contract[1]}: net {canonical(net[contract])} is not opening {canonical(opening[contract])} "
                f"+ the day's trades {canonical(traded)}"
            )
            yield Suspicion(text, text, stands=contract not in delivered)


def legs_kept(
    now: frozenset[LegMark], believed: frozenset[LegMark], believed_at: datetime | None, on: date, zone: tzinfo
) -> Iterator[Suspicion]:
    """
    Yield rows of today that are gone from what a reading shows now; what was traded today stays to the day's end,
    closed with net 0.

    A row that was only carried may go when two readings agree. One with a result of today may not, for its result
    would go with it.
    """
    kept = {mark[:3] for mark in now}
    gone = sorted([mark for mark in believed if mark[:3] not in kept])
    local = None if believed_at is None else believed_at.astimezone(zone)
    if not gone or local is None or local.date() != on:
        return
    stands = local.time() >= DAY_BEGINS and any(mark.carries_the_day for mark in gone)
    if not now:
        text = f"the book was emptied in one step ({len(gone)} rows are gone)"
        yield Suspicion(text, text, stands)
        return
    for mark in gone:
        if _is_converted(mark, believed, now):
            continue
        lost = "with its result of the day" if mark.carries_the_day else "without a trade"
        text = f"{mark.symbol} ({mark.product}, net {canonical(mark.net)}) is gone from the book {lost}"
        yield Suspicion(text, text, stands and mark.carries_the_day)


def _is_converted(gone: LegMark, before: frozenset[LegMark], now: frozenset[LegMark]) -> bool:
    """Whether other products of the contract took the quantity over, with everything that was traded today."""
    was = [mark for mark in before if mark.contract == gone.contract]
    are = [mark for mark in now if mark.contract == gone.contract]
    if not gone.net or not are:
        return False
    nothing_lost = _total(are, "bought") >= _total(was, "bought") and _total(are, "sold") >= _total(was, "sold")
    return nothing_lost and (
        _total(are, "net") == _total(was, "net") or _total(are, "opening") == _total(was, "opening")
    )


def _total(marks: list[LegMark], name: str) -> Decimal:
    total = ZERO
    for mark in marks:
        total = CONTEXT.add(total, getattr(mark, name))
    return total


def _proves(fills: Book[Fill], orders: Book[Order] | Missing, on: date, zone: tzinfo) -> bool:
    if not fills.rows:
        return False
    on_it = falls_on(on, zone)
    if not all(fill.filled_at is not None and on_it(fill.filled_at) for fill in fills.rows):
        return False
    if isinstance(orders, Missing):
        return True
    traded = _sums((fill.order_id, fill.quantity) for fill in fills.rows)
    return all(traded.get(order.id, ZERO) >= order.filled_quantity for order in orders.rows)


def _sums(pairs: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = {}
    add = CONTEXT.add
    for key, number in pairs:
        sums[key] = add(sums.get(key, ZERO), number)
    return sums
