"""The rows `positions` (open) and `legs` (all carried or traded today)."""

from types import MappingProxyType

from engine.facts.base import Part, RowSpec
from engine.facts.leg_fields import CONTRACT_FIELDS
from engine.facts.leg_money_fields import MONEY_FIELDS
from engine.facts.leg_values import leg_key
from engine.facts.parts import legs_of, positions_of

_POSITIONS = frozenset({Part.POSITIONS})
_FIELDS = MappingProxyType({field.name: field for field in (*CONTRACT_FIELDS, *MONEY_FIELDS)})

LEG_ROWS = (
    RowSpec(
        plural="positions",
        singular="position",
        doc="The open rows of the book: one for each contract and product with a net quantity.",
        rows=positions_of,
        key=leg_key,
        needs=_POSITIONS,
        fields=_FIELDS,
        latches=("day", "week"),
    ),
    RowSpec(
        plural="legs",
        singular="leg",
        doc="Every row carried into or traded today, open or closed; sums of profit and loss use these.",
        rows=legs_of,
        key=leg_key,
        needs=_POSITIONS,
        fields=_FIELDS,
    ),
)
