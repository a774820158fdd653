"""The measurements run, at a tiny size, and both sides of the comparison say the same of every snapshot."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.check import check_many, check_one
from bench.conditions import by_tree, measure
from bench.days import seen_day
from bench.hand import fired, given
from bench.policies import CONDITIONS, load_set, read_by

ROOT = Path(__file__).parents[2]


def test_the_conditions_by_hand_and_by_tree_agree() -> None:
    program = load_set()
    facts, fields = read_by(program)
    assert len(program.policies) == len(CONDITIONS) == 25
    seen: set[str] = set()
    count = 0
    for seed in range(200):
        day = seen_day(seed, facts, fields, program.values)
        names = by_tree(program, day)
        rows = ([given(row.fields) for row in day.rows(plural)] for plural in ("positions", "orders"))
        assert names == fired(given(day.facts), *rows), f"seed {seed}"
        seen |= names
        count += len(names)
    # Every condition is true somewhere, and most are false: neither side is let off.
    assert seen == set(CONDITIONS)
    assert 0.05 <= count / (200 * 25) <= 0.15


def test_the_same_seed_is_the_same_day() -> None:
    program = load_set()
    facts, fields = read_by(program)
    assert seen_day(7, facts, fields, program.values) == seen_day(7, facts, fields, program.values)


def test_the_conditions_are_measured() -> None:
    found = measure(5, 1)
    assert found.differing == 0
    assert found.tree > 0
    assert found.hand > 0


def test_a_check_is_measured() -> None:
    assert check_many(20) > 0
    processes = check_one(1)
    assert processes.check > 0
    assert processes.imports > 0


@pytest.mark.parametrize(
    "arguments",
    [["bench.conditions", "--snapshots", "5", "--rounds", "1"], ["bench.check", "--policies", "9", "--rounds", "1"]],
    ids=["conditions", "check"],
)
def test_the_scripts_print_ratios_and_cpu_time(arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "CPU" in result.stdout
