"""All that is read from Kite, in one place to import from; each takes the text of a reply and returns domain rows."""

from engine.brokers.kite.books import parse_order_history, parse_orders, parse_positions, parse_trades
from engine.brokers.kite.market import parse_instruments, parse_margins, parse_quotes

__all__ = [
    "parse_instruments",
    "parse_margins",
    "parse_order_history",
    "parse_orders",
    "parse_positions",
    "parse_quotes",
    "parse_trades",
]
