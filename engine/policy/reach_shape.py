"""The shapes of `blast_radius`, on how many accounts a policy may act at once, and `on`, what else wakes it."""

from collections.abc import Mapping
from typing import Any, Final

from engine.actions.shapes import duration, mapping

# A number of accounts, or a share of them.
ACCOUNTS_PATTERN: Final = r"^([1-9][0-9]{0,4}|(100|[1-9][0-9]?)(\.[0-9]{1,2})?\s?%)$"

# What wakes a policy beside the account's slots, with what it means.
WAKES: Final[Mapping[str, str]] = {
    "order": "an order of the account changes",
    "bar": "a bar of prices closes",
    "tick": "a price moves",
    "schedule": "a time of the desk's schedule comes",
}


def blast_radius_shape() -> dict[str, Any]:
    """Return the schema of `blast_radius`."""
    accounts = {
        "type": ["string", "integer"],
        "pattern": ACCOUNTS_PATTERN,
        "minimum": 1,
        "description": "so many accounts, as in 5, or a share of those it watches, as in 25%",
    }
    described = {"description": "on how many accounts it may act at once before a person is asked: {accounts: 5}"}
    within = duration("how near in time counts as at once; 5m by default")
    return mapping({"accounts": accounts, "within": within}, "accounts") | described


def wakes_shape() -> dict[str, Any]:
    """Return the schema of `on`."""
    word = {"type": "string", "enum": list(WAKES), "description": "what wakes it"}
    return {
        "type": ["string", "array"],
        "description": f"what else wakes it than the account's next turn: one or a list of {', '.join(WAKES)}",
        "if": {"type": "string"},
        "then": {"enum": list(WAKES)},
        "items": word,
        "minItems": 1,
    }
