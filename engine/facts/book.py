"""Facts about an account's book: how many legs are open, sold, bought, naked and without a stop."""

from decimal import Decimal

from engine.domain.kinds import PERCENT, count_of
from engine.domain.numbers import ZERO
from engine.domain.values import Unknown, Value, total
from engine.facts.base import FactSpec, Part, Sign, View
from engine.facts.counting import at_least_zero, count_true, some
from engine.facts.coverage import cover_of, in_lots, naked_quantities, sold_options, unprotected_quantities
from engine.facts.hedges import hedge_lost_lots, hedge_ratio
from engine.facts.parts import positions_of

_POSITIONS = frozenset({Part.POSITIONS})


def open_positions(view: View) -> Value:
    """Return the number of open rows."""
    legs = positions_of(view)
    return at_least_zero(legs) if isinstance(legs, Unknown) else Decimal(len(legs))


def short_option_legs(view: View) -> Value:
    """Return the number of sold options."""
    sold = sold_options(view)
    return at_least_zero(sold) if isinstance(sold, Unknown) else count_true([answer for _, answer in sold])


def long_option_legs(view: View) -> Value:
    """Return the number of bought options."""
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return at_least_zero(legs)
    return Decimal(sum([leg.instrument.is_option and leg.net_quantity > ZERO for leg in legs]))


def naked_short_legs(view: View) -> Value:
    """Return the number of sold options with a naked unit."""
    naked = naked_quantities(view)
    return at_least_zero(naked) if isinstance(naked, Unknown) else count_true([some(units) for units in naked])


def naked_short_lots(view: View) -> Value:
    """Return the naked units of all sold options in lots."""
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return at_least_zero(legs)
    return total(in_lots(leg, cover_of(view, leg).naked) for leg in legs)


def unprotected_short_legs(view: View) -> Value:
    """Return the number of sold options with a unit no working stop stands for."""
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return at_least_zero(legs)
    return count_true([some(units) for units in unprotected_quantities(view).values()])


BOOK_FACTS = (
    FactSpec(
        name="open_positions",
        type=count_of("positions"),
        doc="How many positions are open: rows with a net quantity, of whatever instrument.",
        example="open_positions > 8",
        compute=open_positions,
        needs=_POSITIONS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="short_option_legs",
        type=count_of("legs"),
        doc="How many open positions are sold options; a sold contract whose symbol does not tell what it is leaves "
        "the number open upwards.",
        example="short_option_legs > 4",
        compute=short_option_legs,
        needs=_POSITIONS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="long_option_legs",
        type=count_of("legs"),
        doc="How many open positions are bought options.",
        example="long_option_legs == 0 and short_option_legs > 0",
        compute=long_option_legs,
        needs=_POSITIONS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="naked_short_legs",
        type=count_of("legs"),
        doc="How many sold options are not wholly covered by bought ones of the same underlying and right that expire "
        "no earlier.",
        example="naked_short_legs > 0",
        compute=naked_short_legs,
        needs=_POSITIONS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="naked_short_lots",
        type=count_of("lots"),
        doc="How many lots of sold options are not covered by bought ones of the same underlying and right that expire "
        "no earlier.",
        example="naked_short_lots > 10",
        compute=naked_short_lots,
        needs=_POSITIONS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="hedge_lost_lots",
        type=count_of("lots"),
        doc="How many lots of sold options were covered by bought ones at an earlier reading of today and are naked "
        "now. A short sold without cover has lost none, nor has one bought back together with its hedge.",
        example="hedge_lost_lots > 0",
        compute=hedge_lost_lots,
        needs=_POSITIONS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="hedge_ratio",
        type=PERCENT,
        doc="Lots of bought options in percent of the lots of sold ones, whatever their contracts; unknown while no "
        "option is sold.",
        example="hedge_ratio < 50%",
        compute=hedge_ratio,
        needs=_POSITIONS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="unprotected_short_legs",
        type=count_of("legs"),
        doc="How many sold options have units for which no working stop-loss order stands at this broker: what is "
        "a stop now, is of today and at the exchange; one changed into a limit order is none.",
        example="unprotected_short_legs > 0",
        compute=unprotected_short_legs,
        needs=_POSITIONS | {Part.ORDERS},
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
)
