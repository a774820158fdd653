"""The table of Kotak Neo's calls: method, path, what the ledger calls them, what opens them, who answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.sim.exchange.words import Call
from engine.sim.kotak import books, money, order_book, orders, quotes, replies, scrips
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.replies import Answer


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    One call under the base URL.

    stale: what it answers to a session that does not hold; None for a call the access token alone opens. A POST is a
    form with `jData`.
    """

    method: str
    path: str
    call: Call
    answer: Callable[[Ask], Answer]
    stale: Answer | None = None


FIRST_STEP: Final = "/login/1.0/tradeApiLogin"
SECOND_STEP: Final = "/login/1.0/tradeApiValidate"
CLIENT_ADDRESS: Final = "/login/1.0/get-client-ip"

# There is no call to log out by.
ENDPOINTS: Final = (
    Endpoint("POST", "/quick/order/rule/ms/place", Call.PLACE, orders.place, replies.STALE),
    Endpoint("POST", "/quick/order/vr/modify", Call.MODIFY, orders.modify, replies.STALE),
    Endpoint("POST", "/quick/order/cancel", Call.CANCEL, orders.cancel, replies.STALE),
    Endpoint("GET", "/quick/user/orders", Call.ORDERS, order_book.orders, replies.STALE),
    Endpoint("GET", "/quick/user/orders/{order_id}", Call.ORDER, order_book.one_order, replies.STALE),
    Endpoint("POST", "/quick/order/history", Call.HISTORY, order_book.history, replies.STALE),
    Endpoint("GET", "/quick/user/trades", Call.TRADES, books.trades, replies.STALE),
    Endpoint("GET", "/quick/user/positions", Call.POSITIONS, books.positions, replies.STALE_AT_CHECK),
    Endpoint("GET", "/portfolio/v1/holdings", Call.HOLDINGS, books.holdings, replies.STALE_AS_DOCUMENTED),
    Endpoint("POST", "/quick/user/limits", Call.FUNDS, money.limits, replies.STALE_AS_DOCUMENTED),
    Endpoint("POST", "/quick/user/check-margin", Call.MARGIN, money.margin_check, replies.STALE_AT_CHECK),
    Endpoint("GET", "/script-details/1.0/masterscrip/file-paths", Call.CONTRACTS, scrips.file_paths),
    Endpoint("GET", "/script-details/1.0/quotes/neosymbol/{asked}/{filter}", Call.QUOTES, quotes.quotes),
)
