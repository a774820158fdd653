"""Kotak Neo's limits, quotes and scrip master as domain values."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from engine.brokers.indian_symbols import instrument, is_derivative_exchange
from engine.brokers.kotak.reply import BLANKS, BROKER, reply_of
from engine.brokers.stamps import from_epoch, newest
from engine.brokers.wire import Fields, best_price, csv_rows, object_of, rows_of, sum_told
from engine.brokers.words import RIGHTS
from engine.domain.enums import InstrumentKind, Right
from engine.domain.instrument import Expiry, Instrument
from engine.domain.numbers import CONTEXT, HUNDRED
from engine.domain.snapshot import Book, Funds, Quote
from engine.errors import BrokerDataError

_COLUMNS = ("pSymbol", "pExchSeg", "pTrdSymbol", "pSymbolName", "pInstType", "pOptionType", "dStrikePrice", "lLotSize")
# These two count their expiry from 1980; the number, given by Kotak's own SDK, leads to the calendar date.
_FROM_1980 = Decimal(315_511_200)
_SEGMENTS_FROM_1980 = frozenset({"nse_fo", "cde_fo"})


def parse_limits(body: bytes, taken_at: datetime) -> Funds:
    """
    Return the money of POST quick/user/limits, a flat object of texts.

    available = Net; used = MarginUsed; capital = Net + MarginUsed: read before the open this is cash and collateral.
    The day figure is RealizedMtomPrsnt + UnrealizedMtomPrsnt; its sign and refresh are undocumented. Float noise in a
    value is kept as it came.
    """
    row = Fields(object_of(reply_of(body, "limits"), BROKER, "limits"), "limits", BROKER, BLANKS)
    available, used = row.number("Net"), row.number_or_none("MarginUsed")
    realized, unrealized = row.number_or_none("RealizedMtomPrsnt"), row.number_or_none("UnrealizedMtomPrsnt")
    return Funds(
        taken_at=taken_at,
        margin_available=available,
        margin_used=used,
        capital=sum_told((available, used)),
        reported_mtm=sum_told((realized, unrealized)),
        as_of=from_epoch(row.number_or_none("TimeStamp")),
    )


def parse_quotes(body: bytes, taken_at: datetime, known: Iterable[Instrument] = ()) -> Book[Quote]:
    """
    Return the quotes of GET script-details/1.0/quotes/neosymbol/….

    A row is keyed by exchange and token; `known` contracts give the symbol, else the display symbol stands. A row that
    has neither is left out. A success is a list; an object is an error, also with HTTP 200.
    """
    reply = reply_of(body, "quotes")
    if isinstance(reply, dict):
        raise BrokerDataError("quotes: the reply is an object, not a list of quotes", broker=BROKER)
    symbols = {(one.exchange, one.token): one.symbol for one in known}
    read = (quote_of(row, symbols.get) for row in rows_of(reply, BROKER, "quotes", "display_symbol", BLANKS))
    rows = tuple(quote for quote in read if quote is not None)
    return Book(rows, taken_at, newest(quote.as_of for quote in rows))


def parse_instruments(body: bytes) -> tuple[Instrument, ...]:
    """
    Return the contracts of a scrip-master CSV.

    Headers carry spaces and a semicolon; strikes are × 100, ticks ÷ 100 of what is written; −1 is a blank.
    """
    rows = csv_rows(body, BROKER, "instruments", _COLUMNS, strip=" \t;")
    return tuple(_contract(row) for row in rows)


def quote_of(row: Fields, symbol_of: Callable[[tuple[str, str | None]], str | None]) -> Quote | None:
    """Return one quote; None where it names no contract. symbol_of: the symbol of an exchange and token."""
    exchange, token = row.text_or_empty("exchange"), row.identity_or_none("exchange_token")
    symbol = (symbol_of((exchange, token)) if token else None) or row.text_or_empty("display_symbol") or token
    if not exchange or not symbol:
        return None
    depth = row.values.get("depth")
    sides: Mapping[str, object] = depth if isinstance(depth, dict) else {}
    return Quote(
        exchange=exchange,
        symbol=symbol,
        last_price=row.price("ltp"),
        has_depth=isinstance(sides.get("buy"), list) and isinstance(sides.get("sell"), list),
        bid=best_price(sides.get("buy"), BROKER, BLANKS),
        ask=best_price(sides.get("sell"), BROKER, BLANKS),
        as_of=from_epoch(row.number_or_none("lstup_time")),
    )


def _contract(row: Fields) -> Instrument:
    exchange, symbol = row.text("pExchSeg"), row.text("pTrdSymbol")
    told = instrument(exchange, symbol)
    derivative = is_derivative_exchange(exchange)
    right = RIGHTS.get(row.text_or_empty("pOptionType").upper(), told.right)
    kind = _kind(row.text_or_empty("pInstType").upper(), right) if derivative else None
    return Instrument(
        exchange=exchange,
        symbol=symbol,
        kind=kind or told.kind,
        underlying=(row.text_or_empty("pSymbolName").upper() if derivative else "") or told.underlying,
        expiry=(_expiry(row, exchange) or told.expiry) if derivative else None,
        strike=(_hundredth(row, "dStrikePrice") or told.strike) if right is not None else None,
        right=right if derivative else None,
        lot_size=_above_zero(row, "lLotSize"),
        tick_size=_hundredth(row, "dTickSize"),
        freeze_quantity=_above_zero(row, "lFreezeQty"),
        token=row.identity("pSymbol"),
    )


def _kind(word: str, right: Right | None) -> InstrumentKind | None:
    if right is not None or word.startswith("OPT"):
        return InstrumentKind.OPTION
    return InstrumentKind.FUTURE if word.startswith("FUT") else None


def _above_zero(row: Fields, name: str) -> Decimal | None:
    number = row.number_or_none(name)
    return number if number is not None and number > 0 else None


def _hundredth(row: Fields, name: str) -> Decimal | None:
    number = _above_zero(row, name)
    return None if number is None else CONTEXT.divide(number, HUNDRED)


def _expiry(row: Fields, exchange: str) -> Expiry | None:
    seconds = _above_zero(row, "lExpiryDate") or _above_zero(row, "pExpiryDate")
    if seconds is not None and exchange.lower() in _SEGMENTS_FROM_1980:
        seconds = CONTEXT.add(seconds, _FROM_1980)
    moment = from_epoch(seconds)
    day: date | None = None if moment is None else moment.date()
    return None if day is None else Expiry(day.year, day.month, day.day)
