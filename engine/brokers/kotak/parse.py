"""All that is read from Kotak Neo, in one place to import from; each takes a reply's text and returns domain rows."""

from engine.brokers.kotak.books import parse_order_history, parse_orders, parse_positions, parse_trades
from engine.brokers.kotak.market import parse_instruments, parse_limits, parse_quotes
from engine.brokers.kotak.typed import TABLES, contract
from engine.brokers.reading import Parsers

__all__ = [
    "PARSERS",
    "parse_instruments",
    "parse_limits",
    "parse_order_history",
    "parse_orders",
    "parse_positions",
    "parse_quotes",
    "parse_trades",
]


PARSERS = Parsers(
    parse_positions, parse_orders, parse_trades, parse_order_history, parse_limits, parse_quotes, parse_instruments,
    TABLES, contract, names_by_token=True,
)  # fmt: skip
