"""What a single row of the book says of its contract, prices, quote and age, with the cause when it does not."""

from calendar import monthrange
from datetime import date
from decimal import Decimal

from engine.domain.enums import Side
from engine.domain.numbers import CONTEXT, HUNDRED, ZERO, seconds_of
from engine.domain.snapshot import Leg, Quote
from engine.domain.values import (
    Unknown,
    Value,
    add,
    divide,
    greatest,
    merge_causes,
    multiply,
    negative,
    subtract,
    unknown,
)
from engine.facts.base import View
from engine.facts.counting import at_least_zero
from engine.facts.expiry_days import expiry_of
from engine.facts.index import fills_of_contract, legs_of_contract
from engine.facts.mark import believable, mark, price_bounds, quote_of
from engine.facts.parts import fills_of, may_expire, name_of, quotes_of, quotes_read_at
from engine.facts.path import tells_all, walk
from engine.facts.pnl import day_value, opening_value
from engine.facts.tracks import track_of


def leg_key(leg: Leg) -> str:
    """Return `EXCHANGE:SYMBOL:PRODUCT:n`."""
    return f"{name_of(leg.instrument)}:{leg.product}:{leg.number}"


def told(leg: Leg, value: Value | None, what: str) -> Value:
    """Return what the contract's description says, Unknown when it does not."""
    return value if value is not None else unknown(f"{what} of {name_of(leg.instrument)} not known")


def expiry(view: View, leg: Leg) -> Value:
    """Return the date the contract expires; Unknown when only its month is known."""
    one = expiry_of(view, leg.instrument)
    if one is None:
        return told(leg, None, "expiry")
    return one.on or unknown(_only_month(leg))


def days_to_expiry(view: View, leg: Leg) -> Value:
    """Return calendar days from the trading date, 0 on the day; between bounds when only the month is known."""
    one = expiry_of(view, leg.instrument)
    if one is None:
        return told(leg, None, "expiry")
    today = view.session.trading_date
    if one.on is not None:
        return Decimal((one.on - today).days)
    first, last = date(one.year, one.month, 1), date(one.year, one.month, monthrange(one.year, one.month)[1])
    return Unknown((_only_month(leg),), Decimal((first - today).days), Decimal((last - today).days))


def expires_today(view: View, leg: Leg) -> bool | Unknown:
    """Return whether the contract expires on the trading date; Unknown when all that is known is this month."""
    one, today = expiry_of(view, leg.instrument), view.session.trading_date
    if one is None:
        return unknown(f"expiry of {name_of(leg.instrument)} not known") if may_expire(leg.instrument) else False
    if one.on is not None:
        return one.on == today
    return unknown(_only_month(leg)) if (one.year, one.month) == (today.year, today.month) else False


def _only_month(leg: Leg) -> str:
    return f"expiry of {name_of(leg.instrument)} known only to the month"


def lots(leg: Leg) -> Value:
    """Return the size of the position in lots, never negative."""
    size = leg.instrument.lot_size
    if size is None or size <= ZERO:
        return Unknown((f"lot size of {name_of(leg.instrument)} not known",), ZERO, None) if leg.is_open else ZERO
    return CONTEXT.divide(leg.net_quantity.copy_abs(), size)


def entry_price(view: View, leg: Leg) -> Value:
    """
    Return the true average cost of what is open.

    Source: the broker's, else the trades when they tell the whole day, else the day's average of a leg that only ever
    traded one way. Unknown for a carried leg of which the broker gives the settlement only, and for a closed one.
    """
    if not leg.net_quantity:
        return unknown(f"nothing of {name_of(leg.instrument)} is open")
    if leg.entry_price is not None:
        return leg.entry_price
    path = walk(view, leg)
    if path is not None and path.entry_price is not None:
        return path.entry_price
    if leg.opening_quantity == ZERO and ZERO in (leg.day_buy_quantity, leg.day_sell_quantity):
        return day_base_price(leg)
    return Unknown((f"entry price of {name_of(leg.instrument)} not known",), price_bounds(leg.instrument)[0], None)


def return_pct(view: View, leg: Leg) -> Value:
    """Return what the open quantity has made of its entry, in percent of it: plus for a profit, a short's too."""
    entry = entry_price(view, leg)
    if not leg.is_open:
        return unknown(f"nothing of {name_of(leg.instrument)} is open")
    gain = subtract(mark(view, leg), entry)
    return divide(multiply(gain if leg.net_quantity > ZERO else negative(gain), HUNDRED), entry)


def exposure(view: View, leg: Leg) -> Value:
    """Return |quantity| × mark × factor: the premium of an option, the price of anything else."""
    worth = multiply(CONTEXT.multiply(leg.net_quantity.copy_abs(), leg.factor), mark(view, leg))
    return greatest((ZERO, worth))


def trades_today(view: View, leg: Leg) -> Value:
    """Return how many orders have traded a contract today, in whatever product; at least so many while some are hid."""
    fills = fills_of(view)
    if isinstance(fills, Unknown):
        return at_least_zero(fills)
    contract = leg.instrument.key
    known = Decimal(len({fill.order_id for fill in fills_of_contract(view, contract)}))
    if all(tells_all(view, row) for row in (legs_of_contract(view, contract) or (leg,))):
        return known
    return Unknown((f"the trades do not tell the whole day of {name_of(leg.instrument)}",), known, None)


def day_base_price(leg: Leg) -> Value:
    """
    Return the price the open quantity's day result counts from.

    The average of the open side: the carried quantity at the previous settlement, today's at its average.
    """
    if not leg.is_open:
        return unknown(f"nothing of {name_of(leg.instrument)} is open")
    long = leg.net_quantity > ZERO
    quantity = leg.day_buy_quantity if long else leg.day_sell_quantity
    value = day_value(leg, Side.BUY if long else Side.SELL)
    if leg.opening_quantity != ZERO and (leg.opening_quantity > ZERO) == long:
        quantity = CONTEXT.add(quantity, leg.opening_quantity.copy_abs())
        value = add(value, opening_value(leg) if long else negative(opening_value(leg)))
    return _over(value, CONTEXT.multiply(quantity, leg.factor))


def best(view: View, leg: Leg, side: str) -> Value:
    """Return the best bid or offer; Unknown without depth, without that side, or when the quote is stale."""
    quote = quote_of(view, leg)
    floor = price_bounds(leg.instrument)[0]
    if isinstance(quote, Unknown):
        return Unknown(quote.causes, floor, None)
    if not quote.has_depth:
        return Unknown((f"no depth in the quote of {name_of(leg.instrument)}",), floor, None)
    price = believable(leg.instrument, quote.bid if side == "bid" else quote.ask)
    word = "bid" if side == "bid" else "offer"
    return price if price is not None else Unknown((f"no {word} for {name_of(leg.instrument)}",), floor, None)


def spread_pct(view: View, leg: Leg) -> Value:
    """Return offer less bid in percent of their middle."""
    bid, ask = best(view, leg, "bid"), best(view, leg, "ask")
    if isinstance(bid, Unknown) or isinstance(ask, Unknown):
        return Unknown(merge_causes((bid, ask)))
    middle = divide(add(bid, ask), Decimal(2))
    return divide(multiply(subtract(ask, bid), HUNDRED), middle)


def quote_age(view: View, leg: Leg) -> Value:
    """Return seconds since the broker last answered for the contract, however long ago that is."""
    quote, read_at = _any_quote(view, leg), quotes_read_at(view)
    if isinstance(quote, Unknown) or read_at is None:
        return Unknown(quote.causes if isinstance(quote, Unknown) else ("quotes not read",), ZERO, None)
    return max(ZERO, seconds_of(view.now - read_at))


def trade_age(view: View, leg: Leg) -> Value:
    """Return seconds since the contract last traded, as its quote says."""
    quote = _any_quote(view, leg)
    if isinstance(quote, Unknown):
        return Unknown(quote.causes, ZERO, None)
    if quote.traded_at is None:
        return Unknown((f"time of the last trade of {name_of(leg.instrument)} not told",), ZERO, None)
    return max(ZERO, seconds_of(view.now - quote.traded_at))


def position_age(view: View, leg: Leg) -> Value:
    """Return seconds since the position was opened; for a carried one since the session opened."""
    track = track_of(view, leg)
    if track is None or track.opened_at is None:
        when = "nothing of {} is open" if not leg.is_open else "when {} was opened is not known"
        return Unknown((when.format(name_of(leg.instrument)),), ZERO, None)
    return max(ZERO, seconds_of(view.now - track.opened_at))


def _any_quote(view: View, leg: Leg) -> Quote | Unknown:
    quotes = quotes_of(view)
    if isinstance(quotes, Unknown):
        return quotes
    return quotes.get(leg.instrument.key) or unknown(f"no quote for {name_of(leg.instrument)}")


def _over(value: Value, divisor: Decimal) -> Value:
    # By the reciprocal 1/3 would already be rounded: divide the ends themselves.
    if not isinstance(value, Unknown) or divisor <= ZERO:
        return divide(value, divisor)
    low = None if value.low is None else CONTEXT.divide(value.low, divisor)
    high = None if value.high is None else CONTEXT.divide(value.high, divisor)
    return Unknown(value.causes, low, high)
