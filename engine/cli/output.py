"""Writing for people and for programs; nothing here decides anything but which code an error ends with."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from engine.cli import exits
from engine.errors import EngineError, MisuseError, PolicyErrors
from engine.policy.findings import Finding, Level, render_finding

# What a terminal would act on; each stands for one character, so that the caret under it stays true.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def write(text: str = "") -> None:
    """Write one line to standard output."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"rekha: {text}\n")


def write_json(value: Any) -> None:
    """Write a value as indented JSON; keys keep their order."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_findings(findings: Iterable[Finding], texts: Mapping[str, str], stream: Any = None) -> None:
    """Write each finding with its line and caret."""
    out = stream or sys.stdout
    printable: dict[str, str] = {}
    for finding in findings:
        file = finding.place.file
        if file in texts and file not in printable:
            printable[file] = _UNPRINTABLE.sub("\ufffd", texts[file]).replace("\t", " ")
        out.write(_UNPRINTABLE.sub("\ufffd", render_finding(finding, printable.get(file))) + "\n")


def report_error(error: EngineError) -> int:
    """Write why a command cannot go on to standard error, and return the code it ends with."""
    if isinstance(error, MisuseError):
        complain(str(error))
        return exits.MISUSE
    if isinstance(error, PolicyErrors):
        for item in error.findings:
            finding, text = item if isinstance(item, tuple) else (item, None)
            assert isinstance(finding, Finding)
            write_findings([finding], {} if text is None else {finding.place.file: text}, sys.stderr)
        return exits.ERRORS
    complain(str(error))
    return exits.ERRORS


def installed_version() -> str:
    """Return the version of Rekha that runs; what reads it is imported only then."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("rekha")
    except PackageNotFoundError:
        return "(not installed)"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def tally(findings: Iterable[Finding]) -> str:
    """Return `2 errors, 1 warning`."""
    counts = dict.fromkeys(Level, 0)
    for finding in findings:
        counts[finding.level] += 1
    return ", ".join(counted(n, _NOUNS[level]) for level, n in counts.items() if n) or "no errors"


_NOUNS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "remark"}
