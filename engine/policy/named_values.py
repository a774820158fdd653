"""Desk values and lets: named, typed, compiled once, each made of those that stand before it."""

import re
from keyword import iskeyword

from engine.policy.cases import compile_any
from engine.policy.findings import Report
from engine.policy.names import is_taken
from engine.policy.scope import Scope
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Scalar

_OUR_WORDS = frozenset({"of", "unknown", "true", "false", "k", "lakh", "lakhs", "lac", "crore", "crores", "cr"})


def compile_values(node: MappingNode, scope: Scope, report: Report) -> Scope:
    """Return the scope with the values of a mapping, in file order: a later one may use an earlier one."""
    for entry in node.entries:
        name = entry.key.text
        if not _name_is_free(name, entry.key, scope, report):
            scope = scope if name in scope.values else scope.with_values({}, {name})
            continue
        compiled = compile_any(name, entry.value, scope, report)
        scope = scope.with_values({}, {name}) if compiled is None else scope.with_values({name: compiled})
    return scope


def _name_is_free(name: str, key: Scalar, scope: Scope, report: Report) -> bool:
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        return False  # its shape is already reported
    if name in scope.values or name in scope.broken:
        hint = "choose another name, or change it in values.yaml or for one account in rekha.yaml"
        report.error("shadowed-value", key.place, f"'{name}' is a desk value already", hint)
        return False
    later = scope.later
    if is_taken(scope, name) or name in later.facts or name in later.rows:
        report.error("shadowed-value", key.place, f"'{name}' already has a meaning", "choose another name")
        return False
    if iskeyword(name) or name in _OUR_WORDS:
        report.error("bad-name", key.place, f"'{name}' is a word of the language", "choose another name")
        return False
    return True
