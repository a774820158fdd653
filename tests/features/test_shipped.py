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
FILES = sorted(path for path in SHIPPED.glob("*.yaml") if path.stem != "values")
LOADED = load_policies([str(SHIPPED)])
OFF = {"daily-loss-floor"}
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def policy_in(file: Path) -> Policy:
    policy = LOADED.program.policy(file.stem)
    assert policy is not None
    return policy


def test_the_set_loads_without_an_error_or_a_warning() -> None:
    assert LOADED.findings == ()
    assert [policy.name for policy in LOADED.program.policies] == [file.stem for file in FILES]


def test_every_policy_has_a_feature_and_every_feature_a_policy() -> None:
    assert [path.stem for path in sorted(FEATURES.glob("*.feature"))] == [file.stem for file in FILES]


@every_file
def test_its_feature_shows_it_firing_and_keeping_still(file: Path) -> None:
    text = (FEATURES / f"{file.stem}.feature").read_text(encoding="utf-8")
    assert f"Then {file.stem} fires" in text
    assert f"Then {file.stem} is clear" in text
    assert f"the shipped policy {file.stem}" in text


@every_file
def test_it_is_harmless_until_somebody_turns_it_on(file: Path) -> None:
    assert policy_in(file).mode is (Mode.OFF if file.stem in OFF else Mode.DRY_RUN)


@every_file
def test_it_names_its_schema_says_what_it_does_not_do_and_proves_itself(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=../schemas/policy.schema.json\n"
    )
    policy = policy_in(file)
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
