"""How far from a reference price something may be: widths by a table, edges on the tick."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from engine.domain.enums import InstrumentKind, Side
from engine.domain.numbers import CONTEXT, HUNDRED, ZERO
from engine.sim.exchange.setup import BandStep, Rules
from engine.sim.exchange.words import Contract


def width(steps: Sequence[BandStep], reference: Decimal) -> Decimal:
    """Return the width of the band at a reference price."""
    for step in steps:
        if step.below is None or reference < step.below:
            share = CONTEXT.divide(CONTEXT.multiply(reference, step.percent), HUNDRED) if step.percent else ZERO
            return max(share, step.amount or ZERO)
    return ZERO


def on_tick(price: Decimal, tick: Decimal, rounding: str) -> Decimal:
    """Return the price moved onto the tick, up (ROUND_CEILING) or down (ROUND_FLOOR)."""
    ticks = CONTEXT.divide(price, tick).to_integral_value(rounding, CONTEXT)
    return CONTEXT.multiply(ticks, tick)


def is_on_tick(price: Decimal, tick: Decimal) -> bool:
    """Return whether a price is a multiple of the tick."""
    return CONTEXT.remainder(price, tick) == ZERO


def edge(steps: Sequence[BandStep], contract: Contract, side: Side, reference: Decimal) -> Decimal:
    """Return the worst price of a side inside a band around a reference, on the tick, within the day's price band."""
    wide = width(steps, reference)
    if side is Side.BUY:
        return min(on_tick(CONTEXT.add(reference, wide), contract.tick_size, ROUND_FLOOR), contract.high)
    return max(on_tick(CONTEXT.subtract(reference, wide), contract.tick_size, ROUND_CEILING), contract.low)


def protection(rules: Rules, contract: Contract) -> tuple[BandStep, ...]:
    """Return the table by which a market order of a contract is turned into a limit."""
    return rules.option_protection if contract.kind is InstrumentKind.OPTION else rules.other_protection


def beyond(side: Side, price: Decimal, limit: Decimal) -> bool:
    """Return whether a price is worse for the side than a limit."""
    return price > limit if side is Side.BUY else price < limit
