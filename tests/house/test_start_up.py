"""ADR 0005: a command imports what it needs when it runs; those that only look something up stay light."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "alembic", "asyncio", "engine.brokers", "engine.core", "engine.runtime.desk", "engine.stores", "httpx",
    "jsonschema", "pytest", "simpleeval", "sqlalchemy", "sqlmodel", "starlette", "uvicorn", "yaml",
)  # fmt: skip
# What runs a command and names on its last line which of the heavy packages came along.
RUN = """
import sys
from engine.cli.main import main
try:
    code = main(sys.argv[2:])
except SystemExit as ended:
    code = ended.code
sys.stderr.write(f"{code} " + " ".join(name for name in sys.argv[1].split() if name in sys.modules))
"""


def imported(*command: str) -> tuple[str, list[str]]:
    """The exit code of a command in a process of its own, and the heavy packages it imported."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, " ".join(HEAVY), *command],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    code, *names = done.stderr.splitlines()[-1].split()
    return code, names


@pytest.mark.parametrize(
    "command",
    [
        ["--version"],
        ["--help"],
        ["facts"],
        ["facts", "--format", "json"],
        ["explain", "fact", "mtm"],
        ["explain", "action", "notify"],
        ["explain", "sentence"],
        ["schema"],
        ["schema", "snapshot"],
    ],
    ids=" ".join,
)
def test_what_is_looked_up_is_looked_up_at_once(command: list[str]) -> None:
    assert imported(*command) == ("0", [])


def test_files_are_judged_without_what_speaks_to_brokers(tmp_path: Path) -> None:
    (tmp_path / "reading.yaml").write_text("account: A1\ntaken_at: 2026-11-23T10:45:00+05:30\n", encoding="utf-8")
    code, names = imported("facts", "--snapshot", str(tmp_path / "reading.yaml"))
    assert code == "0"
    assert not {"httpx", "starlette", "uvicorn"} & set(names)


def test_the_rule_bites() -> None:
    code, names = imported("explain", "daily-loss-floor")
    assert code == "0"
    assert {"jsonschema", "simpleeval", "yaml", "engine.runtime.desk"} <= set(names)


@pytest.mark.parametrize("command", [["check", "policies"], ["demo"], ["explain", "daily-loss-floor"]], ids=" ".join)
def test_what_keeps_no_journal_loads_none(command: list[str]) -> None:
    code, names = imported(*command)
    assert (code, set(names) & {"sqlmodel", "sqlalchemy", "alembic", "engine.stores"}) == ("0", set())


def test_what_only_reads_a_journal_needs_no_migrations(tmp_path: Path) -> None:
    _, names = imported("db", "info", "--desk", str(tmp_path))
    assert {"sqlalchemy", "engine.stores"} <= set(names)
    assert "alembic" not in names
