"""Profit and loss of a leg and of the account on the day basis, exact, as intervals while a price is unknown."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from engine.domain.enums import Side
from engine.domain.numbers import CONTEXT, ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, add, greatest, multiply, negative, subtract, total
from engine.facts.base import View
from engine.facts.mark import mark, marking, price_bounds, stands_in_row
from engine.facts.parts import Key, legs_by_key, legs_of, name_of

# Every leg of every reading passes through these.
_add, _subtract, _multiply = CONTEXT.add, CONTEXT.subtract, CONTEXT.multiply
_PLACES = Decimal("0.00000001")
# Beyond it eight places no longer fit the context; no account holds such a sum.
_LARGEST_EXPONENT = 24


def leg_mtm(view: View, leg: Leg) -> Value:
    """Return the day's mark-to-market of a leg; a closed leg needs no price."""
    known: Mapping[Key, Value] = view.once("mtm by leg", _mtms)
    value = known.get(leg.key)
    return mtm_at(leg, mark(view, leg) if leg.net_quantity else ZERO) if value is None else value


def leg_loss(view: View, leg: Leg) -> Value:
    """Return the leg's loss of the day as a positive amount, zero in profit."""
    known: Mapping[Key, Value] = view.once("loss by leg", _losses)
    value = known.get(leg.key)
    return loss_of(leg_mtm(view, leg)) if value is None else value


def leg_profit(view: View, leg: Leg) -> Value:
    """Return the leg's profit of the day, zero in loss."""
    return profit_of(leg_mtm(view, leg))


def mtm_at(leg: Leg, price: Value) -> Value:
    """
    Return sells − buys − opening value + net quantity × price × factor.

    Shape: money, charges excluded, carried quantity valued at the previous settlement; Unknown, within the bounds that
    remain, when the price or that settlement is.
    """
    sold, bought, opening = leg.day_sell_value, leg.day_buy_value, leg.opening_value
    if sold is not None and bought is not None and opening is not None and isinstance(price, Decimal):
        known = _subtract(_subtract(sold, bought), opening)
        return _add(known, _multiply(_multiply(leg.net_quantity, leg.factor), price))
    flow = subtract(subtract(day_value(leg, Side.SELL), day_value(leg, Side.BUY)), opening_value(leg))
    return add(flow, multiply(CONTEXT.multiply(leg.net_quantity, leg.factor), price))


def day_value(leg: Leg, side: Side) -> Value:
    """Return what was paid or received today; Unknown, within what such a price can be, when the broker did not say."""
    bought = side is Side.BUY
    value = leg.day_buy_value if bought else leg.day_sell_value
    if value is not None:
        return value
    quantity = leg.day_buy_quantity if bought else leg.day_sell_quantity
    cause = f"what {name_of(leg.instrument)} was {'bought' if bought else 'sold'} for today not known"
    return multiply(CONTEXT.multiply(quantity, leg.factor), Unknown((cause,), *price_bounds(leg.instrument)))


def opening_value(leg: Leg) -> Value:
    """
    Return what was carried at the previous settlement price; zero for a leg opened today.

    Equal quantities carried both ways net to nothing but may carry money, which belongs to the day's figure.
    """
    if leg.opening_value is not None:
        return leg.opening_value
    if leg.opening_quantity == ZERO:
        return ZERO
    cause = f"previous settlement price of {name_of(leg.instrument)} not known"
    price = Unknown((cause,), *price_bounds(leg.instrument))
    return multiply(CONTEXT.multiply(leg.opening_quantity, leg.factor), price)


def leg_realized(leg: Leg) -> Value:
    """
    Return the matched quantity × (average sell − average buy), the carried part counted at the previous settlement.

    Shape: money, rounded to 8 places so that `leg_mtm − leg_realized` is exact.
    """
    opening, bought, sold = leg.opening_quantity, leg.day_buy_quantity, leg.day_sell_quantity
    if not opening and not (bought and sold):
        return negative(opening_value(leg))
    if opening > ZERO:
        bought = CONTEXT.add(bought, opening)
    elif opening < ZERO:
        sold = CONTEXT.subtract(sold, opening)
    carried: Value = ZERO if opening else opening_value(leg)
    matched = min(bought, sold)
    if matched <= ZERO:
        return negative(carried)
    bought_value, sold_value = day_value(leg, Side.BUY), day_value(leg, Side.SELL)
    if opening > ZERO:
        bought_value = add(bought_value, opening_value(leg))
    elif opening < ZERO:
        sold_value = subtract(sold_value, opening_value(leg))
    return subtract(subtract(_part(sold_value, matched, sold), _part(bought_value, matched, bought)), carried)


def leg_unrealized(view: View, leg: Leg) -> Value:
    """Return what of the day's mark-to-market is not realized yet."""
    return subtract(leg_mtm(view, leg), leg_realized(leg))


def account_mtm(view: View) -> Value:
    """Return the sum over all legs, closed ones too; Unknown without bounds when the positions are."""
    value: Value = _remember(view)("mtm", _mtm)
    return value


def account_realized(view: View) -> Value:
    """Return the realized part of the account's mark-to-market."""
    value: Value = view.settled("realized", _realized)
    return value


def account_unrealized(view: View) -> Value:
    """Return the account's mark-to-market less its realized part."""
    return subtract(account_mtm(view), account_realized(view))


def loss_of(mtm: Value) -> Value:
    """Return max(0, −mtm)."""
    if isinstance(mtm, Decimal):
        return CONTEXT.minus(mtm) if mtm < ZERO else ZERO
    return greatest((ZERO, negative(mtm)))


def profit_of(mtm: Value) -> Value:
    """Return max(0, mtm)."""
    if isinstance(mtm, Decimal):
        return mtm if mtm > ZERO else ZERO
    return greatest((ZERO, mtm))


def _mtm(view: View) -> Value:
    legs = legs_of(view)
    return Unknown(legs.causes) if isinstance(legs, Unknown) else total(_mtms(view).values())


def _mtms(view: View) -> Mapping[Key, Value]:
    values: Mapping[Key, Value] = _remember(view)("mtm by leg", _all_mtms)
    return values


def _all_mtms(view: View) -> Mapping[Key, Value]:
    legs, price_of = legs_by_key(view), marking(view)
    if isinstance(legs, Unknown):
        return {}
    return {key: mtm_at(leg, price_of(leg) if leg.net_quantity else ZERO) for key, leg in legs.items()}


def _losses(view: View) -> Mapping[Key, Value]:
    values: Mapping[Key, Value] = _remember(view)("loss by leg", _all_losses)
    return values


def _all_losses(view: View) -> Mapping[Key, Value]:
    return {key: loss_of(mtm) for key, mtm in _mtms(view).items()}


def _remember(view: View) -> Callable[[str, Callable[[View], Any]], Any]:
    return view.kept if stands_in_row(view) else view.once


def _realized(view: View) -> Value:
    legs = legs_of(view)
    return Unknown(legs.causes) if isinstance(legs, Unknown) else total([leg_realized(leg) for leg in legs])


def _part(value: Value, matched: Decimal, quantity: Decimal) -> Value:
    if matched == quantity:
        return value
    if isinstance(value, Unknown):
        low = None if value.low is None else _share(value.low, matched, quantity)
        high = None if value.high is None else _share(value.high, matched, quantity)
        return Unknown(value.causes, low, high)
    return _share(value, matched, quantity) if isinstance(value, Decimal) else value


def _share(value: Decimal, matched: Decimal, quantity: Decimal) -> Decimal:
    share = CONTEXT.divide(CONTEXT.multiply(value, matched), quantity)
    if share.adjusted() > _LARGEST_EXPONENT:
        return share
    return share.quantize(_PLACES, rounding=ROUND_HALF_EVEN, context=CONTEXT)
