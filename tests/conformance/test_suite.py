"""The suite itself: its tags are words, what is declared is tried, neither doing nothing nor a known vice passes."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pytest_bdd.feature import get_features
from pytest_bdd.parser import ScenarioTemplate
from pytest_bdd.scenario import make_python_name

from engine.domain.capabilities import Capability
from engine.errors import BrokerRejected
from tests.conformance.bench import Bench
from tests.conformance.conftest import BENCHES, pytest_bdd_after_step
from tests.conformance.paper import PaperBench
from tests.conformance.trial import Trial
from tests.conformance.wrong import CAUGHT_BY
from tests.conftest import pytest_bdd_before_step_call

ROOT = Path(__file__).parents[2]
SUITE = "tests/conformance/test_brokers.py"
FEATURES = get_features([str(ROOT / "features" / "brokers")])
SCENARIOS = [scenario for feature in FEATURES for scenario in feature.scenarios.values()]
WORDS = {f"{kind}:{word.value}" for kind in ("capability", "without") for word in Capability}


def names(scenario: ScenarioTemplate) -> str:
    return scenario.name


@pytest.mark.parametrize("scenario", SCENARIOS, ids=names)
def test_every_scenario_says_whom_it_is_for_and_every_tag_is_a_word(scenario: ScenarioTemplate) -> None:
    assert scenario.tags
    assert scenario.tags <= WORDS | {"mandatory"}


def test_no_two_scenarios_have_one_name() -> None:
    told = [make_python_name(scenario.name) for scenario in SCENARIOS]
    assert sorted(told) == sorted(set(told))


@pytest.mark.parametrize("bench", BENCHES.values(), ids=BENCHES.keys())
def test_every_declared_capability_has_a_scenario(bench: Bench) -> None:
    tried = {tag.partition(":")[2] for scenario in SCENARIOS for tag in scenario.tags if tag.startswith("capability:")}
    declared = {word.value for word in Capability if bench.capabilities.has(word)}
    assert declared
    assert declared <= tried


def test_a_step_that_is_a_coroutine_function_is_refused() -> None:
    async def step() -> None: ...

    [scenario, *_] = SCENARIOS
    with pytest.raises(AssertionError, match="is a coroutine; steps are plain functions"):
        pytest_bdd_before_step_call(scenario._steps[0], step)


def test_a_refusal_that_no_step_tells_of_fails_its_scenario() -> None:
    feature = next(feature for feature in FEATURES if feature.scenarios)
    scenario = next(iter(feature.scenarios.values())).render({})
    trial = Trial(PaperBench(), errors=[BrokerRejected("no")])
    request: Any = SimpleNamespace(getfixturevalue={"trial": trial}.__getitem__)
    pytest_bdd_after_step(request, feature, scenario, scenario.steps[0])
    with pytest.raises(AssertionError, match="nothing in the scenario tells of"):
        pytest_bdd_after_step(request, feature, scenario, scenario.steps[-1])


def outcomes(folder: Path, bench: str, *tests: str) -> dict[str, str]:
    """What became of the tests (all of the suite, when none is named) on benches of their own."""
    report = folder / "report.xml"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=no", f"--junitxml={report}"]
    told = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *(tests or [SUITE])],
        cwd=ROOT,
        env={**os.environ, "REKHA_BENCH": bench},
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), told.stdout + told.stderr
    cases = ET.parse(report).getroot().iter("testcase")
    return {case.attrib["name"]: next((child.tag for child in case), "passed") for case in cases}


def test_a_broker_that_does_nothing_passes_no_scenario(tmp_path: Path) -> None:
    told = outcomes(tmp_path, "tests.conformance.do_nothing")
    assert [name for name, outcome in told.items() if outcome not in ("failure", "skipped")] == []
    # It declares everything: what is skipped is what tells of brokers that do not.
    assert len([name for name, outcome in told.items() if outcome == "skipped"]) == len(
        [scenario for scenario in SCENARIOS if any(tag.startswith("without:") for tag in scenario.tags)]
    )
    assert len([scenario for scenario in SCENARIOS if "mandatory" in scenario.tags]) > 40


def test_every_vice_is_caught_by_its_scenario(tmp_path: Path) -> None:
    tests = {f"{name}[{vice.__name__}{example}]" for vice, (name, example) in CAUGHT_BY.items()}
    told = outcomes(tmp_path, "tests.conformance.wrong", *(f"{SUITE}::{name}" for name in tests))
    assert {name: told.get(name) for name in tests} == dict.fromkeys(tests, "failure")
