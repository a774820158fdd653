"""Fields of an underlying and of an expiry: what their legs come to, computed leg by leg as the account's facts are."""

from collections.abc import Callable
from typing import Any

from engine.domain.enums import Right
from engine.domain.kinds import MONEY, Type, count_of
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, bounds, multiply, unknown
from engine.facts.base import FieldSpec, Part, Sign, View
from engine.facts.counting import some
from engine.facts.coverage import cover_of, in_lots, is_sold_option, unprotected_quantity
from engine.facts.leg_sets import LegSet, count_over, perhaps, sum_over
from engine.facts.leg_values import entry_price
from engine.facts.mark import mark
from engine.facts.money import leg_exposure
from engine.facts.parts import may_be_option, name_of
from engine.facts.pnl import leg_mtm, leg_realized, leg_unrealized, loss_of, profit_of

_POSITIONS = frozenset({Part.POSITIONS})
_PRICED = frozenset({Part.POSITIONS, Part.PRICES})
_LOTS = count_of("lots")
_LEGS = count_of("legs")

# What is asked of one leg.
OfLeg = Callable[[View, Leg], Any]


def set_mtm(view: View, one: LegSet) -> Value:
    """Return the day's mark-to-market of all legs of a set, closed ones too."""
    return sum_over(view, one, leg_mtm)


def shared_fields(plural: str) -> tuple[FieldSpec, ...]:
    """Return the fields that underlyings and expiries share; `plural`: of which rows the examples speak."""

    def spec(
        name: str, type_: Type, doc: str, compute: Callable[[View, LegSet], Value], compared: str,
        needs: frozenset[Part] = _POSITIONS, sign: Sign = Sign.MAGNITUDE, *, is_pnl: bool = False,
    ) -> FieldSpec:  # fmt: skip
        row = plural[0]
        example = f"any({row}.{name} {compared} for {row} in {plural})"
        low = ZERO if sign is Sign.MAGNITUDE else None
        return FieldSpec(
            name=name, type=type_, doc=doc, compute=compute, needs=needs, example=example, sign=sign, is_pnl=is_pnl,
            low=low,
        )  # fmt: skip

    both = Sign.PLUS_MINUS
    return (
        spec("mtm", MONEY, "The day's profit (+) or loss (−) of all its legs carried or traded today, closed ones "
             "included, charges excluded.", set_mtm, "<= -15k", _PRICED, both, is_pnl=True),
        spec("loss", MONEY, "Its loss of the day as a positive amount, zero in profit.",
             lambda view, one: loss_of(set_mtm(view, one)), ">= 15k", _PRICED, is_pnl=True),
        spec("profit", MONEY, "Its profit of the day, zero in loss.",
             lambda view, one: profit_of(set_mtm(view, one)), ">= 15k", _PRICED, is_pnl=True),
        spec("realized_pnl", MONEY, "The settled part of its mtm.",
             _sum(lambda _, leg: leg_realized(leg)), "<= -15k", _POSITIONS, both, is_pnl=True),
        spec("unrealized_pnl", MONEY, "The part of its mtm that still moves with the market.",
             _sum(leg_unrealized), "<= -15k", _PRICED, both, is_pnl=True),
        spec("short_lots", _LOTS, "Lots of sold options.", _sum(_short_lots), "> 20"),
        spec("long_lots", _LOTS, "Lots of bought options.", _sum(_long_lots), "> 20"),
        spec("naked_short_lots", _LOTS, "Lots of sold options not covered by bought ones of the same underlying and "
             "right that expire no earlier.", _sum(_naked_lots), "> 10"),
        spec("short_option_legs", _LEGS, "How many of its open positions are sold options.",
             _count(lambda _, leg: is_sold_option(leg)), "> 4"),
        spec("long_option_legs", _LEGS, "How many of its open positions are bought options.",
             _count(lambda _, leg: is_bought_option(leg)), "== 0"),
        spec("naked_short_legs", _LEGS, "How many of its sold options are not wholly covered by bought ones.",
             _count(lambda view, leg: some(cover_of(view, leg).naked)), "> 0"),
        spec("unprotected_short_legs", _LEGS, "How many of its sold options have units for which no working stop-loss "
             "order stands at this broker.", _count(lambda view, leg: some(unprotected_quantity(view, leg))), "> 0",
             _POSITIONS | {Part.ORDERS}),
        spec("open_positions", count_of("positions"), "How many of its positions are open, of whatever instrument.",
             _count(lambda _, leg: leg.is_open), "> 8"),
        spec("short_calls", count_of("units"), "Sold call units.", _sum(_short_units(Right.CALL)), "> 1_800"),
        spec("short_puts", count_of("units"), "Sold put units.", _sum(_short_units(Right.PUT)), "> 1_800"),
        spec("short_premium_now", MONEY, "What buying back its sold options would cost now, at what they are marked.",
             _sum(_worth_of_sold(mark)), ">= 1 lakh", _PRICED),
        spec("short_call_premium_now", MONEY, "The part of short_premium_now that is for calls.",
             _sum(_worth_of_sold(mark, Right.CALL)), ">= 1 lakh", _PRICED),
        spec("short_put_premium_now", MONEY, "The part of short_premium_now that is for puts.",
             _sum(_worth_of_sold(mark, Right.PUT)), ">= 1 lakh", _PRICED),
        spec("short_premium_received", MONEY, "What its sold options that are open were sold for, at their true "
             "average price; unknown where the broker gives only the settlement.",
             _sum(_worth_of_sold(entry_price)), ">= 1 lakh", _POSITIONS | {Part.FILLS}),
        spec("gross_exposure", MONEY, "What its open derivative legs are worth, longs and shorts added.",
             _sum(lambda view, leg: leg_exposure(view, leg, signed=False)), ">= 50 lakh", _PRICED),
        spec("net_exposure", MONEY, "What its open derivative legs are worth with shorts subtracted.",
             _sum(lambda view, leg: leg_exposure(view, leg, signed=True)), "<= -10 lakh", _PRICED, Sign.NONE),
    )  # fmt: skip


def is_bought_option(leg: Leg) -> bool | Unknown:
    """Return whether a leg is net long and an option; Unknown for a bought contract whose symbol does not tell."""
    if leg.net_quantity <= ZERO:
        return False
    if leg.instrument.is_option or not may_be_option(leg.instrument):
        return leg.instrument.is_option
    return unknown(f"whether {name_of(leg.instrument)} is an option is not known")


def _sum(value: OfLeg) -> Callable[[View, LegSet], Value]:
    return lambda view, one: sum_over(view, one, value)


def _count(holds: OfLeg) -> Callable[[View, LegSet], Value]:
    return lambda view, one: count_over(view, one, holds)


def _short_lots(_view: View, leg: Leg) -> Value:
    return _if(is_sold_option(leg), lambda: in_lots(leg, leg.net_quantity.copy_abs()))


def _long_lots(_view: View, leg: Leg) -> Value:
    return _if(is_bought_option(leg), lambda: in_lots(leg, leg.net_quantity))


def _naked_lots(view: View, leg: Leg) -> Value:
    return in_lots(leg, cover_of(view, leg).naked) if leg.is_open else ZERO


def _short_units(right: Right) -> OfLeg:
    def units(_view: View, leg: Leg) -> Value:
        own = leg.instrument.right
        if own is not None and own is not right:
            return ZERO
        sold, quantity = is_sold_option(leg), leg.net_quantity.copy_abs()
        if own is None and sold is True:
            return perhaps(quantity, f"right of {name_of(leg.instrument)} not known")
        return _if(sold, lambda: quantity)

    return units


def _worth_of_sold(price_of: Callable[[View, Leg], Value], right: Right | None = None) -> OfLeg:
    def worth(view: View, leg: Leg) -> Value:
        own = leg.instrument.right
        if right is not None and own is not None and own is not right:
            return ZERO
        units = CONTEXT.multiply(leg.net_quantity.copy_abs(), leg.factor)
        value = _if(is_sold_option(leg), lambda: _never_negative(multiply(units, price_of(view, leg))))
        is_open = right is not None and own is None and value != ZERO
        return perhaps(value, f"right of {name_of(leg.instrument)} not known") if is_open else value

    return worth


def _if(answer: bool | Unknown, value: Callable[[], Value]) -> Value:
    """Return a number that counts only if something holds: zero if it does not, from zero on while that is open."""
    if answer is False:
        return ZERO
    return perhaps(value(), answer.cause) if isinstance(answer, Unknown) else value()


def _never_negative(worth: Value) -> Value:
    if isinstance(worth, Unknown):
        low, high = bounds(worth)
        return Unknown(worth.causes, max(ZERO, low) if low is not None else ZERO, high)
    return worth
