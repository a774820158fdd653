"""The states of one order as a broker's history call tells them, before they are joined to the order."""

from dataclasses import dataclass

from engine.domain.snapshot import OrderEvent


@dataclass(frozen=True, slots=True)
class History:
    """One order's states, oldest first."""

    order_id: str
    events: tuple[OrderEvent, ...]
