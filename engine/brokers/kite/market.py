"""Kite's margins, quotes and contract file as domain values."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from engine.brokers.indian_symbols import instrument, is_derivative_exchange
from engine.brokers.kite.reply import BROKER, data_of
from engine.brokers.stamps import from_ist, newest
from engine.brokers.wire import Fields, best_price, csv_rows, object_of, sum_told
from engine.brokers.words import RIGHTS
from engine.domain.enums import InstrumentKind, Right
from engine.domain.instrument import Expiry, Instrument
from engine.domain.snapshot import Book, Funds, Quote
from engine.errors import BrokerDataError

_COLUMNS = (
    "instrument_token", "tradingsymbol", "name", "expiry", "strike", "tick_size", "lot_size", "instrument_type",
    "segment", "exchange",
)  # fmt: skip

# available, used, capital, day figure
_Money = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]


def parse_margins(body: bytes, taken_at: datetime) -> Funds:
    """
    Return the money of GET /user/margins (all enabled segments together) or of one segment's own call.

    available = net; used = debits; capital = opening_balance + collateral, or net + debits where the opening balance
    is 0, as it was seen on real accounts; day figure = m2m_realised + m2m_unrealised. What a segment does not say
    makes the sum None.
    """
    data = object_of(data_of(body, "margins"), BROKER, "margins")
    segments: list[object] = [data] if "net" in data else list(data.values())
    money = [_segment(Fields(one, "margins", BROKER)) for one in segments if isinstance(one, dict) and _is_enabled(one)]
    if not money:
        raise BrokerDataError("margins: no segment is enabled", broker=BROKER)
    available, used, capital, mtm = (sum_told(column) for column in zip(*money, strict=True))
    return Funds(taken_at, available, used, capital, mtm)


def parse_quotes(body: bytes, taken_at: datetime) -> Book[Quote]:
    """
    Return the quotes of GET /quote, /quote/ohlc or /quote/ltp; only the first carries an order book.

    An unknown symbol is simply absent; an answer without a price gives last_price None and the others are still read.
    """
    data = object_of(data_of(body, "quotes"), BROKER, "quotes")
    rows = tuple(
        quote_of(key, Fields(values, f"quotes {key}", BROKER))
        for key, values in data.items()
        if ":" in key and isinstance(values, dict)
    )
    return Book(rows, taken_at, newest(quote.as_of for quote in rows))


def parse_instruments(body: bytes) -> tuple[Instrument, ...]:
    """Return the contracts of GET /instruments (CSV); `name` is the underlying on derivatives, a company elsewhere."""
    return tuple(_contract(row) for row in csv_rows(body, BROKER, "instruments", _COLUMNS))


def _is_enabled(segment: Mapping[str, object]) -> bool:
    return segment.get("enabled") is not False


def _segment(segment: Fields) -> _Money:
    available, utilised = segment.child("available"), segment.child("utilised")
    net, debits = segment.number_or_none("net"), utilised.number_or_none("debits")
    opening = available.number_or_none("opening_balance")
    if opening is not None and opening > 0:
        capital = sum_told((opening, available.number_or_none("collateral")))
    else:
        capital = sum_told((net, debits))
    mtm = sum_told((utilised.number_or_none("m2m_realised"), utilised.number_or_none("m2m_unrealised")))
    return net, debits, capital, mtm


def quote_of(key: str, row: Fields) -> Quote:
    """Return one answer; its key is exchange and symbol with a colon between them."""
    exchange, symbol = key.split(":", 1)
    depth = row.values.get("depth")
    sides: Mapping[str, object] = depth if isinstance(depth, dict) else {}
    return Quote(
        exchange=exchange,
        symbol=symbol,
        last_price=row.price("last_price"),
        has_depth=isinstance(sides.get("buy"), list) and isinstance(sides.get("sell"), list),
        bid=best_price(sides.get("buy"), BROKER),
        ask=best_price(sides.get("sell"), BROKER),
        as_of=from_ist(row.text_or_empty("timestamp")),
        traded_at=from_ist(row.text_or_empty("last_trade_time")),
    )


def _contract(row: Fields) -> Instrument:
    exchange, symbol = row.text("exchange"), row.text("tradingsymbol")
    told = instrument(exchange, symbol)
    kind, right = _kind(row, told)
    derivative = is_derivative_exchange(exchange)
    return Instrument(
        exchange=exchange,
        symbol=symbol,
        kind=kind,
        underlying=(row.text_or_empty("name") if derivative else "") or told.underlying,
        expiry=_expiry(row.text_or_empty("expiry")) or told.expiry,
        strike=row.price("strike") or told.strike,
        right=right,
        lot_size=row.price("lot_size"),
        tick_size=row.price("tick_size"),
        token=row.identity("instrument_token"),
    )


def _kind(row: Fields, told: Instrument) -> tuple[InstrumentKind, Right | None]:
    word = row.text_or_empty("instrument_type").upper()
    if word in RIGHTS:
        return InstrumentKind.OPTION, RIGHTS[word]
    if word == "FUT":
        return InstrumentKind.FUTURE, None
    if row.text_or_empty("segment").upper() == "INDICES":
        return InstrumentKind.INDEX, None
    return told.kind, told.right


def _expiry(text: str) -> Expiry | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return Expiry(day.year, day.month, day.day)
