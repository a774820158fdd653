"""The shape of `levels` in a policy file: what a level may say, and what stays the whole ladder's."""

from collections.abc import Mapping
from typing import Any, Final

# Above `levels` these may be left out, when every level says them.
OF_EACH_POLICY: Final = ("severity", "when", "then", "because")
# What a level cannot say for itself.
OF_THE_LADDER: Final = ("policy", "accounts", "for_each", "levels")
MOST_LEVELS: Final = 20
NAME: Final[Mapping[str, Any]] = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": 64}
FORMER_NAME: Final[Mapping[str, Any]] = {
    "type": "string",
    "pattern": "^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?$",
    "maxLength": 129,
}


def levels_shape(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of `levels`. keys: those of a policy; a level may say each that is not the ladder's."""
    own = {key: {"$ref": f"#/properties/{key}"} for key in keys if key not in OF_THE_LADDER}
    own["was"] = {**FORMER_NAME, "description": "the level's former name in full, as in old-ladder/warn"}
    name = {**NAME, "description": "the level's name; it is then called policy/name"}
    return {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_LEVELS,
        "items": {
            "type": "object",
            "description": "one level: its name, and what it says otherwise than the keys above",
            "properties": {"name": name, **own},
            "additionalProperties": False,
            "required": ["name"],
        },
        "description": "one policy a level, each with its own latch; a level takes every key it does not say itself",
    }
