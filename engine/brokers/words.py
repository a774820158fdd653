"""Reading brokers' free words where they mean the same everywhere: part fills, who cancelled."""

from decimal import Decimal

from engine.domain.enums import CancelledBy, OrderStatus

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


def with_fills(status: OrderStatus, filled: Decimal) -> OrderStatus:
    """Return PARTIALLY_FILLED for a working order with fills; neither broker has a word of its own for it."""
    return OrderStatus.PARTIALLY_FILLED if status is OrderStatus.NEW and filled > 0 else status


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
