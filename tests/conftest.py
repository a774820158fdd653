"""What the whole suite shares: data from outside, and that a required part may not be skipped (REKHA_REQUIRE)."""

import inspect
import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytest_bdd.parser import Step

# One deterministic profile for every property: the same examples on every machine and at every run.
settings.register_profile(
    "rekha",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
settings.load_profile("rekha")


def _required() -> set[str]:
    return {name.strip() for name in os.environ.get("REKHA_REQUIRE", "").split(",")} - {""}


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a requirement no marker stands for; misspelt, it would require nothing."""
    markers = {str(line).split(":")[0].split("(")[0].strip() for line in config.getini("markers")}
    unknown = sorted(_required() - markers)
    if unknown:
        raise pytest.UsageError(f"REKHA_REQUIRE names {', '.join(unknown)}, which no marker stands for")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Turn a skip into a failure when the test carries the marker of a required part."""
    report = yield
    missing = sorted(name for name in _required() if item.get_closest_marker(name))
    if report.skipped and missing and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REKHA_REQUIRE asks for {', '.join(missing)}, but this test was skipped: {reason}"
    return report


def pytest_bdd_apply_tag(tag: str, function: Any) -> bool | None:
    """Tags with a colon (`capability:stop`) are no markers, for a marker's name cannot have one."""
    return True if ":" in tag else None


def pytest_bdd_before_step_call(step: Step, step_func: Callable[..., object]) -> None:
    """Refuse a step that is a coroutine function: it would pass without being run."""
    assert not inspect.iscoroutinefunction(step_func), f"'{step.name}' is a coroutine; steps are plain functions"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the brokers' own sample bodies; tests that use it carry `@pytest.mark.samples`."""
    folder = os.environ.get("REKHA_SAMPLES")
    if not folder or not Path(folder).is_dir():
        pytest.skip("REKHA_SAMPLES does not name a folder")
    return Path(folder)
