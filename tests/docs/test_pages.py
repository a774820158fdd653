"""
The pages of docs/ say what is true: commands print what stands there, policies load, the reference is fresh.

After a wanted change of wording, `REKHA_WRITE_DOCS=1 ./go test tests/docs` writes the output of every console block
that holds no `…` anew; read the difference before you keep it.
"""

import argparse
import os
import re
from contextlib import closing
from pathlib import Path

import pytest

from engine.cli.facts_page import facts_page
from engine.cli.main import build_parser, main
from engine.cli.policies_page import policies_pages
from engine.facts.catalogue import CATALOGUE
from engine.policy.load import Source, load
from engine.runtime.policy_files import LATER
from engine.runtime.snapshot_file import parse_snapshot
from engine.runtime.snapshot_keys import SNAPSHOT, Record
from tests.docs.console import ANYTHING, Block, Run, agrees, blocks, played, write_file
from tests.docs.simulated import Beside

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for folder in (DOCS, DOCS / "guides") for path in folder.glob("*.md"))
WITH_CONSOLE = [name for name in PAGES if "```console" in (DOCS / name).read_text(encoding="utf-8")]
REWRITE = bool(os.environ.get("REKHA_WRITE_DOCS"))
VALUES = Source("policies/values.yaml", b"loss_limit: 10,000 INR\n")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def policies(name: str) -> list[str]:
    return [block.text for block in blocks(page(name)) if block.head.startswith("yaml policy")]


@pytest.mark.parametrize("name", WITH_CONSOLE)
def test_the_commands_print_what_the_page_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("engine", "policies", "schemas"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(arguments: list[str]) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    beside = Beside(tmp_path, monkeypatch.setenv)
    with closing(beside):
        told = [(block, _seen(block, run, tmp_path, beside)) for block in blocks(page(name))]
    text, offset = page(name), 0
    for block, seen in told:
        if seen is None:
            continue
        if REWRITE and ANYTHING not in block.text:
            start, end = block.span[0] + offset, block.span[1] + offset
            text, offset = text[:start] + seen + text[end:], offset + len(seen) - len(block.text)
        else:
            assert agrees(block.text, seen), f"{name}: {block.commands}\n--- now\n{seen}"
    if REWRITE:
        (DOCS / name).write_text(text, encoding="utf-8")


def _seen(block: Block, run: Run, folder: Path, beside: Beside) -> str | None:
    """Write a file block where it says; return a console block with what it prints now, None for any other."""
    there = Block(block.head, beside.there(block.text), block.span)
    if block.file is not None:
        write_file(there, folder)
    if block.head != "console":
        return None
    return beside.here(played(there, run, folder, beside.play))


@pytest.mark.parametrize(
    ("told", "seen", "fits"),
    [
        pytest.param("a\nb\n", "a\nb\n", True, id="same"),
        pytest.param("a\nb\n", "a\nc\n", False, id="another"),
        pytest.param("a\n…\nd\n", "a\nb\nc\nd\n", True, id="left-out"),
        pytest.param("a\n…\nd\n", "a\nd\n", True, id="nothing-left-out"),
        pytest.param("a\n…\nd\n", "a\nb\n", False, id="cut-short"),
        pytest.param("at 11:0… IST\n", "at 11:04:07 IST\n", True, id="within-a-line"),
        pytest.param("at 11:0… IST\n", "at 11:04\n IST\n", False, id="not-over-its-end"),
    ],
)
def test_how_output_is_compared(told: str, seen: str, *, fits: bool) -> None:
    assert agrees(told, seen) is fits


def test_every_command_and_option_stands_on_its_page() -> None:
    text = page("commands.md")
    tables = [one.choices for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction)]
    for name, parser in tables[0].items():
        assert f"\n## {name}\n" in text
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        shared = text.split("\n## Readings\n")[1].split("\n## ")[0] if "[Readings](#readings)" in section else ""
        told = section + shared
        for action in parser._actions:
            option = next((word for word in action.option_strings if word.startswith("--")), None)
            assert option in (None, "--help") or f"`{option}" in told, f"{name} {option}"


@pytest.mark.parametrize("name", PAGES)
def test_a_link_between_pages_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([\w./-]+?)(?:#[\w-]+)?\)", page(name)):
        assert (DOCS / name).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("text", policies("language.md"), ids=lambda text: text.split()[1])
def test_a_policy_of_the_language_page_is_sound(text: str) -> None:
    loaded = load([VALUES, Source("policies/example.yaml", text.encode())], CATALOGUE, LATER)
    assert loaded.findings == ()
    assert len({policy.ladder for policy in loaded.program.policies}) == 1


def test_the_language_page_has_policies() -> None:
    assert len(policies("language.md")) >= 5


def test_the_reference_of_the_facts_is_fresh() -> None:
    assert page("facts.md") == facts_page(), "run python -m engine.cli.facts_page > docs/facts.md"


def test_the_pages_of_the_shipped_policies_are_fresh() -> None:
    pages = policies_pages()
    folder = DOCS / "policies"
    assert sorted(path.name for path in folder.glob("*.md")) == sorted(pages)
    for name, text in pages.items():
        assert (folder / name).read_text(encoding="utf-8") == text, "run python -m engine.cli.policies_page"


def test_the_snapshot_of_its_page_is_read() -> None:
    examples = [block.text for block in blocks(page("snapshot.md")) if "file=" in block.head]
    assert examples
    for text in examples:
        assert parse_snapshot(text, "example").account


def keys_of(record: Record) -> set[str]:
    inner = [keys_of(key.record) for key in record.keys if key.record is not None]
    return {key.name for key in record.keys}.union(*inner)


def test_every_key_of_a_snapshot_stands_on_its_page() -> None:
    text = page("snapshot.md")
    assert sorted(key for key in keys_of(SNAPSHOT) if f"`{key}`" not in text) == []
