"""A little world for tests of the language: the real catalogue, given facts and rows, nothing computed from books."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.domain.values import Known, Unknown, Value, unknown
from engine.facts.catalogue import CATALOGUE
from engine.facts.history import Past
from engine.facts.later import LATER_FACTS, LATER_FIELDS, LATER_ROWS
from engine.policy import ir
from engine.policy.calls import call_name, plain
from engine.policy.findings import Report
from engine.policy.load import Loaded, Source, load
from engine.policy.named_values import compile_values
from engine.policy.scope import Later, Scope
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import read

LATER = Later(LATER_FACTS, LATER_FIELDS, LATER_ROWS)
NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
VALUES = "loss_limit: 10,000 INR\nbare_limit: 10k\nshare: 60%\nrest: 30s\n"
ROW_KINDS = tuple(CATALOGUE.rows)


@dataclass
class World:
    """An environment whose facts, rows (dicts of fields) and stamps are given; what is not given is unknown."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    kinds: Mapping[str, tuple[Mapping[str, Value], ...] | Unknown] = field(default_factory=dict)
    values: Mapping[str, ir.Node] = field(default_factory=dict)
    stamps: Mapping[str, datetime] = field(default_factory=dict)
    now: datetime = NOW

    def fact(self, name: str) -> Value:
        if name not in CATALOGUE.facts:
            raise KeyError(name)
        return self.facts.get(name, unknown(f"{name} not given"))

    def rows(self, plural: str) -> tuple[Any, ...] | Unknown:
        if plural not in CATALOGUE.rows:
            raise KeyError(plural)
        return self.kinds.get(plural, unknown(f"{plural} not given"))

    def field(self, plural: str, row: Any, field: str) -> Value:
        return row.get(field, unknown(f"{field} not given"))

    def key(self, plural: str, row: Any) -> str:
        return str(row.get("symbol", plural))

    def call(self, function: str, arguments: tuple[Known, ...]) -> Value:
        name = call_name(function, arguments)
        return self.facts.get(name, unknown(f"{name} not given"))

    def past(self, function: str, series: str, row: Any, text: str, current: Value) -> Past | Value:
        name = plain(text)
        return self.facts.get(name, unknown(f"{name} not given"))

    def value(self, name: str) -> ir.Node:
        return self.values[name]

    def read_at(self, name: str) -> datetime | None:
        return self.stamps.get(name)


def scope(values: str = VALUES) -> Scope:
    """The scope of a sentence beside a `values.yaml`."""
    report = Report()
    root = read(values, "values.yaml", report)
    made = Scope(CATALOGUE, LATER, {})
    if isinstance(root, MappingNode):
        made = compile_values(root, made, report)
    assert not report.sorted(), report.sorted()
    return made


def policy(when: str = "loss >= loss_limit", *, then: str = "notify: telegram", more: str = "") -> str:
    """A whole policy; `when` is YAML in flow or block style, as it stands behind the key."""
    return (
        "policy: a-rule\ntitle: a rule\nseverity: warning\naccounts: all\n"
        f"when: {when}\nthen:\n  - {then}\nbecause: for a test\n{more}"
    )


def loaded(
    text: str | bytes, values: str | None = VALUES, name: str = "rule.yaml", calendar: str | None = None
) -> Loaded:
    """One policy file, with the desk's values and calendar beside it."""
    data = text.encode() if isinstance(text, str) else text
    sources = [Source(name, data)]
    if values is not None:
        sources.append(Source("values.yaml", values.encode()))
    if calendar is not None:
        sources.append(Source("calendar.yaml", calendar.encode()))
    return load(sources, CATALOGUE, LATER)


def codes(result: Loaded) -> list[str]:
    """The codes of all errors, in file order."""
    return [finding.code for finding in result.findings if finding.level.value == "error"]


def between(low: str | None, high: str | None, cause: str = "no quote") -> Unknown:
    """An unknown number with bounds."""
    return Unknown((cause,), None if low is None else Decimal(low), None if high is None else Decimal(high))
