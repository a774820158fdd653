"""The import contract of pyproject.toml holds, and it bites: planted breaches are found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    # -I -c would hide the folder; -c alone puts it first on the path, before the installed checkout.
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The engine and its contract, to be spoilt."""
    shutil.copytree(ROOT / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__", "_data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contract_holds() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        pytest.param("domain/numbers.py", "import engine.policy.findings", "Imports point inwards", id="outwards"),
        pytest.param("errors.py", "import engine.domain.numbers", "Imports point inwards", id="errors-import-nothing"),
        pytest.param("facts/base.py", "import engine.runtime.clock", "Imports point inwards", id="fact-asks-the-shell"),
        pytest.param(
            "domain/numbers.py", "import time", "The pure rooms know no clock", id="pure-room-reads-the-clock"
        ),
        pytest.param(
            "policy/findings.py", "import pathlib", "The pure rooms know no clock", id="pure-room-opens-files"
        ),
        pytest.param("facts/base.py", "import logging", "The pure rooms know no clock", id="pure-room-logs"),
        pytest.param(
            "brokers/kite/parse.py", "import engine.brokers.kotak", "Brokers are strangers", id="broker-knows-another"
        ),
        pytest.param(
            "brokers/kotak/books.py", "import engine.sim.faults", "Of the brokers only", id="broker-knows-the-simulator"
        ),
        pytest.param("brokers/kotak/books.py", "import asyncio", "The pure rooms know no clock", id="parser-waits"),
        pytest.param("brokers/kotak/calls.py", "import httpx", "The pure rooms know no clock", id="speller-sends"),
        pytest.param("brokers/kotak/client.py", "import time", "The pure rooms know no clock", id="client-has-a-clock"),
        pytest.param(
            "brokers/kotak/verdict.py",
            "import engine.brokers.kotak.client",
            "What reads and spells Kotak's",
            id="reader-knows-the-client",
        ),
    ],
)
def test_the_contract_bites(copy: Path, module: str, line: str, contract: str) -> None:
    path = copy / "engine" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    result = lint_imports(copy)
    assert result.returncode != 0
    broken = [text for text in result.stdout.splitlines() if "BROKEN" in text]
    assert any(contract in text for text in broken), result.stdout + result.stderr
