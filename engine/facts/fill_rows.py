"""The rows `fills` of today, and the fields of one."""

from types import MappingProxyType

from engine.domain.enums import Side
from engine.domain.kinds import BOOL, INSTANT, MONEY, TEXT, choice, count_of
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Fill
from engine.domain.values import Value, unknown
from engine.facts.base import FieldSpec, Part, RowSpec, Sign
from engine.facts.parts import fills_of

_FILLS = frozenset({Part.FILLS})


def fill_key(fill: Fill) -> str:
    """Return `ORDER/TRADE`: a trade's number is unique only within its exchange."""
    return f"{fill.order_id}/{fill.id}"


def _told(fill: Fill, value: Value | None, what: str) -> Value:
    return value if value is not None else unknown(f"{what} of trade {fill.id} not told")


FILL_FIELDS = (
    FieldSpec(
        name="id",
        type=TEXT,
        doc="The exchange's number of the trade.",
        path="id",
        needs=_FILLS,
        example="any(f.id == '87654' for f in fills)",
    ),
    FieldSpec(
        name="order_id",
        type=TEXT,
        doc="The order that traded.",
        path="order_id",
        needs=_FILLS,
        example="any(f.order_id == '250720000007242' for f in fills)",
    ),
    FieldSpec(
        name="symbol",
        type=TEXT,
        doc="The contract as the broker spells it.",
        path="instrument.symbol",
        needs=_FILLS,
        example="any(f.symbol == 'NIFTY26NOV24000CE' for f in fills)",
    ),
    FieldSpec(
        name="underlying",
        type=TEXT,
        doc="The name of what the contract is on; unknown when its symbol does not tell.",
        path="instrument.underlying",
        compute=lambda view, fill: _told(fill, fill.instrument.underlying, "underlying"),
        needs=_FILLS,
        example="any(f.underlying == 'NIFTY' for f in fills)",
    ),
    FieldSpec(
        name="side",
        type=choice(Side),
        doc="BUY or SELL.",
        path="side",
        needs=_FILLS,
        example="any(f.side == SELL for f in fills)",
    ),
    FieldSpec(
        name="quantity",
        type=count_of("units"),
        doc="Units traded.",
        path="quantity",
        needs=_FILLS,
        example="any(f.quantity > 1_800 for f in fills)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="price",
        type=MONEY,
        doc="The price of the trade.",
        path="price",
        needs=_FILLS,
        example="any(f.price > 500 for f in fills)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="product",
        type=TEXT,
        doc="The broker's product label.",
        path="product",
        needs=_FILLS,
        example="any(f.product == 'MIS' for f in fills)",
    ),
    FieldSpec(
        name="filled_at",
        type=INSTANT,
        doc="When the trade took place, by the exchange's clock.",
        path="filled_at",
        compute=lambda view, fill: _told(fill, fill.filled_at, "time"),
        needs=_FILLS,
        example="any(since(f.filled_at) < 1m for f in fills)",
    ),
    FieldSpec(
        name="is_option",
        type=BOOL,
        doc="Whether the contract is an option.",
        path="instrument.is_option",
        needs=_FILLS,
        example="any(f.is_option for f in fills)",
    ),
)

FILL_ROWS = (
    RowSpec(
        plural="fills",
        singular="fill",
        doc="The executions of today.",
        rows=fills_of,
        key=fill_key,
        needs=_FILLS,
        fields=MappingProxyType({field.name: field for field in FILL_FIELDS}),
        latches=("", "day", "week"),
    ),
)
