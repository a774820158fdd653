"""Every code the checker can give has a section in docs/errors.md with an example that gives it, and vice versa."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.facts.catalogue import CATALOGUE
from engine.policy.findings import Report
from engine.policy.load import Source, load
from engine.runtime.desk import compile_desk, parse_desk
from engine.runtime.policy_files import LATER, load_policies

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
BLOCK = re.compile(r"^```yaml(?: (?P<kind>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|impossible")
VALUES = "loss_limit: 10,000 INR\n"
CALENDAR = "years: [2026, 2027]\nevents: {review: [2026-12-04 10:00], year-end: [2026-12-31]}\n"

# What looks like a code in the rooms that make findings and is none.
NOT_CODES = {"utf-8", "utf-8-sig"}
ROOMS = ("policy", "runtime")
# Codes built from a part: every form they can take.
BUILT = {"needs-": {"needs-confirm", "needs-on-unknown", "needs-once"}, "unknown-": {"unknown-key", "unknown-action"}}
# About the bytes of a file or about several files: the page tells them without an example.
WITHOUT_EXAMPLE = {
    "duplicate-policy", "duplicate-rule", "empty-file", "file-too-large", "gap-below-poll", "group-currencies",
    "group-override",
    "never-known", "no-policies", "not-utf8", "second-calendar", "snapshot-value", "too-deep", "too-many-aliases",
    "too-many-nodes",
    "unreadable-file", "watches-nobody",
}  # fmt: skip
# The example cannot help giving these as well.
ALONG = {
    "missing-key": {"unknown-key"},
    "key-not-text": {"empty-block"},
    "unknown-key": {"missing-key"},
    "ladder-order": {"unused-key"},
}


def codes_in(source: str) -> set[str]:
    """Every text of a module that is a code: words with hyphens, built ones in all their forms, and `impossible`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            start = node.values[0].value if node.values and isinstance(node.values[0], ast.Constant) else ""
            found |= BUILT.get(str(start), set())
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            found.add(node.value)
    return found - NOT_CODES


def codes() -> set[str]:
    paths = (path for room in ROOMS for path in (ROOT / "engine" / room).rglob("*.py"))
    return {code for path in paths for code in codes_in(path.read_text(encoding="utf-8"))}


def blocks(code: str) -> list[tuple[str, str]]:
    return [(match["kind"] or "policy", match["text"]) for match in BLOCK.finditer(SECTIONS[code])]


def keys_of(text: str) -> set[str]:
    return set(re.findall(r"^(\w+):", text, re.MULTILINE))


def base() -> str:
    (text,) = (match["text"] for match in BLOCK.finditer(PAGE) if match["kind"] == "base")
    return text


def whole(fragment: str) -> str:
    """The base policy with the keys of a fragment in place of its own."""
    entries = re.findall(r"^\w+:.*\n(?:[ -].*\n)*", base(), re.MULTILINE)
    told = keys_of(fragment)
    kept = [entry for entry in entries if not keys_of(entry) & told]
    return "".join(kept) + fragment


def given_by(kind: str, text: str, folder: Path) -> set[str]:
    """The codes the checker gives for a block of the page."""
    if kind == "rekha.yaml":
        (folder / "policies").mkdir()
        (folder / "rekha.yaml").write_text(text, encoding="utf-8")
        (folder / "policies" / "values.yaml").write_text(VALUES, encoding="utf-8")
        required = whole("policy: required-example\nwas: old-required-example\nrequired: yes\nmode: enforce\n")
        (folder / "policies" / "example.yaml").write_text(base(), encoding="utf-8")
        (folder / "policies" / "required.yaml").write_text(required, encoding="utf-8")
        program = load_policies([str(folder / "policies")]).require()
        report = Report()
        desk = parse_desk(str(folder), report)
        compile_desk(desk, program, report, whole=True, now=datetime(2026, 11, 23, 5, tzinfo=UTC))
        return {finding.code for finding in report.sorted()}
    values = text if kind == "values.yaml" else VALUES
    policy = text if kind == "whole" else whole(text if kind == "policy" else "when: loss >= 10k\n")
    calendar = text if kind == "calendar.yaml" else CALENDAR
    files = {"values": values, "calendar": calendar, "example": policy}
    sources = [Source(f"policies/{name}.yaml", one.encode()) for name, one in files.items()]
    return {finding.code for finding in load(sources, CATALOGUE, LATER).findings}


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    assert sorted(SECTIONS) == sorted(codes())


def test_the_sections_stand_in_order() -> None:
    assert list(SECTIONS) == sorted(SECTIONS)


def test_the_base_is_sound() -> None:
    assert (
        load([Source("values.yaml", VALUES.encode()), Source("a.yaml", base().encode())], CATALOGUE, LATER).findings
        == ()
    )


@pytest.mark.parametrize("code", sorted(SECTIONS))
def test_the_example_gives_the_code(code: str, tmp_path: Path) -> None:
    found = blocks(code)
    if code in WITHOUT_EXAMPLE:
        assert found == []
        return
    ((kind, text),) = found
    assert given_by(kind, text, tmp_path) - ALONG.get(code, set()) == {code}


@pytest.mark.parametrize("code", sorted(SECTIONS))
def test_a_section_says_how_to_mend_it(code: str) -> None:
    assert SECTIONS[code].strip().splitlines()[-1].endswith((".", ")"))


def test_the_rule_bites() -> None:
    source = 'report.error("brand-new", place)\nreport.error(f"needs-{key}", place)\nx = "not a code"\ny = "utf-8"\n'
    assert codes_in(source) == {"brand-new", "needs-confirm", "needs-on-unknown", "needs-once"}
