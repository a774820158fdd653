"""A day in the forms other engines take, made before any clock runs."""

from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from types import SimpleNamespace
from typing import Any

from bench.days import Seen
from bench.peers.spelling import plain

Turn = Callable[[Any], Any]


def installed(distribution: str) -> str | None:
    """Return the version of a distribution, None when it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def as_dicts(day: Seen, turn: Turn = plain) -> dict[str, Any]:
    """Return the facts by name and, when the book reads rows, `positions` as a list of mappings."""
    facts = _turned(day.facts, turn)
    for plural, rows in day.all_rows.items():
        facts[plural] = [_turned(row.fields, turn) for row in rows]
    return facts


def as_names(day: Seen, turn: Turn = plain) -> dict[str, Any]:
    """Return the same with rows that have attributes."""
    facts = _turned(day.facts, turn)
    for plural, rows in day.all_rows.items():
        facts[plural] = [SimpleNamespace(**_turned(row.fields, turn)) for row in rows]
    return facts


def _turned(fields: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    return {name: turn(value) for name, value in fields.items()}
