"""datalogic-py: JSONLogic in Rust, with parsed documents that many rules share."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any

from bench.books import Loaded
from bench.peers.feeding import as_dicts, installed
from bench.peers.spelling import Inside, Speller, spell_book
from bench.subject import Ready

_ROWS: Any = {"var": "positions"}


class _Row(Inside):
    """While inside an aggregate, a fact stands two scopes further out than a field."""

    def __init__(self, speller: "_JsonLogic") -> None:
        self.speller = speller

    def __enter__(self) -> None:
        self.speller.in_row = True

    def __exit__(self, *_: object) -> None:
        self.speller.in_row = False


class _JsonLogic(Speller[Any]):
    """Its `min` and `max` fail over no rows; it has no sum but `+` of a list."""

    has_extremes = False
    in_row = False

    def inside(self) -> Inside:
        return _Row(self)

    def number(self, value: Decimal) -> Any:
        return float(value)

    def word(self, value: str) -> Any:
        return value

    def fact(self, name: str) -> Any:
        return {"val": [[2], name]} if self.in_row else {"var": name}

    def field(self, variable: str, name: str) -> Any:
        return {"var": name}

    def compare(self, operator: str, left: Any, right: Any) -> Any:
        return {operator: [left, right]}

    def arithmetic(self, operator: str, left: Any, right: Any) -> Any:
        return {operator: [left, right]}

    def member(self, item: Any, options: Sequence[Any]) -> Any:
        return {"in": [item, list(options)]}

    def both(self, parts: Sequence[Any]) -> Any:
        return {"and": list(parts)}

    def either(self, parts: Sequence[Any]) -> Any:
        return {"or": list(parts)}

    def any_of(self, variable: str, element: Any, where: Any | None) -> Any:
        return {"some": [_ROWS, element if where is None else {"and": [where, element]}]}

    def all_of(self, variable: str, element: Any, where: Any | None) -> Any:
        return {"all": [_ROWS, element if where is None else {"or": [{"!": where}, element]}]}

    def count_of(self, variable: str, condition: Any) -> Any:
        return {"length": {"filter": [_ROWS, condition]}}

    def number_of(self, kind: str, variable: str, element: Any, where: Any | None) -> Any:
        if kind != "sum":
            raise TypeError(f"{kind} of no rows is an error in datalogic")
        rows = _ROWS if where is None else {"filter": [_ROWS, where]}
        return {"+": {"map": [rows, element]}}


class DataLogic:
    """One session, one DataHandle a day, all rules in one call."""

    name = "datalogic-py"
    how = "a session, a DataHandle a day, evaluate_many"

    def version(self) -> str | None:
        return installed("datalogic-py")

    def spell(self, loaded: Loaded) -> dict[str, Any]:
        return spell_book(_JsonLogic(), loaded)

    def prepare(self, _loaded: Loaded, spelt: Mapping[str, Any]) -> Ready:
        datalogic = import_module("datalogic_py")
        engine = datalogic.Engine()
        session, handle = engine.session(), datalogic.DataHandle
        names, rules = list(spelt), [engine.compile(rule) for rule in spelt.values()]

        def fired(facts: dict[str, Any]) -> set[str]:
            answers = session.evaluate_many(rules, handle(facts))
            return {name for name, answer in zip(names, answers, strict=True) if answer == "true"}

        return Ready(as_dicts, fired)
