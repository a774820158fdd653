"""The rows `expiries`: one for each underlying and expiry date with an open leg, and the fields of one."""

from types import MappingProxyType

from engine.domain.kinds import DATE, TEXT, count_of
from engine.facts.base import FieldSpec, Part, RowSpec
from engine.facts.leg_set_fields import shared_fields
from engine.facts.leg_sets import By, leg_sets, of_first
from engine.facts.leg_values import days_to_expiry, expiry
from engine.facts.underlying_rows import told_underlying

_POSITIONS = frozenset({Part.POSITIONS})

EXPIRY_FIELDS = (
    FieldSpec(
        name="underlying",
        type=TEXT,
        doc="The name of the underlying.",
        path="underlying",
        compute=lambda _, one: told_underlying(one),
        needs=_POSITIONS,
        example="any(e.underlying == 'NIFTY' and e.short_lots > 20 for e in expiries)",
    ),
    FieldSpec(
        name="date",
        type=DATE,
        doc="The date its contracts expire, of monthly ones by the exchange's rule; unknown where only the month is "
        "known.",
        path="date",
        compute=lambda view, one: of_first(view, one, expiry),
        needs=_POSITIONS,
        example="any(e.date == trading_date and e.short_calls > 0 for e in expiries)",
    ),
    FieldSpec(
        name="days_to_expiry",
        type=count_of("days"),
        doc="Calendar days until its contracts expire, 0 on the day itself.",
        compute=lambda view, one: of_first(view, one, days_to_expiry),
        needs=_POSITIONS | {Part.CLOCK},
        example="any(e.days_to_expiry <= 1 and e.naked_short_lots > 0 for e in expiries)",
    ),
    *shared_fields("expiries"),
)

EXPIRY_ROWS = (
    RowSpec(
        plural="expiries",
        singular="expiry",
        doc="One row for each underlying and expiry date of which a leg is open. Monthly contracts whose day neither "
        "the contract file nor a rule of the exchange tells have a row for their month. A contract whose symbol does "
        "not tell its underlying or expiry may belong to any it fits.",
        rows=lambda view: leg_sets(view, By.EXPIRY),
        key=lambda one: one.key,
        needs=_POSITIONS,
        fields=MappingProxyType({field.name: field for field in EXPIRY_FIELDS}),
        latches=("day", "week"),
        may_doubt=True,
    ),
)
