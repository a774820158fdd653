"""What no order may be, at any broker, and what a broker declared it does not take: checked before anything is sent."""

import re
from decimal import Decimal

from engine.domain.capabilities import Capabilities, Capability
from engine.domain.enums import OrderType
from engine.domain.requests import NewOrder, OrderChange, Validity
from engine.errors import CapabilityMissing, InvariantError

_NEEDED = {
    OrderType.MARKET: Capability.MARKET,
    OrderType.LIMIT: Capability.LIMIT,
    OrderType.STOP: Capability.STOP,
    OrderType.STOP_MARKET: Capability.STOP_MARKET,
}
_PRICED = (OrderType.LIMIT, OrderType.STOP)
# What every broker we know takes and gives back unchanged.
_ANY_TAG = re.compile(r"[A-Za-z0-9]{1,20}", re.ASCII)


def check_order(order: NewOrder, capabilities: Capabilities) -> None:
    """
    Let an order pass that makes sense in itself and that the broker takes.

    Lots and the freeze quantity are not looked at: who plans an order cuts it to the day's file, and the broker judges
    by its own; an old file must not hold an exit back.
    Raises: CapabilityMissing, InvariantError.
    """
    if order.after_market:
        need(capabilities, Capability.AFTER_MARKET)
    rule = capabilities.tag
    pattern = _ANY_TAG if rule is None else re.compile(f"[{rule.characters}]{{1,{rule.longest}}}", re.ASCII)
    if not pattern.fullmatch(order.tag):
        raise InvariantError(f"the tag {order.tag!r} is not of the form {pattern.pattern}")
    _check(order, capabilities)


def check_change(change: OrderChange, capabilities: Capabilities) -> None:
    """Let a change pass; as `check_order`."""
    need(capabilities, Capability.MODIFY)
    _check(change, capabilities)


def need(capabilities: Capabilities, capability: Capability) -> None:
    """Raises: CapabilityMissing with the reason, unless the broker plainly has it."""
    if not capabilities.has(capability):
        raise CapabilityMissing(capabilities.why_not(capability), broker=capabilities.broker)


def _check(order: NewOrder | OrderChange, capabilities: Capabilities) -> None:
    if order.type not in _NEEDED:
        raise InvariantError(f"an order cannot be sent with the type {order.type.value}")
    need(capabilities, _NEEDED[order.type])
    if order.validity is Validity.IOC:
        need(capabilities, Capability.IOC)
    if order.quantity <= 0 or order.quantity % 1:
        raise InvariantError(f"the quantity is {order.quantity}; it must be whole and above 0")
    _check_price("price", order.price, is_needed=order.type in _PRICED)
    _check_price("trigger price", order.trigger_price, is_needed=order.type.is_stop)


def _check_price(name: str, price: Decimal | None, *, is_needed: bool) -> None:
    if is_needed and (price is None or price <= 0):
        raise InvariantError(f"the {name} is {price}; this order needs one above 0")
    if not is_needed and price is not None:
        raise InvariantError(f"the {name} is {price}; this order has none")
