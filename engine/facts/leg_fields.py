"""Fields of a row of the book: its contract, its size, what covers and protects it, how old it is."""

from enum import Enum

from engine.domain.enums import InstrumentKind, Right
from engine.domain.kinds import BOOL, DATE, DURATION, MONEY, TEXT, choice, count_of
from engine.domain.numbers import ZERO
from engine.facts.base import FieldSpec, Part, Sign
from engine.facts.coverage import cover_of, is_covered, unprotected_quantity
from engine.facts.hedges import hedge_lost
from engine.facts.hours import leg_minutes_to_close, leg_minutes_to_square_off
from engine.facts.leg_values import days_to_expiry, expiry, lots, position_age, told, trades_today
from engine.facts.orders import leg_stop_rests

_POSITIONS = frozenset({Part.POSITIONS})


def _word(member: Enum | None) -> str | None:
    return None if member is None else str(member.value)


CONTRACT_FIELDS = (
    FieldSpec(
        name="symbol",
        type=TEXT,
        doc="The contract as the broker spells it.",
        path="instrument.symbol",
        needs=_POSITIONS,
        example="any(p.symbol == 'NIFTY26NOV24000CE' for p in positions)",
    ),
    FieldSpec(
        name="exchange",
        type=TEXT,
        doc="The exchange segment the contract trades on.",
        path="instrument.exchange",
        needs=_POSITIONS,
        example="any(p.exchange == 'NFO' for p in positions)",
    ),
    FieldSpec(
        name="underlying",
        type=TEXT,
        doc="The name of what the contract is on; unknown when its symbol does not tell.",
        path="instrument.underlying",
        compute=lambda view, leg: told(leg, leg.instrument.underlying, "underlying"),
        needs=_POSITIONS,
        example="any(p.underlying == 'NIFTY' for p in positions)",
    ),
    FieldSpec(
        name="expiry",
        type=DATE,
        doc="The date the contract expires; of one whose symbol names only the month, by the exchange's rule. Unknown "
        "for what never does, and where only the month is known.",
        compute=expiry,
        needs=_POSITIONS,
        example="any(p.expiry == trading_date for p in positions)",
    ),
    FieldSpec(
        name="strike",
        type=MONEY,
        doc="The option's strike price; unknown for anything else.",
        path="instrument.strike",
        compute=lambda view, leg: told(leg, leg.instrument.strike, "strike"),
        needs=_POSITIONS,
        example="any(p.strike >= 24_000 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="right",
        type=choice(Right),
        doc="Whether the option is a CALL or a PUT; unknown for anything else.",
        compute=lambda view, leg: told(leg, _word(leg.instrument.right), "right"),
        needs=_POSITIONS,
        example="any(p.right == CALL for p in positions)",
    ),
    FieldSpec(
        name="product",
        type=TEXT,
        doc="The broker's product label: how the position is margined and carried.",
        path="product",
        needs=_POSITIONS,
        example="any(p.product == 'MIS' for p in positions)",
    ),
    FieldSpec(
        name="net_quantity",
        type=count_of("units"),
        doc="Units held now: positive bought, negative sold.",
        path="net_quantity",
        needs=_POSITIONS,
        example="any(p.net_quantity < -1_800 for p in positions)",
    ),
    FieldSpec(
        name="lots",
        type=count_of("lots"),
        doc="The size of the position in lots, never negative, whether bought or sold.",
        compute=lambda view, leg: lots(leg),
        needs=_POSITIONS,
        example="any(p.lots > 20 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="is_short",
        type=BOOL,
        doc="Whether more is sold than bought.",
        path="is_short",
        needs=_POSITIONS,
        example="any(p.is_short for p in positions)",
    ),
    FieldSpec(
        name="is_option",
        type=BOOL,
        doc="Whether the contract is an option.",
        path="instrument.is_option",
        needs=_POSITIONS,
        example="any(p.is_option for p in positions)",
    ),
    FieldSpec(
        name="is_future",
        type=BOOL,
        doc="Whether the contract is a future.",
        compute=lambda view, leg: leg.instrument.kind is InstrumentKind.FUTURE,
        needs=_POSITIONS,
        example="any(p.is_future for p in positions)",
    ),
    FieldSpec(
        name="is_covered",
        type=BOOL,
        doc="Whether a sold option has no naked unit, or a bought option covers a sold one; never for anything else.",
        compute=is_covered,
        needs=_POSITIONS,
        example="any(p.is_short and not p.is_covered for p in positions)",
    ),
    FieldSpec(
        name="naked_quantity",
        type=count_of("units"),
        doc="Sold units no bought option of the same underlying and right, expiring no earlier, covers; zero "
        "for anything but a sold option.",
        compute=lambda view, leg: cover_of(view, leg).naked,
        needs=_POSITIONS,
        example="any(p.naked_quantity > 0 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="hedge_lost",
        type=BOOL,
        doc="Whether units of this sold option that bought options covered at an earlier reading of today are naked "
        "now; bought back together with their hedge they are not.",
        compute=hedge_lost,
        needs=_POSITIONS,
        example="any(p.hedge_lost for p in positions)",
    ),
    FieldSpec(
        name="unprotected_quantity",
        type=count_of("units"),
        doc="Sold units for which no working stop-loss order stands at this broker: what is a stop now, is of "
        "today and at the exchange; zero for anything but a sold option.",
        compute=unprotected_quantity,
        needs=_POSITIONS | {Part.ORDERS},
        example="any(p.unprotected_quantity > 0 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="age",
        type=DURATION,
        doc="How long the position has stood; a carried one since the session opened.",
        compute=position_age,
        needs=_POSITIONS | {Part.FILLS, Part.CLOCK},
        example="any(p.age > 20s for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="trades_today",
        type=count_of("trades"),
        doc="How many orders have traded the contract today, in whatever product; an order that filled in parts counts "
        "once.",
        compute=trades_today,
        needs=_POSITIONS | {Part.FILLS},
        example="any(p.trades_today > 10 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="minutes_to_close",
        type=count_of("minutes"),
        doc="Minutes until the session of the contract's own exchange closes, with fractions, negative after it; an "
        "index contract that expires today may close before the others.",
        compute=leg_minutes_to_close,
        needs=_POSITIONS | {Part.CLOCK},
        example="any(p.is_short and p.minutes_to_close < 5 for p in positions)",
    ),
    FieldSpec(
        name="minutes_to_broker_square_off",
        type=count_of("minutes"),
        doc="Minutes until the broker closes this intraday position by itself, negative after that; unknown for any "
        "other position, and for a broker or a session whose times are not known.",
        compute=leg_minutes_to_square_off,
        needs=_POSITIONS | {Part.CLOCK},
        example="any(p.minutes_to_broker_square_off < 10 for p in positions)",
    ),
    FieldSpec(
        name="days_to_expiry",
        type=count_of("days"),
        doc="Calendar days until the contract expires, 0 on the day itself.",
        compute=days_to_expiry,
        needs=_POSITIONS | {Part.CLOCK},
        example="any(p.days_to_expiry <= 1 for p in positions)",
    ),
    FieldSpec(
        name="stop_triggered_unfilled",
        type=BOOL,
        doc="Whether a stop of this sold option has triggered and rests in the market without filling.",
        compute=leg_stop_rests,
        needs=_POSITIONS | {Part.ORDERS},
        example="any(p.stop_triggered_unfilled for p in positions)",
    ),
)
