"""What the broker's risk checks and the exchange refuse, and why; nothing here changes anything."""

from dataclasses import replace
from decimal import Decimal

from engine.domain.enums import InstrumentKind, OrderType, Side
from engine.domain.numbers import CONTEXT, ZERO, canonical, sum_of
from engine.sim.exchange.bands import beyond, edge, is_on_tick
from engine.sim.exchange.floor import Floor
from engine.sim.exchange.live_order import LiveOrder
from engine.sim.exchange.words import Contract, LockBlocks, Refusal, Source, Ticket

# What is refused and the sentence about it.
Objection = tuple[Refusal, str]


def broker_objects(floor: Floor, live: LiveOrder, ticket: Ticket) -> Objection | None:
    """Return what the broker's risk checks say against an order, or against an order as it would be changed to."""
    contract = floor.contracts.get(ticket.key)
    if contract is None:
        return Refusal.UNKNOWN_CONTRACT, f"no contract {ticket.symbol} on {ticket.exchange}"
    return (
        _may_trade(floor, live, ticket, contract)
        or _is_well_formed(floor, ticket, contract)
        or _in_ban_period(floor, live, ticket, contract)
        or _margin(floor, live, ticket, contract)
    )


def exchange_objects(floor: Floor, ticket: Ticket) -> Objection | None:
    """Return what the exchange says against an order that reaches it now."""
    contract = floor.contracts[ticket.key]
    last = floor.markets.last_price(ticket.key)
    if not floor.is_open(ticket.exchange):
        return Refusal.MARKET_CLOSED, f"{ticket.exchange} is closed"
    for price in (ticket.price, ticket.trigger_price):
        if price is not None and not contract.low <= price <= contract.high:
            low, high = canonical(contract.low), canonical(contract.high)
            return Refusal.PRICE_BAND, f"{canonical(price)} is outside the day's band {low} to {high}"
    if ticket.type.is_stop:
        return _trigger_side(ticket, last)
    if ticket.type is OrderType.LIMIT and ticket.price is not None:
        return _execution_band(floor, contract, ticket.side, ticket.price, last)
    return None


def opens(net: Decimal, ticket: Ticket) -> bool:
    """Return whether an order would make a net quantity larger or turn it over."""
    signed = CONTEXT.multiply(ticket.quantity, Decimal(ticket.side.sign))
    after = CONTEXT.add(net, signed)
    return after.copy_abs() > net.copy_abs() or CONTEXT.multiply(after, net) < ZERO


def waiting(floor: Floor, live: LiveOrder) -> Decimal:
    """Return the signed units the account's other orders on the same contract and side may still trade."""
    mine = live.order
    side = mine.ticket.side
    others = (
        other.order.open_quantity
        for other in floor.alive.get(mine.ticket.key, ())
        if other is not live
        and other.order.account == mine.account
        and other.order.ticket.side is side
        and other.is_taken
    )
    return CONTEXT.multiply(sum_of(others), Decimal(side.sign))


def required(floor: Floor, live: LiveOrder, ticket: Ticket) -> Decimal:
    """Return what an order's rest needs on top of what is used."""
    left = CONTEXT.subtract(ticket.quantity, live.order.filled_quantity)
    price = ticket.price if ticket.price is not None else floor.markets.last_price(ticket.key)
    book = floor.books[live.order.account]
    return book.required(replace(ticket, quantity=left), price, waiting(floor, live))


def _may_trade(floor: Floor, live: LiveOrder, ticket: Ticket, contract: Contract) -> Objection | None:
    account = floor.accounts[live.order.account]
    book = floor.books[live.order.account]
    if account.segments is not None and ticket.exchange not in account.segments:
        return Refusal.LOCKED, f"the client may not trade on {ticket.exchange}"
    if ticket.exchange in book.locked and ticket.source is not Source.BROKER:
        blocks = floor.rules.lock_blocks
        if blocks is LockBlocks.EVERYTHING or (blocks is LockBlocks.OPENING and opens(book.net(ticket.key), ticket)):
            return Refusal.LOCKED, f"{ticket.exchange} is disabled by the client"
    if contract.kind is InstrumentKind.INDEX:
        return Refusal.NOT_TRADED, f"{ticket.symbol} is an index and is not traded"
    if contract.kind is not InstrumentKind.EQUITY and ticket.product in floor.rules.delivery_products:
        return Refusal.PRODUCT, f"{ticket.product} is for shares"
    if ticket.type is OrderType.MARKET and ticket.key in floor.rules.no_market_orders:
        return Refusal.NOT_TRADED, f"no market orders in {ticket.symbol}: it is hardly traded"
    if ticket.type is OrderType.STOP_MARKET and not floor.rules.takes_stop_market:
        return Refusal.STOP_MARKET, "stop-market orders are not taken"
    return None


def _is_well_formed(floor: Floor, ticket: Ticket, contract: Contract) -> Objection | None:
    lot, tick, quantity = contract.lot_size, contract.tick_size, ticket.quantity
    if quantity <= ZERO or not is_on_tick(quantity, lot):
        return Refusal.LOT_SIZE, f"quantity {canonical(quantity)} is not a multiple of the lot of {canonical(lot)}"
    if quantity > contract.freeze_quantity:
        most = canonical(contract.freeze_quantity)
        return Refusal.FREEZE_QUANTITY, f"quantity {canonical(quantity)} is over the freeze quantity of {most}"
    needed = []
    if ticket.type in (OrderType.LIMIT, OrderType.STOP):
        needed.append(("limit price", ticket.price))
    if ticket.type.is_stop:
        needed.append(("trigger price", ticket.trigger_price))
    for name, price in needed:
        if price is None or price <= ZERO:
            return Refusal.PRICE_MISSING, f"the order has no {name}"
        if not is_on_tick(price, tick):
            return Refusal.TICK_SIZE, f"{name} {canonical(price)} is not a multiple of the tick of {canonical(tick)}"
    return None


def _in_ban_period(floor: Floor, live: LiveOrder, ticket: Ticket, contract: Contract) -> Objection | None:
    if not contract.is_banned:
        return None
    net = floor.books[live.order.account].net(ticket.key)
    if opens(CONTEXT.add(net, waiting(floor, live)), ticket):
        return Refusal.BAN_PERIOD, f"{contract.underlying} is in the ban period: positions may only be reduced"
    return None


def _margin(floor: Floor, live: LiveOrder, ticket: Ticket, contract: Contract) -> Objection | None:
    if not floor.rules.checks_margin or ticket.source is Source.BROKER:
        return None
    needs = required(floor, live, ticket)
    held = live.held
    free = floor.books[live.order.account].money(floor.markets.last_price).available
    short = CONTEXT.subtract(CONTEXT.subtract(needs, held), free)
    if needs > held and short > ZERO:
        figures = f"required {canonical(needs)}, available {canonical(free)}, short by {canonical(short)}"
        return Refusal.MARGIN, f"not enough margin for {canonical(ticket.quantity)} {contract.symbol}: {figures}"
    return None


def _trigger_side(ticket: Ticket, last: Decimal) -> Objection | None:
    trigger, price = ticket.trigger_price, ticket.price
    if trigger is None:
        return Refusal.PRICE_MISSING, "the order has no trigger price"
    side = ticket.side.value.lower()
    if beyond(ticket.side, last, trigger) or trigger == last:
        where = "above" if ticket.side is Side.BUY else "below"
        return Refusal.TRIGGER_SIDE, f"trigger {canonical(trigger)} of a {side} must be {where} {canonical(last)}"
    if price is not None and beyond(ticket.side, trigger, price):
        where = "at or above" if ticket.side is Side.BUY else "at or below"
        return Refusal.TRIGGER_SIDE, f"price {canonical(price)} of a {side} must be {where} its trigger"
    return None


def _execution_band(
    floor: Floor, contract: Contract, side: Side, price: Decimal, reference: Decimal
) -> Objection | None:
    worst = edge(floor.rules.execution_band, contract, side, reference)
    if beyond(side, price, worst):
        words = f"{canonical(price)} is beyond {canonical(worst)}, the execution band around {canonical(reference)}"
        return Refusal.EXECUTION_BAND, words
    return None
