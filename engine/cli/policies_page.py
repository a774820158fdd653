"""The pages of the shipped policies, `docs/policies/`, made from their files: `python -m engine.cli.policies_page`."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from textwrap import wrap

from engine.cli.explain_policy import policy_in_words
from engine.domain.account import CURRENCY, Account
from engine.domain.kinds import show
from engine.facts.catalogue import CATALOGUE
from engine.policy import ir
from engine.policy.program import Policy, Program
from engine.runtime.policy_files import load_policies
from engine.runtime.resources import resource_dir

_INDEX_HEAD = """\
# The shipped policies

Made from the files in `policies/` by `python -m engine.cli.policies_page`; do not edit these pages by hand.

Every policy is shipped in dry run (one is off): it decides and explains, and does nothing until somebody writes
`mode: enforce`, for the desk in its file or for one account in `rekha.yaml`. What a desk sets stands in `values.yaml`.
Each has its feature, which shows the day that fires it and the look-alikes that must not.
"""
_COMMENT = re.compile(r"^(?P<name>[a-z][a-z0-9_]*):[^#]*#\s*(?P<words>.+)$", re.MULTILINE)


def policies_pages() -> Mapping[str, str]:
    """Return every page by its file name, README.md the index, each with a newline at its end."""
    folder = resource_dir("policies")
    loaded = load_policies([str(folder)])
    program = loaded.require()
    texts = {Path(name).name: text for name, text in loaded.texts.items()}
    remarks = {match["name"]: match["words"] for match in _COMMENT.finditer(texts.get("values.yaml", ""))}
    files: dict[str, list[Policy]] = {}
    for policy in program.policies:
        files.setdefault(Path(policy.file).name, []).append(policy)
    made = {f"{Path(name).stem}.md": _page(name, found, program, texts[name], remarks) for name, found in files.items()}
    return {"README.md": _index(files), **made}


def _index(files: Mapping[str, list[Policy]]) -> str:
    by_tag: dict[str, list[str]] = {}
    for name, policies in files.items():
        by_tag.setdefault(policies[0].tags[0] if policies[0].tags else "other", []).append(name)
    lines = [_INDEX_HEAD]
    for tag, names in sorted(by_tag.items()):
        lines += [f"## {tag}\n", "| policy | what it does | then |", "|---|---|---|"]
        for name in names:
            policy = files[name][0]
            stem = Path(name).stem
            acts = dict.fromkeys(call.spec.name for one in files[name] for call in one.then)
            lines.append(f"| [{stem}]({stem}.md) | {_cell(policy.title)} | {', '.join(acts)} |")
        lines.append("")
    return "\n".join(lines)


def _page(name: str, policies: list[Policy], program: Program, text: str, remarks: Mapping[str, str]) -> str:
    return "\n".join(_lines(name, policies, program, text, remarks)) + "\n"


def _lines(name: str, policies: list[Policy], program: Program, text: str, remarks: Mapping[str, str]) -> Iterator[str]:
    first, stem = policies[0], Path(name).stem
    yield f"# {stem}: {first.title}\n"
    yield f"Made from `policies/{name}`; do not edit it by hand. [All shipped policies](README.md),"
    yield f"[its feature](../../features/policies/{stem}.feature).\n"
    if first.description:
        yield from (*wrap(first.description, 120), "")
    yield from _settings(policies, program, remarks)
    yield "## What it says\n"
    yield "```text"
    for policy in policies:
        if len(policies) > 1:
            yield f"{policy.name}: {policy.title}"
        yield from policy_in_words(policy, program, {})
    yield "```\n"
    if any(policy.examples for policy in policies):
        yield "## Its own examples\n"
        yield "| example | given | `when` is |"
        yield "|---|---|---|"
        for policy in policies:
            for example in policy.examples:
                given = ", ".join(f"{key} {_shown(key, value)}" for key, value in example.given.items())
                title = f"{_level(policy)}{example.title}"
                yield f"| {_cell(title)} | {_cell(given)} | {example.expect.value} |"
        yield ""
    yield "## The file\n"
    yield "```yaml"
    yield text.rstrip("\n")
    yield "```"


def _settings(policies: Iterable[Policy], program: Program, remarks: Mapping[str, str]) -> Iterator[str]:
    names = dict.fromkeys(
        part.name
        for policy in policies
        for tree in policy.conditions
        for part in _with_values(tree, program)
        if part.name in program.values
    )
    if not names:
        return
    yield "## What you set\n"
    yield "In `values.yaml`; one account may differ, in `rekha.yaml`.\n"
    yield "| value | as shipped | what it is |"
    yield "|---|---|---|"
    for name in names:
        yield f"| `{name}` | {_cell(_written(program.values[name]))} | {_cell(remarks.get(name, ''))} |"
    yield ""


def _with_values(tree: ir.Node, program: Program) -> Iterator[ir.ValueRef]:
    for part in ir.walk(tree):
        if isinstance(part, ir.ValueRef):
            yield part
            if part.name in program.values:
                yield from _with_values(program.values[part.name], program)


def _written(node: ir.Node) -> str:
    return node.text if isinstance(node, ir.Literal | ir.Sentence) else "by case"


def _level(policy: Policy) -> str:
    _, _, level = policy.name.partition("/")
    return f"{level}: " if level else ""


def _shown(name: str, value: object) -> str:
    """Return a given value as a person reads it, in the unit of what it is given for where that has one of its own."""
    if value is None:
        return "unknown"
    fact = CATALOGUE.facts.get(name)
    base, _, field = name.partition(".")
    rows = CATALOGUE.singular(base)
    spec = fact or (rows.fields.get(field) if rows is not None else None)
    if spec is not None and isinstance(value, Decimal | bool | datetime):
        return show(value, spec.type, CURRENCY, Account("").zone)
    return str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(folder: Path) -> None:
    """Write every page into a folder, and take out pages of policies that are gone."""
    pages = policies_pages()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/policies"))
