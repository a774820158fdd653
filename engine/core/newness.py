"""Whether a true condition is a new reading: every part that makes it true was taken anew since the last sample."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from engine.core.env import read_from
from engine.core.rule_state import RuleState
from engine.domain.truth import Truth
from engine.facts.base import Part, View
from engine.policy.meaning import Trace


def is_new_reading(
    trace: Trace,
    freshness: Mapping[str, frozenset[Part]],
    stamps: Mapping[str, datetime],
    state: RuleState,
    view: View,
    behind: Callable[[frozenset[Part]], Iterable[str]] | None = None,
) -> bool:
    """
    Return whether a true condition counts as one more sample.

    freshness: by sentence (JSON Pointer) the parts whose being taken anew makes it a new reading; none for a sentence
    about the link, the clock or age itself, which takes every slot. stamps: when each part of this reading was taken.
    behind: the names of the stamps that parts stand for; by default their own, as the account reads them.
    """
    before = dict(state.stamps)

    def is_new(node: Trace) -> bool:
        if node.kind == "sentence":
            parts = freshness.get(node.pointer, frozenset())
            if not parts:
                return state.last_true is None or view.now > state.last_true
            read = [part.value for part in read_from(parts, view.account.profile)] if behind is None else behind(parts)
            return all(name not in before or stamps[name] > before[name] for name in read if name in stamps)
        if node.kind == "any":
            return any(is_new(child) for child in node.children if child.truth is Truth.TRUE)
        return all(is_new(child) for child in node.children)

    return is_new(trace)
