"""The shape of what an account does differently, in `rekha.yaml`, as JSON Schema."""

from collections.abc import Mapping
from typing import Any, Final

_UNTIL: Final = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": "the last trading date on which this holds, such as 2026-12-31",
}
_REASON: Final = {"type": "string", "minLength": 1, "description": "why, in a few words"}


def value_override(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an account's own desk value: the value, or {use: value, until: date, reason: text}."""
    told = {"use": "the value", "until": _UNTIL["description"], "reason": _REASON["description"]}
    use = {**value, "description": told["use"]}
    return {
        **value,
        "description": "a value, or {use: 15k, until: 2026-12-31, reason: …}",
        "properties": {**value["properties"], "use": use, "until": _UNTIL, "reason": _REASON},
        "dependentRequired": {"until": ["use"], "reason": ["use"]},
        "allOf": [
            {
                "if": {"required": ["use"]},
                "then": {
                    "properties": {key: {"description": words} for key, words in told.items()},
                    "additionalProperties": False,
                },
            }
        ],
    }


def policy_override(mode: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of what an account does differently for one policy."""
    return {
        "type": "object",
        "description": "what this account does differently for one policy",
        "properties": {
            "mode": mode,
            "let": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": value_override(value),
                "description": "values of that policy's `let` which differ on this account",
            },
            "until": _UNTIL,
            "reason": _REASON,
        },
        "additionalProperties": False,
        "minProperties": 1,
    }
