"""Facts about a broker's order limits: what is left of the day's, and how long squaring off would take under them."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from engine.domain.enums import InstrumentKind
from engine.domain.kinds import DURATION, count_of
from engine.domain.numbers import CONTEXT, ONE, ZERO
from engine.domain.rulebook import OrderLimits
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, bounds, greatest, interval, merge_causes, subtract, total
from engine.facts.base import FactSpec, Part, Sign, View
from engine.facts.counting import at_least_zero
from engine.facts.orders import open_orders, orders_today
from engine.facts.parts import name_of, positions_of

# Without a freeze quantity this much is taken for what one order may carry.
_LOTS_A_SLICE = Decimal(5)
_MINUTE = Decimal(60)
_ORDERS = frozenset({Part.ORDERS})
_INTRADAY = frozenset({"MIS", "INTRADAY", "CO", "BO"})


def order_budget_left(view: View) -> Value:
    """Return how many orders the broker's limit of the day leaves; Unknown for a broker without a known one."""
    limits = view.account.rulebook.limits
    if limits is None or limits.per_day is None:
        return Unknown((f"how many orders a day {_broker(view)} takes is not known",), ZERO, None)
    return greatest((ZERO, subtract(limits.per_day, orders_today(view))))


def time_to_flat(view: View) -> Value:
    """
    Return the least seconds that cancelling every working order and closing the book take at the broker's order rate.

    Shape: one call for each working order and each slice of each derivative or intraday position. A floor: what is
    spent waiting for fills comes on top.
    """
    positions = positions_of(view)
    if isinstance(positions, Unknown):
        return at_least_zero(positions)
    calls = total([open_orders(view), *(_slices(leg) for leg in _exits(positions))])
    limits = view.account.rulebook.limits
    if calls == ZERO:
        return ZERO
    if limits is None:
        return at_least_zero(Unknown((f"how many orders a second {_broker(view)} takes is not known",)))
    low, high = bounds(calls)
    return interval(
        ZERO if low is None else seconds_for(low, limits),
        None if high is None else seconds_for(high, limits),
        merge_causes((calls,)),
    )


def seconds_for(calls: Decimal, limits: OrderLimits) -> Decimal:
    """Return how long so many order calls take: as fast as a second allows, until the minute's are used up."""
    whole = ZERO
    if limits.per_minute is not None and calls > limits.per_minute:
        minutes = _whole(CONTEXT.divide(CONTEXT.subtract(calls, ONE), limits.per_minute), ROUND_FLOOR)
        whole = CONTEXT.multiply(minutes, _MINUTE)
        calls = CONTEXT.subtract(calls, CONTEXT.multiply(minutes, limits.per_minute))
    return CONTEXT.add(whole, CONTEXT.divide(calls, limits.per_second))


def _exits(positions: Iterable[Leg]) -> Iterable[Leg]:
    # Shares that were delivered are not squared off with the rest.
    return [leg for leg in positions if leg.instrument.kind is not InstrumentKind.EQUITY or leg.product in _INTRADAY]


def _slices(leg: Leg) -> Value:
    units, one = leg.net_quantity.copy_abs(), leg.instrument
    lot, freeze = one.lot_size, one.freeze_quantity
    if one.kind is InstrumentKind.EQUITY and not freeze:
        return ONE
    if not lot and not freeze:
        return Unknown((f"lot size of {name_of(one)} not known",), ONE, None)
    if not lot:
        lot = ONE
    slice_ = CONTEXT.multiply(lot, _LOTS_A_SLICE)
    if freeze:
        slice_ = CONTEXT.multiply(lot, max(ONE, _whole(CONTEXT.divide(freeze, lot), ROUND_FLOOR)))
    return _whole(CONTEXT.divide(units, slice_), ROUND_CEILING)


def _whole(number: Decimal, rounding: str) -> Decimal:
    return number.to_integral_value(rounding, CONTEXT)


def _broker(view: View) -> str:
    name = view.account.profile.broker
    return "the broker" if name == "none" else name


LIMIT_FACTS = (
    FactSpec(
        name="order_budget_left",
        type=count_of("orders"),
        doc="How many orders the broker's limit of the day still allows: that limit less the orders placed today, "
        "whatever became of them; changes and cancellations are not counted. Unknown where no such limit is known.",
        example="order_budget_left < 200",
        compute=order_budget_left,
        needs=_ORDERS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="time_to_flat",
        type=DURATION,
        doc="How long squaring off the present book takes at least under the broker's order limits: one order call for "
        "each working order, and for each slice of each derivative or intraday position, cut at the freeze quantity "
        "or, where that is not known, at 5 lots. Waiting for fills comes on top.",
        example="time_to_flat > 8s",
        compute=time_to_flat,
        needs=_ORDERS | {Part.POSITIONS},
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
)
