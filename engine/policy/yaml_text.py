"""
YAML read as text with positions: every scalar keeps its own spelling, line and column, and nothing is guessed.

Depth, size and alias limits come before anything is built. What a text means is decided by later steps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

from engine.policy.findings import Place, Report

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_NODES = 20_000
MAX_ALIASES = 50

# Style of a scalar YAML took a part of, for a tag or at a comma: already reported, so later steps stay silent about it.
TAGGED = "!"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written. style: None for plain, else the quote or block mark (`'`, `"`, `|`, `>`)."""

    text: str
    place: Place
    style: str | None = None
    in_flow: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in file order, each once."""

    entries: tuple[Entry, ...]
    place: Place
    in_flow: bool = False

    def get(self, key: str) -> "Node | None":
        """Return the value of a key, or None."""
        return next((entry.value for entry in self.entries if entry.key.text == key), None)

    def key_place(self, key: str) -> Place:
        """Return where a key stands; the mapping's own place when it is absent."""
        return next((entry.key.place for entry in self.entries if entry.key.text == key), self.place)

    def keys(self) -> tuple[str, ...]:
        """Return the keys in file order."""
        return tuple(entry.key.text for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in file order."""

    items: tuple["Node", ...]
    place: Place
    in_flow: bool = False


Node = Scalar | Mapping | Sequence


class _RefusedError(Exception):
    """The file cannot be read any further; the finding is already reported."""


def decode(data: bytes, file: str, report: Report) -> str | None:
    """Return the text of a file, or None with a finding when it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        report.error(
            "file-too-large",
            Place(file),
            f"the file has {len(data):,} bytes; a policy file may have {MAX_BYTES:,}",
            "split it: one policy a file reads best",
        )
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        report.error(
            "not-utf8",
            Place(file, line, column),
            f"byte 0x{data[error.start]:02X} is not UTF-8 text",
            "save the file as UTF-8",
        )
        return None


def read(text: str, file: str, report: Report) -> Node | None:
    """
    Return the one document of a text as nodes, or None with findings when it cannot be read.

    Duplicate keys, tags, merge keys, keys that are not text and more than one document are findings that name the YAML
    cause; after those the tree is still returned without the offending entry, so that other errors show too.
    """
    try:
        return _Reader(text, file, report).document()
    except _RefusedError:
        return None
    except yaml.YAMLError as error:
        _report_syntax(error, text, file, report)
    except (RecursionError, ValueError) as error:
        report.error("yaml-syntax", Place(file), f"YAML cannot read this file: {error}")
    return None


class _Reader:
    def __init__(self, text: str, file: str, report: Report) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self._lines = text.splitlines()
        self._file = file
        self._report = report
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0
        self._aliases = 0
        self._flow = 0

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._error("several-documents", event, "a second document starts here", "one document a file")
                    raise _RefusedError
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, "", 1)
        return root

    def _node(self, event: Any, path: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self._error("too-deep", event, f"nested deeper than {MAX_DEPTH} levels")
            raise _RefusedError
        self._spend(1, event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self._count
        node = self._build(event, path, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node, self._count - before + 1
        return node

    def _build(self, event: Any, path: str, depth: int) -> Node:
        place = self._place(event, path)
        if event.tag is not None:
            self._error(
                "yaml-tag",
                event,
                f"YAML reads '{event.tag}' as a tag and would drop it from the text",
                "put the text in quotes, and write 'not' instead of '!'",
                path,
            )
        if isinstance(event, yaml.ScalarEvent):
            style = TAGGED if event.tag is not None or self._swallows_item(event, path) else event.style or None
            return Scalar(event.value, place, style, self._flow > 0)
        flow = bool(event.flow_style)
        self._flow += flow
        node = (
            self._sequence(place, path, depth, flow)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._mapping(place, path, depth, flow)
        )
        self._flow -= flow
        return node

    def _swallows_item(self, event: Any, path: str) -> bool:
        # A plain text runs on over deeper lines, also over one that was meant as the next item of a list.
        if event.style or event.end_mark.line == event.start_mark.line:
            return False
        for number in range(event.start_mark.line + 1, event.end_mark.line + 1):
            line = self._lines[number] if number < len(self._lines) else ""
            if line.lstrip().startswith("- "):
                column = len(line) - len(line.lstrip()) + 1
                self._report.error(
                    "swallowed-item",
                    Place(self._file, number + 1, column, 1, path),
                    "this '- ' is indented deeper than the item before it, so YAML reads both as one text",
                    "give the items of a list the same indentation",
                )
                return True
        return False

    def _sequence(self, place: Place, path: str, depth: int, flow: bool) -> Sequence:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, f"{path}/{len(items)}", depth + 1))
        if flow:
            self._find_split_items(items)
        return Sequence(tuple(items), place, flow)

    def _mapping(self, place: Place, path: str, depth: int, flow: bool) -> Mapping:
        entries: dict[str, Entry] = {}
        rests: dict[str, list[str]] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            entry = self._entry(event, path, depth)
            if entry is None:
                continue
            if entry.key.text in entries:
                first = entries[entry.key.text].key.place.line
                self._report.error(
                    "duplicate-key",
                    entry.key.place,
                    f"the key '{entry.key.text}' stands here a second time (first on line {first})",
                    "YAML would silently keep one of them; keep the one you mean",
                )
                continue
            if flow and self._is_split_number(entry, entries, rests):
                continue
            entries[entry.key.text] = entry
        for key, parts in rests.items():
            entries[key] = Entry(entries[key].key, self._split_number(entries[key].value, parts))
        return Mapping(tuple(entries.values()), place, flow)

    def _entry(self, event: Any, path: str, depth: int) -> Entry | None:
        key = self._node(event, path, depth + 1)
        if not isinstance(key, Scalar):
            self._error("key-not-text", event, "a key must be a word", "quote it if YAML reads it otherwise", path)
            self._node(next(self._events), path, depth + 1)
            return None
        child = f"{path}/{key.text.replace('~', '~0').replace('/', '~1')}"
        key = Scalar(key.text, Place(self._file, key.place.line, key.place.column, key.place.length, child), key.style)
        value = self._node(next(self._events), child, depth + 1)
        if key.text == "<<" and key.style is None:
            self._error("merge-key", event, "YAML merge keys are not used here", "write the keys out", path)
            return None
        return Entry(key, value)

    def _is_split_number(self, entry: Entry, before: dict[str, Entry], rests: dict[str, list[str]]) -> bool:
        # `{loss_limit: 10,000 INR}` is, to YAML, loss_limit: 10 and a key "000 INR" without a value.
        if not (before and entry.key.style is None and isinstance(entry.value, Scalar) and entry.value.text == ""):
            return False
        last = list(before.values())[-1]
        if not (isinstance(last.value, Scalar) and last.value.text[-1:].isdigit() and entry.key.text[:2].isdigit()):
            return False
        rests.setdefault(last.key.text, []).append(entry.key.text)
        return True

    def _find_split_items(self, items: list[Node]) -> None:
        first, rest = 0, list[str]()
        for index, (left, right) in enumerate(pairwise(items), start=1):
            if _is_rest_of(left, right, number=bool(rest)) and isinstance(right, Scalar):
                rest.append(right.text)
                continue
            items[first] = self._split_number(items[first], rest)
            first, rest = index, []
        if items:
            items[first] = self._split_number(items[first], rest)

    def _split_number(self, left: Node, rest: list[str]) -> Node:
        if not rest or not isinstance(left, Scalar):
            return left
        whole = ",".join((left.text, *rest))
        self._report.error(
            "split-number",
            left.place,
            f"inside braces or brackets YAML splits '{whole}' at the comma: only '{left.text}' would be read",
            f"write {whole.replace(',', '_')} or use k, lakh, crore",
        )
        return Scalar(left.text, left.place, TAGGED, left.in_flow)

    def _alias(self, event: Any) -> Node:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            self._error("too-many-aliases", event, f"more than {MAX_ALIASES} aliases")
            raise _RefusedError
        node, size = self._anchors.get(event.anchor, (None, 0))
        if node is None:
            self._error("unknown-anchor", event, f"the alias '*{event.anchor}' has no anchor before it")
            raise _RefusedError
        self._spend(size, event)
        return node

    def _spend(self, nodes: int, event: Any) -> None:
        self._count += nodes
        if self._count > MAX_NODES:
            self._error("too-many-nodes", event, f"more than {MAX_NODES:,} values in one file")
            raise _RefusedError

    def _place(self, event: Any, path: str) -> Place:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return Place(self._file, start.line + 1, start.column + 1, max(1, length), path)

    def _error(self, code: str, event: Any, message: str, hint: str | None = None, path: str = "") -> None:
        self._report.error(code, self._place(event, path), message, hint)


def _is_rest_of(left: Node, right: Node, *, number: bool) -> bool:
    """Return whether `right` goes on with the digits of `left` behind a comma without a space."""
    if not (isinstance(left, Scalar) and isinstance(right, Scalar) and left.style is right.style is None):
        return False
    # Also behind a whole sentence: `[loss >= 10,000, stop_loss_hit]`.
    digits = left.text if number else left.text.rsplit(maxsplit=1)[-1].lstrip("-") if left.text else ""
    adjacent = right.place.line == left.place.line and right.place.column == left.place.column + len(left.text) + 1
    return digits.isdigit() and right.text[:2].isdigit() and adjacent


def _report_syntax(error: yaml.YAMLError, text: str, file: str, report: Report) -> None:
    # What was opened and never closed is wrong where it was opened, not where the file ends.
    unclosed = "while" in str(getattr(error, "context", "")) and "end of stream" in str(getattr(error, "problem", ""))
    marks = ("context_mark", "problem_mark") if unclosed else ("problem_mark", "context_mark")
    mark = getattr(error, marks[0], None) or getattr(error, marks[1], None)
    if mark is None:
        position = int(getattr(error, "position", 0) or 0)
        line = text.count("\n", 0, position) + 1
        place = Place(file, line, position - text.rfind("\n", 0, position))
        report.error("yaml-syntax", place, f"YAML cannot read this: {getattr(error, 'reason', error)}")
        return
    problem = getattr(error, "problem", None) or str(error)
    lines = text.splitlines()
    hint = _hint(problem, lines[mark.line] if mark.line < len(lines) else "")
    report.error("yaml-syntax", Place(file, mark.line + 1, mark.column + 1), f"not valid YAML: {problem}", hint)


def _hint(problem: str, line: str) -> str | None:
    if re.search(r"(?:^|[\s,\[{])![^\s=]", line):
        return "YAML reads '!' before a word as a tag; write 'not', or put the text in quotes"
    if "mapping values are not allowed" in problem:
        return "a colon and a space start a new key; put a text that holds them in quotes"
    if "cannot start any token" in problem:
        return "put the text in quotes; tabs, % and @ cannot start a plain text"
    if re.search(r"\bin \[", line) and re.search(r"[{,]", line.split(" in [")[0]):
        return "inside braces put a sentence with square brackets in quotes"
    if "could not find expected ':'" in problem:
        return "a colon is missing, or the indentation is off on the line before"
    return None
