"""A recorded day: its manifest and the brokers' replies it names, checked whole; what they mean is not said here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from engine.brokers.readings import Bodies
from engine.domain.enums import Verdict
from engine.errors import SettingsError
from engine.policy import yaml_text
from engine.policy.findings import Report
from engine.runtime.resources import package_dir

MANIFEST: Final = "day.yaml"

_TEXT: Final = {"type": "string", "minLength": 1}
_PARTS: Final = ("positions", "orders", "trades", "funds", "quotes", "instruments")
_FILES: Final = {
    "type": "object",
    "properties": {**dict.fromkeys(_PARTS, _TEXT), "history": {"type": "array", "items": _TEXT}},
    "required": ["positions"],
    "additionalProperties": False,
}
_READING: Final = {
    "type": "object",
    "properties": {
        "at": _TEXT,
        "account": _TEXT,
        "tells": _TEXT,
        "files": _FILES,
        "fails": {"type": "array", "items": {"enum": list(_PARTS)}},
        "in_full": {"enum": ["yes"]},
        "expect": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"enum": [verdict.value for verdict in Verdict]},
        },
    },
    "required": ["at", "account", "tells", "files", "expect"],
    "additionalProperties": False,
}
_SCHEMA: Final = {
    "type": "object",
    "properties": {"title": _TEXT, "desk": _TEXT, "readings": {"type": "array", "minItems": 1, "items": _READING}},
    "required": ["title", "desk", "readings"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class RecordedReading:
    """
    One reading of one account as its broker answered, and the verdicts it must give.

    tells: what happens then, in a sentence or two. fails: parts whose call failed, so that their body is an error.
    expect: the loudest verdict of each policy over its rows.
    """

    at: datetime
    account: str
    tells: str
    bodies: Bodies
    fails: frozenset[str]
    expect: Mapping[str, Verdict]
    in_full: bool = False


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A day of readings in order of time. desk: the folder with the accounts and policies it is tried on."""

    title: str
    desk: Path
    readings: tuple[RecordedReading, ...]


def demo_day_dir() -> Path:
    """Return the folder of the bundled day, the same in a checkout and in a wheel."""
    return package_dir() / "demo" / "day"


def read_day(folder: Path) -> RecordedDay:
    """Return the day of a folder. Raises: SettingsError naming the file and what is wrong with it."""
    path = folder / MANIFEST
    data = _manifest(path)
    readings = tuple(
        _reading(entry, folder, f"{path}: reading {number}") for number, entry in enumerate(data["readings"], start=1)
    )
    for earlier, later in pairwise(readings):
        if later.at <= earlier.at:
            raise SettingsError(f"{path}: the reading of {later.at.isoformat()} does not come after the one before it")
    return RecordedDay(data["title"], (folder / data["desk"]).resolve(), readings)


def _manifest(path: Path) -> dict[str, Any]:
    report = Report()
    text = yaml_text.decode(_bytes(path), str(path), report)
    node = None if text is None else yaml_text.read(text, str(path), report)
    for finding in report.sorted():
        raise SettingsError(f"{path}:{finding.place.line}  {finding.message}")
    data = None if node is None else _plain(node)
    wrong = best_match(Draft202012Validator(_SCHEMA).iter_errors(data))
    if wrong is not None:
        where = "/".join(str(step) for step in wrong.absolute_path) or "the file"
        raise SettingsError(f"{path}: {where}: {wrong.message}")
    assert isinstance(data, dict)
    return data


def _plain(node: yaml_text.Node) -> Any:
    if isinstance(node, yaml_text.Scalar):
        return node.text
    if isinstance(node, yaml_text.Sequence):
        return [_plain(item) for item in node.items]
    return {entry.key.text: _plain(entry.value) for entry in node.entries}


def _reading(entry: Mapping[str, Any], folder: Path, where: str) -> RecordedReading:
    files: Mapping[str, Any] = entry["files"]
    bodies: dict[str, Any] = {part: _bytes(folder / files[part]) for part in _PARTS if part in files}
    return RecordedReading(
        at=_instant(entry["at"], where),
        account=entry["account"],
        tells=" ".join(entry["tells"].split()),
        bodies=Bodies(
            **bodies,
            histories=tuple(_bytes(folder / name) for name in files.get("history", ())),
        ),
        fails=frozenset(entry.get("fails", ())),
        expect=MappingProxyType({policy: Verdict(word) for policy, word in entry["expect"].items()}),
        in_full="in_full" in entry,
    )


def _instant(text: str, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{where}: 'at' is {text!r}; write 2026-11-12T09:50:00+05:30") from None
    if at.tzinfo is None:
        raise SettingsError(f"{where}: 'at' is {text!r}, which has no zone; write 2026-11-12T09:50:00+05:30")
    return at


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
