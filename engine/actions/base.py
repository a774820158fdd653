"""How an action is declared; the actions themselves stand in the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

# A checked call's arguments by name: texts, tuples of texts, seconds as Decimal, or a typed condition under "where".
Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """
    One action, declared once; schema, checker, `rekha explain action` and the reference page derive from it.

    schema: JSON Schema of what follows the name in `then`. bare: whether the name alone is a whole order.
    irrevocable: cannot be undone, so the policy must say `confirm` and `on_unknown`. exits: closes positions.
    needs_latch: must stand under a `once`. repeats_need_rest: needs a `once` or a `cooldown`.
    later: choices and keys of the second tier with one sentence each.
    words: the call in a person's words.
    """

    name: str
    doc: str
    example: str
    schema: Mapping[str, Any]
    words: Callable[[Arguments], str]
    confirmed_by: str
    undone_by: str
    bare: bool = False
    irrevocable: bool = False
    exits: bool = False
    needs_latch: bool = False
    repeats_need_rest: bool = False
    later: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
