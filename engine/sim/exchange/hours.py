"""What happens by the hour: the traders' hands, the broker's own square-off, the end of the session."""

from decimal import Decimal
from functools import partial

from engine.domain.enums import InstrumentKind, OrderType, Side
from engine.domain.numbers import CONTEXT, ZERO
from engine.sim.exchange.changes import ask_cancel, ask_change
from engine.sim.exchange.floor import Floor
from engine.sim.exchange.intake import receive
from engine.sim.exchange.matching import match, meet_market, whole_lots
from engine.sim.exchange.setup import FillRule, Hand, SquareOff
from engine.sim.exchange.words import Contract, Position, Source, Ticket


def write_down(floor: Floor) -> None:
    """Write down all that the setup says will happen."""
    for exchange, times in sorted(floor.setup.sessions.items()):
        if times.opens_at >= floor.now:
            floor.agenda.add(times.opens_at, partial(open_market, floor, exchange))
        floor.agenda.add(times.closes_at, partial(close, floor, exchange))
    for square_off in floor.rules.square_offs:
        floor.agenda.add(square_off.at, partial(square, floor, square_off))
    for hand in sorted(floor.setup.hands, key=lambda hand: hand.at):
        floor.agenda.add(hand.at, partial(act, floor, hand))
    for rule in floor.fills:
        watch(floor, rule)


def open_market(floor: Floor, exchange: str) -> None:
    """Begin the session of an exchange: what rests there meets the market."""
    for key in sorted(floor.alive):
        if key[0] == exchange:
            meet_market(floor, key)


def watch(floor: Floor, rule: FillRule) -> None:
    """Let orders meet the depth again when a FillRule begins and ends."""
    for at in (rule.since, rule.until):
        if at is not None and at >= floor.now:
            floor.agenda.add(at, partial(match_all, floor, rule))


def match_all(floor: Floor, rule: FillRule) -> None:
    """Let the orders a FillRule concerns meet the depth again."""
    for key in sorted(rule.keys or floor.alive):
        match(floor, key)


def act(floor: Floor, hand: Hand) -> None:
    """Do what a trader does at a terminal."""
    if hand.ticket is not None:
        receive(floor, hand.account, hand.ticket)
        return
    for live in floor.orders_of[hand.account]:
        if hand.tag and live.order.ticket.tag == hand.tag and not live.order.stage.is_terminal:
            if hand.cancel:
                ask_cancel(floor, live, Source.SCENARIO)
            elif hand.change is not None:
                ask_change(floor, live, hand.change, Source.SCENARIO)


def close(floor: Floor, exchange: str) -> None:
    """End the session of an exchange: what works or waits there is cancelled; what is parked stays."""
    for live in list(floor.orders.values()):
        if live.order.ticket.exchange == exchange and (live.is_working or live.is_waiting):
            floor.cancel(live, "the session ended", Source.BROKER)


def square(floor: Floor, rule: SquareOff) -> None:
    """Do the broker's own square-off: cancel what works in its products, then close what is open, shorts first."""
    for live in list(floor.orders.values()):
        contract = floor.contracts.get(live.order.ticket.key)
        if contract is None or live.order.stage.is_terminal or live.order.ticket.source is Source.BROKER:
            continue
        if live.order.ticket.product in rule.products and _concerns(floor, rule, contract):
            if live.is_working or live.is_waiting:
                floor.cancel(live, "squared off by the broker", Source.BROKER)
            else:
                ask_cancel(floor, live, Source.BROKER)
    for account, book in floor.books.items():
        rows = [
            row
            for row in book.positions()
            if row.net and row.product in rule.products and _concerns(floor, rule, row.contract)
        ]
        for row in sorted(rows, key=lambda row: row.net > ZERO):
            for quantity in _slices(row):
                side = Side.BUY if row.net < ZERO else Side.SELL
                exchange, symbol = row.contract.key
                ticket = Ticket(exchange, symbol, side, quantity, row.product, OrderType.MARKET, source=Source.BROKER)
                receive(floor, account, ticket)


def _concerns(floor: Floor, rule: SquareOff, contract: Contract) -> bool:
    if rule.underlyings and contract.underlying not in rule.underlyings:
        return False
    is_expiring = contract.expiry == floor.setup.trading_date
    return contract.kind is not InstrumentKind.INDEX and (is_expiring or not rule.on_expiry_only)


def _slices(row: Position) -> list[Decimal]:
    """The net quantity in orders the exchange takes."""
    left = row.net.copy_abs()
    most = max(whole_lots(row.contract.freeze_quantity, row.contract.lot_size), row.contract.lot_size)
    slices = []
    while left > ZERO:
        slices.append(min(left, most))
        left = CONTEXT.subtract(left, slices[-1])
    return slices
