"""
Whether one reading can be believed: three HTTP calls are not one reading, and a broker's book may lie for a moment.

A book that contradicts itself, the trade book or the reading before becomes Missing with the cause until two readings
agree. What a believed book means is for the facts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.core.price_guard import Doubt, doubts_of
from engine.domain.enums import Side
from engine.domain.numbers import CONTEXT, ZERO, canonical
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order, Snapshot

# Beyond this the books of one reading may show different moments of the account.
MAX_APART = timedelta(seconds=2)
INDIA = ZoneInfo("Asia/Kolkata")

Row = TypeVar("Row", Leg, Order, Fill)
Mark = tuple[str, ...]
Marks = frozenset[Mark]
Contract = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BookState:
    """
    What was seen of one book so far.

    seen, seen_at, trusted: the last reading, believed or not. believed, believed_on: the last believed one, and its
    date. Marks are (exchange, symbol, product, net) for positions, (id,) for orders and fills.
    """

    seen: Marks = frozenset()
    seen_at: datetime | None = None
    trusted: bool = False
    believed: Marks = frozenset()
    believed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReconcileState:
    """What `reconcile` must remember of one account between two readings."""

    positions: BookState = field(default_factory=BookState)
    orders: BookState = field(default_factory=BookState)
    fills: BookState = field(default_factory=BookState)
    doubts: tuple[Doubt, ...] = ()


def reconcile(
    previous: Snapshot | None, current: Snapshot, state: ReconcileState, zone: tzinfo = INDIA
) -> tuple[Snapshot, ReconcileState]:
    """
    Return the reading with what cannot be believed made Missing, and the state for the next one.

    previous: the snapshot this returned for the reading before, None for the first. zone: the account's, it says where
    a trading date ends; across dates nothing is compared. Funds and quotes are read at their own pace and only aged.
    """
    fills, fills_state = _judge(current.fills, _ids, state.fills, zone, _books_apart(current), _rows_kept)
    orders, orders_state = _judge(current.orders, _ids, state.orders, zone, _books_apart(current), _rows_kept)

    def figures(book: Book[Leg], before: BookState, on: date) -> str | None:
        return (
            _own_figures(book)
            or _against_trades(book, before, fills, orders, on, zone)
            or _legs_kept(book, before, on, fills, state.fills)
        )

    positions, positions_state = _judge(
        current.positions, _nets, state.positions, zone, _books_apart(current), figures
    )  # fmt: skip
    doubts = doubts_of(previous, replace(current, positions=positions), state.doubts)
    believed = replace(
        current,
        positions=positions,
        orders=orders,
        fills=fills,
        doubted=tuple((doubt.key, doubt.reason) for doubt in doubts),
    )
    return believed, ReconcileState(positions_state, orders_state, fills_state, doubts)


def _judge(
    book: Book[Row] | Missing,
    marks_of: Callable[[Book[Row]], Marks],
    state: BookState,
    zone: tzinfo,
    apart: Callable[[Book[Row]], str | None],
    suspicion: Callable[[Book[Row], BookState, date], str | None],
) -> tuple[Book[Row] | Missing, BookState]:
    """Return the book, or Missing when it is suspect and the reading before does not agree with it."""
    if isinstance(book, Missing):
        return book, state
    marks, on = marks_of(book), book.taken_at.astimezone(zone).date()
    same_reading = state.seen_at == book.taken_at and marks == state.seen
    agrees = state.seen_at is not None and book.taken_at > state.seen_at and marks == state.seen
    cause = apart(book) or suspicion(book, state, on)
    if cause is None or agrees or (same_reading and state.trusted):
        return book, BookState(marks, book.taken_at, trusted=True, believed=marks, believed_on=on)
    after = replace(state, seen=marks, seen_at=book.taken_at, trusted=False)
    return Missing(f"{cause}; not believed until two readings agree"), after


def _books_apart(snapshot: Snapshot) -> Callable[[Book[Row]], str | None]:
    books = [part for part in (snapshot.positions, snapshot.orders, snapshot.fills) if isinstance(part, Book)]
    newest = max((book.taken_at for book in books), default=snapshot.taken_at)

    def apart(book: Book[Row]) -> str | None:
        behind = newest - book.taken_at
        if behind <= MAX_APART:
            return None
        return f"read {behind.total_seconds():.1f} s before the other books"

    return apart


def _ids(book: Book[Order] | Book[Fill]) -> Marks:
    return frozenset((row.instrument.exchange, row.id) for row in book.rows)


def _nets(book: Book[Leg]) -> Marks:
    return frozenset((*leg.key, canonical(leg.net_quantity)) for leg in book.rows)


def _rows_kept(book: Book[Order] | Book[Fill], before: BookState, on: date) -> str | None:
    """Return a suspicion when rows of today are gone: order and trade books only ever grow within a day."""
    gone = before.believed - _ids(book) if before.believed_on == on else frozenset()
    if not gone:
        return None
    if not book.rows:
        return f"the book was emptied in one step ({len(gone)} rows are gone)"
    return f"{_named(mark[-1] for mark in gone)} gone from the book"


def _own_figures(book: Book[Leg]) -> str | None:
    for leg in book.rows:
        moved = CONTEXT.subtract(leg.day_buy_quantity, leg.day_sell_quantity)
        expected = CONTEXT.add(leg.opening_quantity, moved)
        if expected != leg.net_quantity:
            return (
                f"{leg.instrument.symbol}: net {canonical(leg.net_quantity)} is not opening "
                f"{canonical(leg.opening_quantity)} + bought {canonical(leg.day_buy_quantity)} "
                f"− sold {canonical(leg.day_sell_quantity)}"
            )
    return None


def _against_trades(
    book: Book[Leg],
    before: BookState,
    fills: Book[Fill] | Missing,
    orders: Book[Order] | Missing,
    on: date,
    zone: tzinfo,
) -> str | None:
    """
    Return a suspicion when the day's trade book does not lead from the opening quantities to the net ones.

    Summed over products, because a conversion moves a quantity between products without a trade. A trade book that is
    empty, of another date, without times, or behind the order book proves nothing. A contract whose row is gone since
    the reading before is judged there, where its opening quantity is known.
    """
    if isinstance(fills, Missing) or not _proves(fills, orders, on, zone):
        return None
    moved = _signed(fills.rows)
    known = {(mark[0], mark[1]) for mark in before.believed} if before.believed_on == on else set()
    traded_only = {fill.instrument.key for fill in fills.rows if fill.instrument.is_derivative} - known
    opening = _sums((leg.instrument.key, leg.opening_quantity) for leg in book.rows)
    net = _sums((leg.instrument.key, leg.net_quantity) for leg in book.rows)
    for contract in sorted(net.keys() | traded_only):
        traded = moved.get(contract, ZERO)
        if CONTEXT.add(opening.get(contract, ZERO), traded) != net.get(contract, ZERO):
            return (
                f"{contract[1]}: net {canonical(net.get(contract, ZERO))} is not opening "
                f"{canonical(opening.get(contract, ZERO))} + the day's trades {canonical(traded)}"
            )
    return None


def _proves(fills: Book[Fill], orders: Book[Order] | Missing, on: date, zone: tzinfo) -> bool:
    if not fills.rows or any(
        fill.filled_at is None or fill.filled_at.astimezone(zone).date() != on for fill in fills.rows
    ):
        return False
    if isinstance(orders, Missing):
        return True
    traded = _sums((fill.order_id, fill.quantity) for fill in fills.rows)
    return all(traded.get(order.id, ZERO) >= order.filled_quantity for order in orders.rows)


def _legs_kept(
    book: Book[Leg], before: BookState, on: date, fills: Book[Fill] | Missing, fills_before: BookState
) -> str | None:
    """Return a suspicion when a leg of today is gone and no new trade explains it; a closed leg stays with net 0."""
    if before.believed_on != on:
        return None
    keys = {leg.key for leg in book.rows}
    gone = sorted(mark for mark in before.believed if mark[:3] not in keys)
    if gone and not book.rows:
        return f"the book was emptied in one step ({len(gone)} rows are gone)"
    net = _sums((leg.instrument.key, leg.net_quantity) for leg in book.rows)
    was = _sums(((mark[0], mark[1]), Decimal(mark[3])) for mark in before.believed)
    moved = _new_trades(fills, fills_before, on)
    for mark in gone:
        contract = (mark[0], mark[1])
        expected = CONTEXT.add(was[contract], moved.get(contract, ZERO))
        # With neither a trade nor another row of the contract, even a closed leg may not go: its day figure would too.
        explained = (contract in moved or contract in net) and expected == net.get(contract, ZERO)
        if not explained:
            return f"{mark[1]} ({mark[2]}, net {mark[3]}) is gone from the book without a trade"
    return None


def _new_trades(fills: Book[Fill] | Missing, before: BookState, on: date) -> dict[Contract, Decimal]:
    if isinstance(fills, Missing):
        return {}
    known = before.believed if before.believed_on == on else frozenset()
    return _signed(fill for fill in fills.rows if (fill.instrument.exchange, fill.id) not in known)


def _signed(fills: Iterable[Fill]) -> dict[Contract, Decimal]:
    return _sums(
        (fill.instrument.key, fill.quantity if fill.side is Side.BUY else fill.quantity.copy_negate())
        for fill in fills
    )  # fmt: skip


Key = TypeVar("Key")


def _sums(pairs: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = {}
    for key, number in pairs:
        sums[key] = CONTEXT.add(sums.get(key, ZERO), number)
    return sums


def _named(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return f"{', '.join(ordered[:3])}{' …' if len(ordered) > 3 else ''} {'is' if len(ordered) == 1 else 'are'}"
