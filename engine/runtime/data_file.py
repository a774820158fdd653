"""Checked YAML data files that travel in the package: read as plain texts, held to a schema, errors with their line."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from engine.errors import SettingsError
from engine.policy import yaml_text
from engine.policy.findings import Report, suggestion
from engine.runtime.resources import resource_dir


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file as plain text values, with the line of everything in it."""

    path: Path
    data: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int] = field(repr=False)

    @classmethod
    def read(cls, path: Path, validator: Draft202012Validator) -> Self:
        """Return a file that keeps to its schema. Raises: SettingsError with file and line of the first error."""
        report = Report()
        text = yaml_text.decode(_bytes(path), str(path), report)
        node = None if text is None else yaml_text.read(text, str(path), report)
        for finding in report.sorted():
            raise SettingsError(f"{path}:{finding.place.line}  {finding.message}")
        lines: dict[tuple[str, ...], int] = {}
        document = cls(path, {} if node is None else _plain(node, (), lines), lines)
        wrong = best_match(validator.iter_errors(document.data))
        if wrong is not None:
            raise document.violation(wrong)
        return document

    def error(self, at: str | Iterable[str], message: str) -> SettingsError:
        """Return the error for a key, or a path of keys, with its line."""
        where = (at,) if isinstance(at, str) else tuple(at)
        while where and where not in self.lines:
            where = where[:-1]
        return SettingsError(f"{self.path}:{self.lines.get(where, 1)}  {message}")

    def violation(self, wrong: ValidationError) -> SettingsError:
        """Return a schema error in words."""
        at = [str(step) for step in wrong.absolute_path]
        name = at[-1] if at else "the file"
        instance: Any = wrong.instance
        schema: Any = wrong.schema
        if wrong.validator == "additionalProperties":
            extra = next((key for key in instance if key not in schema["properties"]), name)
            return self.error(
                [*at, extra], f"unknown key '{extra}'{_appended(suggestion(extra, schema['properties']))}"
            )
        if wrong.validator == "pattern":
            return self.error(
                [*at, str(instance)], f"'{instance}' cannot stand here; write it like {schema['examples'][0]}"
            )
        return self.error(at, f"{name}: {wrong.message}")

    def day(self, text: str, at: Iterable[str]) -> date:
        """Return a real date, or raise with its line."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.error(at, f"there is no day {text}") from None


def validator_of(schema: str) -> Draft202012Validator:
    """Return what holds a file to a shipped schema. Raises: SettingsError when the schema cannot be read."""
    path = resource_dir("schemas") / schema
    return Draft202012Validator(json.loads(_bytes(path)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error


def _plain(node: yaml_text.Node, at: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Any:
    lines.setdefault(at, node.place.line)
    if isinstance(node, yaml_text.Scalar):
        return node.text
    if isinstance(node, yaml_text.Sequence):
        return [_plain(item, (*at, str(index)), lines) for index, item in enumerate(node.items)]
    for entry in node.entries:
        lines[(*at, entry.key.text)] = entry.key.place.line
    return {entry.key.text: _plain(entry.value, (*at, entry.key.text), lines) for entry in node.entries}


def _appended(hint: str | None) -> str:
    return f"; {hint}" if hint else ""
