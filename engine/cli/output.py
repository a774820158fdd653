"""Writing for people and for programs; nothing here decides anything."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from engine.policy.findings import Finding, Level, render_finding


def write(text: str = "") -> None:
    """Write one line to standard output."""
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"rekha: {text}\n")


def write_json(value: Any) -> None:
    """Write a value as indented JSON; keys keep their order."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_findings(findings: Iterable[Finding], texts: dict[str, str], stream: Any = None) -> None:
    """Write each finding with its line and caret."""
    out = stream or sys.stdout
    for finding in findings:
        out.write(render_finding(finding, texts.get(finding.place.file)) + "\n")


def tally(findings: Iterable[Finding]) -> str:
    """Return `2 errors, 1 warning`."""
    counts = dict.fromkeys(Level, 0)
    for finding in findings:
        counts[finding.level] += 1
    parts = [f"{n} {level.value}{'s' if n != 1 else ''}" for level, n in counts.items() if n]
    return ", ".join(parts) or "no errors"
