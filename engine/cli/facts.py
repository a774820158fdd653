"""`rekha facts`: the catalogue of what a policy may ask; with readings the sibling shows what Rekha sees in them."""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

from engine.cli import exits
from engine.cli.output import write, write_json
from engine.domain.kinds import Type, unit_of
from engine.facts.base import FactSpec, FieldSpec
from engine.facts.catalogue import CATALOGUE

_OF_THE_COMMAND = frozenset({"command", "module", "format"})


def run(arguments: argparse.Namespace) -> int:
    """Return 0; with anything named that says whose facts, what the sibling returns."""
    if not any(value for name, value in vars(arguments).items() if name not in _OF_THE_COMMAND):
        _show_catalogue(arguments.format)
        return exits.OK
    run_on_readings: Callable[[argparse.Namespace], int] = import_module("engine.cli.facts_seen").run
    return run_on_readings(arguments)


def _show_catalogue(form: str) -> None:
    if form == "json":
        write_json(
            {
                "facts": {name: _spec(spec) for name, spec in CATALOGUE.facts.items()},
                "rows": {
                    plural: {
                        "singular": rows.singular,
                        "doc": rows.doc,
                        "fields": {name: _spec(field) for name, field in rows.fields.items()},
                    }
                    for plural, rows in CATALOGUE.rows.items()
                },
            }
        )
        return
    for name, spec in CATALOGUE.facts.items():
        write(f"{name:<26} {_type_words(spec.type):<18} {spec.doc}")
    for plural, rows in CATALOGUE.rows.items():
        write()
        write(f"{plural} ({rows.singular}.): {rows.doc}")
        for name, field in rows.fields.items():
            write(f"  {rows.singular + '.' + name:<32} {_type_words(field.type):<18} {field.doc}")


def _type_words(type_: Type) -> str:
    unit = unit_of(type_, "")
    return f"{type_}{f' of {unit}' if unit and type_.unit else ''}"


def _spec(spec: FactSpec | FieldSpec) -> dict[str, Any]:
    return {
        "type": spec.type.kind.value,
        "unit": spec.type.unit or None,
        "choices": list(spec.type.members) or None,
        "sign": spec.sign.value,
        "needs": sorted(part.value for part in spec.needs),
        "doc": spec.doc,
        "example": spec.example or None,
    }
