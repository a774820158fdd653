"""Orders meet the depth: triggers, fills by price and time, partly where depth or a FillRule gives no more."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from engine.domain.enums import OrderType, Side
from engine.domain.numbers import CONTEXT, ZERO, canonical
from engine.sim.exchange.bands import beyond, edge, protection
from engine.sim.exchange.floor import Floor
from engine.sim.exchange.live_order import LiveOrder
from engine.sim.exchange.setup import FillRule
from engine.sim.exchange.words import Entry, Key, Source, Stage, Trade, Validity

EVERYTHING = FillRule()


def meet_market(floor: Floor, key: Key) -> None:
    """Let the orders of a contract meet its market anew: stops it reaches become limits, working orders are filled."""
    if not floor.is_open(key[0]):
        return
    triggered = _trigger(floor, key)
    match(floor, key)
    for live in triggered:
        finish_immediate(floor, live)


def _trigger(floor: Floor, key: Key) -> list[LiveOrder]:
    """Turn the stops that the last price has reached into limit orders."""
    last = floor.markets.last_price(key)
    triggered = []
    for live in list(floor.alive.get(key, ())):
        at = live.order.ticket.trigger_price
        if live.is_waiting and at is not None and not beyond(live.order.ticket.side, at, last):
            floor.tell(live, Entry.TRIGGER, last_price=canonical(last))
            live.is_triggered = True
            begin(floor, live)
            stage = live.order.stage
            live.move(Stage.OPEN if stage is Stage.TRIGGER_PENDING else stage, floor.now)
            triggered.append(live)
    return triggered


def begin(floor: Floor, live: LiveOrder) -> None:
    """Let an order work from now on, behind those that work already."""
    if live.order.ticket.type in (OrderType.MARKET, OrderType.STOP_MARKET):
        _protect(floor, live)
    live.rests, live.is_passive = Stage.OPEN, False
    live.since, live.working_at, live.next_share_at, live.share_tick = floor.next_rank(), floor.now, None, -1


def match(floor: Floor, key: Key) -> None:
    """Fill what can be filled in a contract now, the best prices first and of equal ones the oldest."""
    if not floor.is_open(key[0]):
        return
    working = [live for live in floor.alive.get(key, ()) if live.is_working]
    for live in sorted(working, key=_rank):
        meet(floor, live)


def _rank(live: LiveOrder) -> tuple[bool, Decimal, int]:
    ticket = live.order.ticket
    price = ticket.price or ZERO
    return ticket.side is Side.SELL, price.copy_negate() if ticket.side is Side.BUY else price, live.since


def meet(floor: Floor, live: LiveOrder) -> None:
    """Let one order meet the depth once, as far as its FillRule lets it."""
    rule = _rule(floor, live)
    if not live.is_working or rule.share == ZERO or live.working_at is None:
        return
    ready = live.next_share_at or live.working_at + rule.delay
    if floor.now < ready:
        _come_back(floor, live, ready)
        return
    tick = floor.markets.ticks(live.order.ticket.key)
    if rule.share < 1 and rule.every is None and live.share_tick == tick:
        return
    got, is_clear = _take(floor, live, _allowed(floor, live, rule))
    if live.order.stage.is_terminal:
        return
    live.is_passive = live.is_passive or is_clear
    if got and rule.share < 1:
        live.share_tick = tick
        if rule.every is not None:
            live.next_share_at = floor.now + rule.every
            _come_back(floor, live, live.next_share_at)


def _rule(floor: Floor, live: LiveOrder) -> FillRule:
    key, account, now = live.order.ticket.key, live.order.account, floor.now
    for rule in reversed(floor.fills):
        concerns = (not rule.keys or key in rule.keys) and (not rule.accounts or account in rule.accounts)
        begun = rule.since is None or rule.since <= now
        if concerns and begun and (rule.until is None or now < rule.until):
            return rule
    return EVERYTHING


def _allowed(floor: Floor, live: LiveOrder, rule: FillRule) -> Decimal:
    """How much may fill at a time: the rule's share in whole lots, one at least."""
    left = live.order.open_quantity
    if rule.share >= 1:
        return left
    lot = floor.contracts[live.order.ticket.key].lot_size
    share = CONTEXT.multiply(live.order.ticket.quantity, rule.share)
    return min(left, max(lot, whole_lots(share, lot)))


def whole_lots(quantity: Decimal, lot: Decimal) -> Decimal:
    """Return the most whole lots in a quantity, in units."""
    return CONTEXT.multiply(CONTEXT.divide_int(quantity, lot), lot)


def _come_back(floor: Floor, live: LiveOrder, at: datetime) -> None:
    if live.comes_back_at != at:
        live.comes_back_at = at
        floor.agenda.add(at, lambda: meet(floor, live))


def _take(floor: Floor, live: LiveOrder, most: Decimal) -> tuple[bool, bool]:
    """
    Take what an order gets from the depth; whether it got anything, and whether nothing it could meet is left.

    One that rested is met by others at its own price, one that comes gets the depth's prices.
    """
    ticket = live.order.ticket
    contract, market = floor.contracts[ticket.key], floor.markets.market(ticket.key)
    if market is None or ticket.price is None:
        return False, False
    levels = market.asks if ticket.side is Side.BUY else market.bids
    if not levels or beyond(ticket.side, levels[0].price, ticket.price):
        return False, True
    worst = edge(floor.rules.execution_band, contract, ticket.side, market.last_price)
    own = ticket.price if live.is_passive and not beyond(ticket.side, ticket.price, worst) else None
    fills: list[tuple[Decimal, Decimal]] = []
    left, is_clear = most, True
    for level in levels:
        if beyond(ticket.side, level.price, ticket.price):
            break
        is_out = beyond(ticket.side, level.price, worst) or not contract.low <= level.price <= contract.high
        if left == ZERO or is_out:
            is_clear = False
            break
        quantity = whole_lots(min(left, level.quantity), contract.lot_size)
        fills.append((quantity, level.price if own is None else own))
        left = CONTEXT.subtract(left, quantity)
    floor.markets.consume(ticket.key, ticket.side, [quantity for quantity, _ in fills])
    for quantity, price in fills:
        if quantity:
            book_fill(floor, live, quantity, price)
    if left == most:
        return False, is_clear
    floor.tell_margin(live.order.account, live.order.id)
    _refill_later(floor, ticket.key)
    return True, is_clear and left > ZERO


def _refill_later(floor: Floor, key: Key) -> None:
    if floor.setup.refill is None or key in floor.is_consumed:
        return
    floor.is_consumed.add(key)

    def refill() -> None:
        floor.is_consumed.discard(key)
        floor.markets.refill(key)
        match(floor, key)

    floor.agenda.add(floor.now + max(floor.setup.refill, timedelta(milliseconds=1)), refill)


def book_fill(floor: Floor, live: LiveOrder, quantity: Decimal, price: Decimal) -> None:
    """Book one fill of an order: the trade, the order, the position, the ledger."""
    order, ticket = live.order, live.order.ticket
    trade = Trade(
        floor.next_trade(), order.id, order.account, ticket.exchange, ticket.symbol, ticket.product, ticket.side,
        quantity, price, floor.now, ticket.tag,
    )  # fmt: skip
    book = floor.books[order.account]
    book.add(trade)
    filled, average = live.filled(quantity, price)
    news = {"filled_quantity": filled, "average_price": average}
    if filled == ticket.quantity:
        floor.finish(live, Stage.COMPLETE, **news)
    else:
        live.move(order.stage, floor.now, **news)
        book.hold(order.id, live.held)
    last = floor.markets.last_price(ticket.key)
    floor.tell(
        live,
        Entry.FILL,
        trade=trade.id,
        fill_quantity=canonical(quantity),
        fill_price=canonical(price),
        last_price=canonical(last),
    )


def finish_immediate(floor: Floor, live: LiveOrder) -> None:
    """Cancel what an order that may not rest has left."""
    if live.order.ticket.validity is Validity.IOC and live.is_working:
        floor.cancel(live, "what does not fill at once is cancelled", Source.BROKER)


def _protect(floor: Floor, live: LiveOrder) -> None:
    """Give a market order the limit a broker gives it: so far beyond the last price and no farther."""
    ticket = live.order.ticket
    contract = floor.contracts[ticket.key]
    last = floor.markets.last_price(ticket.key)
    price = edge(protection(floor.rules, contract), contract, ticket.side, last)
    live.order = replace(live.order, ticket=replace(ticket, price=price))
