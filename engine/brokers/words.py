"""Reading brokers' free words where they mean the same everywhere: part fills, changed orders, who cancelled."""

from decimal import Decimal
from types import MappingProxyType

from engine.domain.enums import CancelledBy, OrderSource, OrderStatus, OrderType, Right
from engine.domain.numbers import ZERO

# The exchanges' own words for an option's right.
RIGHTS = MappingProxyType({"CE": Right.CALL, "PE": Right.PUT})

_WITHOUT_FILLS = frozenset({OrderStatus.PENDING_NEW, OrderStatus.TRIGGER_PENDING, OrderStatus.REJECTED})
# Texts seen in reasons; a text that names nobody leaves the question open.
_BY_TRADER = ("by user", "by client", "by customer", "by you", "user cancel", "cancelled by trader")
_BY_BROKER = (
    "rms",
    "admin",
    "square off",
    "square-off",
    "squareoff",
    "by system",
    "by exchange",
    "by broker",
    "margin",
)
# Kotak's names of its trading API, old and new.
_APIS = ("NEOTRADEAPI", "NEOFINTECH")
_DESK = "ADMINSQF"


def with_fills(status: OrderStatus, filled: Decimal) -> OrderStatus:
    """Return PARTIALLY_FILLED for a working order with fills; neither broker has a word of its own for it."""
    return OrderStatus.PARTIALLY_FILLED if status is OrderStatus.NEW and filled > 0 else status


def with_told_fills(status: OrderStatus, filled: Decimal | None) -> tuple[OrderStatus, Decimal]:
    """Return status and filled units; UNKNOWN for an order that may have fills of which the book says nothing."""
    if filled is None:
        return (status if status in _WITHOUT_FILLS else OrderStatus.UNKNOWN), ZERO
    return with_fills(status, filled), filled


def changed(type_: OrderType, filled: Decimal | None) -> OrderStatus:
    """Return what a word for "was changed" means: of a stop without fills it does not tell whether it has triggered."""
    return OrderStatus.PENDING_REPLACE if type_.is_stop and not filled else OrderStatus.NEW


def cancelled_by(status: OrderStatus, reason: str) -> CancelledBy:
    """Return who cancelled, as far as the broker's text tells; whether it was us only our own journal knows."""
    if status is not OrderStatus.CANCELED:
        return CancelledBy.UNKNOWN
    text = reason.lower()
    if any(words in text for words in _BY_TRADER):
        return CancelledBy.TRADER
    if any(words in text for words in _BY_BROKER):
        return CancelledBy.BROKER
    return CancelledBy.UNKNOWN


def placed_through(*told: str) -> OrderSource:
    """
    Return where an order came from by the broker's own words for it; UNKNOWN where none is one that tells.

    Kotak names its trading API in the order's source and numbers a program's orders; Kite names its own desk as the
    user who placed an order (as reported, not documented).
    """
    words = [word.upper() for word in told if word]
    if any(word.startswith(_DESK) for word in words):
        return OrderSource.BROKER
    if any(api in word for word in words for api in _APIS):
        return OrderSource.ALGO
    return OrderSource.UNKNOWN
