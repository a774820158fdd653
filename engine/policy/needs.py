"""Which parts of a reading a condition is read from, and which of them make it a new reading when taken anew."""

from collections.abc import Iterable

from engine.facts.base import Part, RowSpec
from engine.policy import ir
from engine.policy.program import ActionCall
from engine.policy.scope import Scope

# What is known at every slot without asking the broker again.
_EVERY_SLOT = frozenset({Part.LINK, Part.CLOCK})


def needs_of(nodes: Iterable[ir.Node], scope: Scope, for_each: RowSpec | None) -> frozenset[Part]:
    """Return every part these trees are read from."""
    needs: set[Part] = set(for_each.needs if for_each is not None else ())
    for node in nodes:
        for part in ir.walk(node):
            needs |= _own_needs(part, scope)
            if isinstance(part, ir.ValueRef):
                needs |= needs_of([scope.values[part.name]], scope, None)
    return frozenset(needs)


def needs_of_exits(then: Iterable[ActionCall]) -> frozenset[Part]:
    """Return the parts that targets of exits are made of, beside those their conditions name."""
    exits = [call for call in then if call.spec.exits]
    priced = any(str(call.arguments.get("pick", "")).startswith("largest") for call in exits)
    return frozenset(({Part.POSITIONS} if exits else set()) | ({Part.PRICES} if priced else set()))


def freshness_of(nodes: Iterable[ir.Node | None], scope: Scope) -> dict[str, frozenset[Part]]:
    """
    Return by sentence (JSON Pointer) the parts that must be taken anew for it to be a new reading.

    None for a sentence about the link, the clock or age itself (all inside known, age, since, last_known, unknown_for
    too): it takes every slot.
    What is fixed for the day is not waited for.
    """
    sentences = (part for node in nodes if node is not None for part in ir.walk(node) if isinstance(part, ir.Sentence))
    return {sentence.pointer: frozenset(_waited_for(sentence.body, scope)) for sentence in sentences}


def _waited_for(node: ir.Node, scope: Scope) -> set[Part]:
    if isinstance(node, ir.IsKnown | ir.Age | ir.Since):
        return set()
    if isinstance(node, ir.Past) and node.function in ("last_known", "unknown_for"):
        return set()
    if isinstance(node, ir.FactRef) and scope.catalogue.facts[node.name].is_fixed:
        return set()
    if isinstance(node, ir.FieldRef) and scope.catalogue.kind(node.rows).fields[node.field].is_fixed:
        return set()
    parts = set(_own_needs(node, scope) - _EVERY_SLOT)
    if isinstance(node, ir.ValueRef):
        parts |= _waited_for(scope.values[node.name], scope)
    for child in ir.children(node):
        parts |= _waited_for(child, scope)
    return parts


def _own_needs(node: ir.Node, scope: Scope) -> frozenset[Part]:
    if isinstance(node, ir.FactRef):
        return scope.catalogue.facts[node.name].needs
    if isinstance(node, ir.FieldRef):
        return scope.catalogue.kind(node.rows).fields[node.field].needs
    if isinstance(node, ir.Call):
        return scope.catalogue.functions[node.function].needs
    return scope.catalogue.rows[node.rows].needs if isinstance(node, ir.Aggregate) else frozenset()
