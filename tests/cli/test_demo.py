"""`rekha demo` gives its expected verdicts, says so, and fails when they are not the ones that were seen."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli import demo
from engine.cli.main import main
from engine.runtime.recorded_day import MANIFEST, demo_day_dir, read_day
from engine.runtime.resources import package_dir

Tamper = Callable[[str], str]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The bundled day with its desk, to be spoilt."""
    shutil.copytree(package_dir() / "demo", tmp_path / "demo")
    return tmp_path / "demo" / "day"


def spoil(folder: Path, old: str, new: str, count: int = 1) -> None:
    path = folder / MANIFEST
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_the_day_gives_its_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    started = time.process_time()
    code = main(["demo"])
    spent = time.process_time() - started
    told = capsys.readouterr()
    assert (code, told.err) == (0, "")
    assert spent < 5
    assert "FIRES    daily-loss-kill-switch  (enforce, critical) since 11:31:06" in told.out
    assert "Loss 13,867.75 INR is beyond 10,000.00 INR; stop-loss 261112000001131 on NIFTY26N1726600CE" in told.out
    assert "1,132.25 INR from its line" in told.out
    assert told.out.splitlines()[-2] == "7 readings, 42 verdicts expected, all seen."
    assert all(len(line) <= 120 for line in told.out.splitlines())


def test_the_same_text_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo"])
    first = capsys.readouterr().out
    main(["demo"])
    assert capsys.readouterr().out == first


def test_every_verdict_of_every_reading_is_expected() -> None:
    day = read_day(demo_day_dir())
    policies = {path.stem for path in (day.desk / "policies").glob("*.yaml")} - {"values"}
    assert all(one.expect.keys() == policies for one in day.readings)


def test_a_tampered_expectation_gives_1(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.play(copy) == 0
    capsys.readouterr()
    spoil(copy, "daily-loss-kill-switch: fires", "daily-loss-kill-switch: clear")
    assert demo.play(copy) == 1
    told = capsys.readouterr().out
    assert "11:31:06 kite-1 daily-loss-kill-switch: expected clear, seen fires" in told
    assert "fires, not clear" in told
    assert told.splitlines()[-1] == "7 readings, 42 verdicts expected, 1 not as expected."


def test_a_tampered_body_gives_1(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(copy / "kite" / "0950" / "positions.json", copy / "kite" / "113106" / "positions.json")
    assert demo.play(copy) == 1
    assert "11:31:06 kite-1 stale-data: expected clear, seen pending" in capsys.readouterr().out


def test_a_policy_without_an_expectation_gives_1(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(copy, "      naked-short: clear\n", "")
    assert demo.play(copy) == 1
    assert "09:50:00 kite-1 naked-short: expected none, seen clear" in capsys.readouterr().out


def test_an_expectation_of_no_policy_gives_1(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(copy, "      naked-short: clear\n", "      naked-short: clear\n      nobody: clear\n")
    assert demo.play(copy) == 1
    assert "09:50:00 kite-1 nobody: expected clear, seen none" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("account: kite-1", "account: kite-9", "the account 'kite-9' is not in the desk", id="account"),
        pytest.param("kite/0950/positions.json", "kite/none.json", "none.json: cannot be read", id="file"),
        pytest.param("fails: [orders]", "fails: [trades]", "the day says trades fails", id="another-part-fails"),
        pytest.param("    fails: [orders]\n", "", "the day says nothing fails", id="nothing-was-to-fail"),
        pytest.param("T11:20:00+05:30", "T09:20:00+05:30", "does not come after the one before it", id="order"),
        pytest.param("T11:20:00+05:30", "T11:20:00", "which has no zone", id="zone"),
        pytest.param("2026-11-12T11:20:00+05:30", "noon", "'at' is 'noon'", id="no-instant"),
        pytest.param("in_full: yes", "whole: yes", "'whole' was unexpected", id="unknown-key"),
        pytest.param("naked-short: clear", "naked-short: silent", "'silent' is not one of", id="no-verdict"),
        pytest.param("desk: ../desk", "desk: ../nowhere", "no rekha.yaml in this folder", id="desk"),
        pytest.param("title: A", "title: A\ntitle: B", "stands here a second time", id="twice"),
    ],
)
def test_a_day_that_cannot_be_played_gives_1_and_says_why(
    copy: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    spoil(copy, old, new)
    assert demo.play(copy) == 1
    assert told in capsys.readouterr().err


def test_a_desk_with_an_error_gives_1_and_shows_it(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.parent / "desk" / "policies" / "naked-short.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("naked_short_legs >", "naked_legs >"), encoding="utf-8")
    assert demo.play(copy) == 1
    told = capsys.readouterr().err
    assert "unknown fact 'naked_legs'" in told
    assert "[unknown-fact]" in told
