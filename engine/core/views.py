"""The views of one reading, one for each demand on facts, and what of the reading before they may go on using."""

from dataclasses import replace
from typing import Any

from engine.domain.enums import MarkBasis
from engine.domain.snapshot import Funds, Missing
from engine.facts.base import Demands, View
from engine.facts.lineage import are_stamped
from engine.facts.memory import DayMemory
from engine.facts.parts import too_old


class Views:
    """
    One reading as policies with different demands see it.

    before: the views of the reading before; what they kept goes on where everything it may depend on is the same.
    goes_on: whether nothing differs from the reading before but when it was taken.
    """

    def __init__(self, base: View, before: "Views | None" = None) -> None:
        self.goes_on = before is not None and _same_ground(base, before.base)
        self._before = before if self.goes_on else None
        self.base: View = self._keeping(base)
        self._views = {base.demands: self.base}

    def of(self, demands: Demands) -> View:
        """Return the view for some demands."""
        found = self._views.get(demands)
        if found is None:
            found = self._keeping(replace(self.base, demands=demands, cache={}, kept_values={}))
            self._views[demands] = found
        return found

    def seen(self, demands: Demands) -> View | None:
        """Return the view for some demands if there has been one."""
        return self._views.get(demands)

    def remembering(self, memory: DayMemory) -> "Views":
        """Return the same reading with the day's memory that has it folded in."""
        if memory is self.base.memory:
            return self
        if not _same_memory(memory, self.base.memory):
            return Views(replace(self.base, memory=memory, cache={}, kept_values={}))
        self.base = _with(self.base, memory, self.base.kept_values)
        self._views = {self.base.demands: self.base}
        return self

    def let_go(self) -> None:
        """Forget the reading before: what could be used of it is used by now."""
        self._before = None

    def _keeping(self, view: View) -> View:
        old = None if self._before is None else self._before.seen(view.demands)
        if old is None or not (_is_fresh(view) and old.once("is fresh", _is_fresh)):
            return view
        return _with(view, view.memory, old.kept_values)


def _with(view: View, memory: DayMemory, kept: dict[Any, Any]) -> View:
    return View(view.account, view.snapshot, memory, view.session, view.now, view.demands, view.cache, kept)


def _same_ground(one: View, other: View) -> bool:
    """Return whether nothing that a kept value may depend on differs between two readings."""
    a, b = one.snapshot, other.snapshot
    return (
        one.account is other.account
        and (one.session is other.session or one.session == other.session)
        and _same_rows(a.positions, b.positions)
        and _same_rows(a.orders, b.orders)
        and _same_rows(a.fills, b.fills)
        and _same_rows(a.quotes, b.quotes)
        and _same_funds(a.funds, b.funds)
        and (a.link is b.link or a.link == b.link)
        and a.doubted == b.doubted
        and _same_memory(one.memory, other.memory)
        and _same_moment(one, other)
    )


def _same_moment(one: View, other: View) -> bool:
    """Return whether the two were taken at what is the same moment for the few facts that ask: see `kept`."""
    a, b = one.snapshot, other.snapshot
    if one.session.contains(one.now) != other.session.contains(other.now):
        return False
    # A quote may be frozen only measured against when its answer was taken, and only where quotes are what counts.
    quotes_at = None if isinstance(a.quotes, Missing) else a.quotes.taken_at
    quotes_before = None if isinstance(b.quotes, Missing) else b.quotes.taken_at
    if one.account.profile.mark_basis is MarkBasis.DEPTH and quotes_at != quotes_before:
        return False
    # An order without any stamp is dated by when its book was taken.
    orders_at = None if isinstance(a.orders, Missing) else a.orders.taken_at
    orders_before = None if isinstance(b.orders, Missing) else b.orders.taken_at
    return orders_at == orders_before or are_stamped(other)


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


def _same_memory(one: DayMemory, other: DayMemory) -> bool:
    if one is other:
        return True
    return (
        one.trading_date == other.trading_date
        and one.mtm_peak == other.mtm_peak
        and one.capital == other.capital
        and one.stops_seen == other.stops_seen
        and one.stop_hits == other.stop_hits
        and one.tracks == other.tracks
        and one.primaries == other.primaries
    )


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
