"""What every fact means, in a trader's words: the scenarios of `features/facts`, and that none is left out."""

import re

import pytest
from pytest_bdd import scenarios

from engine.facts.catalogue import CATALOGUE
from engine.runtime.resources import package_dir

scenarios("facts")

TEXT = "\n".join(
    path.read_text("utf-8") for path in sorted((package_dir().parent / "features/facts").glob("*.feature"))
)
FIELDS = [(rows.singular, field) for rows in CATALOGUE.rows.values() for field in rows.fields]


@pytest.mark.parametrize("name", CATALOGUE.facts)
def test_a_scenario_tells_every_fact(name: str) -> None:
    told = rf"(\bthe fact {re.escape(name)} is |\| {re.escape(name)} +\|)"
    assert re.search(told, TEXT), f"no scenario of features/facts tells {name}"


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=lambda word: word)
def test_a_scenario_tells_every_field(kind: str, field: str) -> None:
    # A leg has the fields of a position; one telling is enough for both.
    kinds = {"position": "position|leg", "leg": "position|leg", "fill": "trade"}.get(kind, kind)
    tables = re.findall(rf"the (?:{kinds}) \S+ has\n((?: *\|.*\n?)+)", TEXT)
    assert any(re.search(rf"\| {field} +\|", table) for table in tables), f"no scenario tells {kind}.{field}"
