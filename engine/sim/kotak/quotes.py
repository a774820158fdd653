"""Quotes: a list on success, an object with HTTP 200 on failure, every scalar a text."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from engine.domain.enums import InstrumentKind
from engine.domain.numbers import CONTEXT, HUNDRED, rounded, sum_of
from engine.sim.exchange.words import Contract, Level, Market
from engine.sim.kotak import replies
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.replies import Answer
from engine.sim.kotak.words import epoch_seconds, quote_text, trading_symbol, units_text

_LEVELS = 5
_IDENTITY = ("exchange_token", "display_symbol", "exchange", "lstup_time")
# Which fields a filter leaves; the two spellings of two of them stand in two documents.
_FILTERS: Mapping[str, tuple[str, ...] | None] = MappingProxyType(
    {
        "all": None,
        "ltp": ("ltp",),
        "ohlc": ("ohlc",),
        "oi": ("open_int",),
        "circuit_limits": ("low_price_range", "high_price_range"),
        "scrip_details": ("ltp", "last_volume", "avg_cost", "change", "per_change"),
        "depth": ("depth",),
        "market_depth": ("depth",),
        "52W": ("year_high", "year_low"),
        "52w": ("year_high", "year_low"),
    }
)


def quotes(ask: Ask) -> Answer:
    """Return the quotes of `seg|token,…` under a filter; what is not listed is left out, nothing at all is an error."""
    filter_ = ask.path["filter"]
    if filter_ not in _FILTERS:
        return replies.INVALID_INSTRUMENT
    rows = [row for asked in ask.path["asked"].split(",") if (row := _quote(ask, asked)) is not None]
    names = _FILTERS[filter_]
    if names is not None:
        rows = [{name: row[name] for name in (*_IDENTITY, *names)} for row in rows]
    return Answer(rows) if rows else replies.INVALID_INSTRUMENT


def _quote(ask: Ask, asked: str) -> dict[str, object] | None:
    segment, bar, token = asked.partition("|")
    if not bar:
        return None
    contract = ask.listing.quoted(segment, token)
    market = None if contract is None else ask.exchange.market(contract.key)
    if contract is None or market is None:
        return None
    is_index = contract.kind is InstrumentKind.INDEX
    symbol = token if is_index else trading_symbol(contract)
    named = {"exchange_token": token, "display_symbol": symbol, "exchange": segment}
    return {**named, **_figures(market, None if is_index else contract)}


def _figures(market: Market, contract: Contract | None) -> dict[str, object]:
    change = CONTEXT.subtract(market.last_price, market.close)
    low, high = (market.low, market.high) if contract is None else (contract.low, contract.high)
    return {
        "lstup_time": str(epoch_seconds(market.at)),
        "ltp": quote_text(market.last_price),
        "last_traded_quantity": "0",
        "total_buy": units_text(sum_of(level.quantity for level in market.bids)),
        "total_sell": units_text(sum_of(level.quantity for level in market.asks)),
        "last_volume": units_text(market.volume),
        "avg_cost": quote_text(market.last_price),
        "open_int": "0",
        "change": quote_text(change),
        "per_change": quote_text(_per_cent(change, market.close)),
        "low_price_range": quote_text(low),
        "high_price_range": quote_text(high),
        "year_high": units_text(rounded(high, 2)),
        "year_low": units_text(rounded(low, 2)),
        "ohlc": {
            "open": quote_text(market.open),
            "high": quote_text(market.high),
            "low": quote_text(market.low),
            # The close of the day before.
            "close": quote_text(market.close),
        },
        "depth": {"buy": _side(market.bids), "sell": _side(market.asks)},
    }


def _per_cent(change: Decimal, close: Decimal) -> Decimal | None:
    return CONTEXT.multiply(CONTEXT.divide(change, close), HUNDRED) if close else None


def _side(levels: tuple[Level, ...]) -> list[dict[str, str]]:
    told = [
        {"price": quote_text(one.price), "quantity": units_text(one.quantity), "orders": str(one.orders)}
        for one in levels[:_LEVELS]
    ]
    nothing = {"price": quote_text(None), "quantity": "0", "orders": "0"}
    return told + [nothing] * (_LEVELS - len(told))
