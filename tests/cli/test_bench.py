"""`rekha bench`: the measurements of this checkout by their own command, and a clear line where there are none."""

import sys
from typing import Any

import pytest

from bench import __main__ as measurements
from bench import table
from bench.report import Table
from tests.cli.conftest import Cli

TINY = ("--rounds", "1", "--snapshots", "5")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[table.Options]:
    """What a section of each group is asked, instead of measuring anything."""
    seen: list[table.Options] = []

    def section(group: str) -> table.Section:
        def tables(options: table.Options) -> list[Table]:
            seen.append(options)
            return [Table(f"the {group}", (), (), ())]

        return table.Section(group, tables)

    monkeypatch.setattr(measurements, "SECTIONS", [section(group) for group in table.GROUPS])
    return seen


def test_a_tiny_run(cli: Cli) -> None:
    ran = cli("bench", *TINY, "--only", "cycle", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["rounds"], ran.json["snapshots"]) == (1, 5)
    assert len(ran.json["tables"]) == 4
    assert all(found["wrong"] == [] for found in ran.json["tables"])


def test_everything_is_asked_by_default(cli: Cli, asked: list[table.Options]) -> None:
    ran = cli("bench")
    assert ran.code == 0
    assert asked == [table.Options()] * len(table.GROUPS)
    assert all(f"the {group}" in ran.out for group in table.GROUPS)


@pytest.mark.parametrize("group", table.GROUPS)
def test_one_group_is_asked(cli: Cli, asked: list[table.Options], group: str) -> None:
    ran = cli("bench", *TINY, "--only", group)
    assert asked == [table.Options(1, 5)]
    assert ran.out.endswith(f"the {group}\n")


def test_an_answer_that_differs_is_an_error(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = table.Section("cycle", lambda _options: [Table("a", ("",), (), (), wrong=("it differs",))])
    monkeypatch.setattr(measurements, "SECTIONS", [wrong])
    ran = cli("bench")
    assert ran.code == 1
    assert "WRONG: it differs" in ran.out


@pytest.mark.parametrize("name", ["bench", "bench.__main__"])
def test_without_a_checkout(cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delitem(sys.modules, "bench.__main__", raising=False)
    gone: Any = None
    monkeypatch.setitem(sys.modules, name, gone)
    ran = cli("bench")
    assert (ran.code, ran.out) == (69, "")
    assert ran.err == "rekha: the measurements are part of a checkout and not installed; run `python -m bench` there\n"


@pytest.mark.parametrize("arguments", [("--rounds", "0"), ("--snapshots", "-3"), ("--rounds", "many"), ("--only", "x")])
def test_misuse(cli: Cli, arguments: tuple[str, str]) -> None:
    ran = cli("bench", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "rekha bench" in ran.err
