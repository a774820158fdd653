"""A snapshot file's text as checked plain values, every problem with its place; what they become is `snapshot_file`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from engine.brokers import wire
from engine.domain.instrument import LAST_OF_MONTH, Expiry
from engine.errors import SettingsError
from engine.policy import yaml_text
from engine.policy.findings import Finding, Place, Report, suggestion
from engine.policy.yaml_text import Mapping, Node, Scalar, Sequence
from engine.runtime.snapshot_keys import (
    DEFAULTS,
    EXPIRY_PATTERN,
    FLAGS,
    INSTANT_PATTERN,
    NUMBER_PATTERN,
    SNAPSHOT,
    Key,
    Record,
    Shape,
    book_record,
    row_id,
    words_of,
)

MAX_SHOWN = 20
_MAX_DEPTH = 24
# Longer than any product of two amounts; our own files hold exact quotients of 34 digits.
_MAX_NUMBER = 80
_MAX_MAGNITUDE = 34
_NULLS = frozenset({"", "null", "~"})
_TIME_ONLY = 8


def read_values(text: str, name: str) -> dict[str, Any]:
    """
    Return a snapshot file's values by key, typed as the declaration says; a book is a list or a dict with `rows`.

    Shape: JSON, or YAML read as text. A key that is left out is absent, `null` is None.
    Raises: SettingsError with every problem, its line where the file is YAML or YAML can read it as well.
    """
    if len(text) > wire.MAX_JSON_CHARACTERS:
        raise SettingsError(f"{name}: the file has {len(text):,} characters; {wire.MAX_JSON_CHARACTERS:,} are the most")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        try:
            return _from_json(text, name)
        except ValueError as error:
            if name.lower().endswith(".json"):
                raise SettingsError(f"{name}: the file is {error}") from None
    values, findings = _from_yaml(text, name)
    if findings:
        raise _refusal(findings)
    return values


def _from_json(text: str, name: str) -> dict[str, Any]:
    reader = _Reader(name)
    values = reader.record(_node(wire.decode(text), name), SNAPSHOT, "")
    findings = reader.report.sorted()
    if not findings:
        return values
    # The same text read as YAML knows its lines; what YAML reads otherwise keeps the first line.
    places = {one.message: one for one in _from_yaml(text, name)[1]}
    raise _refusal(tuple(places.get(one.message, one) for one in findings))


def _from_yaml(text: str, name: str) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    reader = _Reader(name)
    root = yaml_text.read(text, name, reader.report)
    if root is None and not reader.report.error_count:
        reader.report.error("snapshot-value", Place(name), "the file is empty", "a snapshot needs account and taken_at")
    values = {} if root is None else reader.record(root, SNAPSHOT, "")
    return values, reader.report.sorted()


def _refusal(findings: tuple[Finding, ...]) -> SettingsError:
    lines = [
        f"{one.place.file}:{one.place.line}:{one.place.column}  {one.message}{f'; {one.hint}' if one.hint else ''}"
        for one in findings[:MAX_SHOWN]
    ]
    if len(findings) > MAX_SHOWN:
        lines.append(f"… and {len(findings) - MAX_SHOWN} more")
    return SettingsError("\n".join(lines))


def _node(value: object, name: str, depth: int = 1) -> Node:
    """Return decoded JSON as the tree YAML gives, without places."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"nested deeper than {_MAX_DEPTH} levels")
    place = Place(name)
    if isinstance(value, dict):
        entries = (
            yaml_text.Entry(Scalar(str(key), place), _node(item, name, depth + 1)) for key, item in value.items()
        )
        return Mapping(tuple(entries), place)
    if isinstance(value, list):
        return Sequence(tuple(_node(item, name, depth + 1) for item in value), place)
    if isinstance(value, str):
        return Scalar(value, place, '"')
    plain = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return Scalar(plain, place)


@dataclass
class _Reader:
    """Reads one file. day: the snapshot's own time, which a bare time of day belongs to."""

    name: str
    report: Report = field(default_factory=Report)
    day: datetime | None = None

    def record(self, node: Node, record: Record, where: str) -> dict[str, Any]:
        if not isinstance(node, Mapping):
            self._wrong(node, f"{where or 'the file'} must be a block of keys", f"see {record.name} in the schema")
            return {}
        if record is SNAPSHOT:
            self._read_day(node)
        values: dict[str, Any] = {}
        for entry in node.entries:
            key = record.key(entry.key.text)
            if key is None:
                hint = suggestion(entry.key.text, [key.name for key in record.keys])
                known = f"known are {', '.join(key.name for key in record.keys)}"
                self._wrong(entry.key, f"{_at(where)}unknown key '{entry.key.text}'", hint or known)
                continue
            values[key.name] = self._value(entry.value, key, where)
        for key in record.keys:
            if key.required and key.name not in values:
                self._wrong(node, f"{_at(where)}key '{key.name}' is missing", key.doc)
        clash = record.clash(frozenset(values))
        if clash is not None:
            self._wrong(node, f"{_at(where)}{clash}")
        return values

    def _read_day(self, node: Mapping) -> None:
        stamp = node.get("taken_at")
        if isinstance(stamp, Scalar):
            self.day = _instant(stamp.text, None)

    def _value(self, node: Node, key: Key, where: str) -> Any:
        if isinstance(node, Scalar) and node.style is None and node.text in _NULLS:
            if not key.nullable:
                self._wrong(
                    node, f"{_at(where)}'{key.name}' is empty", f"write {key.shape.value}, or leave the key out"
                )
            return None
        match key.shape:
            case Shape.RECORD | Shape.RECORDS | Shape.BOOK:
                return self._nested(node, key, where)
            case Shape.TRADE | Shape.TRADES:
                return self._trades(node, key, where)
            case _:
                return self._scalar(node, key, where)

    def _nested(self, node: Node, key: Key, where: str) -> Any:
        record = key.record
        assert record is not None
        inside = f"{where}, {key.name}" if where else key.name
        if key.shape is Shape.RECORD:
            return self.record(node, record, inside)
        if key.shape is Shape.BOOK and isinstance(node, Mapping):
            return self.record(node, book_record(record), inside)
        if not isinstance(node, Sequence):
            self._wrong(node, f"{_at(where)}'{key.name}' must be {key.shape.value}", "write each row after a dash")
            return None
        label = inside.removesuffix(", rows")
        rows: list[dict[str, Any]] = []
        seen: dict[tuple[Any, ...], int] = {}
        for number, item in enumerate(node.items, start=1):
            at = f"{label} row {number}{_symbol(item)}"
            rows.append(self.record(item, record, at))
            identity = tuple(rows[-1].get(name, DEFAULTS.get(name, row_id(number))) for name in record.unique)
            if identity and seen.setdefault(identity, number) != number:
                same = ", ".join(record.unique)
                self._wrong(item, f"{at}: the same {same} as row {seen[identity]}", "one row each")
        return rows

    def _trades(self, node: Node, key: Key, where: str) -> Any:
        if isinstance(node, Sequence) and node.items and all(isinstance(item, Sequence) for item in node.items):
            pairs = node.items if key.shape is Shape.TRADES else ()
        else:
            pairs = (node,)
        trades = [self._trade(pair, key, where) for pair in pairs]
        if not trades or any(trade is None for trade in trades):
            shape = key.shape.value
            self._wrong(node, f"{_at(where)}'{key.name}' must be {shape}", "for example [75, 120.50]")
            return None
        return trades[0] if key.shape is Shape.TRADE else trades

    def _trade(self, node: Node, key: Key, where: str) -> tuple[Decimal, Decimal] | None:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return None
        units, price = (_number(item.text) if isinstance(item, Scalar) else None for item in node.items)
        if units is None or price is None:
            return None
        if key.shape is Shape.TRADES and units < 0:
            self._wrong(node, f"{_at(where)}'{key.name}' has a negative quantity", "the key says the side already")
        return units, price

    def _scalar(self, node: Node, key: Key, where: str) -> Any:
        text = node.text if isinstance(node, Scalar) else None
        value = None if text is None else _READERS[key.shape](text, key, self.day)
        if value is None:
            shown = f"'{text[:60]}'" if text is not None else "a block or a list"
            self._wrong(node, f"{_at(where)}'{key.name}' is {shown}, not {_ARTICLES[key.shape]}", _hint(key, text))
        elif key.never_negative and value < 0:
            self._wrong(node, f"{_at(where)}'{key.name}' is {text}; it is never negative")
        elif key.whole and value != value.to_integral_value():
            self._wrong(node, f"{_at(where)}'{key.name}' is {text}, not a whole number")
        return value

    def _wrong(self, node: Node, message: str, hint: str | None = None) -> None:
        self.report.error("snapshot-value", node.place, message, hint)


def _at(where: str) -> str:
    return f"{where}: " if where else ""


def _symbol(node: Node) -> str:
    name = node.get("symbol") if isinstance(node, Mapping) else None
    return f" ({name.text})" if isinstance(name, Scalar) and name.text else ""


def _number(text: str) -> Decimal | None:
    if len(text) > _MAX_NUMBER or not re.match(NUMBER_PATTERN, text.strip()):
        return None
    number = Decimal(text.strip())
    return number if abs(number.adjusted()) <= _MAX_MAGNITUDE else None


def _instant(text: str, day: datetime | None) -> datetime | None:
    """Return an instant with offset, or a time of the snapshot's own day."""
    if not re.match(INSTANT_PATTERN, text):
        return None
    try:
        if len(text) <= _TIME_ONLY:
            return None if day is None else datetime.combine(day.date(), time.fromisoformat(text), tzinfo=day.tzinfo)
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp if stamp.tzinfo is not None else None


def _expiry(text: str) -> Expiry | None:
    if not re.match(EXPIRY_PATTERN, text):
        return None
    year, month, *rest = (int(part) for part in text.split("-"))
    try:
        datetime(year, month, rest[0] if rest else 1)  # noqa: DTZ001 - only whether there is such a day
    except ValueError:
        return None
    return Expiry(year, month, rest[0] if rest else LAST_OF_MONTH)


def _word(text: str, key: Key) -> Any:
    members = list(key.words) if key.words is not None else []
    return next((member for member in members if member.value == text), None)


_READERS: dict[Shape, Callable[[str, Key, datetime | None], Any]] = {
    Shape.TEXT: lambda text, key, _day: text if text or not key.required else None,
    Shape.NUMBER: lambda text, _key, _day: _number(text),
    Shape.INSTANT: lambda text, _key, day: _instant(text, day),
    Shape.FLAG: lambda text, _key, _day: FLAGS.get(text.lower()),
    Shape.CHOICE: lambda text, key, _day: _word(text, key),
    Shape.EXPIRY: lambda text, _key, _day: _expiry(text),
}
_ARTICLES = {
    Shape.TEXT: "a text",
    Shape.NUMBER: "a number",
    Shape.INSTANT: "a date and time with UTC offset",
    Shape.FLAG: "yes or no",
    Shape.CHOICE: "a word that can stand here",
    Shape.EXPIRY: "a date or month",
}


def _hint(key: Key, text: str | None) -> str | None:
    match key.shape:
        case Shape.NUMBER:
            return "write digits without commas, such as -75 or 120.50"
        case Shape.INSTANT:
            day = "" if key.name == "taken_at" and key.required else ", or 10:15 on the snapshot's day"
            return f"write it like 2026-11-04T10:15:00+05:30{day}"
        case Shape.EXPIRY:
            return "write it like 2026-11-26, or 2026-11 when only the month is known"
        case Shape.CHOICE:
            words = words_of(key)
            return suggestion((text or "").upper(), words) or f"one of {', '.join(words)}"
        case _:
            return None
