"""A ladder at the command line: explained whole or by level, and moded whole or by level in `rekha.yaml`."""

from engine.domain.enums import Mode
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.policy_files import load_policies
from tests.cli.conftest import Cli, Write
from tests.cli.files import VALUES, desk

LADDER = """policy: steps
title: Steps
severity: critical
accounts: all
because: "Loss {loss}"
levels:
  - {name: warn, when: loss >= 6k, then: [{notify: telegram}]}
  - {name: block, when: loss >= 8k, then: [block_entries]}
"""


def modes(write: Write, folder: str, overrides: str) -> dict[str, Mode]:
    write(f"{folder}/policies/steps.yaml", LADDER)
    write(f"{folder}/rekha.yaml", desk(A1=f"{{policies: {overrides}}}"))
    program = load_policies([f"{folder}/policies"]).require()
    return dict(resolve_desk(read_desk(folder), program).accounts["A1"].modes)


def test_a_mode_for_a_ladder_is_for_each_level_and_what_is_said_of_one_goes_before_it(cli: Cli, write: Write) -> None:
    whole = modes(write, "a", "{steps: {mode: enforce}}")
    assert whole == {"steps/warn": Mode.ENFORCE, "steps/block": Mode.ENFORCE}
    first = modes(write, "b", "{steps/warn: {mode: off, until: 2099-12-31, reason: a test}, steps: {mode: enforce}}")
    assert first == {"steps/warn": Mode.OFF, "steps/block": Mode.ENFORCE}
    assert modes(write, "c", "{steps/block: {mode: off, until: 2099-12-31, reason: a test}}") == {
        "steps/block": Mode.OFF
    }


def test_a_level_that_is_none_is_told_of(cli: Cli, write: Write) -> None:
    write("desk/policies/steps.yaml", LADDER)
    write("desk/rekha.yaml", desk(A1="{policies: {steps/blok: {mode: off}}}"))
    ran = cli("check", "desk")
    assert ran.code == 1
    assert "there is no policy 'steps/blok'; did you mean 'steps/block'?" in ran.out


def test_explain_takes_a_ladder_a_level_and_the_file(cli: Cli, write: Write) -> None:
    file = write("policies/steps.yaml", LADDER)
    write("policies/values.yaml", VALUES)
    whole, one = cli("explain", "steps").out, cli("explain", "steps/block").out
    assert [line for line in whole.splitlines() if line.startswith("steps/")] == [
        "steps/warn: Steps",
        "steps/block: Steps",
    ]
    assert one.startswith("steps/block: Steps\n")
    assert "steps/warn" not in one
    assert cli("explain", file).out == whole
    source = cli("explain", "--source", "steps").out
    assert "fires.append('steps/warn')" in source
    assert "fires.append('steps/block')" in source


def test_a_check_names_each_level(cli: Cli, write: Write) -> None:
    file = write("policies/steps.yaml", LADDER)
    ran = cli("check", file)
    assert (ran.code, ran.out.count("ok  steps/")) == (0, 2)
