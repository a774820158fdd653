"""What a check found: one positioned, coded, hinted finding each, sorted and shown the same way everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

_LONGEST_HEAD = 400


class Level(Enum):
    """How serious a finding is; only errors refuse a set."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where in a file: 1-based line and column in characters, `length` characters long, `path` a JSON Pointer.
    """

    file: str
    line: int = 1
    column: int = 1
    length: int = 1
    path: str = ""

    def shifted(self, columns: int, length: int) -> "Place":
        """Return the place `columns` further right on the same line."""
        return Place(self.file, self.line, self.column + columns, max(1, length), self.path)


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing wrong or unwise.

    code: stable, a page each in docs/errors.md. message: what, which one, what it was. hint: what would be right.
    """

    code: str
    level: Level
    place: Place
    message: str
    hint: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the machine form that `rekha check --format json` promises."""
        return {
            "code": self.code,
            "severity": self.level.value,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "message": self.message,
            "hint": self.hint,
            "path": self.place.path,
        }


class Report:
    """Collects findings while a set is read; the only mutable thing in the language, local to one load."""

    def __init__(self) -> None:
        self._findings: dict[Finding, None] = {}

    def error(self, code: str, place: Place, message: str, hint: str | None = None) -> None:
        """Add an error."""
        self._findings.setdefault(Finding(code, Level.ERROR, place, message, hint))

    def warning(self, code: str, place: Place, message: str, hint: str | None = None) -> None:
        """Add a warning."""
        self._findings.setdefault(Finding(code, Level.WARNING, place, message, hint))

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add findings made elsewhere."""
        for finding in findings:
            self._findings.setdefault(finding)

    @property
    def error_count(self) -> int:
        """How many errors so far."""
        return sum(finding.level is Level.ERROR for finding in self._findings)

    def errors_in(self, file: str) -> bool:
        """Whether a file has an error so far."""
        return any(finding.level is Level.ERROR and finding.place.file == file for finding in self._findings)

    def errors_under(self, place: Place) -> bool:
        """Whether something at a place, or below it in the document, has an error so far."""
        return any(
            finding.level is Level.ERROR
            and finding.place.file == place.file
            and (finding.place.path == place.path or finding.place.path.startswith(f"{place.path}/"))
            for finding in self._findings
        )

    def sorted(self) -> tuple[Finding, ...]:
        """Return every finding once, by file, line, column and code."""
        return tuple(
            sorted(self._findings, key=lambda f: (f.place.file, f.place.line, f.place.column, f.code, f.message))
        )


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean 'mtm'?` for the nearest known word, or None."""
    words = sorted(known)
    folded = {one.casefold(): one for one in words}
    matches = get_close_matches(word, words, n=1)
    # Capitals are the commonest slip of all, and count as no likeness.
    matches = matches or [folded[one] for one in get_close_matches(word.casefold(), folded, n=1)]
    return f"did you mean '{matches[0]}'?" if matches else None


def _one_line(text: str) -> str:
    """Return a text in which every character takes one place on one line; a terminal obeys none of them."""
    return "".join(character if character.isprintable() else " " for character in text)


def render_finding(finding: Finding, source: str | None) -> str:
    """
    Return a finding as text: place and message, the line, the caret, code and hint; never more than six lines.

    source: the file's text, None when it could not be read.
    """
    place = finding.place
    said = finding.message + (f"; {finding.hint}" if finding.hint else "")
    head = f"{_one_line(place.file)}:{place.line}:{place.column}  {_one_line(said)[:_LONGEST_HEAD]}"
    lines = source.splitlines() if source else []
    tag = f"[{finding.code}]" if finding.level is Level.ERROR else f"{finding.level.value} [{finding.code}]"
    if not 1 <= place.line <= len(lines):
        return f"{head}\n{' ' * 8}{tag}"
    text = lines[place.line - 1]
    start = max(0, place.column - 1)
    window = max(0, start - 60)
    shown = _one_line(text[window : window + 110])
    caret = "^" * max(1, min(place.length, len(shown) - (start - window)))
    gutter = f"{place.line:>6} | "
    return f"{head}\n{gutter}{shown}\n{'':>6} | {' ' * (start - window)}{caret}  {tag}"
