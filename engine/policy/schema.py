"""The shapes of the author's files as JSON Schema, generated from the catalogues; what a text means comes later."""

from collections.abc import Mapping
from typing import Any, Final

from engine.actions.catalogue import ACTIONS
from engine.actions.shapes import DURATION_PATTERN, SPAN, TIME_PATTERN, YES
from engine.domain.enums import Mode, Severity
from engine.facts.catalogue import CATALOGUE
from engine.policy.events_shape import calendar_shape, during_shape
from engine.policy.level_shape import FORMER_NAME, NAME, OF_EACH_POLICY, levels_shape
from engine.policy.override_shape import policy_override, value_override
from engine.policy.reach_shape import blast_radius_shape, wakes_shape

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

LATER_WORDS: Final[Mapping[str, Mapping[str, str]]] = {}


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": ["string", "number"], "minLength": 1, "description": description} | more


def _value(description: str) -> dict[str, Any]:
    """One value; or a mapping: cases with a default, else a table of values by key."""
    use = _text("a value: 10k, 5%, 30s, 14:45, or a share such as 2% of capital")
    case = _object(
        "one case",
        {"if": _text("a sentence: when this case holds"), "use": {**use, "description": "the value it then is"}},
        required=["if", "use"],
    )
    told = {"default": "the value when no case holds", "cases": "the first that holds counts"}
    return {
        "type": ["string", "number", "object"],
        "minLength": 1,
        "minProperties": 1,
        "description": description,
        "properties": {"cases": {"type": "array", "minItems": 1, "items": case, "description": told["cases"]}},
        "additionalProperties": {**use, "description": "one value, such as 10k or 40"},
        "if": {"required": ["cases"]},
        "then": {
            "properties": {key: {"description": words} for key, words in told.items()},
            "additionalProperties": False,
            "required": ["default"],
        },
    }


def _word(description: str, *choices: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(choices), "description": description}


def _duration(description: str) -> dict[str, Any]:
    return {
        "type": "string",
        "pattern": DURATION_PATTERN,
        "description": f"{description}: a duration such as 30s, 5m, 1h30m",
    }


def _after(description: str) -> dict[str, Any]:
    pattern = rf"^after (?=.){SPAN}$"
    return {
        "type": "string",
        "pattern": pattern,
        "description": f"{description}: `after` and a duration, such as after 10s",
    }


def _object(description: str, properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "additionalProperties": False,
        **more,
    }


def _condition(description: str) -> dict[str, Any]:
    """One sentence, or a block with exactly one of all, any, none."""
    return {"$ref": "#/$defs/condition", "description": description}


_CONDITION: Final[Mapping[str, Any]] = {
    "type": ["string", "number", "object"],
    "minLength": 1,
    "description": "one sentence, or a block with exactly one of all:, any:, none:",
    "properties": {
        kind: {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}, "description": words}
        for kind, words in (("all", "every one holds"), ("any", "at least one holds"), ("none", "not one holds"))
    },
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
}


def _action_item() -> dict[str, Any]:
    named = {
        name: {**spec.schema, "description": f"{spec.doc} Example: {spec.example}"} for name, spec in ACTIONS.items()
    }
    bare = [name for name, spec in ACTIONS.items() if spec.bare]
    return {
        "type": ["string", "object"],
        "description": "one action",
        "if": {"type": "string"},
        "then": {"enum": bare},
        "properties": named,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _latch_pattern() -> str:
    """Return what `once` may say: per episode, or per row of any kind a rule may be about, for as long as it allows."""
    endless = [rows.singular for rows in CATALOGUE.subjects if "" in rows.latches]
    lasting = "|".join(rows.singular for rows in CATALOGUE.subjects)
    return f"^per ({'|'.join(['episode', *endless])}|({lasting}) per (day|week))$"


def _keys() -> dict[str, Any]:
    return {
        "policy": {**NAME, "description": "the policy's name: small letters, digits and hyphens"},
        "title": _text("what it does, in one line a person reads on a phone"),
        "description": _text("more about it"),
        "tags": {"type": "array", "items": _text("a tag"), "description": "words to find it by"},
        "owner": _text("who answers for it"),
        "severity": _word("how loud it is", *(member.value for member in Severity)),
        "mode": _word(
            "off, dry_run (the default: decides, does nothing) or enforce", *(member.value for member in Mode)
        ),
        "accounts": {
            "type": ["string", "array", "object"],
            "description": "all, a list of account ids, or {labels: {desk: nifty}}",
            "if": {"type": "string"},
            "then": {"enum": ["all"]},
            "items": _text("an account id"),
            "minItems": 1,
            "properties": {
                "labels": {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": _text("the label's value", type=["string", "number", "boolean"]),
                    "description": "labels an account must carry, all of them",
                }
            },
            "additionalProperties": False,
            "required": ["labels"],
        },
        "during": during_shape(TIME_PATTERN),
        "let": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
            "additionalProperties": _value(
                "a value: 10k, 5%, 30s, 14:45, a share such as 2% of capital, cases, a table"
            ),
            "description": "values of this policy; a desk value of the same name may not be shadowed",
        },
        "for_each": _word("one verdict for every row of this kind", *(rows.singular for rows in CATALOGUE.subjects)),
        "where": _condition("which rows count"),
        "when": _condition("when the rule is true"),
        "clear_when": _condition("when a firing rule clears; by default when `when` is false"),
        "confirm": {
            "type": ["string", "object"],
            "description": "how long it must be true before it fires, or `at once`",
            "if": {"type": "string"},
            "then": {"enum": ["at once"]},
            "properties": {
                "samples": {
                    "type": ["string", "integer"],
                    "pattern": "^[1-9][0-9]{0,2}$",
                    "minimum": 1,
                    "maximum": 999,
                    "description": "true readings needed, a whole number; 2 by default",
                },
                "at_least": _duration("time from the first to the last of them"),
                "max_gap": _duration("longest pause between two of them; 3 polls by default"),
                "at_once_beyond": _text("a money line past which one known, two-sided reading is enough"),
            },
            "additionalProperties": False,
            "minProperties": 1,
        },
        "on_unknown": {
            "type": ["string", "object"],
            "description": "what an unknown condition does: wait, or any of alert, block_entries, fire",
            "if": {"type": "string"},
            "then": {"enum": ["wait"]},
            "properties": {
                "alert": _after("tell people"),
                "block_entries": _after("block entries"),
                "fire": _after("act as if true, while positions and orders are known"),
            },
            "additionalProperties": False,
            "minProperties": 1,
        },
        "once": {
            "type": "string",
            "pattern": _latch_pattern(),
            "description": "the latch: per account per day, per position per day, per underlying per week, per order, "
            "per episode",
        },
        "cooldown": _duration("rest after the sequence before it may act again"),
        "blast_radius": blast_radius_shape(),
        "on": wakes_shape(),
        "max_age": _duration("older data than this is unknown to this policy"),
        "stop_loss": _object(
            "how much of a stop must fill to count",
            {
                "share": {
                    "type": "string",
                    "pattern": r"^(100|[1-9][0-9]?)(\.[0-9]{1,4})?\s?%$",
                    "description": "a percent of the stop's quantity, 100% by default",
                }
            },
            required=["share"],
        ),
        "required": {**YES, "description": "yes: this policy cannot be weakened"},
        "was": {**FORMER_NAME, "description": "the name it had before; a rename keeps its latch"},
        "then": {
            "type": "array",
            "minItems": 1,
            "items": _action_item(),
            "description": "what to do, in this order",
        },
        "because": _text("the reason in words, with facts in braces: Loss {loss} of {loss_limit}"),
        "examples": {
            "type": "array",
            "minItems": 1,
            "items": _object(
                "facts and the condition they must give",
                {
                    "title": _text("what it shows"),
                    "given": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": _text("a value, or unknown", type=["string", "number", "boolean"]),
                        "description": "facts and values by name; everything else is unknown",
                    },
                    "expect": {
                        "enum": ["true", "false", "unknown", True, False],
                        "description": "what `when` must be: true, false or unknown",
                    },
                },
                required=["given", "expect"],
            ),
            "description": "small proofs that `rekha check` runs",
        },
    }


def _thawed(value: Any) -> Any:
    """The same data as plain dicts and lists, which JSON and the validator read."""
    if isinstance(value, Mapping):
        return {key: _thawed(part) for key, part in value.items()}
    return [_thawed(part) for part in value] if isinstance(value, list | tuple) else value


REQUIRED: Final = ("policy", "title", "accounts")


def policy_schema() -> dict[str, Any]:
    """Return the schema of one policy file; generated from the catalogues, strict, usable in an editor."""
    keys = _keys()
    keys["levels"] = levels_shape(keys)
    schema: dict[str, Any] = _thawed(
        {
            "$schema": DIALECT,
            "$id": "https://rekha.example/schemas/policy.schema.json",
            "title": "Rekha policy",
            "description": "One risk policy: who it watches, when it is true, what then happens.",
            "type": "object",
            "properties": keys,
            "required": REQUIRED,
            "if": {"required": ["levels"]},
            "else": {"required": OF_EACH_POLICY},
            "additionalProperties": False,
            "$defs": {"condition": _CONDITION},
        }
    )
    return schema


def values_schema() -> dict[str, Any]:
    """Return the schema of `values.yaml`: named typed values for a whole desk."""
    return {
        "$schema": DIALECT,
        "$id": "https://rekha.example/schemas/values.schema.json",
        "title": "Rekha desk values",
        "description": "Named values for every policy of a desk; one place for each limit.",
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": _value(
            "a value: 10,000 INR, 50k, 5%, 30s, 14:45, a share such as 2% of capital, cases, or a table"
        ),
    }


def events_schema() -> dict[str, Any]:
    """Return the schema of `calendar.yaml`: a desk's own events."""
    return {
        "$schema": DIALECT,
        "$id": "https://rekha.example/schemas/events.schema.json",
        "title": "Rekha desk calendar",
        "description": "A desk's own events: the years somebody entered, and on which days each event falls.",
        **calendar_shape(),
    }


_PORT: Final = r"(:(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))?"
ADDRESS: Final[Mapping[str, Any]] = {
    "type": "string",
    "pattern": r"^(https://([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])|http://(127(\.[0-9]{1,3}){3}|localhost|\[::1\]))"
    rf"{_PORT}(/[^?#\s]*)?$",
    "description": "where logins go: https://…, or http:// on this machine, such as http://127.0.0.1:8000; "
    "the broker's own address when left out",
}


def desk_schema() -> dict[str, Any]:
    """Return the schema of a desk's `rekha.yaml`: its accounts, their values and modes."""
    mode = _word("off, dry_run or enforce", *(member.value for member in Mode))
    account = _object(
        "one broker account",
        {
            "broker": _word("the broker", "kite", "kotak", "none"),
            "connect": _object("how it is read live; secrets stand in the environment", {"url": dict(ADDRESS)}),
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "account currency, such as INR"},
            "exchange": {"type": "string", "pattern": "^[A-Z_]+$", "description": "whose calendar it follows, as NSE"},
            "poll": _duration("time between two readings"),
            "mark_basis": _word("mark legs by two-sided quotes or by the last trade", "depth", "last"),
            "labels": {
                "type": "object",
                "additionalProperties": _text("the label's value"),
                "description": "labels policies choose accounts by",
            },
            "linked": {"type": "array", "items": _text("an account id"), "description": "accounts a sync reaches"},
            "values": {
                "type": "object",
                "additionalProperties": value_override(_value("a value")),
                "description": "desk values that differ on this account",
            },
            "policies": {
                "type": "object",
                "additionalProperties": policy_override(mode, _value("a value")),
                "description": "policies that differ on this account",
            },
        },
    )
    channel = {"type": "string", "pattern": "^[a-z][a-z0-9_-]*$", "description": "a channel's name, such as telegram"}
    notify = _object(
        "how people are told; the address of each channel stands in the environment: REKHA_NOTIFY_TELEGRAM",
        {
            "channels": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": channel,
                "description": "channels that policies name; the first is for what names none, the others join in "
                "their order when nobody answers",
            },
            "otherwise": {
                "type": "object",
                "additionalProperties": dict(channel),
                "description": "by channel, the one that is taken when it fails; the first of the others if not said",
            },
            "repeat": _duration("after how long a critical alert that nobody acknowledges is told again; 2m"),
            "ping": _duration("how often the address in REKHA_PING is called, so that silence is noticed elsewhere"),
        },
        required=["channels"],
    )
    return {
        "$schema": DIALECT,
        "$id": "https://rekha.example/schemas/desk.schema.json",
        "title": "Rekha desk",
        "description": "The accounts of one desk and how each is read.",
        "type": "object",
        "properties": {
            "accounts": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": account,
                "description": "accounts by id",
            },
            "notify": notify,
            "policies": _text("folder of the policies, beside this file; `policies` by default"),
            "required_policies": {
                "type": "array",
                "minItems": 1,
                "items": _text("a policy's name, or a ladder's"),
                "description": "policies that must watch every account of this desk, in dry_run or enforce",
            },
        },
        "required": ["accounts"],
        "additionalProperties": False,
    }
