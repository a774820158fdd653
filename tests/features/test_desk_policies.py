"""What desks wrote: the policies of `features/desk`, and those of a file of their own where one is given."""

import os
import re
from pathlib import Path

import pytest
from pytest_bdd import scenarios

from engine.facts.catalogue import CATALOGUE
from engine.policy.load import Source, load
from engine.runtime.policy_files import LATER
from tests.features.desk import SHIPPED

scenarios("desk")

GIVEN = os.environ.get("REKHA_DESK_POLICIES", "")
CALENDAR = "years: [2026, 2027]\nevents:\n  budget: [2027-02-01 11:00]\n"


@pytest.mark.skipif(not GIVEN, reason="no desk-policies: REKHA_DESK_POLICIES names no file")
def test_every_policy_of_the_given_file_loads_as_it_stands() -> None:
    texts = re.findall(r"```yaml\n(.*?)```", Path(GIVEN).read_text(encoding="utf-8"), re.DOTALL)
    assert texts
    sources = [Source(f"policies/{index}.yaml", text.encode()) for index, text in enumerate(texts)]
    sources.append(Source("policies/values.yaml", (SHIPPED / "values.yaml").read_bytes()))
    sources.append(Source("policies/calendar.yaml", CALENDAR.encode()))
    loaded = load(sources, CATALOGUE, LATER)
    assert not loaded.has_errors, [
        f"{finding.place.file}:{finding.place.line} {finding.message}" for finding in loaded.findings
    ]
