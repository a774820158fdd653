"""What the command tests share: the commands in process, an empty folder to stand in, files made on the spot."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What one command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]
Write = Callable[[str, str | bytes], str]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command in process, in an empty folder; no command ever shows a traceback or blames itself."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        out, err = capsys.readouterr()
        for told in (out, err):
            assert "Traceback" not in told
            assert "fault of Rekha" not in told, told
        assert err or code not in (1, 2) or out
        return Ran(code, out, err)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file under the test's folder, folders on the way included; return its name."""

    def make(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return make
