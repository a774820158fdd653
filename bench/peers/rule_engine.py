"""rule-engine: a language of its own in Python, optionally typed, with exact Decimals as its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import make_dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any

from bench.books import Loaded
from bench.days import Seen
from bench.peers.feeding import installed
from bench.peers.spelling import Infix, spell_book
from bench.subject import Ready
from engine.domain.kinds import Kind, Type
from engine.facts.catalogue import CATALOGUE


class _Words(Infix):
    """Its `$min` and `$max` fail over no rows; `in` over a list of literals takes it three times as long as `or`."""

    has_extremes = False

    def member(self, item: str, options: Sequence[str]) -> str:
        return self.either([f"{item} == {option}" for option in options])

    def any_of(self, variable: str, element: str, where: str | None) -> str:
        return f"$any({_listed(variable, element, where)})"

    def all_of(self, variable: str, element: str, where: str | None) -> str:
        return f"$all({_listed(variable, element, where)})"

    def count_of(self, variable: str, condition: str) -> str:
        return f"$sum({_listed(variable, '1', condition)})"

    def number_of(self, kind: str, variable: str, element: str, where: str | None) -> str:
        return f"${kind}({_listed(variable, element, where)})"


def _listed(variable: str, element: str, where: str | None) -> str:
    return f"[{element} for {variable} in positions{f' if {where}' if where else ''}]"


class RuleEngine:
    """Rules kept; those over facts untyped, those over rows with declared types, each as it is faster."""

    name = "rule-engine"
    how = "Rule objects kept, exact Decimals, rows as dataclasses with declared types"

    def version(self) -> str | None:
        return installed("rule-engine")

    def spell(self, loaded: Loaded) -> dict[str, str]:
        return spell_book(_Words(), loaded)

    def prepare(self, loaded: Loaded, spelt: dict[str, str]) -> Ready:
        engine = import_module("rule_engine")
        row = _class(
            "Position", _types(loaded.fields.get("positions", frozenset()), CATALOGUE.rows["positions"].fields)
        )
        account = _class("Account", {**_types(loaded.facts, CATALOGUE.facts), "positions": list[row]})  # type: ignore[valid-type]
        resolver_of = import_module("rule_engine.engine").type_resolver_from_dataclass
        untyped, typed = engine.Context(), engine.Context(type_resolver=resolver_of(account))
        rules = [
            (name, engine.Rule(text, context=typed if " positions" in text else untyped))
            for name, text in spelt.items()
        ]

        def facts_for(day: Seen) -> dict[str, Any]:
            rows = {plural: [row(**one.fields) for one in found] for plural, found in day.all_rows.items()}
            return {**day.facts, **rows}

        def fired(facts: dict[str, Any]) -> set[str]:
            return {name for name, rule in rules if rule.matches(facts)}

        return Ready(facts_for, fired)


def _types(names: frozenset[str], specs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _python_type(specs[name].type) for name in sorted(names)}


def _python_type(type_: Type) -> type:
    if type_.kind is Kind.BOOL:
        return bool
    return str if type_.kind in (Kind.TEXT, Kind.ENUM) else Decimal


def _class(name: str, types: Mapping[str, Any]) -> Any:
    return make_dataclass(name, list(types.items()), slots=True)
