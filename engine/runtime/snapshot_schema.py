"""The JSON Schema of a snapshot file, for editors and other programs, made from `snapshot_keys`."""

from typing import Any

from engine.runtime.snapshot_keys import (
    EXPIRY_PATTERN,
    FLAGS,
    INSTANT_PATTERN,
    NUMBER_PATTERN,
    SNAPSHOT,
    Key,
    Record,
    Shape,
    book_record,
    words_of,
)

EXAMPLE = {
    "account": "A1",
    "taken_at": "2026-11-04T10:15:00+05:30",
    "positions": [
        {"symbol": "NIFTY26NOV24000CE", "sold": [150, 120.5], "last_price": 96.25, "lot_size": 75},
        {"symbol": "NIFTY26NOV25000CE", "carried": [150, 22], "last_price": 20.4, "lot_size": 75},
    ],
    "orders": [
        {
            "id": "261104000000017", "symbol": "NIFTY26NOV24000CE", "side": "BUY", "type": "STOP",
            "status": "TRIGGER_PENDING", "quantity": 150, "trigger_price": 180, "price": 185, "placed_at": "09:31",
        }
    ],
    "fills": {"missing": "trade book timed out"},
    "quotes": [
        {"symbol": "NIFTY 50", "exchange": "NSE", "last_price": 24012.3},
        {"symbol": "NIFTY26NOV24000CE", "last_price": 96.25, "bid": 96.2, "ask": 96.3},
    ],
    "funds": {"margin_available": 412000, "margin_used": 588000, "capital": 1000000},
}  # fmt: skip


def snapshot_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a snapshot file."""
    definitions: dict[str, Any] = {}
    body = _object(SNAPSHOT, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rekha snapshot",
        **body,
        "examples": [EXAMPLE],
        "$defs": dict(sorted(definitions.items())),
    }


def _object(record: Record, definitions: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": record.doc,
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in record.keys if key.required],
        "properties": {key.name: {**_value(key, definitions), "description": key.doc} for key in record.keys},
    }


def _value(key: Key, definitions: dict[str, Any]) -> dict[str, Any]:
    null = ["null"] if key.nullable else []
    match key.shape:
        case Shape.TEXT:
            return {"type": ["string", "number", *null] if key.name in _NUMBERLIKE else ["string", *null]}
        case Shape.NUMBER:
            low = {"minimum": 0} if key.never_negative else {}
            return {"type": ["number", "string", *null], "pattern": NUMBER_PATTERN, **low}
        case Shape.INSTANT:
            return {"type": ["string", *null], "pattern": INSTANT_PATTERN}
        case Shape.EXPIRY:
            return {"type": ["string", *null], "pattern": EXPIRY_PATTERN}
        case Shape.FLAG:
            return {"enum": [True, False, *FLAGS]}
        case Shape.CHOICE:
            return {"enum": [*words_of(key), *([None] if key.nullable else [])]}
        case Shape.TRADE | Shape.TRADES:
            return _trades(key.shape, definitions)
        case _:
            return _nested(key, definitions)


# Identifiers that people write without quotes.
_NUMBERLIKE = frozenset({"account", "id", "order_id", "parent_id", "token", "tag"})


def _trades(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    number = {"type": ["number", "string"], "pattern": NUMBER_PATTERN}
    definitions["trade"] = {
        "description": "[quantity, price]",
        "type": "array",
        "prefixItems": [number, number],
        "minItems": 2,
        "maxItems": 2,
    }
    one = {"$ref": "#/$defs/trade"}
    return one if shape is Shape.TRADE else {"anyOf": [one, {"type": "array", "items": one}]}


def _nested(key: Key, definitions: dict[str, Any]) -> dict[str, Any]:
    assert key.record is not None
    rows = {"type": "array", "items": _reference(key.record, definitions)}
    if key.shape is Shape.BOOK:
        return {"anyOf": [rows, _reference(book_record(key.record), definitions)]}
    if key.shape is Shape.RECORD:
        return _reference(key.record, definitions)
    return {"anyOf": [rows, {"type": "null"}]} if key.nullable else rows


def _reference(record: Record, definitions: dict[str, Any]) -> dict[str, Any]:
    name = record.name.replace(" ", "_")
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _object(record, definitions)
    return {"$ref": f"#/$defs/{name}"}
