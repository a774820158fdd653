"""YAML files that lie among the policies and are something else: one finding that says what each seems to be."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.policy.findings import Report
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Scalar

_HEART = frozenset({"policy", "when", "then", "levels"})
# With two of these a file is a policy that lacks its heart, and is told what is missing.
_COMMON = frozenset({"title", "severity", "mode", "owner", "confirm", "on_unknown", "once", "because", "during", "let"})

# By keys that only that kind of file has: what it is, and what to do with it.
_KINDS: Mapping[frozenset[str], tuple[str, str]] = MappingProxyType(
    {
        frozenset({"account", "taken_at"}): ("a snapshot", "read it with rekha dry-run --snapshot FILE"),
        frozenset({"status", "data"}): ("a broker's answer", "read it with rekha dry-run --broker kite …"),
        frozenset({"stat", "stCode"}): ("a broker's answer", "read it with rekha dry-run --broker kotak …"),
        frozenset({"accounts"}): ("a desk file", "call it rekha.yaml and check its folder: rekha check DIR"),
        frozenset({"exchange", "holidays"}): ("an exchange calendar", "keep it outside the folder of policies"),
        frozenset({"$schema", "properties"}): ("a JSON Schema", "keep it outside the folder of policies"),
    }
)  # fmt: skip


def is_foreign(root: MappingNode, report: Report) -> bool:
    """Return whether a file that should be a policy has nothing of one, and say so in one finding."""
    keys = set(root.keys())
    if not keys or keys & _HEART or len(keys & _COMMON) > 1:
        return False
    what, hint = next((words for needed, words in _KINDS.items() if needed <= keys), _by_values(root))
    report.error("not-a-policy", root.entries[0].key.place, f"this is no policy; it looks like {what}", hint)
    return True


def _by_values(root: MappingNode) -> tuple[str, str]:
    named = all(isinstance(entry.value, Scalar) and entry.key.text.isidentifier() for entry in root.entries)
    if named and len(root.entries) > 1:
        return "desk values", "only values.yaml is read for them; move them there"
    return "something else", "a policy starts with policy: name; keep other files outside the folder"
