"""What names mean at one place of a policy: facts, values, rows and the variables a generator or `for_each` binds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.domain.account import CURRENCY
from engine.domain.events import NO_EVENTS, Events
from engine.domain.kinds import Type
from engine.facts.base import Catalogue, RowSpec
from engine.policy.ir import Node

USUAL_CURRENCIES = frozenset({CURRENCY})


@dataclass(frozen=True, slots=True)
class Later:
    """Words of the language's second tier: known, not built yet; each with one sentence."""

    facts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Everything a sentence may name.

    values: desk values and `let`s with their compiled expressions. variables: bound row names to their kind of rows.
    broken: values that are there but could not be read; already reported, so that their uses are silent.
    values_unread: the value file itself could not be read, so any unknown word may be one of its values.
    currencies: those an amount may be in, the currencies of the accounts; without a desk there is only the usual one.
    events: of the desk's calendar. events_unread: it has mistakes of its own, so that an event may be missing for them.
    """

    catalogue: Catalogue
    later: Later
    values: Mapping[str, Node]
    variables: Mapping[str, RowSpec] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    values_unread: bool = False
    currencies: frozenset[str] = USUAL_CURRENCIES
    events: Events = NO_EVENTS
    events_unread: bool = False

    def with_values(self, values: Mapping[str, Node], broken: Iterable[str] = ()) -> "Scope":
        """Return the scope with more values."""
        return replace(self, values={**self.values, **values}, broken=self.broken | frozenset(broken))

    def is_broken(self, name: str) -> bool:
        """Return whether a word may be a value whose own mistake is already reported."""
        return name in self.broken or (self.values_unread and name not in self.names())

    def binding(self, variable: str, rows: RowSpec) -> "Scope":
        """Return the scope inside a generator over `rows`."""
        return replace(self, variables={**self.variables, variable: rows})

    def value_type(self, name: str) -> Type | None:
        """Return the type of a value, or None when there is no such value."""
        node = self.values.get(name)
        return None if node is None else node.type

    def functions(self) -> Mapping[str, str]:
        """Return every function a sentence may call, with what it says."""
        return {**FUNCTIONS, **HISTORY, **{name: spec.words for name, spec in self.catalogue.functions.items()}}

    def names(self) -> tuple[str, ...]:
        """Return every word a sentence may start a name with, for suggestions."""
        return (*self.catalogue.facts, *self.values, *self.variables, *self.catalogue.rows)


FUNCTIONS: Mapping[str, str] = {
    "known": "known(x): whether x has a value now; never unknown itself",
    "age": "age(x): how long ago the broker answered what x is read from",
    "since": "since(t): time passed since the instant t",
    "any": "any(condition for p in positions): true when one row is",
    "all": "all(condition for p in positions): true when every row is, also when there is none",
    "sum": "sum(p.mtm for p in legs): the total; an interval while a row is unknown",
    "min": "min(p.mtm for p in legs): the smallest; unknown over no rows",
    "max": "max(p.mtm for p in legs): the largest; unknown over no rows",
    "count": "count(p.is_short for p in positions): rows for which it is true; count(positions): all rows",
}

HISTORY: Mapping[str, str] = {
    "at": "at(x, 14:45): x at the last reading of today not later than a time",
    "last_known": "last_known(x): x now, or its newest known value of today",
    "unknown_for": "unknown_for(x): how long x has been unknown; 0s while it is known",
    "change": "change(x, 3m): x now less x three minutes ago",
    "max_over": "max_over(x, 5m): the largest x of the last five minutes, now included",
    "min_over": "min_over(x, 5m): the smallest x of the last five minutes, now included",
    "avg_over": "avg_over(x, 5m): the mean of x over the last five minutes, by how long each value stood",
    "count_over": "count_over(rejections, 1m): how many were added in the last minute",
    "move": "move('NIFTY', 5m): how far an underlying has moved in five minutes, in percent; a fall is negative",
}

AGGREGATES = frozenset({"any", "all", "sum", "min", "max", "count"})
