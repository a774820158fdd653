"""
What positions block: a simple model in the manner of SPAN, by underlying and at the previous close.

The underlying is moved over a range either way. What the options would then be worth against the book at the worst
point, above what the short ones are worth now, and what the futures would lose there, is the risk; an exposure for
each short option and each future comes on top. A long option lowers the worst point of its underlying, so selling the
hedge before its short raises the margin, and no purchase of an option ever does. Shares block their value, or a share
of it in an intraday product. Nothing here moves with the day's prices: margin changes with orders and fills alone.
"""

from collections.abc import Iterable
from decimal import Decimal

from engine.domain.enums import InstrumentKind, Right
from engine.domain.numbers import CONTEXT, ONE, ZERO, sum_of
from engine.sim.exchange.setup import MarginRates
from engine.sim.exchange.words import Contract, Key, Position

# A contract and the signed units of it.
Leg = tuple[Contract, Decimal]


class Spots:
    """The price each underlying stands at for the day's margin: its index or share, else its nearest future."""

    def __init__(self, contracts: Iterable[Contract]) -> None:
        self._prices: dict[str, Decimal] = {}
        futures: dict[str, Contract] = {}
        for contract in contracts:
            if contract.kind in (InstrumentKind.INDEX, InstrumentKind.EQUITY):
                self._prices[contract.underlying] = contract.previous_close
            elif contract.kind is InstrumentKind.FUTURE:
                other = futures.get(contract.underlying)
                if other is None or (contract.expiry, contract.symbol) < (other.expiry, other.symbol):
                    futures[contract.underlying] = contract
        for underlying, future in futures.items():
            self._prices.setdefault(underlying, future.previous_close)

    def of(self, underlying: str, legs: Iterable[Leg]) -> Decimal:
        """Return the price; of an underlying that is listed nowhere, the highest strike of its legs."""
        known = self._prices.get(underlying)
        return known if known is not None else max((c.strike for c, _ in legs if c.strike is not None), default=ZERO)


def derivative_risk(legs: Iterable[Leg], spot: Decimal, rates: MarginRates) -> Decimal:
    """Return what the options and futures of one underlying block."""
    held = [(contract, quantity) for contract, quantity in legs if quantity and contract.expiry is not None]
    options = [leg for leg in held if leg[0].kind is InstrumentKind.OPTION]
    shorts = [leg for leg in options if leg[1] < ZERO]
    reach = CONTEXT.multiply(spot, rates.range)
    low, high = CONTEXT.subtract(spot, reach), CONTEXT.add(spot, reach)
    strikes = [contract.strike for contract, _ in options if contract.strike is not None]
    points = {low, high, *(strike for strike in strikes if low < strike < high)}
    worst = max(sum_of(_loss(leg, point, spot) for leg in held) for point in points)
    worth = sum_of(_money(contract, quantity.copy_negate(), contract.previous_close) for contract, quantity in shorts)
    bare = [leg for leg in held if leg[0].kind is not InstrumentKind.OPTION or leg[1] < ZERO]
    exposed = sum_of(_money(contract, quantity.copy_abs(), spot) for contract, quantity in bare)
    return CONTEXT.add(max(CONTEXT.subtract(worst, worth), ZERO), CONTEXT.multiply(exposed, rates.exposure))


def share_value(positions: Iterable[Position], rates: MarginRates) -> Decimal:
    """Return what the share positions block: those bought for delivery their value, intraday ones a share of it."""
    blocked = []
    for row in positions:
        if row.contract.kind is InstrumentKind.EQUITY:
            value = _money(row.contract, row.net.copy_abs(), row.contract.previous_close)
            blocked.append(CONTEXT.multiply(value, equity_share(row.product, row.net, rates)))
    return sum_of(blocked)


def equity_share(product: str, net: Decimal, rates: MarginRates) -> Decimal:
    """Return the share of its value a share position blocks: shares delivered out block nothing."""
    if product in rates.intraday_products:
        return rates.intraday_share
    return ONE if net > ZERO else ZERO


def legs_of(positions: Iterable[Position]) -> list[Leg]:
    """Return the options and futures of positions, the products of a contract together."""
    legs: dict[Key, Leg] = {}
    for row in positions:
        if row.contract.kind in (InstrumentKind.OPTION, InstrumentKind.FUTURE):
            _, net = legs.get(row.contract.key, (row.contract, ZERO))
            legs[row.contract.key] = row.contract, CONTEXT.add(net, row.net)
    return list(legs.values())


def _loss(leg: Leg, point: Decimal, spot: Decimal) -> Decimal:
    contract, quantity = leg
    if contract.kind is InstrumentKind.FUTURE:
        return _money(contract, quantity.copy_negate(), CONTEXT.subtract(point, spot))
    if contract.strike is None:
        return ZERO
    inside = (
        CONTEXT.subtract(point, contract.strike)
        if contract.right is Right.CALL
        else CONTEXT.subtract(contract.strike, point)
    )
    return _money(contract, quantity.copy_negate(), max(inside, ZERO))


def _money(contract: Contract, quantity: Decimal, price: Decimal) -> Decimal:
    return CONTEXT.multiply(CONTEXT.multiply(quantity, price), contract.factor)
