"""The measurements run, at a tiny size, and say so when one side of a comparison is wrong."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import __main__ as command
from bench import table
from bench.books import FLAT
from bench.by_hand import BASELINE
from bench.check import check_many, check_one
from bench.harness import Case, Goal, Measured, measure
from bench.journal import BASELINE as BASELINE_WRITE
from bench.journal import LATCH, measured
from bench.report import Table, goal_text, text_of
from bench.subject import Ready

ROOT = Path(__file__).parents[2]
TINY = ["--rounds", "1", "--snapshots", "5"]


class Silent:
    """An engine that never fires."""

    name = "silent"
    how = "not at all"

    def version(self) -> str:
        return "1"

    def spell(self, _loaded: object) -> None:
        return None

    def prepare(self, _loaded: object, _spelt: None) -> Ready:
        return Ready(lambda day: day, lambda _day: set())


class Absent(Silent):
    """An engine nobody installed."""

    name = "absent"

    def version(self) -> None:  # type: ignore[override]
        return None


@pytest.fixture
def flat_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SECTIONS", (table.Section("conditions", table.conditions(FLAT, table.FLAT_GOALS)),))


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    for module in (table, command):
        monkeypatch.setattr(module, "PEERS", request.param)


@pytest.mark.usefixtures("flat_only", "peers")
@pytest.mark.parametrize("peers", [(Absent(),)], indirect=True)
def test_a_peer_that_is_not_installed_is_named_and_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(TINY) == 0
    printed = capsys.readouterr().out
    assert "absent: not installed" in printed
    assert "25 policies, flat" in printed
    assert BASELINE.name in printed


@pytest.mark.usefixtures("flat_only", "peers")
@pytest.mark.parametrize("peers", [(Silent(),)], indirect=True)
def test_an_engine_that_is_wrong_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*TINY, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert [wrong.split(" differs")[0] for found in data["tables"] for wrong in found["wrong"]] == ["silent"]
    assert {row["name"] for row in data["tables"][0]["rows"]} >= {BASELINE.name, "silent"}


def test_ratios_are_taken_inside_a_round_and_slow_cases_sit_rounds_out() -> None:
    measured = Measured({"base": [1.0, 10.0, 100.0], "other": [2.0, None, 300.0]})
    assert measured.ratio("other", "base") == 2.5
    row = measured.row("other", "base", [Goal("other", 2.0, "base")])
    assert (row.goal, row.ok, row.microseconds) == (2.0, False, 151.0)
    assert goal_text(row.ratio, row.goal) == "2.0 missed by 0.50"


def test_every_case_is_run_in_every_round() -> None:
    cases = [Case(name, Ready(lambda day: day, lambda _: set()), [1, 2]) for name in ("a", "b")]
    measured = measure(cases, 2)
    assert {name: len(rounds) for name, rounds in measured.rounds.items()} == {"a": 2, "b": 2}


def test_a_section_from_a_module_that_is_not_there_says_so() -> None:
    found = table.elsewhere("bench.nowhere")(table.Options())
    assert [text_of(one) for one in found] == ["bench.nowhere: not there"]
    assert not any(isinstance(one, Table) and one.wrong for one in found)


def test_a_check_is_measured() -> None:
    assert check_many(20) > 0
    processes = check_one(1)
    assert processes.check > 0
    assert processes.imports > 0


def test_the_script_for_checking_prints_a_ratio_and_cpu_time() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bench.check", "--policies", "9", "--rounds", "1"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "CPU" in result.stdout


def test_the_journal_is_measured_beside_a_bare_commit() -> None:
    lines = asyncio.run(measured(rounds=2, writes=3))
    assert [line.name for line in lines][:2] == [BASELINE_WRITE, LATCH]
    assert lines[0].ratio == 1
    assert all(line.milliseconds > 0 for line in lines)
