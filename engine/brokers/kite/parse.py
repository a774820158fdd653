"""All that is read from Kite, in one place to import from; each takes the text of a reply and returns domain rows."""

from collections.abc import Iterable
from datetime import datetime

from engine.brokers.kite.books import parse_order_history, parse_orders, parse_positions, parse_trades
from engine.brokers.kite.market import parse_instruments, parse_margins, parse_quotes
from engine.brokers.kite.typed import TABLES, contract
from engine.brokers.reading import Parsers
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Book, Quote

__all__ = [
    "PARSERS",
    "parse_instruments",
    "parse_margins",
    "parse_order_history",
    "parse_orders",
    "parse_positions",
    "parse_quotes",
    "parse_trades",
]


def _quotes(body: bytes, taken_at: datetime, _known: Iterable[Instrument]) -> Book[Quote]:
    return parse_quotes(body, taken_at)


PARSERS = Parsers(
    parse_positions, parse_orders, parse_trades, parse_order_history, parse_margins, _quotes, parse_instruments,
    TABLES, contract,
)  # fmt: skip
