"""How an action and its arguments are declared; the actions themselves stand in the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from engine.domain.numbers import canonical

# A checked call's arguments by name, all of them data: texts, tuples of texts, seconds as Decimal, a `Measure`, or a
# typed condition under "where". What the author left out is left out here too.
Arguments = Mapping[str, Any]


class Unit(Enum):
    """What a measure counts in."""

    PERCENT = "%"
    LOTS = " lots"
    MONEY = " a unit"


@dataclass(frozen=True, slots=True)
class Measure:
    """How much: a percent, a number of lots, or money for each unit; positive."""

    value: Decimal
    unit: Unit

    @property
    def words(self) -> str:
        """The measure in a person's words: `50%`, `2 lots`, `2.5 a unit`."""
        unit = " lot" if self.unit is Unit.LOTS and self.value == 1 else self.unit.value
        return f"{canonical(self.value)}{unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """
    One action, declared once; schema, checker, `rekha explain action` and the reference page derive from it.

    schema: JSON Schema of what follows the name in `then`. bare: whether the name alone is a whole order.
    irrevocable: cannot be undone, so the policy must say `confirm` and `on_unknown`. exits: closes positions.
    only_tells: does nothing to the account, whatever comes of it. adds_risk: opens positions or lets others do so.
    needs_latch: must stand under a `once`. repeats_need_rest: needs a `once` or a `cooldown`.
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
    only_tells: bool = False
    adds_risk: bool = False
    needs_latch: bool = False
    repeats_need_rest: bool = False
