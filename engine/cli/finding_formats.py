"""Findings in the forms of other programs: SARIF 2.1.0 for code scanning, workflow commands for GitHub's own log."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from engine.cli.finding_codes import CodePage, code_pages
from engine.policy.findings import Finding, Level

SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_SARIF_LEVELS: Final[Mapping[Level, str]] = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_GITHUB_LEVELS: Final[Mapping[Level, str]] = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}


def sarif(findings: Sequence[Finding], texts: Mapping[str, str], version: str) -> dict[str, Any]:
    """
    Return findings as one SARIF run; columns count characters. Raises: SettingsError when the codes' page is missing.

    texts: of the files, so that no region reaches beyond its line.
    """
    codes = sorted({finding.code for finding in findings})
    pages = code_pages()
    rules = [_rule(pages.get(code) or CodePage(code, code, code, is_warning=False)) for code in codes]
    driver = {"name": "rekha", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code), texts) for finding in findings],
    }
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def github(findings: Iterable[Finding], texts: Mapping[str, str]) -> Iterable[str]:
    """Yield one workflow command a finding, as GitHub wants it: one line, what it would act on escaped."""
    for finding in findings:
        place, end = finding.place, _end_column(finding, texts)
        properties = {
            "file": place.file,
            "line": place.line,
            "endLine": place.line,
            "col": place.column,
            "endColumn": end,
            "title": finding.code,
        }
        told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::{_GITHUB_LEVELS[finding.level]} {told}::{_data(_said(finding))}"


def _rule(page: CodePage) -> dict[str, Any]:
    return {
        "id": page.code,
        "shortDescription": {"text": page.summary},
        "help": {"text": page.text, "markdown": page.markdown},
        "defaultConfiguration": {"level": "warning" if page.is_warning else "error"},
    }


def _result(finding: Finding, rule: int, texts: Mapping[str, str]) -> dict[str, Any]:
    place = finding.place
    region = {"startLine": place.line, "startColumn": place.column, "endColumn": _end_column(finding, texts)}
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": region},
    }
    if place.path:
        location["logicalLocations"] = [{"fullyQualifiedName": place.path, "kind": "member"}]
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": _said(finding)},
        "locations": [location],
    }


def _said(finding: Finding) -> str:
    return finding.message + (f"; {finding.hint}" if finding.hint else "")


def _end_column(finding: Finding, texts: Mapping[str, str]) -> int:
    """One past the last character, as both forms count it; a place may name a text that runs on over lines."""
    place = finding.place
    lines = texts.get(place.file, "").splitlines()
    line_end = len(lines[place.line - 1]) + 1 if place.line <= len(lines) else place.column + 1
    return max(place.column + 1, min(place.column + place.length, line_end))


def _uri(file: str) -> str:
    return Path(file).as_uri() if Path(file).is_absolute() else quote(file)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
