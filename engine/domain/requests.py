"""What we ask a broker to do, and its receipt; that something was done only the books tell."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from engine.domain.enums import OrderType, Side
from engine.domain.instrument import Instrument


class Validity(Enum):
    """How long an order rests: for the day, or not at all (what does not fill at once is cancelled)."""

    DAY = "DAY"
    IOC = "IOC"


class Urgency(Enum):
    """Whose turn it is when calls are short: an EXIT may spend what is held back from ROUTINE."""

    ROUTINE = "routine"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class NewOrder:
    """
    An order to send.

    instrument: the contract, in the broker's spelling. quantity: units, above 0. price: for LIMIT and STOP.
    trigger_price: for STOP and STOP_MARKET. tag: ours, unique; how it is found again when its reply is lost.
    """

    instrument: Instrument
    product: str
    side: Side
    quantity: Decimal
    type: OrderType
    tag: str
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    validity: Validity = Validity.DAY
    after_market: bool = False


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A working order as it shall be: all of it, filled part of the quantity included."""

    quantity: Decimal
    type: OrderType
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    validity: Validity = Validity.DAY


@dataclass(frozen=True, slots=True)
class Receipt:
    """The broker says it received a request. It proves nothing more: not taken, not filled, not cancelled."""

    order_id: str
