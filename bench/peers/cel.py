"""Two engines for the Common Expression Language, one in C++ and one in Rust; both want floats and copy all facts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from itertools import compress
from typing import Any

from bench.books import Loaded
from bench.peers.feeding import as_dicts, installed
from bench.peers.spelling import Infix, spell_book
from bench.subject import Ready
from engine.domain.kinds import Kind
from engine.facts.catalogue import CATALOGUE


class _Cel(Infix):
    """CEL has no sum: `total` is a function in Python, which its users would have to add too."""

    AND = "&&"
    OR = "||"
    has_extremes = False

    def number(self, value: Decimal) -> str:
        digits = super().number(value)
        return digits if "." in digits else f"{digits}.0"

    def any_of(self, variable: str, element: str, where: str | None) -> str:
        return f"positions.exists({variable}, {self.both([where, element]) if where else element})"

    def all_of(self, variable: str, element: str, where: str | None) -> str:
        return f"positions.all({variable}, {self.either([f'!({where})', element]) if where else element})"

    def count_of(self, variable: str, condition: str) -> str:
        return f"double(size(positions.filter({variable}, {condition})))"

    def number_of(self, kind: str, variable: str, element: str, where: str | None) -> str:
        if kind != "sum":
            raise TypeError(f"CEL has no {kind}")
        return f"total(positions.map({variable}, {f'{where}, ' if where else ''}{element}))"


class _OldCel(_Cel):
    """Its `map` with a condition in the middle returns the conditions."""

    def number_of(self, kind: str, variable: str, element: str, where: str | None) -> str:
        plain = super().number_of(kind, variable, element, None)
        return plain.replace("positions", f"positions.filter({variable}, {where})", 1) if where else plain


def _total(numbers: Sequence[float]) -> float:
    return sum(numbers, 0.0)


class CelCpp:
    """cel-expr-python: the C++ engine, types declared."""

    name = "CEL in C++"
    how = "cel-expr-python, one list expression for the book, one evaluation a day"

    def version(self) -> str | None:
        return installed("cel-expr-python")

    def spell(self, loaded: Loaded) -> dict[str, str]:
        return spell_book(_Cel(), loaded)

    def prepare(self, loaded: Loaded, spelt: Mapping[str, str]) -> Ready:
        cel = import_module("cel_expr_python.cel")
        types = {name: _type_of(cel, name) for name in loaded.facts}
        types["positions"] = cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN))
        total = cel.Overload(
            "total(list)", return_type=cel.Type.DOUBLE, parameters=[cel.Type.List(cel.Type.DYN)], impl=_total
        )
        env = cel.NewEnv(variables=types, functions=[cel.FunctionDecl("total", [total])])
        names, book = list(spelt), env.compile(f"[{', '.join(spelt.values())}]")

        def fired(facts: dict[str, Any]) -> set[str]:
            return set(compress(names, book.eval(data=facts).plain_value()))

        return Ready(as_dicts, fired)


def _type_of(cel: Any, name: str) -> Any:
    kind = CATALOGUE.facts[name].type.kind
    if kind is Kind.BOOL:
        return cel.Type.BOOL
    return cel.Type.STRING if kind in (Kind.TEXT, Kind.ENUM) else cel.Type.DOUBLE


class CelRust:
    """python-cel: the Rust engine, untyped."""

    name = "CEL in Rust"
    how = "python-cel, one list expression for the book, one Context a day"

    def version(self) -> str | None:
        return installed("python-cel")

    def spell(self, loaded: Loaded) -> dict[str, str]:
        return spell_book(_OldCel(), loaded)

    def prepare(self, loaded: Loaded, spelt: Mapping[str, str]) -> Ready:
        cel = import_module("cel")
        names, book = list(spelt), cel.Program(f"[{', '.join(spelt.values())}]")
        functions = {"total": _total} if loaded.fields else {}

        def fired(facts: dict[str, Any]) -> set[str]:
            return set(compress(names, book.execute(cel.Context(variables=facts, functions=functions))))

        return Ready(as_dicts, fired)
