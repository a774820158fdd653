"""`rekha init`: a new desk that checks clean, can be tried at once, and never overwrites anything."""

from pathlib import Path

import pytest

from tests.cli.bodies import kite_leg, kite_positions
from tests.cli.conftest import Cli, Write


def test_a_new_desk_has_its_parts_and_checks_clean(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", "a/new/desk")
    assert (ran.code, ran.err) == (0, "")
    assert "rekha check a/new/desk" in ran.out
    made = {path.relative_to(tmp_path / "a/new/desk").as_posix() for path in (tmp_path / "a").rglob("*.yaml")}
    assert {"rekha.yaml", "policies/values.yaml", "policies/daily-loss-kill-switch.yaml"} <= made
    assert (tmp_path / "a/new/desk/schemas/desk.schema.json").is_file()
    assert cli("check", "a/new/desk", "--strict", "--format", "json").json == []


def test_nothing_in_a_new_desk_is_enforced(cli: Cli, tmp_path: Path) -> None:
    cli("init", "desk")
    for path in (tmp_path / "desk" / "policies").glob("*.yaml"):
        assert "mode: enforce" not in [line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines()]


def test_a_new_desk_can_be_tried(cli: Cli, write: Write) -> None:
    cli("init", "desk")
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100), last=180)))
    arguments = ["--account", "A1", "--broker", "kite", "--positions", book, "--at", "2026-11-23T10:45:00+05:30"]
    ran = cli("dry-run", "--desk", "desk", *arguments, "--format", "json")
    # The desk reads quotes, none were given: what it cannot price stays unknown.
    assert ran.code in (3, 4)
    assert {row["account"] for row in ran.json} == {"A1"}
    assert len(ran.json) >= 9


def test_an_empty_folder_is_taken(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    assert cli("init", "desk").code == 0


@pytest.mark.parametrize("name", ["full", "file", "file/inside"])
def test_nothing_is_overwritten(cli: Cli, write: Write, tmp_path: Path, name: str) -> None:
    write("full/rekha.yaml", "mine")
    write("file", "mine")
    ran = cli("init", name)
    assert (ran.code, ran.out) == (1, "")
    assert name in ran.err
    assert (tmp_path / "full" / "rekha.yaml").read_text() == "mine"
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]


def test_a_folder_must_be_named(cli: Cli) -> None:
    assert cli("init").code == 2
