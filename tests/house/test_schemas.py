"""Every shipped schema is itself valid, strict about unknown keys, and the one the code would write today."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((ROOT / "schemas").glob("*.json"))


def loose_objects(schema: Any, at: str = "#") -> Iterator[str]:
    """Where a schema describes an object and lets unknown keys pass without a `$comment` that says why (`open: …`)."""
    if isinstance(schema, dict):
        kinds = schema.get("type", [])
        strict = any(
            key in schema and schema[key] is not True for key in ("additionalProperties", "unevaluatedProperties")
        )
        reasoned = str(schema.get("$comment", "")).startswith("open: ")
        if "object" in ([kinds] if isinstance(kinds, str) else kinds) and not strict and not reasoned:
            yield at
        for key, value in schema.items():
            if key not in ("const", "enum", "examples", "default"):
                yield from loose_objects(value, f"{at}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from loose_objects(value, f"{at}/{index}")


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_a_schema(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_strict(path: Path) -> None:
    assert list(loose_objects(json.loads(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("schema", "loose"),
    [
        pytest.param({"type": "object"}, ["#"], id="open"),
        pytest.param({"type": "object", "additionalProperties": True}, ["#"], id="open-in-words"),
        pytest.param({"items": {"type": ["object", "null"]}}, ["#/items"], id="nested"),
        pytest.param({"type": "object", "additionalProperties": False}, [], id="closed"),
        pytest.param({"type": "object", "additionalProperties": {"type": "string"}}, [], id="a-map"),
        pytest.param({"type": "object", "$comment": "open: the broker's own words"}, [], id="with-a-reason"),
    ],
)
def test_the_strictness_rule_bites(schema: dict[str, Any], loose: list[str]) -> None:
    assert list(loose_objects(schema)) == loose


def test_the_schemas_are_current() -> None:
    code = "import sys; from engine.cli.main import main; sys.exit(main(['schema', '--check']))"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
