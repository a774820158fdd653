"""simpleeval: Python expressions walked as an AST by Python."""

import ast
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any

from bench.books import Loaded
from bench.peers.feeding import as_names, installed
from bench.peers.spelling import Infix, spell_book
from bench.subject import Ready

_FUNCTIONS: Mapping[str, Any] = {
    "any": any, "all": all, "sum": sum, "len": len, "min": partial(min, default=0.0), "max": partial(max, default=0.0),
}  # fmt: skip


class _Python(Infix):
    """simpleeval knows list comprehensions, no generators."""

    def any_of(self, variable: str, element: str, where: str | None) -> str:
        return f"any({_listed(variable, element, where)})"

    def all_of(self, variable: str, element: str, where: str | None) -> str:
        return f"all({_listed(variable, element, where)})"

    def count_of(self, variable: str, condition: str) -> str:
        return f"len({_listed(variable, '1', condition)})"

    def number_of(self, kind: str, variable: str, element: str, where: str | None) -> str:
        return f"{kind}({_listed(variable, element, where)})"


def _listed(variable: str, element: str, where: str | None) -> str:
    return f"[{element} for {variable} in positions{f' if {where}' if where else ''}]"


class Parsed:
    """As an author in a hurry for speed uses it: every rule parsed once, one evaluator, new names for each day."""

    name = "simpleeval, parsed once"
    how = "one EvalWithCompoundTypes, eval(previously_parsed=) per rule"

    def version(self) -> str | None:
        return installed("simpleeval")

    def spell(self, loaded: Loaded) -> dict[str, str]:
        return spell_book(_Python(), loaded)

    def prepare(self, _loaded: Loaded, spelt: dict[str, str]) -> Ready:
        evaluator = import_module("simpleeval").EvalWithCompoundTypes(functions=dict(_FUNCTIONS))
        rules: list[tuple[str, str, ast.AST]] = [(name, text, evaluator.parse(text)) for name, text in spelt.items()]

        def fired(facts: dict[str, Any]) -> set[str]:
            evaluator.names = facts
            return {name for name, text, parsed in rules if evaluator.eval(text, previously_parsed=parsed)}

        return Ready(as_names, fired)


class Naive:
    """As its README shows it: the text is parsed again at every evaluation."""

    name = "simpleeval, as in its README"
    how = "a new EvalWithCompoundTypes and a parse per rule and day"

    def version(self) -> str | None:
        return installed("simpleeval")

    def spell(self, loaded: Loaded) -> dict[str, str]:
        return spell_book(_Python(), loaded)

    def prepare(self, _loaded: Loaded, spelt: dict[str, str]) -> Ready:
        evaluator = import_module("simpleeval").EvalWithCompoundTypes
        functions = dict(_FUNCTIONS)

        def fired(facts: dict[str, Any]) -> set[str]:
            return {name for name, text in spelt.items() if evaluator(names=facts, functions=functions).eval(text)}

        return Ready(as_names, fired)
