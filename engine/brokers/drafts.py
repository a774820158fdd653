"""Legs and orders while a row is read: set field by field like any object, then frozen into the domain's own row."""

from datetime import datetime
from decimal import Decimal
from typing import cast

from engine.domain.enums import CancelledBy, OrderSource, OrderStatus, OrderType, Side
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Leg, Order, OrderEvent

# A frozen dataclass sets each field by a call of its own, which takes longer than to decode the row. A draft has the
# same slots, so that it can become the row; a field that is left out is an AttributeError where it is first asked for.


class LegDraft:
    """A leg's fields; every one must be set."""

    __slots__ = Leg.__slots__

    instrument: Instrument
    product: str
    net_quantity: Decimal
    opening_quantity: Decimal
    opening_value: Decimal | None
    day_buy_quantity: Decimal
    day_buy_value: Decimal | None
    day_sell_quantity: Decimal
    day_sell_value: Decimal | None
    factor: Decimal
    last_price: Decimal | None
    entry_price: Decimal | None
    reported_mtm: Decimal | None
    number: int

    def frozen(self) -> Leg:
        """Return this very object as the leg it has become."""
        self.__class__ = Leg  # type: ignore[assignment]
        return cast(Leg, self)


class OrderDraft:
    """An order's fields; every one must be set."""

    __slots__ = Order.__slots__

    id: str
    instrument: Instrument
    product: str
    side: Side
    type: OrderType
    status: OrderStatus
    quantity: Decimal
    filled_quantity: Decimal
    status_text: str
    price: Decimal | None
    trigger_price: Decimal | None
    average_price: Decimal | None
    placed_at: datetime | None
    updated_at: datetime | None
    reason: str
    tag: str | None
    parent_id: str | None
    variety: str
    cancelled_by: CancelledBy
    history: tuple[OrderEvent, ...] | None
    modified: bool | None
    source: OrderSource

    def frozen(self) -> Order:
        """Return this very object as the order it has become."""
        self.__class__ = Order  # type: ignore[assignment]
        return cast(Order, self)
