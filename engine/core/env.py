"""Where names get their values when a program runs: one view of one account, its values, the catalogue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from engine.domain.account import Profile
from engine.domain.enums import MarkBasis
from engine.domain.snapshot import Missing, Snapshot
from engine.domain.values import Known, Unknown, Value, unknown
from engine.facts.base import Catalogue, Demands, FactSpec, FieldSpec, FunctionSpec, Part, View
from engine.facts.history import Past, Track
from engine.policy import ir

_TIMELESS = frozenset({Part.CLOCK})
# What may change while no trade takes place and no order moves.
_MOVING = frozenset({Part.PRICES, Part.QUOTES, Part.FUNDS, Part.CLOCK})


class AccountEnv:
    """A `meaning.Env` over one view; facts are computed at most once per view."""

    def __init__(self, view: View, catalogue: Catalogue, values: Mapping[str, ir.Node]) -> None:
        self.view = view
        self.now = view.now
        self.catalogue = catalogue
        self.values = values

    def fact(self, name: str) -> Value:
        """Return a fact of the account."""
        spec = self.catalogue.facts[name]
        if spec.needs.isdisjoint(_MOVING):
            once = self.view.settled
        else:
            once = self.view.once if Part.CLOCK in spec.needs else self.view.kept
        value: Value = once(f"fact {name}", spec.compute)
        return value

    def rows(self, plural: str) -> tuple[Any, ...] | Unknown:
        """Return the rows of a kind, or Unknown when their book is."""
        rows: tuple[Any, ...] | Unknown = self.view.once(f"rows {plural}", self.catalogue.rows[plural].rows)
        return rows

    def field(self, plural: str, row: Any, field: str) -> Value:
        """Return a field of a row."""
        return self.catalogue.kind(plural).fields[field].compute(self.view, row)

    def key(self, plural: str, row: Any) -> str:
        """Return a row's stable name."""
        return self.catalogue.rows[plural].key(row)

    def value(self, name: str) -> ir.Node:
        """Return the expression a value stands for. Raises KeyError for a name that is none."""
        return self.values[name]

    def call(self, function: str, arguments: tuple[Known, ...]) -> Value:
        """Return what a function of the catalogue says of known arguments."""
        spec = self.catalogue.functions[function]
        value: Value = self.view.once((function, arguments), lambda view: spec.compute(view, *arguments))
        return value

    def past(self, function: str, series: str, row: Any, text: str, current: Value) -> Past | Value:
        """Return what the day's readings have said of a series; Unknown while none has."""
        view = self.view
        kept = view.history.kept.get(kept_as(series, view.demands))
        if kept is None:
            return unknown(f"no history of {series} is kept yet")
        spec, of_row = self._declared(series), None
        if row is not None:
            key = self.key(series.partition(".")[0], row)
            of_row = key, kept.rows.get(key, Track())
        opens_at, zone = view.session.opens_at, view.account.zone
        return Past(
            name=series,
            type=spec.type,
            readings=view.history.readings,
            kept=kept,
            max_gap=view.demands.max_gap or 3 * view.account.profile.poll,
            midnight=datetime.combine(view.session.trading_date, time(0), tzinfo=zone),
            opens_at=opens_at if opens_at is not None and opens_at <= self.now else None,
            row=of_row,
            low=spec.low,
            high=spec.high,
        )

    def _declared(self, series: str) -> FactSpec | FieldSpec | FunctionSpec:
        if series in self.catalogue.facts:
            return self.catalogue.facts[series]
        function = self.catalogue.functions.get(series.partition("(")[0])
        plural, _, field = series.partition(".")
        return function if function is not None else self.catalogue.kind(plural).fields[field]

    def read_at(self, name: str) -> datetime | None:
        """Return when the oldest part behind a fact, `rows` or `rows.field` was taken; None when one was not read."""
        needs = self._needs(name)

        def oldest(view: View) -> datetime | None:
            parts = read_from(needs, view.account.profile)
            stamps = stamps_of(view.snapshot, parts)
            return None if len(stamps) < len(parts - _TIMELESS) else min(stamps.values(), default=view.now)

        stamp: datetime | None = self.view.once(needs, oldest)
        return stamp

    def _needs(self, name: str) -> frozenset[Part]:
        fact = self.catalogue.facts.get(name)
        if fact is not None:
            return fact.needs
        function = self.catalogue.functions.get(name)
        if function is not None:
            return function.needs
        plural, _, field = name.partition(".")
        rows = self.catalogue.kind(plural)
        return rows.fields[field].needs if field else rows.needs


def kept_as(series: str, demands: Demands) -> str:
    """Return the name a series is kept under: facts that are asked for otherwise are other facts."""
    asked = replace(demands, max_gap=None)
    return series if asked == Demands() else f"{asked.max_age}, {asked.stop_loss_share}: {series}"


def read_from(needs: frozenset[Part], profile: Profile) -> frozenset[Part]:
    """Return the parts as this account reads them: its prices are the quotes, or stand in the positions."""
    if Part.PRICES not in needs:
        return needs
    return (needs - {Part.PRICES}) | {Part.QUOTES if profile.mark_basis is MarkBasis.DEPTH else Part.POSITIONS}


def stamps_of(snapshot: Snapshot, needs: frozenset[Part]) -> dict[str, datetime]:
    """Return when each part that was read was taken, by part name; a missing part has no stamp."""
    stamps: dict[str, datetime] = {}
    for part in sorted(needs, key=lambda part: part.value):
        if part is Part.LINK:
            stamps[part.value] = snapshot.taken_at
        elif part is not Part.CLOCK:
            book = getattr(snapshot, part.value)
            if not isinstance(book, Missing):
                stamps[part.value] = book.taken_at
    return stamps
