"""zen-engine: GoRules' expression language in Rust."""

from collections.abc import Mapping
from importlib import import_module
from itertools import compress
from typing import Any

from bench.books import Loaded
from bench.peers.feeding import as_dicts, installed
from bench.peers.spelling import Infix, spell_book
from bench.subject import Ready


class _Zen(Infix):
    """Its `min` and `max` fail over no rows."""

    has_extremes = False

    def any_of(self, variable: str, element: str, where: str | None) -> str:
        return f"some(positions as {variable}, {self.both([where, element]) if where else element})"

    def all_of(self, variable: str, element: str, where: str | None) -> str:
        return f"all(positions as {variable}, {self.either([f'not {where}', element]) if where else element})"

    def count_of(self, variable: str, condition: str) -> str:
        return f"count(positions as {variable}, {condition})"

    def number_of(self, kind: str, variable: str, element: str, where: str | None) -> str:
        rows = f"filter(positions as {variable}, {where})" if where else "positions"
        return f"{kind}(map({rows} as {variable}, {element}))"


class Zen:
    """The whole book as one array: asked rule by rule it would copy the facts once for each."""

    name = "zen-engine"
    how = "one compiled array expression for the book, one evaluation a day"

    def version(self) -> str | None:
        return installed("zen-engine")

    def spell(self, loaded: Loaded) -> dict[str, str]:
        return spell_book(_Zen(), loaded)

    def prepare(self, _loaded: Loaded, spelt: Mapping[str, str]) -> Ready:
        names = list(spelt)
        book = import_module("zen").compile_expression(f"[{', '.join(spelt.values())}]")

        def fired(facts: dict[str, Any]) -> set[str]:
            return set(compress(names, book.evaluate(facts)))

        return Ready(as_dicts, fired)
