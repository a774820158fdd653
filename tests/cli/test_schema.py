"""`rekha schema`: the schemas printed, written and held to what the code would write."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.runtime.schemas import GENERATED
from tests.cli.conftest import Cli, Write


@pytest.mark.parametrize("name", GENERATED)
def test_each_schema_is_printed(cli: Cli, name: str) -> None:
    ran = cli("schema", name)
    assert ran.code == 0
    Draft202012Validator.check_schema(ran.json)
    assert cli("schema", name) == ran


def test_the_policy_s_is_the_default(cli: Cli) -> None:
    assert cli("schema").out == cli("schema", "policy").out


def test_all_are_written_and_are_current(cli: Cli, tmp_path: Path) -> None:
    ran = cli("schema", "--write", "new/schemas")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == len(GENERATED)
    for name in GENERATED:
        path = tmp_path / "new" / "schemas" / f"{name}.schema.json"
        assert json.loads(path.read_text(encoding="utf-8"))["$schema"]
        assert path.read_text(encoding="utf-8") == cli("schema", name).out


def test_the_shipped_ones_are_current(cli: Cli) -> None:
    assert cli("schema", "--check").code == 0


def test_a_place_that_cannot_be_written(cli: Cli, write: Write) -> None:
    ran = cli("schema", "--write", write("file", "x"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("rekha: file: cannot be written")


def test_a_schema_that_is_none(cli: Cli) -> None:
    assert cli("schema", "orders").code == 2
