"""
Whether one reading can be believed: three HTTP calls are not one reading, and a broker's book may lie for a moment.

A book that contradicts itself or the reading before becomes Missing with the cause until two readings agree; one that
contradicts today's own orders and trades stays Missing as long as it does. What a believed book means is for the facts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from operator import is_
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from engine.core.evidence import NO_EVIDENCE, Evidence, Suspicion, behind, evidence_of
from engine.core.leg_doubts import LegMark, against_trades, leg_marks, legs_kept, own_figures, same_marks
from engine.core.price_guard import Doubt, doubts_of
from engine.domain.numbers import seconds_of
from engine.domain.snapshot import Book, Fill, Leg, Missing, Order, Snapshot

# Beyond this the books of one reading may show different moments of the account.
MAX_APART = timedelta(seconds=2)
INDIA = ZoneInfo("Asia/Kolkata")

Row = TypeVar("Row", Leg, Order, Fill)
Traded = TypeVar("Traded", Order, Fill)
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
    same = _same_rows(previous, current, state)
    evidence = _evidence(current, state, same, zone)
    fills, fills_state = _judge_rows(current, current.fills, state.fills, same.fills, zone)
    orders, orders_state = _judge_rows(current, current.orders, state.orders, same.orders, zone)
    judged = current
    if fills is not current.fills or orders is not current.orders:
        judged = replace(current, fills=fills, orders=orders)
    positions, positions_state = _judge_legs(current, judged, state, evidence, same, zone)
    if positions is not current.positions:
        judged = replace(judged, positions=positions)
    doubts = doubts_of(previous, judged, state.doubts)
    doubted = tuple([(doubt.key, doubt.reason) for doubt in doubts])
    believed = judged if doubted == judged.doubted else replace(judged, doubted=doubted)
    return believed, ReconcileState(positions_state, orders_state, fills_state, evidence, doubts)


class _Same(NamedTuple):
    """
    Which books show what they did in the reading before, when nothing spoke against it.

    positions: the same rows but for their prices. orders, fills: the very same rows (the same object). The marks of
    such a book stand, and it contradicts neither itself nor them. When it was read, and what stands beside it, are
    other questions.
    """

    positions: bool
    orders: bool
    fills: bool


def _same_rows(previous: Snapshot | None, current: Snapshot, state: ReconcileState) -> _Same:
    if previous is None:
        return _Same(positions=False, orders=False, fills=False)
    return _Same(
        _is_same(previous.positions, current.positions, state.positions, same_marks),
        _is_same(previous.orders, current.orders, state.orders, is_),
        _is_same(previous.fills, current.fills, state.fills, is_),
    )


def _is_same(
    before: Book[Row] | Missing,
    now: Book[Row] | Missing,
    state: BookState[Mark],
    agree: Callable[[tuple[Row, ...], tuple[Row, ...]], bool],
) -> bool:
    if isinstance(before, Missing) or isinstance(now, Missing):
        return False
    if not state.trusted or state.cause or state.believed_at != before.taken_at:
        return False
    return before.rows is now.rows or agree(before.rows, now.rows)


def _evidence(current: Snapshot, state: ReconcileState, same: _Same, zone: tzinfo) -> Evidence:
    on = _date(current.taken_at, zone)
    is_old = (same.orders or isinstance(current.orders, Missing)) and (same.fills or isinstance(current.fills, Missing))
    # What was proved stays proved, so rows that were seen before prove nothing new.
    if is_old and state.evidence.on == on:
        return state.evidence
    return evidence_of(current.orders, current.fills, state.evidence, on, zone)


def _judge_legs(
    current: Snapshot, judged: Snapshot, state: ReconcileState, evidence: Evidence, same: _Same, zone: tzinfo
) -> tuple[Book[Leg] | Missing, BookState[LegMark]]:
    """Return the position book of a reading as `_judge`; judged: the reading with its other books judged already."""
    book, before = current.positions, state.positions
    if isinstance(book, Missing):
        return book, before
    doubts = _books_apart(current, book)
    marks = before.believed if same.positions else leg_marks(book)
    if not same.positions:
        doubts += own_figures(book)
    if not isinstance(judged.fills, Missing):
        date_of_book = _date(book.taken_at, zone)
        is_old = all(same) and judged is current
        if not is_old or before.believed_at is None or _date(before.believed_at, zone) != date_of_book:
            doubts += against_trades(book, judged.fills, judged.orders, date_of_book, zone)
    if not same.positions or evidence is not state.evidence:
        doubts += behind(book, evidence)
    if not same.positions:
        doubts += legs_kept(marks, before.believed, before.believed_at, _date(book.taken_at, zone), zone)
    return _judge(book, marks, before, doubts, evidence)


def _judge_rows(
    current: Snapshot, book: Book[Traded] | Missing, before: BookState[RowMark], is_same: bool, zone: tzinfo
) -> tuple[Book[Traded] | Missing, BookState[RowMark]]:
    """Return an order or trade book, which only ever grows within a day, as `_judge`."""
    if isinstance(book, Missing):
        return book, before
    doubts = _books_apart(current, book)
    if is_same:
        return _judge(book, before.believed, before, doubts)
    marks = frozenset([(row.instrument.exchange, row.id) for row in book.rows])
    if not before.believed <= marks:
        doubts += _rows_gone(book, before.believed - marks, before.believed_at, zone)
    return _judge(book, marks, before, doubts)


def _judge(
    book: Book[Row],
    marks: frozenset[Mark],
    state: BookState[Mark],
    doubts: list[Suspicion],
    beside: Evidence = NO_EVIDENCE,
) -> tuple[Book[Row] | Missing, BookState[Mark]]:
    """Return the book, or Missing when it is suspect and no earlier reading was so in the same way."""
    # What stands is told first: it is what must end.
    doubt = next((one for one in doubts if one.stands), doubts[0]) if doubts else None
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


def _books_apart(snapshot: Snapshot, book: Book[Leg] | Book[Order] | Book[Fill]) -> list[Suspicion]:
    books = [part for part in (snapshot.positions, snapshot.orders, snapshot.fills) if isinstance(part, Book)]
    apart = max([part.taken_at for part in books]) - book.taken_at
    return [Suspicion(f"read {seconds_of(apart):.1f} s before the other books", "apart")] if apart > MAX_APART else []


def _rows_gone(
    book: Book[Traded], gone: frozenset[RowMark], believed_at: datetime | None, zone: tzinfo
) -> list[Suspicion]:
    if believed_at is None or _date(believed_at, zone) != _date(book.taken_at, zone):
        return []
    text = (
        f"{_named(name for _, name in gone)} gone from the book"
        if book.rows
        else f"the book was emptied in one step ({len(gone)} rows are gone)"
    )
    return [Suspicion(text, text)]


def _date(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _named(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return f"{', '.join(ordered[:3])}{' …' if len(ordered) > 3 else ''} {'is' if len(ordered) == 1 else 'are'}"
