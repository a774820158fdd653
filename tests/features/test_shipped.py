"""The shipped policies as a set: each has its feature, none can act as shipped, all load without a complaint."""

from pathlib import Path

import pytest

from engine.domain.enums import Mode
from engine.policy.program import Policy
from engine.runtime.policy_files import load_policies
from engine.runtime.resources import resource_dir
from tests.features.desk import Desk

ROOT = Path(__file__).parents[2]
SHIPPED = resource_dir("policies")
FEATURES = ROOT / "features" / "policies"
FILES = sorted(path for path in SHIPPED.glob("*.yaml") if path.stem not in ("values", "calendar"))
LOADED = load_policies([str(SHIPPED)])
OFF = {"daily-loss-floor", "desk-loss", "family-loss"}
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def policies_in(file: Path) -> list[Policy]:
    """The policy of a file, or each level of its ladder."""
    found = [policy for policy in LOADED.program.policies if policy.name.partition("/")[0] == file.stem]
    assert found
    return found


def test_the_set_loads_without_an_error_or_a_warning() -> None:
    assert LOADED.findings == ()
    assert {policy.name.partition("/")[0] for policy in LOADED.program.policies} == {file.stem for file in FILES}


def test_every_policy_has_a_feature_and_every_feature_a_policy() -> None:
    assert [path.stem for path in sorted(FEATURES.glob("*.feature"))] == [file.stem for file in FILES]


@every_file
def test_its_feature_shows_it_firing_and_keeping_still(file: Path) -> None:
    text = (FEATURES / f"{file.stem}.feature").read_text(encoding="utf-8")
    assert f"the shipped policy {file.stem}" in text
    for policy in policies_in(file):
        assert f"{policy.name} fires" in text
        assert f"{policy.name} is clear" in text


@every_file
def test_it_is_harmless_until_somebody_turns_it_on(file: Path) -> None:
    for policy in policies_in(file):
        assert policy.mode is (Mode.OFF if file.stem in OFF else Mode.DRY_RUN)


@every_file
def test_it_names_its_schema_says_what_it_does_not_do_and_proves_itself(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=../schemas/policy.schema.json\n"
    )
    for policy in policies_in(file):
        assert "does not" in policy.description or "closes nothing" in policy.description
        assert len(policy.examples) >= 2
        assert policy.owner


def test_a_policy_no_scenario_evaluated_is_noticed() -> None:
    desk = Desk()
    desk.ship("naked-short")
    desk.mode("naked-short", Mode.OFF)
    desk.read(desk.at("10:00:00"))
    assert not desk.was_judged("naked-short")
    desk.mode("naked-short", Mode.DRY_RUN)
    desk.read(desk.at("10:00:02"))
    assert desk.was_judged("naked-short")
