"""REKHA_REQUIRE turns the skip of a required part into a failure, and refuses what it does not know."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = """\
import pytest

@pytest.mark.samples
def test_with_samples(samples):
    assert samples.is_dir()

def test_of_something_else():
    pytest.skip("not about samples")
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A suite of two tests under this suite's conftest."""
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(SKIPPED, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    samples: needs samples\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "code", "closing"),
    [
        pytest.param({}, 0, "2 skipped", id="nothing-required"),
        pytest.param({"REKHA_REQUIRE": "samples"}, 1, "1 skipped, 1 error", id="required-and-missing"),
        pytest.param(
            {"REKHA_REQUIRE": "samples", "REKHA_SAMPLES": "."}, 0, "1 passed, 1 skipped", id="required-and-there"
        ),
        pytest.param({"REKHA_REQUIRE": "sample"}, 4, "which no marker stands for", id="misspelt"),
    ],
)
def test_a_required_part(suite: Path, settings: dict[str, str], code: int, closing: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("REKHA_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    result = subprocess.run(
        command, cwd=suite, env={**clean, **settings}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, closing in result.stdout + result.stderr) == (code, True), result.stdout + result.stderr
