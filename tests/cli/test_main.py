"""The edge of the process: version, help, misuse, a reader that has gone, and a fault of our own told in a sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import check, exits, output
from engine.cli.main import build_parser, main
from engine.errors import EngineError, MisuseError, PolicyErrors, SettingsError
from engine.policy.findings import Finding, Level, Place
from tests.cli.conftest import Cli, Write
from tests.cli.files import policy

REKHA = str(Path(sys.executable).with_name("rekha"))
COMMANDS = ("check", "dry-run", "facts", "explain", "snapshot", "schema", "init", "demo", "bench")


def test_the_version(cli: Cli) -> None:
    ran = cli("--version")
    assert ran.code == 0
    assert re.fullmatch(r"rekha \d+\.\d+\S*\n", ran.out)


def test_no_command_is_misuse_and_shows_the_help(cli: Cli) -> None:
    ran = cli()
    assert (ran.code, ran.out) == (2, "")
    assert all(name in ran.err for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(cli: Cli, command: str) -> None:
    ran = cli(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"rekha {command}" in ran.out


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["check", "--format"], ["dry-run", "stray"]])
def test_misuse_is_one_line_and_where_to_look(cli: Cli, arguments: list[str]) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "--help" in ran.err
    assert len(ran.err.splitlines()) == 2


def test_the_exit_codes_never_change_meaning() -> None:
    codes = (exits.OK, exits.ERRORS, exits.MISUSE, exits.FIRES, exits.UNKNOWN, exits.UNAVAILABLE, exits.PIPE)
    assert codes == (0, 1, 2, 3, 4, 69, 141)
    assert build_parser().prog == "rekha"


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        pytest.param(MisuseError("no such thing"), 2, "rekha: no such thing\n", id="misuse"),
        pytest.param(SettingsError("a file is wrong"), 1, "rekha: a file is wrong\n", id="settings"),
        pytest.param(EngineError("anything"), 1, "rekha: anything\n", id="any-of-ours"),
        pytest.param(
            PolicyErrors([Finding("a-code", Level.ERROR, Place("f.yaml", 3, 2), "it is wrong")]),
            1,
            "f.yaml:3:2  it is wrong\n        [a-code]\n",
            id="findings",
        ),
    ],
)
def test_what_an_error_ends_with(capsys: pytest.CaptureFixture[str], error: EngineError, code: int, told: str) -> None:
    assert output.report_error(error) == code
    assert capsys.readouterr().err == told


def broken(_: object) -> int:
    raise KeyError("MatMult")


def test_a_fault_of_our_own_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(check, "run", broken)
    monkeypatch.delenv("REKHA_TRACEBACK", raising=False)
    assert main(["check", "x"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("rekha: this is a fault of Rekha, not of your files: KeyError: 'MatMult' (")
    assert "Traceback" not in err
    monkeypatch.setenv("REKHA_TRACEBACK", "1")
    with pytest.raises(KeyError):
        main(["check", "x"])


def run_installed(*arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    settings = {**os.environ, **more}
    return subprocess.run([REKHA, *arguments], cwd=cwd, env=settings, capture_output=True, timeout=60, check=False)


def test_the_installed_command(tmp_path: Path) -> None:
    assert run_installed("--version", cwd=tmp_path).stdout.startswith(b"rekha ")
    assert run_installed(cwd=tmp_path).returncode == 2


def test_a_terminal_without_our_letters_gets_question_marks(write: Write, tmp_path: Path) -> None:
    write("one.yaml", policy(when="mtn >= 10k # ₹"))
    result = run_installed("check", "one.yaml", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (1, b"")
    assert b"# ?" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_has_gone_is_no_fault(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run(
            [REKHA, "facts"], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False
        )
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (141, b"")
