"""The fold of one reading into the day's history: the series that the policies of an account ask for, and no others."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.core.env import AccountEnv, kept_as
from engine.core.views import Views
from engine.core.watch import Series, Watch
from engine.domain.numbers import ZERO
from engine.domain.values import Known, Unknown, Value, interval, merge_causes
from engine.facts.base import View, doubt_of
from engine.facts.history import History, Kept, Track
from engine.facts.parts import is_today
from engine.policy import ir, meaning
from engine.policy.calls import call_name


def recorded(watch: Watch, views: Views, history: History) -> History:
    """
    Return the history with a reading of today that it has not heard; of another day nothing is kept.

    A series that is asked for since now begins now; one that nobody asks for any more is forgotten.
    """
    view = views.base
    if history.trading_date != view.session.trading_date:
        history = History(trading_date=view.session.trading_date)
    at, last = view.snapshot.taken_at, history.readings.last()
    if (last is not None and at <= last[0]) or not is_today(view, at):
        return history
    kept: dict[str, Kept] = {}
    for series in watch.series:
        kept |= _heard(series, watch.env(series.policy, views), view, history.kept)
    return History(history.trading_date, history.readings.with_point(at, ZERO), MappingProxyType(kept))


def _heard(series: Series, env: AccountEnv, view: View, before: Mapping[str, Kept]) -> dict[str, Kept]:
    at, node = view.snapshot.taken_at, series.node
    if isinstance(node, ir.FactRef):
        name = kept_as(node.name, env.view.demands)
        found = before.get(name) or Kept(at)
        return {name: Kept(found.since, found.whole.changed_to(at, env.fact(node.name)))}
    if isinstance(node, ir.FieldRef):
        name = kept_as(f"{node.rows}.{node.field}", env.view.demands)
        return {name: _rows(node, env, view, before.get(name) or Kept(at))}
    assert isinstance(node, ir.Call)
    calls = _calls(node, env)
    prefix = kept_as(f"{node.function}(", env.view.demands)
    calls |= {name: kept.arguments for name, kept in before.items() if name.startswith(prefix)}
    heard = {}
    for name, arguments in calls.items():
        found = before.get(name) or Kept(at)
        whole = found.whole.changed_to(at, env.call(node.function, arguments))
        heard[name] = Kept(found.since, whole, arguments=arguments)
    return heard


def _rows(node: ir.FieldRef, env: AccountEnv, view: View, kept: Kept) -> Kept:
    at, rows = view.snapshot.taken_at, env.rows(node.rows)
    if isinstance(rows, Unknown):
        dark = {key: track.changed_to(at, rows) for key, track in kept.rows.items()}
        return Kept(kept.since, kept.whole.changed_to(at, rows), MappingProxyType(dark))
    now = {env.key(node.rows, row): _field(node, env, row) for row in rows}
    tracks = {key: track.changed_to(at, now.get(key)) for key, track in kept.rows.items()}
    tracks |= {key: Track().with_point(at, value) for key, value in now.items() if key not in tracks}
    return Kept(kept.since, kept.whole.changed_to(at, value=True), MappingProxyType(tracks))


def _field(node: ir.FieldRef, env: AccountEnv, row: Any) -> Value:
    value, doubt = env.field(node.rows, row, node.field), doubt_of(row)
    if doubt is None:
        return value
    # A row that is perhaps not there counts for something between nothing and what it says.
    causes = merge_causes((doubt, value))
    high = value.high if isinstance(value, Unknown) else value
    is_count = bool(node.type.unit) and (high is None or not isinstance(high, bool))
    return interval(ZERO, high, causes) if is_count else Unknown(causes)  # type: ignore[arg-type]


def _calls(node: ir.Call, env: AccountEnv) -> dict[str, tuple[Known, ...]]:
    """Return the calls a series stands for now, by name: one, or one for each row its arguments speak of."""
    rows = next((part for part in ir.walk(node) if isinstance(part, ir.FieldRef)), None)
    bindings: list[dict[str, Any]] = [{}]
    if rows is not None:
        found = env.rows(rows.rows)
        bindings = [] if isinstance(found, Unknown) else [{rows.variable: row} for row in found]
    calls: dict[str, tuple[Known, ...]] = {}
    for bound in bindings:
        given = [meaning.evaluate(argument, env, bound).value for argument in node.arguments]
        arguments = tuple(value for value in given if not isinstance(value, Unknown))
        if len(arguments) == len(given):
            calls[kept_as(call_name(node.function, arguments), env.view.demands)] = arguments
    return calls
