"""Shapes of arguments as JSON Schema, shared by the actions and the files' schemas; what a text means is read later."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

# Whatever these let pass can be read: ASCII digits, and no more of them than any limit needs.
SPAN: Final = "".join(rf"([0-9]{{1,9}}(\.[0-9]{{1,6}})?{unit})?" for unit in "hms")
DURATION_PATTERN: Final = rf"^(?=.){SPAN}$"
CLOCK: Final = r"(([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)"
TIME_PATTERN: Final = rf"^{CLOCK}$"
_SHARE: Final = r"(100(\.0{1,4})?|[1-9]?[0-9](\.[0-9]{1,4})?)\s?%"
_LOTS: Final = r"[1-9][0-9]{0,5} lots?"

YES: Final[Mapping[str, Any]] = MappingProxyType({"enum": ["yes", "no", "true", "false", True, False]})

# A name of something whose address, and whatever else belongs to it, stands outside the policies.
_NAME: Final = "^[a-z][a-z0-9_-]*$"


def named(description: str) -> dict[str, Any]:
    """Return the shape of a channel's or endpoint's name."""
    return {"type": "string", "pattern": _NAME, "description": description}


def word(description: str, *choices: str) -> dict[str, Any]:
    """Return the shape of one word of several."""
    return {"type": "string", "enum": list(choices), "description": description}


def duration(description: str) -> dict[str, Any]:
    """Return the shape of a duration."""
    return {"type": "string", "pattern": DURATION_PATTERN, "description": f"{description}: a duration such as 20s"}


def clock(description: str) -> dict[str, Any]:
    """Return the shape of a time of day."""
    return {"type": "string", "pattern": TIME_PATTERN, "description": f"{description}: a time of day such as 15:18"}


def portion(description: str) -> dict[str, Any]:
    """Return the shape of a share in percent or a number of lots."""
    return {"type": "string", "pattern": rf"^({_SHARE}|{_LOTS})$", "description": description}


def slippage(description: str) -> dict[str, Any]:
    """Return the shape of a percent of a price, or of money for each unit."""
    amount = r"[0-9]{1,9}(\.[0-9]{1,6})?( [A-Z]{3})?"
    pattern = rf"^({_SHARE}|{amount})$"
    return {"type": ["string", "number"], "pattern": pattern, "description": description}


def residual(description: str) -> dict[str, Any]:
    """Return the shape of what an exit may leave."""
    return {"type": "string", "pattern": rf"^(none|worthless|{_LOTS})$", "description": description}


def sentence(description: str) -> dict[str, Any]:
    """Return the shape of one sentence."""
    return {"type": "string", "minLength": 1, "description": description}


def mapping(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    """Return the shape of a mapping with these keys and no others, some of them needed."""
    shape = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {"minProperties": 1})


def word_or_mapping(choices: tuple[str, ...], properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shape of one word of several, or of a mapping."""
    shape = mapping(properties)
    return shape | {"type": ["string", "object"], "if": {"type": "string"}, "then": {"enum": list(choices)}}
