"""The generated schemas: strict JSON Schema, and no stricter for an editor than for the command."""

import json
import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from engine.policy import schema
from engine.policy.findings import Report
from engine.policy.shape import check_shape, locate, plain, steps_of
from engine.policy.yaml_text import Mapping, read
from tests.policy.toy import codes, loaded, policy

MADE = {"policy": schema.policy_schema(), "values": schema.values_schema(), "desk": schema.desk_schema()}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# The meta-schema with every unknown keyword refused at every depth; the plain one lets `additional_properties` pass.
STRICT = {
    "$schema": DIALECT,
    "$id": "https://rekha.example/strict",
    "$dynamicAnchor": "meta",
    "$ref": DIALECT,
    "unevaluatedProperties": False,
}

FIRST_PAGE = """
policy: daily-loss-kill-switch
title: Stop trading when the day's loss is confirmed by a stop-loss on a sold option
severity: critical
accounts: all
when: loss >= loss_limit
then: [notify: telegram]
because: "Loss {loss}"
"""


def complaints(made: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator(STRICT)
    return [f"{list(error.absolute_path)}: {error.message[:80]}" for error in validator.iter_errors(made)]


@pytest.mark.parametrize("name", MADE)
def test_a_schema_holds_no_unknown_keyword_at_any_depth(name: str) -> None:
    Draft202012Validator.check_schema(MADE[name])
    assert complaints(MADE[name]) == []


@pytest.mark.parametrize(
    "planted",
    [
        {"additional_properties": False},
        {"properties": {"a": {"types": "string"}}},
        {"items": {"if": {"type": "string"}, "then": {"enums": []}}},
        {"$defs": {"a": {"minItem": 1}}},
    ],
)
def test_that_check_bites(planted: dict[str, Any]) -> None:
    assert complaints({"$schema": DIALECT, **planted})


@pytest.mark.parametrize("name", MADE)
def test_every_pattern_is_one_an_editor_can_compile(name: str) -> None:
    patterns = re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(MADE[name]))
    assert patterns
    for pattern in patterns:
        text = json.loads(f'"{pattern}"')
        assert re.compile(text)
        # No group or class of Python's own; anchored at both ends.
        assert "(?P" not in text
        assert text[0] + text[-1] == "^$"


def editor(text: str, name: str = "policy") -> list[str]:
    """What an editor's language server says of a text, its scalars read by YAML's own guess."""
    validator = Draft202012Validator(MADE[name], registry=Registry().with_resources([]))
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_example_of_the_first_page_validates() -> None:
    assert editor(FIRST_PAGE) == []
    assert codes(loaded(FIRST_PAGE)) == []
    assert Resource.from_contents(MADE["policy"]).id() == MADE["policy"]["$id"]


@pytest.mark.parametrize(
    "line",
    [
        "title: 2026",
        "description: 1.5",
        "confirm: {samples: 3}",
        "confirm: {samples: '3'}",
        "confirm: {at_once_beyond: 20000}",
        "confirm: at once",
        "let: {limit: 10000}",
        "let: {limit: 0.5}",
        "tags: [2026, risk]",
        "required: true",
        "required: yes",
        "required: 'yes'",
        "accounts: [1001, A2]",
        "accounts: {labels: {desk: nifty, level: 3, hedged: true}}",
        "examples: [{given: {loss: 10000, stop_loss_hit: true}, expect: true}]",
        "examples: [{given: {loss: unknown}, expect: unknown}]",
        "then: [block_entries, {notify: [telegram, call]}]",
        "then: [{block_entries: {until: end of session}}]",
        "during: {from: '14:45', to: '15:30'}",
        "stop_loss: {share: 50%}",
        "cooldown: 1h30m",
        "on_unknown: wait",
        "on_unknown: {alert: after 10s, fire: after 1m30s}",
        "when: {all: [loss >= 5k, {any: [stop_file, {none: [stop_loss_hit]}]}]}",
    ],
)
def test_what_the_command_takes_the_editor_takes(line: str) -> None:
    key = line.split(":")[0]
    others = [one for one in FIRST_PAGE.strip().splitlines() if not one.startswith(f"{key}:")]
    text = "\n".join([*others, line]) + "\n"
    assert editor(text) == []
    report = Report()
    root = read(text, "a.yaml", report)
    assert root is not None
    check_shape(root, "policy", report)
    assert report.sorted() == ()


@pytest.mark.parametrize(
    "line",
    [
        "mod: enforce",
        "mode: enforced",
        "confirm: {sample: 2}",
        "then: []",
        "then: [fly]",
        "when: {al: [a]}",
        "when: {}",
        "cooldown: 5",
        "once: per day",
        "accounts: some",
        "during: {from: '25:00', to: '26:00'}",
        "stop_loss: {share: 101%}",
    ],
)
def test_what_the_command_refuses_the_editor_marks(line: str) -> None:
    key = line.split(":")[0]
    text = "\n".join([*(o for o in FIRST_PAGE.strip().splitlines() if not o.startswith(f"{key}:")), line])
    assert editor(text)
    assert codes(loaded(text))


@pytest.mark.parametrize("text", ["a: 10000\nb: 5%\nc: 0.5\n", "loss_limit: 10,000 INR\n"])
def test_values_of_every_native_type_validate(text: str) -> None:
    assert editor(text, "values") == []


def test_each_key_of_a_policy_is_described_for_the_editor() -> None:
    keys = MADE["policy"]["properties"]
    assert [name for name, made in keys.items() if not made.get("description")] == []
    assert set(schema.REQUIRED) <= set(keys)


def test_locating_goes_by_keys_and_places_in_lists() -> None:
    root = read(policy("{all: [stop_file, loss >= 1k]}"), "a.yaml", Report())
    assert isinstance(root, Mapping)
    node, place = locate(root, steps_of("/when/all/1"))
    assert plain(node) == "loss >= 1k"
    assert place.column == 25
    assert steps_of("/a~1b~0c/0") == ["a/b~c", 0]
    assert locate(root, ["when", "none", 5])[0].place.line == 5
