"""Changes and cancels of an order: asked for now, done a moment later, and a fill in between wins."""

from dataclasses import replace

from engine.domain.enums import OrderType
from engine.domain.numbers import canonical
from engine.sim.exchange.checks import broker_objects, exchange_objects
from engine.sim.exchange.floor import Floor
from engine.sim.exchange.intake import reserve, rest
from engine.sim.exchange.live_order import IN_FLIGHT, LiveOrder
from engine.sim.exchange.words import Change, Entry, Refusal, Source, Stage, Ticket


def ask_cancel(floor: Floor, live: LiveOrder, by: Source) -> None:
    """Take a cancel in; it holds after the cancelling latency."""
    if live.order.stage in IN_FLIGHT:
        live.on_arrival.append(lambda: _begin_cancel(floor, live, by))
    else:
        _begin_cancel(floor, live, by)


def _begin_cancel(floor: Floor, live: LiveOrder, by: Source) -> None:
    if live.order.stage.is_terminal:
        _too_late(floor, live, "cancel")
        return
    live.is_cancelling = True
    live.move(Stage.CANCELLING, floor.now)
    floor.agenda.add(
        floor.now + floor.latency(live, "cancelling", floor.rules.latencies.cancelling),
        lambda: _cancel(floor, live, by),
    )


def _cancel(floor: Floor, live: LiveOrder, by: Source) -> None:
    if live.order.stage.is_terminal:
        _too_late(floor, live, "cancel")
        return
    if live.order.stage in IN_FLIGHT:
        # A parked order was released meanwhile.
        live.on_arrival.append(lambda: _cancel(floor, live, by))
        return
    floor.cancel(live, by=by)


def ask_change(floor: Floor, live: LiveOrder, change: Change, by: Source) -> None:
    """Take a change in; it is validated, sent and then holds."""
    if live.order.stage in IN_FLIGHT:
        live.on_arrival.append(lambda: _begin_change(floor, live, change, by))
    else:
        _begin_change(floor, live, change, by)


def _begin_change(floor: Floor, live: LiveOrder, change: Change, by: Source) -> None:
    if live.order.stage.is_terminal:
        _too_late(floor, live, "modify")
        return
    live.changes += 1
    if not live.is_cancelling:
        live.move(Stage.MODIFY_VALIDATING, floor.now)
    latencies = floor.rules.latencies
    floor.agenda.add(
        floor.now + floor.latency(live, "modify validating", latencies.validating),
        lambda: _send_change(floor, live, change, by),
    )


def _send_change(floor: Floor, live: LiveOrder, change: Change, by: Source) -> None:
    if not live.order.stage.is_terminal and live.order.stage not in IN_FLIGHT and not live.is_cancelling:
        live.move(Stage.MODIFYING, floor.now)
    floor.agenda.add(
        floor.now + floor.latency(live, "changing", floor.rules.latencies.changing),
        lambda: _change(floor, live, change, by),
    )


def _change(floor: Floor, live: LiveOrder, change: Change, by: Source) -> None:
    if live.order.stage.is_terminal:
        _too_late(floor, live, "modify")
        return
    if live.order.stage in IN_FLIGHT:
        live.on_arrival.append(lambda: _change(floor, live, change, by))
        return
    live.changes -= 1
    ticket = changed(live, change)
    objection = _objects(floor, live, ticket)
    if objection is not None:
        refusal, text = objection
        floor.tell(live, Entry.REJECT, of="modify", refusal=refusal.value, reason=text)
        live.move(live.stage_now(), floor.now, reason=text)
        return
    live.order = replace(live.order, ticket=ticket, modified=live.order.modified + 1, reason="")
    floor.tell(live, Entry.MODIFY, by=by.value)
    live.move(Stage.MODIFIED, floor.now)
    if live.rests is Stage.PARKED:
        live.move(live.stage_now(), floor.now)
        return
    reserve(floor, live)
    floor.tell_margin(live.order.account, live.order.id)
    rest(floor, live)


def _too_late(floor: Floor, live: LiveOrder, of: str) -> None:
    """Tell of a cancel or change that a fill or another end has outrun."""
    floor.tell(live, Entry.REJECT, of=of, refusal=Refusal.FINISHED.value, reason="order is completed")


def changed(live: LiveOrder, change: Change) -> Ticket:
    """Return the ticket as it would be; a price a type does not have is dropped."""
    old = live.order.ticket
    kind = change.type or old.type
    price = old.price if change.price is None else change.price
    trigger = old.trigger_price if change.trigger_price is None else change.trigger_price
    return replace(
        old,
        type=kind,
        quantity=old.quantity if change.quantity is None else change.quantity,
        price=None if kind in (OrderType.MARKET, OrderType.STOP_MARKET) else price,
        trigger_price=trigger if kind.is_stop else None,
        validity=change.validity or old.validity,
    )


def _objects(floor: Floor, live: LiveOrder, ticket: Ticket) -> tuple[Refusal, str] | None:
    if ticket.quantity <= live.order.filled_quantity:
        filled = canonical(live.order.filled_quantity)
        return Refusal.FINISHED, f"{filled} is filled already, the quantity must be above it"
    objection = broker_objects(floor, live, ticket)
    if objection is not None or live.rests is Stage.PARKED:
        return objection
    # Once triggered, a stop is a limit for the exchange.
    as_it_works = replace(ticket, type=OrderType.LIMIT, trigger_price=None) if live.is_triggered else ticket
    return exchange_objects(floor, as_it_works)
