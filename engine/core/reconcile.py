"""
Whether one reading can be believed: three HTTP calls are not one reading, and a broker's book may lie for a moment.

A book that contradicts itself or the reading before becomes Missing with the cause until two readings agree; one that
contradicts today's own orders and trades stays Missing as long as it does. What a believed book means is for the facts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from engine.core.evidence import NO_EVIDENCE, Evidence, Suspicion, behind, evidence_of
from engine.core.leg_doubts import LegMark, against_trades, leg_marks, legs_kept, own_figures
from engine.core.price_guard import Doubt, doubts_of
from engine.domain.numbers import seconds_of
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order, Snapshot

# Beyond this the books of one reading may show different moments of the account.
MAX_APART = timedelta(seconds=2)
INDIA = ZoneInfo("Asia/Kolkata")

Row = TypeVar("Row", Leg, Order, Fill)
Mark = TypeVar("Mark")
RowMark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BookState(Generic[Mark]):
    """
    What was seen of one book so far.

    seen, seen_at, cause, beside, trusted: the last reading, the key of what spoke against it (empty: nothing), what
    the orders and trades proved beside it, and whether it was believed. believed, believed_at: the last believed one.
    """

    seen: frozenset[Mark] = frozenset()
    seen_at: datetime | None = None
    cause: str = ""
    beside: Evidence = NO_EVIDENCE
    trusted: bool = False
    believed: frozenset[Mark] = frozenset()
    believed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReconcileState:
    """What `reconcile` must remember of one account between two readings."""

    positions: BookState[LegMark] = field(default_factory=BookState)
    orders: BookState[RowMark] = field(default_factory=BookState)
    fills: BookState[RowMark] = field(default_factory=BookState)
    evidence: Evidence = NO_EVIDENCE
    doubts: tuple[Doubt, ...] = ()


def reconcile(
    previous: Snapshot | None, current: Snapshot, state: ReconcileState, zone: tzinfo = INDIA
) -> tuple[Snapshot, ReconcileState]:
    """
    Return the reading with what cannot be believed made Missing, and the state for the next one.

    previous: the snapshot this returned for the reading before, None for the first. zone: the account's, it says where
    a trading date ends; across dates nothing is compared. Funds and quotes are read at their own pace and only aged.
    """
    on = current.taken_at.astimezone(zone).date()
    evidence = evidence_of(current.orders, current.fills, state.evidence, on, zone)
    fills, fills_state = _judge(current.fills, _row_marks, state.fills, _row_doubts(current, state.fills, zone))
    orders, orders_state = _judge(current.orders, _row_marks, state.orders, _row_doubts(current, state.orders, zone))

    def leg_doubts(book: Book[Leg]) -> Iterator[Suspicion]:
        before, date_of_book = state.positions, _date(book.taken_at, zone)
        yield from _books_apart(current, book)
        yield from own_figures(book)
        yield from against_trades(book, fills, orders, date_of_book, zone)
        yield from behind(book, evidence)
        yield from legs_kept(book, before.believed, before.believed_at, date_of_book, zone)

    positions, positions_state = _judge(current.positions, leg_marks, state.positions, leg_doubts, evidence)
    doubts = doubts_of(previous, replace(current, positions=positions), state.doubts)
    believed = replace(
        current,
        positions=positions,
        orders=orders,
        fills=fills,
        doubted=tuple((doubt.key, doubt.reason) for doubt in doubts),
    )
    return believed, ReconcileState(positions_state, orders_state, fills_state, evidence, doubts)


def _judge(
    book: Book[Row] | Missing,
    marks_of: Callable[[Book[Row]], frozenset[Mark]],
    state: BookState[Mark],
    doubts_about: Callable[[Book[Row]], Iterable[Suspicion]],
    beside: Evidence = NO_EVIDENCE,
) -> tuple[Book[Row] | Missing, BookState[Mark]]:
    """Return the book, or Missing when it is suspect and no earlier reading was so in the same way."""
    if isinstance(book, Missing):
        return book, state
    marks, doubts = marks_of(book), list(doubts_about(book))
    # What stands is told first: it is what must end.
    doubt = next((one for one in doubts if one.stands), doubts[0] if doubts else None)
    if doubt is None or (not doubt.stands and _agrees(book.taken_at, marks, doubt, beside, state)):
        cause = "" if doubt is None else doubt.key
        at = book.taken_at
        return book, BookState(marks, at, cause, beside, trusted=True, believed=marks, believed_at=at)
    after = replace(state, seen=marks, seen_at=book.taken_at, cause=doubt.key, beside=beside, trusted=False)
    until = "while that is so" if doubt.stands else "until two readings agree"
    return Missing(f"{doubt.text}; not believed {until}"), after


def _agrees(
    taken_at: datetime, marks: frozenset[Mark], doubt: Suspicion, beside: Evidence, state: BookState[Mark]
) -> bool:
    """Whether the reading before was doubted for the same cause, showed the same, and nothing was traded since."""
    if state.seen_at is None or (marks, doubt.key, beside) != (state.seen, state.cause, state.beside):
        return False
    return taken_at > state.seen_at or (taken_at == state.seen_at and state.trusted)


def _books_apart(snapshot: Snapshot, book: Book[Leg] | Book[Order] | Book[Fill]) -> Iterator[Suspicion]:
    books = [part for part in (snapshot.positions, snapshot.orders, snapshot.fills) if isinstance(part, Book)]
    apart = max(part.taken_at for part in books) - book.taken_at
    if apart > MAX_APART:
        yield Suspicion(f"read {seconds_of(apart):.1f} s before the other books", "apart")


def _row_doubts(
    snapshot: Snapshot, before: BookState[RowMark], zone: tzinfo
) -> Callable[[Book[Order] | Book[Fill]], Iterator[Suspicion]]:
    """Return the doubts about an order or trade book, which only ever grows within a day."""

    def doubts(book: Book[Order] | Book[Fill]) -> Iterator[Suspicion]:
        yield from _books_apart(snapshot, book)
        same_day = before.believed_at is not None and _date(before.believed_at, zone) == _date(book.taken_at, zone)
        gone = before.believed - _row_marks(book) if same_day else frozenset()
        if gone:
            text = (
                f"{_named(name for _, name in gone)} gone from the book"
                if book.rows
                else f"the book was emptied in one step ({len(gone)} rows are gone)"
            )
            yield Suspicion(text, text)

    return doubts


def _row_marks(book: Book[Order] | Book[Fill]) -> frozenset[RowMark]:
    return frozenset((row.instrument.exchange, row.id) for row in book.rows)


def _date(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _named(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return f"{', '.join(ordered[:3])}{' …' if len(ordered) > 3 else ''} {'is' if len(ordered) == 1 else 'are'}"
