"""The views of one reading, one for each demand on facts, and what of the reading before they may go on using."""

from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter, eq
from typing import Any

from engine.domain.snapshot import Book, Funds, Leg, Missing
from engine.facts.base import Demands, View
from engine.facts.history import History
from engine.facts.lineage import are_stamped
from engine.facts.memory import DayMemory
from engine.facts.parts import too_old

# All of a leg but its prices and the broker's own figure.
_traded = attrgetter(*(field.name for field in fields(Leg) if field.name not in ("last_price", "reported_mtm")))


class Views:
    """
    One reading as policies with different demands see it.

    before: the views of the reading before; what they kept goes on where everything it may depend on is the same.
    is_same_book: whether the position book is known to hold what it did then, but for its prices.
    goes_on: whether nothing differs from the reading before but when it was taken. is_settled: at most prices do.
    is_held: at most prices and orders do.
    is_heard: whether the day's memory has heard these rows, and while nothing in them was stale. Only then may the next
    reading of the same rows tell it no more than prices.
    """

    def __init__(self, base: View, before: "Views | None" = None, *, is_same_book: bool = False) -> None:
        self.is_held = before is not None and _is_held(base, before.base, is_same_book)
        self.is_settled = before is not None and self.is_held and _is_settled(base, before.base)
        self.goes_on = before is not None and self.is_settled and _same_prices(base, before.base)
        self.is_heard: bool = before is not None and before.is_heard and before.base.snapshot is base.snapshot
        self._before = before if self.is_held else None
        self.base: View = self._keeping(base)
        self._views = {base.demands: self.base}

    @property
    def may_skip_rows(self) -> bool:
        """Whether folding a new reading needs to look at no row: its rows are those the day has heard."""
        return self.is_settled and self._before is not None and self._before.is_heard

    def of(self, demands: Demands) -> View:
        """Return the view for some demands."""
        found = self._views.get(demands)
        if found is None:
            view = replace(self.base, demands=demands, cache={}, kept_values={}, settled_values={}, held_values={})
            found = self._views[demands] = self._keeping(view)
        return found

    def seen(self, demands: Demands) -> View | None:
        """Return the view for some demands if there has been one."""
        return self._views.get(demands)

    def remembering(self, memory: DayMemory) -> "Views":
        """Return the same reading with the day's memory that has it, which is new, folded in."""
        base = self.base
        self.is_heard = self.may_skip_rows or base.once("is fresh", _is_fresh)
        settled = base.settled_values if _same_trades(memory, base.memory) else {}
        kept = base.kept_values if settled is base.settled_values and _same_money(memory, base.memory) else {}
        self.goes_on = self.goes_on and kept is base.kept_values
        self.is_settled = self.is_settled and settled is base.settled_values
        cache = base.cache if kept is base.kept_values else {}
        self.base = View(
            base.account, base.snapshot, memory, base.session, base.now, base.demands, cache, kept, settled,
            base.held_values, base.blocks, base.history,
        )  # fmt: skip
        self._views = {base.demands: self.base}
        return self

    def recalling(self, history: History) -> None:
        """Let every view of this reading see what the day's readings have said, this one included."""
        self._views = {demands: replace(view, history=history) for demands, view in self._views.items()}
        self.base = self._views[self.base.demands]

    def let_go(self) -> None:
        """Forget the reading before: what could be used of it is used by now."""
        self._before = None

    def _keeping(self, view: View) -> View:
        old = None if self._before is None else self._before.seen(view.demands)
        if old is None or not (_is_fresh(view) and old.once("is fresh", _is_fresh)):
            return view
        kept = old.kept_values if self.goes_on else view.kept_values
        settled = old.settled_values if self.is_settled else view.settled_values
        return View(
            view.account, view.snapshot, view.memory, view.session, view.now, view.demands, view.cache, kept, settled,
            old.held_values, view.blocks, view.history,
        )  # fmt: skip


def _is_held(one: View, other: View, is_same_book: bool) -> bool:
    """Return whether nothing that a held value may depend on differs between two readings."""
    a, b = one.snapshot, other.snapshot
    return (
        one.account is other.account
        and (one.session is other.session or one.session == other.session)
        and _same_rows(a.fills, b.fills)
        and (a.positions == b.positions if _is_missing(a.positions, b.positions) else is_same_book)
    )


def _is_settled(one: View, other: View) -> bool:
    """Return whether nothing that a settled value may depend on differs either between two that hold."""
    a, b = one.snapshot, other.snapshot
    return (
        _same_rows(a.orders, b.orders)
        and (a.link is b.link or a.link == b.link)
        and one.blocks == other.blocks
        and _same_trades(one.memory, other.memory)
        and _same_legs(a.positions, b.positions)
        and _same_moment(one, other)
    )


def _same_prices(one: View, other: View) -> bool:
    """Return whether, of two readings with the same legs, nothing that a kept value may depend on differs either."""
    a, b = one.snapshot, other.snapshot
    return (
        _same_rows(a.positions, b.positions)
        and _same_rows(a.quotes, b.quotes)
        and a.doubted == b.doubted
        and _same_funds(a.funds, b.funds)
        and _same_money(one.memory, other.memory)
        # A quote may be frozen only measured against when its answer was taken.
        and _taken_at(a.quotes) == _taken_at(b.quotes)
    )


def _taken_at(book: Book[Any] | Missing) -> datetime | None:
    return None if isinstance(book, Missing) else book.taken_at


def _same_moment(one: View, other: View) -> bool:
    """Return whether the two were taken at what is the same moment for the few facts that ask: see `kept`."""
    if one.session.contains(one.now) != other.session.contains(other.now):
        return False
    # An order without any stamp is dated by when its book was taken.
    a, b = one.snapshot.orders, other.snapshot.orders
    is_taken_then = a == b if isinstance(a, Missing) or isinstance(b, Missing) else a.taken_at == b.taken_at
    return is_taken_then or are_stamped(other)


def _is_missing(*parts: Any) -> bool:
    return any(isinstance(part, Missing) for part in parts)


def _same_legs(one: Book[Leg] | Missing, other: Book[Leg] | Missing) -> bool:
    """Return whether two position books differ in prices at most."""
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one == other
    if one.rows is other.rows:
        return True
    return len(one.rows) == len(other.rows) and all(map(eq, map(_traded, one.rows), map(_traded, other.rows)))


def _same_rows(one: Any, other: Any) -> bool:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return bool(one == other)
    # The broker's own stamp tells a frozen quote from a quiet one.
    return one.rows is other.rows and one.as_of == other.as_of


def _same_funds(one: Funds | Missing, other: Funds | Missing) -> bool:
    if one is other:
        return True
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one == other
    return replace(one, taken_at=other.taken_at) == other


def _same_trades(one: DayMemory, other: DayMemory) -> bool:
    return one is other or (
        one.trading_date == other.trading_date
        and one.stops_seen == other.stops_seen
        and one.stop_hits == other.stop_hits
        and one.tracks == other.tracks
        and one.primaries == other.primaries
        and one.hedged == other.hedged
    )


def _same_money(one: DayMemory, other: DayMemory) -> bool:
    return one is other or (one.mtm_peak == other.mtm_peak and one.capital == other.capital and one.week == other.week)


def _is_fresh(view: View) -> bool:
    """Return whether nothing that was read is stale; what is, is known by its age, and that changes with the time."""
    snapshot, profile = view.snapshot, view.account.profile
    books = profile.books_max_age
    limits = (
        (snapshot.positions, books),
        (snapshot.orders, books),
        (snapshot.fills, books),
        (snapshot.quotes, profile.quotes_max_age),
        (snapshot.funds, profile.funds_max_age),
    )
    return not any(not isinstance(part, Missing) and too_old(view, part.taken_at, limit) for part, limit in limits)
