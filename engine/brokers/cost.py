"""The true average cost of what is open, where the day's own trades prove it; carried positions have none here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from engine.domain.enums import Side
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Fill, Leg

_PLACES = Decimal("0.00000001")
_NEVER = datetime.max.replace(tzinfo=UTC)

# Units and their money.
_Traded = tuple[Decimal, Decimal | None]


def add_all(numbers: Iterable[Decimal]) -> Decimal:
    """Return the sum in the one exact context."""
    total = ZERO
    for number in numbers:
        total = CONTEXT.add(total, number)
    return total


def with_entry_price(leg: Leg) -> Leg:
    """
    Return the leg with its entry price when its own day figures prove it.

    They do for a position opened today by trades of one side only; a carried row, or one traded both ways, stays None.
    """
    if leg.opening_quantity != 0:
        return leg
    bought, sold = (leg.day_buy_quantity, leg.day_buy_value), (leg.day_sell_quantity, leg.day_sell_value)
    price = opened_today_at(leg.net_quantity, leg.factor, bought, sold)
    return leg if price is None else replace(leg, entry_price=price)


def opened_today_at(net: Decimal, factor: Decimal, bought: _Traded, sold: _Traded) -> Decimal | None:
    """Return the average price of a net quantity opened today; None unless trades of one side alone made it."""
    if not net:
        return None
    if not sold[0] and bought[0] == net:
        value = bought[1]
    elif not bought[0] and sold[0].copy_negate() == net:
        value = sold[1]
    else:
        return None
    if value is None:
        return None
    return _rounded(CONTEXT.divide(value, CONTEXT.multiply(net.copy_abs(), factor)))


def entry_from_fills(leg: Leg, fills: Iterable[Fill]) -> Leg:
    """
    Return the leg with the average cost its fills of today give, taken in the order of their time.

    Unchanged when it has an entry price already, was carried in, or the fills are not exactly its day's quantities.
    """
    if leg.entry_price is not None or leg.opening_quantity != 0 or leg.net_quantity == 0:
        return leg
    own = [fill for fill in fills if fill.key == leg.key]
    bought = add_all(fill.quantity for fill in own if fill.side is Side.BUY)
    sold = add_all(fill.quantity for fill in own if fill.side is Side.SELL)
    if (bought, sold) != (leg.day_buy_quantity, leg.day_sell_quantity):
        return leg
    if any(fill.filled_at is None for fill in own):
        return leg
    return replace(leg, entry_price=_average_cost(sorted(own, key=lambda fill: fill.filled_at or _NEVER)))


def _average_cost(fills: Iterable[Fill]) -> Decimal | None:
    net, cost = ZERO, ZERO
    for fill in fills:
        change = fill.quantity if fill.side is Side.BUY else fill.quantity.copy_negate()
        after = CONTEXT.add(net, change)
        if CONTEXT.multiply(net, change) >= 0:
            paid = CONTEXT.multiply(cost, net.copy_abs()) if net else ZERO
            paid = CONTEXT.add(paid, CONTEXT.multiply(fill.price, fill.quantity))
            cost = CONTEXT.divide(paid, after.copy_abs()) if after else ZERO
        elif change.copy_abs() > net.copy_abs():
            cost = fill.price
        net = after
    return _rounded(cost) if net else None


def _rounded(price: Decimal) -> Decimal:
    return price.quantize(_PLACES, ROUND_HALF_EVEN, CONTEXT) if price.adjusted() < 20 else price
