"""The page on scenario files names every key, fault and control call there is, and what it shows can be played."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.policy.findings import Report
from engine.runtime.calendars import calendars
from engine.runtime.scenarios import shipped_scenarios
from engine.sim.faults import FaultKind
from engine.sim.scenario.reader import read_scenario
from engine.sim.scenario.shape import scenario_schema
from tests.docs.console import blocks

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
WHOLE = [block.text for block in blocks(PAGE) if block.head == "yaml scenario"]
PARTS = [block.text for block in blocks(PAGE) if block.head == "yaml part"]


def keys_of(schema: dict[str, Any]) -> Iterator[str]:
    for key, value in schema.get("properties", {}).items():
        yield key
        yield from keys_of(value)
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from keys_of(inner)


@pytest.mark.parametrize("text", [*WHOLE, *(WHOLE[0] + part for part in PARTS)])
def test_what_it_shows_is_read(text: str) -> None:
    report = Report()
    assert read_scenario(text, "page", calendars(), report) is not None, [one.message for one in report.sorted()]


def test_it_names_every_key() -> None:
    words = set(re.findall(r"[a-z_]+", PAGE))
    assert sorted(set(keys_of(scenario_schema())) - words) == []


def test_it_tells_of_every_fault() -> None:
    assert re.findall(
        r"^\| `([a-z_]+)` \|.*\|.*\|$", PAGE[PAGE.index("| fault |") : PAGE.index("## The broker")], re.MULTILINE
    ) == [kind.value for kind in FaultKind]


def test_it_names_what_is_shipped() -> None:
    assert {f"`{name}`" for name in shipped_scenarios()} <= set(re.findall(r"`[a-z-]+`", PAGE))
