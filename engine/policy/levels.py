"""From a file with `levels` to one policy a level: each takes every key of the file that it does not say itself."""

from dataclasses import replace
from typing import Final

from engine.policy.findings import Report
from engine.policy.level_shape import MOST_LEVELS, OF_EACH_POLICY, OF_THE_LADDER
from engine.policy.yaml_text import Entry, Scalar, Sequence
from engine.policy.yaml_text import Mapping as MappingNode

_OWN: Final = frozenset({"name", "was", "let"})


def levels_of(root: MappingNode, report: Report) -> tuple[MappingNode, ...]:
    """
    Return a policy file's nodes, one mapping for each level in file order; the file's own when it has no levels.

    Each keeps the `levels` entry, so that a JSON Pointer taken from a node leads back to it. A level without a name is
    passed over: its shape is reported.
    """
    node = root.get("levels")
    if not isinstance(node, Sequence):
        return (root,)
    named: dict[str, MappingNode] = {}
    for item in node.items[:MOST_LEVELS]:
        name = item.get("name") if isinstance(item, MappingNode) else None
        if not isinstance(item, MappingNode) or not isinstance(name, Scalar) or not name.text:
            continue
        if name.text in named:
            first = named[name.text].key_place("name").line
            message = f"a level called '{name.text}' stands already in line {first}"
            report.error("duplicate-level", name.place, message, "each level has its own name, latch and state")
            continue
        named[name.text] = item
    _check_inherited(root, tuple(named.values()), report)
    return tuple(_level(root, item) for item in named.values())


def former_names(root: MappingNode) -> tuple[Scalar, ...]:
    """Return every `was` of a file, its levels' names joined to the ladder's; a level's own says the whole name."""
    ladder = root.get("was")
    named = (ladder,) if isinstance(ladder, Scalar) and ladder.text else ()
    if root.get("levels") is None:
        return named
    own = (level.get("was") for level in levels_of(root, Report()))
    return (*named, *(node for node in own if isinstance(node, Scalar) and node.text))


def _level(root: MappingNode, level: MappingNode) -> MappingNode:
    own = [entry for entry in level.entries if entry.key.text not in (*_OWN, *OF_THE_LADDER)]
    said = {entry.key.text for entry in own}
    kept = [entry for entry in root.entries if entry.key.text not in said]
    joined = [_joined(entry, level) for entry in kept]
    added = [entry for entry in level.entries if entry.key.text in ("was", "let") and root.get(entry.key.text) is None]
    return replace(root, entries=(*joined, *own, *added))


def _joined(entry: Entry, level: MappingNode) -> Entry:
    """Return an entry of the file as it is for a level: names joined, values laid over one another."""
    key, value = entry.key.text, entry.value
    name, own = level.get("name"), level.get(key)
    assert isinstance(name, Scalar)
    if key == "policy" and isinstance(value, Scalar):
        return Entry(replace(entry.key, place=level.key_place("name")), _under(value, name, name))
    if key == "was" and isinstance(value, Scalar):
        return replace(entry, value=own if isinstance(own, Scalar) else _under(value, name, value))
    if key == "let" and isinstance(value, MappingNode) and isinstance(own, MappingNode):
        return replace(entry, value=_laid_over(value, own))
    return replace(entry, value=own) if key == "let" and own is not None else entry


def _under(ladder: Scalar, level: Scalar, at: Scalar) -> Scalar:
    return Scalar(f"{ladder.text}/{level.text}" if ladder.text else "", at.place, at.style, at.in_flow)


def _laid_over(values: MappingNode, own: MappingNode) -> MappingNode:
    # In the place of the value it replaces, so that those which are made of it still come after it.
    said = {entry.key.text: entry for entry in own.entries}
    first = [said.get(entry.key.text, entry) for entry in values.entries]
    more = [entry for entry in own.entries if values.get(entry.key.text) is None]
    return replace(values, entries=(*first, *more))


def _check_inherited(root: MappingNode, levels: tuple[MappingNode, ...], report: Report) -> None:
    """Report what a level lacks, itself and from above, and what stands above and no level takes."""
    for key in OF_EACH_POLICY if levels else ():
        lacking = [level for level in levels if key not in (*root.keys(), *level.keys())]
        if len(lacking) == len(levels):
            place = root.entries[0].key.place
            report.error(
                "missing-key", place, f"the key '{key}' is missing", "write it above `levels`, or in each level"
            )
            continue
        for level in lacking:
            name = level.get("name")
            assert isinstance(name, Scalar)
            message = f"the level '{name.text}' has no '{key}', and there is none above `levels` for it to take"
            report.error("missing-key", name.place, message, f"write '{key}' in the level, or once above")
    for entry in root.entries:
        key = entry.key.text
        if key not in (*_OWN, *OF_THE_LADDER) and levels and all(key in level.keys() for level in levels):
            message = f"every level has its own '{key}': this one says nothing"
            report.warning("unused-key", entry.key.place, message, "take it out here, or in the levels it holds for")
