"""How Kotak Neo spells what the exchange knows: segments, types, the ladder of statuses, reasons, numbers and times."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from engine.domain.enums import InstrumentKind, OrderType, Right, Side
from engine.domain.numbers import canonical, rounded
from engine.domain.spots import is_index_underlying, underlying_of_spot
from engine.sim.exchange.words import Contract, Refusal, SimOrder, Source, Stage

IST: Final = timezone(timedelta(hours=5, minutes=30), "IST")

# The exchanges' usual words and Kotak's own: a scenario may use either.
_SEGMENTS = MappingProxyType(
    {"NSE": "nse_cm", "BSE": "bse_cm", "NFO": "nse_fo", "BFO": "bse_fo", "MCX": "mcx_fo", "CDS": "cde_fo"}
)
ORDER_SEGMENTS: Final = frozenset({"nse_cm", "bse_cm", "nse_fo", "bse_fo", "mcx_fo"})
PRODUCTS: Final = frozenset({"CNC", "NRML", "MIS", "MTF"})
TYPES: Final = MappingProxyType(
    {"L": OrderType.LIMIT, "MKT": OrderType.MARKET, "SL": OrderType.STOP, "SL-M": OrderType.STOP_MARKET}
)
SIDES: Final = MappingProxyType({"B": Side.BUY, "S": Side.SELL})
TYPE_WORDS: Final = MappingProxyType({type_: word for word, type_ in TYPES.items()})
SIDE_WORDS: Final = MappingProxyType({side: word for word, side in SIDES.items()})
_RIGHTS = MappingProxyType({Right.CALL: "CE", Right.PUT: "PE"})

_STATUSES = MappingProxyType(
    {
        Stage.RECEIVED: "put order req received",
        Stage.VALIDATING: "validation pending",
        Stage.SENDING: "open pending",
        Stage.PARKED: "after market order req received",
        Stage.OPEN: "open",
        Stage.TRIGGER_PENDING: "trigger pending",
        Stage.MODIFY_VALIDATING: "modify validation pending",
        Stage.MODIFYING: "modify pending",
        Stage.MODIFIED: "modified",
        Stage.CANCELLING: "cancel pending",
        Stage.CANCELLED: "cancelled",
        Stage.COMPLETE: "complete",
        Stage.REJECTED: "rejected",
    }
)
# Only the text for stop-market orders was seen (openalgo's live test of 2026-07-28); the others are in its manner.
_REASONS = MappingProxyType(
    {
        Refusal.STOP_MARKET: "Market order with Algo Id not allowed",
        Refusal.MARGIN: "RMS:Margin Exceeds",
        Refusal.FREEZE_QUANTITY: "RMS:Rule: Order quantity exceeds freeze quantity",
        Refusal.LOT_SIZE: "RMS:Rule: Quantity is not a multiple of the lot size",
        Refusal.TICK_SIZE: "RMS:Rule: Price is not a multiple of the tick size",
        Refusal.PRODUCT: "RMS:Rule: Product is not allowed in this segment",
        Refusal.PRICE_BAND: "EXCH: The order price is out of the current price range",
        Refusal.EXECUTION_BAND: "EXCH: The order price is outside the execution range",
        Refusal.TRIGGER_SIDE: "RMS:Rule: Trigger price is on the wrong side of the last price",
        Refusal.PRICE_MISSING: "RMS:Rule: Price is missing",
        Refusal.MARKET_CLOSED: "EXCH: The market is closed",
        Refusal.NOT_TRADED: "RMS:Rule: Market orders are blocked, contract not traded",
        Refusal.BAN_PERIOD: "RMS:Rule: Security in ban period, only decreases are allowed",
        Refusal.LOCKED: "RMS:Segment is disabled by the client",
        Refusal.UNKNOWN_CONTRACT: "RMS:Rule: Scrip is not permitted",
    }
)
_SOURCES = MappingProxyType(
    {
        Source.API: "ADMINCPPAPI_NEOTRADEAPI",
        Source.TERMINAL: "ADMINCPPAPI_WEB",
        Source.SCENARIO: "ADMINCPPAPI_WEB",
        Source.BROKER: "ADMIN",
    }
)

_SERIES = ("-EQ", "-BE", "-BZ")

# An index is quoted by its own name, case and all.
_INDEX_NAMES = MappingProxyType(
    {
        "NIFTY": "Nifty 50",
        "BANKNIFTY": "Nifty Bank",
        "FINNIFTY": "Nifty Fin Service",
        "INDIA VIX": "INDIA VIX",
        "SENSEX": "SENSEX",
        "BANKEX": "BANKEX",
    }
)


def index_name(contract: Contract) -> str:
    """Return what an index is asked for by; one that no document names keeps the exchange's name."""
    return _INDEX_NAMES.get(underlying_of_spot(contract.symbol) or contract.symbol, contract.symbol)


def segment_of(exchange: str) -> str:
    """Return Kotak's word for an exchange's segment (`NFO` is `nse_fo`); its own words stay."""
    return _SEGMENTS.get(exchange.upper(), exchange.lower())


def is_cash(contract: Contract) -> bool:
    """Return whether a contract is a share."""
    return contract.kind is InstrumentKind.EQUITY


def trading_symbol(contract: Contract) -> str:
    """Return the `ts` of an order; shares carry their series (`TCS-EQ`)."""
    has_series = contract.symbol.endswith(_SERIES)
    return f"{contract.symbol}-EQ" if is_cash(contract) and not has_series else contract.symbol


def instrument_type(contract: Contract) -> str:
    """Return `OPTIDX`, `OPTSTK`, `FUTIDX`, `FUTSTK` or `EQ`."""
    if contract.kind not in (InstrumentKind.OPTION, InstrumentKind.FUTURE):
        return "EQ"
    word = "OPT" if contract.kind is InstrumentKind.OPTION else "FUT"
    return word + ("IDX" if is_index_underlying(contract.underlying) else "STK")


def right_word(contract: Contract, *, cash: str) -> str:
    """Return `CE`, `PE`, `XX` for a future, or what the book at hand writes for a share."""
    if contract.right is not None:
        return _RIGHTS[contract.right]
    return cash if is_cash(contract) else "XX"


def status_word(stage: Stage, *, after_market: bool, modified: int = 0) -> str:
    """Return the `ordSt` of a stage."""
    if stage is Stage.PARKED and modified:
        return "modify after market order req received"
    if stage is Stage.CANCELLED and after_market:
        return "cancelled after market order"
    return _STATUSES[stage]


def reason_text(order: SimOrder) -> str:
    """Return the `rejRsn` of an order; `--` where there is nothing to tell."""
    if order.refusal is None:
        return order.reason or "--"
    text = _REASONS.get(order.refusal, f"RMS:Rule: {order.refusal.value}")
    plain = order.refusal is Refusal.STOP_MARKET or not order.reason or order.reason == order.refusal.value
    return text if plain else f"{text}, {order.reason}"


def source_word(source: Source) -> str:
    """Return the `ordSrc` of an order; only the API's was seen."""
    return _SOURCES[source]


def price_text(price: Decimal | None) -> str:
    """Return a price or amount with two places, `0.00` for none."""
    return "0.00" if price is None else format(rounded(price, 2), "f")


def quote_text(price: Decimal | None) -> str:
    """Return a price with the four places quotes have."""
    return "0.0000" if price is None else format(rounded(price, 4), "f")


def whole(quantity: Decimal) -> int:
    """Return units as the whole number they are."""
    return int(quantity)


def units_text(quantity: Decimal) -> str:
    """Return units as text."""
    return canonical(quantity)


def dashed_time(at: datetime) -> str:
    """Return `15-Sep-2026 09:15:36`, in India."""
    return f"{dashed_day(at)} {clock_time(at)}"


def dashed_day(at: datetime) -> str:
    """Return `15-Sep-2026`, in India."""
    return at.astimezone(IST).strftime("%d-%b-%Y")


def clock_time(at: datetime) -> str:
    """Return `09:15:36`, in India."""
    return at.astimezone(IST).strftime("%H:%M:%S")


def slashed_time(at: datetime) -> str:
    """Return `2026/09/15 09:15:36`, in India."""
    return at.astimezone(IST).strftime("%Y/%m/%d %H:%M:%S")


def epoch_seconds(at: datetime) -> int:
    """Return whole seconds since 1970."""
    return int(at.timestamp())


def epoch_nanoseconds(at: datetime) -> int:
    """Return nanoseconds since 1970, more than 53 bits hold."""
    return epoch_seconds(at) * 1_000_000_000 + at.microsecond * 1_000 + 624
