"""The calls of Kotak Neo's API as they go out: paths, forms and headers; what comes back is read elsewhere."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from engine.brokers.kotak.tokens import Credentials, Pass, Tokens
from engine.brokers.messages import Request, safe_base
from engine.brokers.wire import MAX_CSV_CHARACTERS
from engine.domain.enums import OrderType, Side
from engine.domain.numbers import canonical
from engine.domain.requests import NewOrder, OrderChange
from engine.domain.snapshot import Order
from engine.domain.spots import is_index_underlying

# The login has an address of its own; everything after it goes where the login says.
LOGIN_BASE = "https://mis.kotaksecurities.com"
_FIRST_STEP = "login/1.0/tradeApiLogin"
_SECOND_STEP = "login/1.0/tradeApiValidate"

_CASH = "nse_cm"
_FILE_BYTES = MAX_CSV_CHARACTERS
_FILE_SECONDS = 180
_KEY = "neotradeapi"
_TYPES = MappingProxyType({OrderType.LIMIT: "L", OrderType.MARKET: "MKT", OrderType.STOP: "SL"})
_SIDES = MappingProxyType({Side.BUY: "B", Side.SELL: "S"})
# Indices are asked for by name, exactly as Kotak spells it; those it does not document are not, for one wrong name may
# cost the whole answer.
_INDICES = MappingProxyType(
    {
        "NIFTY": ("nse_cm", "Nifty 50"),
        "BANKNIFTY": ("nse_cm", "Nifty Bank"),
        "FINNIFTY": ("nse_cm", "Nifty Fin Service"),
        "INDIA VIX": ("nse_cm", "INDIA VIX"),
        "SENSEX": ("bse_cm", "SENSEX"),
        "BANKEX": ("bse_cm", "BANKEX"),
    }
)

_QUOTED = re.compile(r"\w+\|[\w .&-]+", re.ASCII)

# What a quote is asked by: (segment, token) or (segment, name of an index).
Quoted = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call after the login.

    part: how a message names it. form: the fields of `jData`, texts all of them; None for a GET. is_write: whether it
    may change something. is_new: whether it places an order. is_of_session: whether it carries the session, not the
    access token alone. is_file: whether the answer is a file. tag: of an order.
    """

    part: str
    path: str
    form: Mapping[str, str] | None = None
    is_write: bool = False
    is_new: bool = False
    is_of_session: bool = True
    tag: str = ""
    is_file: bool = False


POSITIONS = Call("positions", "quick/user/positions")
ORDERS = Call("orders", "quick/user/orders")
TRADES = Call("trades", "quick/user/trades")
LIMITS = Call("limits", "quick/user/limits", MappingProxyType({"seg": "ALL", "exch": "ALL", "prod": "ALL"}))
FILE_PATHS = Call("contract files", "script-details/1.0/masterscrip/file-paths", is_of_session=False)


def history(order_id: str) -> Call:
    """Return the call for an order's states."""
    return Call("order history", "quick/order/history", {"nOrdNo": order_id})


def quotes(asked: Iterable[Quoted]) -> Call:
    """Return the call for quotes with depth; what a broker's row names so that no address can hold it is left out."""
    plain = (f"{segment}|{token}" for segment, token in asked)
    listed = ",".join(one.replace(" ", "%20").replace("&", "%26") for one in plain if _QUOTED.fullmatch(one))
    return Call("quotes", f"script-details/1.0/quotes/neosymbol/{listed}/all", is_of_session=False)


def share_of(underlying: str) -> tuple[str, str]:
    """Return segment and symbol of the share of that name."""
    return _CASH, f"{underlying}-EQ"


def spot_of(underlying: str, token: str | None) -> Quoted | None:
    """Return what an underlying's own price is asked by; None where that is not known. token: of the share, if any."""
    if underlying in _INDICES:
        return _INDICES[underlying]
    return None if token is None or is_index_underlying(underlying) else (_CASH, token)


def contract_csv(url: str) -> Call:
    """Return the call for a contract file, by its absolute address."""
    return Call("contract file", url, is_of_session=False, is_file=True)


def place(order: NewOrder) -> Call:
    """Return the call that places an order."""
    form = {
        "am": "YES" if order.after_market else "NO",
        "dq": "0",
        "es": order.instrument.exchange,
        "mp": "0",
        "pc": order.product,
        "pf": "N",
        "pr": _number(order.price),
        "pt": _TYPES[order.type],
        "qt": _number(order.quantity),
        "rt": order.validity.value,
        "tp": _number(order.trigger_price),
        "ts": order.instrument.symbol,
        "tt": _SIDES[order.side],
        "ig": order.tag,
    }
    return Call("new order", "quick/order/rule/ms/place", form, is_write=True, is_new=True, tag=order.tag)


def modify(order: Order, change: OrderChange) -> Call:
    """Return the call that changes a working order; validity and number have other names here than in `place`."""
    form = {
        "no": order.id,
        "qt": _number(change.quantity),
        "pr": _number(change.price),
        "pt": _TYPES[change.type],
        "tp": _number(change.trigger_price),
        "dq": "0",
        "vd": change.validity.value,
        "mp": "0",
        "am": "YES" if order.variety == "amo" else "NO",
    }
    return Call(f"change of order {order.id}", "quick/order/vr/modify", form, is_write=True, tag=order.tag or "")


def cancel(order: Order) -> Call:
    """Return the call that cancels an order; one that waits for the next day needs its symbol too."""
    form = {"on": order.id, "am": "NO"}
    if order.variety == "amo":
        form |= {"am": "YES", "ts": order.instrument.symbol}
    return Call(f"cancel of order {order.id}", "quick/order/cancel", form, is_write=True, tag=order.tag or "")


def first_step(base: str, credentials: Credentials, code: str) -> Request:
    """Return the request that begins a login."""
    body = {"mobileNumber": credentials.mobile.reveal(), "ucc": credentials.ucc.reveal(), "totp": code}
    return Request("login", "POST", f"{base}/{_FIRST_STEP}", _headers(credentials), json=body)


def second_step(base: str, credentials: Credentials, view: Pass) -> Request:
    """Return the request that ends a login."""
    headers = {**_headers(credentials), "sid": view.sid.reveal(), "Auth": view.token.reveal()}
    return Request("MPIN", "POST", f"{base}/{_SECOND_STEP}", headers, json={"mpin": credentials.mpin.reveal()})


def request_of(call: Call, credentials: Credentials, tokens: Tokens) -> Request:
    """
    Return a call as the request it is; a file lies at an address of its own and gets no token.

    The union of the headers satisfies every variant the documents show. Raises: BrokerDataError for a file's address
    that is not one to ask.
    """
    if call.is_file:
        return Request(call.part, "GET", safe_base(call.path), {}, most_bytes=_FILE_BYTES, most_seconds=_FILE_SECONDS)
    headers = _headers(credentials)
    if call.is_of_session:
        headers |= {"Sid": tokens.session.sid.reveal(), "Auth": tokens.session.token.reveal()}
    url = f"{tokens.base}/{call.path}"
    if call.form is None:
        return Request(call.part, "GET", url, headers)
    return Request(call.part, "POST", url, headers, form={"jData": json.dumps(dict(call.form), separators=(",", ":"))})


def _headers(credentials: Credentials) -> dict[str, str]:
    return {"Authorization": credentials.access_token.reveal(), "neo-fin-key": _KEY}


def _number(number: Decimal | None) -> str:
    return "0" if number is None else canonical(number)
