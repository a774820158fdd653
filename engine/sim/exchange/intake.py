"""The way of a new order: received, validated by the broker, sent, taken or refused by the exchange."""

from dataclasses import replace

from engine.domain.enums import OrderType
from engine.domain.numbers import CONTEXT
from engine.sim.exchange.agenda import Deed
from engine.sim.exchange.checks import broker_objects, exchange_objects, required
from engine.sim.exchange.floor import Floor
from engine.sim.exchange.live_order import LiveOrder
from engine.sim.exchange.matching import begin, book_fill, finish_immediate, meet
from engine.sim.exchange.setup import Done, Earlier, Span
from engine.sim.exchange.words import Entry, SimOrder, Stage, Ticket


def receive(floor: Floor, account: str, ticket: Ticket) -> SimOrder:
    """Return the order received; its way begins now."""
    live = floor.new_order(account, ticket, floor.now)
    floor.tell(live, Entry.ORDER)
    _after(floor, live, "receiving", floor.rules.latencies.receiving, lambda: _validate(floor, live))
    return live.order


def _after(floor: Floor, live: LiveOrder, step: str, span: Span, deed: Deed) -> None:
    floor.agenda.add(floor.now + floor.latency(live, step, span), deed)


def _validate(floor: Floor, live: LiveOrder) -> None:
    live.move(Stage.VALIDATING, floor.now)
    _after(floor, live, "validating", floor.rules.latencies.validating, lambda: _judge(floor, live))


def _judge(floor: Floor, live: LiveOrder) -> None:
    ticket = live.order.ticket
    objection = broker_objects(floor, live, ticket)
    if objection is not None:
        floor.reject(live, *objection)
        return
    if ticket.after_market and not floor.is_open(ticket.exchange):
        _park(floor, live)
        return
    reserve(floor, live)
    live.move(Stage.SENDING, floor.now)
    floor.tell_margin(live.order.account, live.order.id)
    _after(floor, live, "sending", floor.rules.latencies.sending, lambda: _arrive(floor, live))


def reserve(floor: Floor, live: LiveOrder) -> None:
    """Hold back what an order needs."""
    left = live.order.open_quantity
    needs = required(floor, live, live.order.ticket)
    live.needs_each = CONTEXT.divide(needs, left)
    floor.books[live.order.account].hold(live.order.id, live.held)


def _park(floor: Floor, live: LiveOrder) -> None:
    """Keep an after-market order until the exchange opens, if it still does today."""
    live.rests = Stage.PARKED
    live.move(Stage.PARKED, floor.now)
    times = floor.session(live.order.ticket.exchange)
    if times is not None and floor.now < times.opens_at:
        floor.agenda.add(times.opens_at, lambda: _release(floor, live))
    _arrived(live)


def _release(floor: Floor, live: LiveOrder) -> None:
    if not live.order.stage.is_terminal:
        live.rests = Stage.OPEN
        _validate(floor, live)


def _arrive(floor: Floor, live: LiveOrder) -> None:
    objection = exchange_objects(floor, live.order.ticket)
    if objection is not None:
        floor.reject(live, *objection)
        return
    rest(floor, live, exchange_id=floor.exchange_id(live))
    _arrived(live)


def rest(floor: Floor, live: LiveOrder, **news: object) -> None:
    """Let an order wait for its trigger, or work and meet the depth at once."""
    if live.order.ticket.type.is_stop and not live.is_triggered:
        live.rests = Stage.TRIGGER_PENDING
        live.move(live.stage_now(), floor.now, **news)
        return
    begin(floor, live)
    live.move(live.stage_now(), floor.now, **news)
    meet(floor, live)
    finish_immediate(floor, live)


def _arrived(live: LiveOrder) -> None:
    """Do what was asked while the order was on its way."""
    asked, live.on_arrival = live.on_arrival, []
    for deed in asked:
        deed()


def take_unchecked(floor: Floor, account: str, ticket: Ticket) -> None:
    """Let an order that rested before the start rest from the start on."""
    live = floor.new_order(account, ticket, floor.now)
    floor.tell(live, Entry.ORDER)
    reserve(floor, live)
    live.rests = Stage.TRIGGER_PENDING if ticket.type.is_stop else Stage.OPEN
    if live.rests is Stage.OPEN:
        begin(floor, live)
        live.is_passive = True
    live.move(live.rests, floor.now, exchange_id=floor.exchange_id(live))
    floor.tell_margin(account, live.order.id)


def show_earlier(floor: Floor, account: str, earlier: Earlier) -> None:
    """Let the order book show an order of an earlier day as it ended."""
    live = floor.show_earlier(account, earlier)
    live.move(
        Stage.TRIGGER_PENDING if earlier.ticket.type.is_stop else Stage.OPEN,
        earlier.at,
        exchange_id=floor.exchange_id(live),
    )
    quantity = earlier.ticket.quantity
    if earlier.filled_at is None:
        live.move(Stage.CANCELLED, earlier.at, cancelled_quantity=quantity)
        return
    filled, average = live.filled(quantity, earlier.filled_at)
    live.move(Stage.COMPLETE, earlier.at, filled_quantity=filled, average_price=average)


def book_done(floor: Floor, account: str, done: Done) -> None:
    """Book a fill of before the start, at its instant: an order of its own, complete."""
    floor.now = min(done.at, floor.setup.start)
    exchange, symbol = done.key
    ticket = Ticket(exchange, symbol, done.side, done.quantity, done.product, OrderType.LIMIT, done.price, tag=done.tag)
    live = floor.new_order(account, ticket, done.at)
    live.order = replace(live.order, exchange_id=floor.exchange_id(live))
    floor.tell(live, Entry.ORDER)
    book_fill(floor, live, done.quantity, done.price)
    floor.tell_margin(account, live.order.id)
