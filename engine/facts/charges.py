"""Estimated charges of the day's trades, from the dated tables an account carries; and the result after them."""

from decimal import Decimal

from engine.domain.enums import Side
from engine.domain.kinds import MONEY
from engine.domain.numbers import CONTEXT, HUNDRED, ZERO, sum_of
from engine.domain.rulebook import Brokerage
from engine.domain.snapshot import Fill
from engine.domain.values import Unknown, Value, interval, subtract
from engine.facts.base import FactSpec, Part, Sign, View
from engine.facts.counting import at_least_zero
from engine.facts.index import fills_by_order, legs_of_contract
from engine.facts.parts import fills_of, legs_of, name_of
from engine.facts.path import tells_all
from engine.facts.pnl import account_mtm

_TRADED = frozenset({Part.POSITIONS, Part.FILLS})


def charges(view: View) -> Value:
    """
    Return what exchanges, state and broker take of today's trades, estimated.

    Shape: money, each trade by the rates of its exchange and segment that hold on the trading date, brokerage by
    executed order, tax on services on top; nothing is rounded as a contract note rounds it. What no table holds, and
    trades the book does not tell, leave it open upwards; a brokerage that depends on the plan makes it an interval.
    """
    value: Value = view.settled("charges", _charges)
    return value


def mtm_net(view: View) -> Value:
    """Return the day's mark-to-market less estimated charges; at most that result while the charges are open."""
    return subtract(account_mtm(view), charges(view))


def _charges(view: View) -> Value:
    fills, legs = fills_of(view), legs_of(view)
    if isinstance(fills, Unknown):
        return at_least_zero(fills)
    if isinstance(legs, Unknown):
        return at_least_zero(legs)
    causes = [
        f"the trades do not tell the whole day of {name_of(leg.instrument)}" for leg in legs if not tells_all(view, leg)
    ]
    low = high = ZERO
    for order in fills_by_order(view).values():
        least, most, missing = _of_order(view, order)
        low, high = CONTEXT.add(low, least), CONTEXT.add(high, most)
        causes += missing
    told = tuple(dict.fromkeys(causes))
    if told:
        return Unknown(told, low, None)
    return interval(low, high, (f"what {view.account.profile.broker} takes for an order depends on the plan",))


def _of_order(view: View, fills: tuple[Fill, ...]) -> tuple[Decimal, Decimal, list[str]]:
    """Return the least and the most one order costs, as far as the tables tell, and what they do not hold."""
    book, day = view.account.rulebook, view.session.trading_date
    place = book.segment_of(fills[0].instrument)
    period, brokerage = book.charges_on(day), book.brokerage_on(day)
    rates = None if period is None or place is None else period.rates.get(place)
    if view.account.currency != book.currency or period is None or rates is None:
        return ZERO, ZERO, [f"no charges are known for {name_of(fills[0].instrument)} on {day}"]
    turnover = {side: sum_of(_turnover(view, fill) for fill in fills if fill.side is side) for side in Side}
    both = CONTEXT.add(turnover[Side.BUY], turnover[Side.SELL])
    duties = sum_of((
        *(_percent(turnover[side], rates.stt[side]) for side in Side),
        _percent(turnover[Side.BUY], rates.stamp),
    ))  # fmt: skip
    fees = CONTEXT.add(_percent(both, rates.transaction), _percent(both, rates.sebi))
    own = None if brokerage is None else brokerage.get(rates.segment)
    missing = [] if own is not None else [f"no brokerage is known for {view.account.profile.broker}"]
    ends = (ZERO, ZERO) if own is None else _brokerage(own, both)
    taxed = [CONTEXT.add(fees, end) for end in ends]
    low, high = (sum_of((duties, one, _percent(one, period.gst))) for one in taxed)
    return low, high, missing


def _brokerage(own: Brokerage, turnover: Decimal) -> tuple[Decimal, Decimal]:
    if own.percent is None:
        return own.least, own.most
    share = min(own.most, max(own.least, _percent(turnover, own.percent)))
    return share, share


def _turnover(view: View, fill: Fill) -> Decimal:
    rows = legs_of_contract(view, fill.instrument.key)
    value = CONTEXT.multiply(fill.quantity, fill.price)
    return CONTEXT.multiply(value, rows[0].factor) if rows else value


def _percent(amount: Decimal, percent: Decimal) -> Decimal:
    return CONTEXT.divide(CONTEXT.multiply(amount, percent), HUNDRED)


CHARGE_FACTS = (
    FactSpec(
        name="charges",
        type=MONEY,
        doc="What the day's trades cost by an estimate: transaction tax, stamp duty, the exchange's charge, the "
        "regulator's fee, brokerage and the tax on services, from dated tables. Known from below only where a trade, "
        "its rates or the brokerage are not known.",
        example="charges >= 2k",
        compute=charges,
        needs=_TRADED,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="mtm_net",
        type=MONEY,
        doc="The day's mark-to-market less estimated charges of its trades; while these are not known, at most mtm.",
        example="mtm_net <= -10k",
        compute=mtm_net,
        needs=_TRADED | {Part.PRICES},
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
)
