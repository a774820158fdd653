"""The reference page of the facts, `docs/facts.md`, made from the catalogue: `python -m engine.cli.facts_page`."""

import sys
from collections.abc import Iterable, Iterator

from engine.domain.kinds import Type, unit_of
from engine.facts.base import FactSpec, FieldSpec, FunctionSpec, Sign
from engine.facts.catalogue import CATALOGUE
from engine.facts.later import LATER_FACTS, LATER_ROWS
from engine.policy.scope import FUNCTIONS, HISTORY

_HEAD = """\
# The facts

Everything a sentence may name, made from the catalogue by `python -m engine.cli.facts_page`; do not edit it by hand.
`rekha facts` lists the same, `rekha explain fact NAME` shows one, and `rekha facts` with a reading shows their values.

A fact that cannot be had is unknown and says why. Every fact is of the account's day by the exchange's calendar. *Read*
names the parts of a reading a fact is computed from; while one of them is missing or too old, the fact is unknown, or
known only between two bounds. Amounts are in the currency of the account.

Fields of rows are named here as `position.loss`, which is how a policy with `for_each: position` writes them. In a run
over rows the row has the name you give it there: `any(p.loss >= 5k for p in positions)`.

## Facts of the account
"""
_COLUMNS = "| name | is | read | what it says |\n|---|---|---|---|"
_ROW_COLUMNS = "| field | is | what it says |\n|---|---|---|"


def facts_page() -> str:
    """Return the whole page as Markdown, with a newline at its end."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield _COLUMNS
    yield from (_fact(name, spec) for name, spec in CATALOGUE.facts.items())
    for plural, rows in CATALOGUE.rows.items():
        yield f"\n## {plural}\n"
        yield f"{rows.doc} Read: {', '.join(sorted(part.value for part in rows.needs)) or 'nothing'}.\n"
        yield _ROW_COLUMNS
        yield from (_field(rows.singular, name, spec) for name, spec in rows.fields.items())
    for plural, rows in CATALOGUE.shared.items():
        yield f"\n## {plural}\n"
        yield f"{rows.doc} Only a policy with `for_each: {rows.singular}` names it; no sentence runs over {plural}.\n"
        yield _ROW_COLUMNS
        yield from (_field(rows.singular, name, spec) for name, spec in rows.fields.items())
    yield "\n## Functions\n"
    yield "What they say depends on what stands in the brackets. `rekha explain fact spot` shows one.\n"
    yield "| call | is | read | what it says |\n|---|---|---|---|"
    yield from (_function(spec) for spec in CATALOGUE.functions.values())
    yield "\nOver rows, of what is known, and of the day's readings so far:\n"
    yield from (f"- `{call}`: {words}" for call, _, words in _own_functions())
    later = {**LATER_FACTS, **LATER_ROWS}
    if later:
        yield "\n## Known, not built yet\n"
        yield "These words belong to the language. The checker answers to them with `comes-later`.\n"
        yield from _later(later.items())


def _own_functions() -> Iterator[tuple[str, str, str]]:
    yield from (words.partition(": ") for words in (*FUNCTIONS.values(), *HISTORY.values()))


def _fact(name: str, spec: FactSpec) -> str:
    parts = ", ".join(sorted(part.value for part in spec.needs))
    return f"| `{name}` | {_kind(spec.type)}{_sign(spec)} | {parts} | {_cell(spec.doc)}{_example(spec)} |"


def _field(singular: str, name: str, spec: FieldSpec) -> str:
    return f"| `{singular}.{name}` | {_kind(spec.type)}{_sign(spec)} | {_cell(spec.doc)}{_example(spec)} |"


def _function(spec: FunctionSpec) -> str:
    call = f"{spec.name}({', '.join(parameter.name for parameter in spec.parameters)})"
    parts = ", ".join(sorted(part.value for part in spec.needs))
    return f"| `{call}` | {_kind(spec.type)} | {parts} | {_cell(spec.doc)} `{_cell(spec.example)}` |"


def _kind(type_: Type) -> str:
    if type_.members:
        return "one of " + ", ".join(type_.members)
    unit = unit_of(type_, "") if type_.unit else ""
    return f"{type_}{f' of {unit}' if unit else ''}"


def _sign(spec: FactSpec | FieldSpec) -> str:
    return "" if spec.sign is Sign.NONE else f"; {spec.sign.value}"


def _example(spec: FactSpec | FieldSpec) -> str:
    return f" `{_cell(spec.example)}`" if spec.example else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _later(words: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from (f"- `{name}`: {doc}" for name, doc in words)


if __name__ == "__main__":
    sys.stdout.write(facts_page())
