"""The shapes of `calendar.yaml` and of `during` as JSON Schema."""

from typing import Any, Final

EVENT_SPAN: Final = r"^[+-]?(?=[0-9])([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,6}s)?$"
EVENT_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}( ([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$"


def calendar_shape() -> dict[str, Any]:
    """Return the schema of `calendar.yaml`, less its name and dialect."""
    day = {
        "type": "string",
        "pattern": EVENT_DAY,
        "description": "a date such as 2026-12-24, or with a time: 2026-12-04 10:00",
    }
    year = {"type": ["string", "integer"], "pattern": "^[0-9]{4}$", "description": "a year such as 2026"}
    return {
        "type": "object",
        "properties": {
            "years": {
                "type": "array",
                "minItems": 1,
                "items": year,
                "description": "the years whose events are all entered; in any other year nothing is known of them",
            },
            "events": {
                "type": "object",
                "propertyNames": {"pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": 64},
                "additionalProperties": {
                    "type": "array",
                    "minItems": 1,
                    "items": day,
                    "description": "the days of this event: a list of dates, each may have a time of day",
                },
                "description": "the desk's events by name",
            },
        },
        "required": ["years", "events"],
        "additionalProperties": False,
    }


def during_shape(time_pattern: str) -> dict[str, Any]:
    """Return the schema of `during`: a word, a window of the day, or one round an event."""
    clock = {"pattern": time_pattern, "description": "a time of day such as 14:45"}
    span = {"pattern": EVENT_SPAN, "description": "a time before or after the event, such as -15m or 30m"}
    return {
        "type": ["string", "object"],
        "description": "market_hours (the default), settled_hours, {from: 14:45, to: 15:30}, "
        "or {event: rbi-policy, from: -15m, to: 30m}",
        "properties": {
            "from": {"type": "string", "description": "when it opens: 14:45, or -15m of an event"},
            "to": {"type": "string", "description": "when it closes: 15:30, or 30m of an event"},
            "event": {"type": "string", "minLength": 1, "description": "the name of an event of calendar.yaml"},
        },
        "additionalProperties": False,
        "required": ["from", "to"],
        "allOf": [
            {"if": {"type": "string"}, "then": {"enum": ["market_hours", "settled_hours"]}},
            {
                "if": {"required": ["event"]},
                "then": {"properties": {"from": span, "to": span}},
                "else": {"properties": {"from": clock, "to": clock}},
            },
        ],
    }
