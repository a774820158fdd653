"""Which case of a value holds, and which entry of a table is asked for; what is not known leaves several possible."""

from collections.abc import Callable
from enum import Enum

from engine.domain.values import Unknown, Value, merge_causes, one_of, unknown
from engine.policy import ir


def chosen(cases: ir.Cases, holds: Callable[[ir.Node], Value], worth: Callable[[ir.Node], Value]) -> tuple[Value, str]:
    """
    Return the value of the first case that holds, and in words which that was.

    Unknown with all it can still be (`options`) while a sentence before that case is unknown, unless all are the same.
    """
    doubts: list[Value] = []
    open_: list[ir.Node] = []
    words = "the default, for no case holds"
    for condition, use in zip(cases.conditions, cases.uses, strict=True):
        answer = holds(condition)
        if answer is False:
            continue
        open_.append(use)
        if answer is True:
            words = f"the case {said(condition)}"
            break
        doubts.append(answer)
    else:
        open_.append(cases.default)
    if not doubts:
        return worth(open_[0]), words
    spelt = " or ".join(dict.fromkeys(said(use) for use in open_))
    return one_of(map(worth, open_), merge_causes(doubts)), f"{spelt}: a case is unknown"


def entry_of(name: str, table: ir.Node, key: Value, worth: Callable[[ir.Node], Value]) -> Value:
    """
    Return the entry of a table for a key.

    Unknown for a key that is not there when there is no default, and while the key is; then with all it can still be.
    """
    assert isinstance(table, ir.Table)
    if isinstance(key, Unknown):
        if table.default is None:
            return Unknown(key.causes)
        return one_of((worth(use) for use in (*table.uses, table.default)), key.causes)
    text = str(key.value if isinstance(key, Enum) else key)
    if text in table.keys:
        return worth(table.uses[table.keys.index(text)])
    return unknown(f"{name} has no entry for '{text}'") if table.default is None else worth(table.default)


def said(node: ir.Node) -> str:
    """Return the author's words for a case or what it says."""
    return node.text if isinstance(node, ir.Literal | ir.Sentence) else "another value"
