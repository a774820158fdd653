"""The small shapes that scenario files and the control of a simulation are made of, as JSON Schema."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final

from engine.sim.scenario.day import TIME

_NUMBER: Final = r"^[0-9]{1,15}(\.[0-9]{1,4})?$"

_ABOVE_NOUGHT: Final = r"^(?=.*[1-9])[0-9]{1,15}(\.[0-9]{1,4})?$"


def words_of(choices: Iterable[Enum]) -> list[str]:
    """Return the words of an enum."""
    return [choice.value for choice in choices]


def text(description: str, pattern: str) -> dict[str, Any]:
    """Return the shape of a text that keeps to a pattern."""
    return {"type": "string", "pattern": pattern, "description": description}


def number(description: str) -> dict[str, Any]:
    """Return the shape of a number without a sign."""
    return {"type": ["string", "number"], "pattern": _NUMBER, "description": description}


def whole(description: str, pattern: str = "^[1-9][0-9]{0,8}$") -> dict[str, Any]:
    """Return the shape of a whole number above nought."""
    return {"type": ["string", "number"], "pattern": pattern, "description": description}


def above_nought(description: str) -> dict[str, Any]:
    """Return the shape of a number above nought."""
    return {"type": ["string", "number"], "pattern": _ABOVE_NOUGHT, "description": description}


def time_of_day(description: str) -> dict[str, Any]:
    """Return the shape of a time of day."""
    return text(f"{description}: a time of day such as 09:20 or 09:20:30", f"^{TIME}$")


def listed(description: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape of a list."""
    return {"type": "array", "items": dict(item), "description": description}


def by_name(description: str, names: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape of a mapping by names of one's own."""
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": names, "description": description},
        "additionalProperties": dict(value),
        "description": description,
    }


def block(description: str, properties: Mapping[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    """Return the shape of a mapping of these keys."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required or [],
        "additionalProperties": False,
        "description": description,
    }
