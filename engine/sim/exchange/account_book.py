"""One client's day on the exchange: rows of positions, fills, money and what is blocked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from engine.domain.enums import InstrumentKind, Side
from engine.domain.numbers import CONTEXT, ZERO, rounded, sum_of
from engine.sim.exchange.margin import Leg, Spots, derivative_risk, equity_share, legs_of, share_value
from engine.sim.exchange.setup import Account, MarginRates
from engine.sim.exchange.words import Contract, Key, Margin, Money, Position, Ticket, Trade

RowKey = tuple[Key, str]


class AccountBook:
    """What an account has; orders stand elsewhere, what the working ones hold back is told here."""

    def __init__(self, account: Account, contracts: dict[Key, Contract], spots: Spots, rates: MarginRates) -> None:
        self.code = account.code
        self.cash = account.cash
        self.trades: list[Trade] = []
        self.locked: frozenset[str] = frozenset()
        self._rows: dict[RowKey, Position] = {}
        self._held: dict[str, Decimal] = {}
        self._contracts, self._spots, self._rates = contracts, spots, rates
        for carried in account.carried:
            contract = contracts[carried.key]
            price = contract.previous_close if carried.price is None else carried.price
            key = carried.key, carried.product
            self._rows[key] = Position(contract, carried.product, carried.quantity, price)
        # What each underlying blocks, worked out when its positions change: orders ask for it far more often.
        self._blocked: dict[str, Decimal] = {}
        for underlying in dict.fromkeys(row.contract.underlying for row in self._rows.values()):
            self._work_out(underlying)

    def positions(self) -> tuple[Position, ...]:
        """Return the day's rows, in the order they came to be."""
        return tuple(self._rows.values())

    def net(self, key: Key) -> Decimal:
        """Return the signed units of a contract over all products."""
        return sum_of(row.net for (held, _), row in self._rows.items() if held == key)

    def add(self, trade: Trade) -> None:
        """Book a fill."""
        contract = self._contracts[trade.key]
        row = self._rows.get((trade.key, trade.product)) or Position(contract, trade.product)
        value = CONTEXT.multiply(CONTEXT.multiply(trade.quantity, trade.price), contract.factor)
        if trade.side is Side.BUY:
            bought, bought_value = CONTEXT.add(row.bought, trade.quantity), CONTEXT.add(row.bought_value, value)
            row = replace(row, bought=bought, bought_value=bought_value)
        else:
            sold, sold_value = CONTEXT.add(row.sold, trade.quantity), CONTEXT.add(row.sold_value, value)
            row = replace(row, sold=sold, sold_value=sold_value)
        self._rows[trade.key, trade.product] = row
        self.trades.append(trade)
        self._work_out(contract.underlying)

    def hold(self, order_id: str, amount: Decimal) -> None:
        """Hold money back for a working order; zero gives it back."""
        if amount:
            self._held[order_id] = amount
        else:
            self._held.pop(order_id, None)

    def margin_used(self) -> Decimal:
        """Return what positions and working orders block."""
        return rounded(sum_of((*self._blocked.values(), *self._held.values())), 2)

    def money(self, last_price: Callable[[Key], Decimal]) -> Money:
        """Return the account's money at the last prices."""
        realized, total = ZERO, ZERO
        paid, worth = ZERO, ZERO
        for row in self._rows.values():
            last = last_price(row.contract.key)
            realized = CONTEXT.add(realized, realized_of(row))
            total = CONTEXT.add(total, result_of(row, last))
            if row.contract.kind is InstrumentKind.OPTION:
                paid = CONTEXT.add(paid, _money(row.contract, max(row.carried, ZERO), row.carried_price))
                worth = CONTEXT.add(worth, _money(row.contract, max(row.net, ZERO), last))
        used = self.margin_used()
        free = sum_of((self.cash, paid, total, worth.copy_negate(), used.copy_negate()))
        return Money(self.cash, realized, CONTEXT.subtract(total, realized), used, free)

    def required(self, ticket: Ticket, price: Decimal, ahead: Decimal = ZERO) -> Decimal:
        """
        Return what an order needs on top of what is used; 0 for one that frees money.

        price: what it is worth a unit. ahead: signed units that working orders of the same contract and side may still
        trade; they are taken as filled, so that a second closing order is seen as the opening one it is.
        """
        contract = self._contracts[ticket.key]
        before = CONTEXT.add(self.net(ticket.key), ahead)
        after = CONTEXT.add(before, CONTEXT.multiply(ticket.quantity, Decimal(ticket.side.sign)))
        if contract.kind is InstrumentKind.EQUITY:
            more = CONTEXT.subtract(after.copy_abs(), before.copy_abs())
            value = CONTEXT.multiply(_money(contract, more, price), equity_share(ticket.product, after, self._rates))
            return rounded(max(value, ZERO), 2)
        risk = CONTEXT.subtract(self._risk_with(contract, after), self._risk_with(contract, before))
        premium = ZERO
        if contract.kind is InstrumentKind.OPTION:
            premium = _money(contract, CONTEXT.subtract(max(after, ZERO), max(before, ZERO)), price)
        return rounded(max(CONTEXT.add(risk, premium), ZERO), 2)

    def margin(self, required: Decimal, available: Decimal) -> Margin:
        """Return a requirement beside what is free."""
        short = max(CONTEXT.subtract(required, available), ZERO) if required else ZERO
        return Margin(required, available, short)

    def _work_out(self, underlying: str) -> None:
        rows = [row for row in self._rows.values() if row.contract.underlying == underlying]
        risk, shares = self._risk(underlying, legs_of(rows)), share_value(rows, self._rates)
        self._blocked[underlying] = CONTEXT.add(risk, shares)

    def _risk_with(self, contract: Contract, net: Decimal) -> Decimal:
        """What the underlying's derivatives would block with another net quantity of one contract."""
        rows = [row for row in self._rows.values() if row.contract.underlying == contract.underlying]
        legs = [leg for leg in legs_of(rows) if leg[0].key != contract.key]
        return self._risk(contract.underlying, [*legs, (contract, net)])

    def _risk(self, underlying: str, legs: list[Leg]) -> Decimal:
        return derivative_risk(legs, self._spots.of(underlying, legs), self._rates)


def realized_of(row: Position) -> Decimal:
    """Return what a row's closed quantity made, by average prices, in whole paise; carried units at their price."""
    bought, paid, sold, received = _sides(row)
    closed = min(bought, sold)
    if not closed:
        return ZERO
    made = CONTEXT.subtract(
        CONTEXT.divide(CONTEXT.multiply(received, closed), sold), CONTEXT.divide(CONTEXT.multiply(paid, closed), bought)
    )
    return rounded(made, 2)


def result_of(row: Position, last_price: Decimal) -> Decimal:
    """Return a row's realized and unrealized result of the day, exactly."""
    _, paid, _, received = _sides(row)
    return sum_of((received, paid.copy_negate(), _money(row.contract, row.net, last_price)))


def _sides(row: Position) -> Sequence[Decimal]:
    """Units bought, money paid, units sold, money received; a carried long counts as bought, a short as sold."""
    carried = _money(row.contract, row.carried.copy_abs(), row.carried_price)
    units = row.carried.copy_abs()
    if row.carried > ZERO:
        return CONTEXT.add(row.bought, units), CONTEXT.add(row.bought_value, carried), row.sold, row.sold_value
    return row.bought, row.bought_value, CONTEXT.add(row.sold, units), CONTEXT.add(row.sold_value, carried)


def _money(contract: Contract, quantity: Decimal, price: Decimal) -> Decimal:
    return CONTEXT.multiply(CONTEXT.multiply(quantity, price), contract.factor)
