"""A Kotak Neo of single bodies for tests of its adapter: answers by path, every request written down."""

import json
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import parse_qs

import httpx

from engine.brokers.budget import Budget
from engine.brokers.kotak.adapter import KotakBroker
from engine.brokers.kotak.contracts import ContractFiles
from engine.brokers.kotak.tokens import Credentials
from engine.domain.capabilities import Ability, Capabilities, Capability
from engine.domain.enums import InstrumentKind, OrderType, Side
from engine.domain.instrument import Instrument
from engine.domain.numbers import exact
from engine.domain.requests import NewOrder
from engine.domain.secret import Secret
from engine.domain.truth import Truth
from engine.ports import SavedSession
from engine.sim.clock import SimClock

START = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
BASE = "https://neo.test/gateway/xyz"
FIRST, SECOND = "/login/1.0/tradeApiLogin", "/login/1.0/tradeApiValidate"
POSITIONS, ORDERS, TRADES = "/quick/user/positions", "/quick/user/orders", "/quick/user/trades"
LIMITS, HISTORY = "/quick/user/limits", "/quick/order/history"
PLACE, MODIFY, CANCEL = "/quick/order/rule/ms/place", "/quick/order/vr/modify", "/quick/order/cancel"
FILES, QUOTES = "/script-details/1.0/masterscrip/file-paths", "/script-details/1.0/quotes"
NO_DATA = {"stat": "Not_Ok", "errMsg": "No Data", "stCode": 5203, "desc": "data not found"}
EXPIRED = {"stCode": 100022, "errMsg": "invalid session token", "stat": "error in neo-login-check-api"}
SECRETS = {
    word: Secret(text)
    for word, text in {
        "MOBILE": "+919800000000", "UCC": "AB123", "MPIN": "654321", "TOTP_SECRET": "JBSWY3DPEHPK3PXP",
        "ACCESS_TOKEN": "consumer-key",
    }.items()
}  # fmt: skip

_Returned = TypeVar("_Returned")
Reply = httpx.Response | Exception | dict[str, Any] | list[Any] | str
Answering = Callable[[httpx.Request], Reply | Awaitable[Reply]]


def jwt(number: int, expires_at: datetime = MIDNIGHT) -> str:
    """A token of the right shape that tells when it expires."""
    parts = ({"alg": "RS256"}, {"exp": int(expires_at.timestamp()), "n": number})
    encoded = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*encoded, "c2ln"))


class Neo:
    """Answers what was told last for a path; a list of answers is used up one by one, the last one stays."""

    def __init__(self, clock: SimClock) -> None:
        self.clock = clock
        self.requests: list[httpx.Request] = []
        self.expires_at = MIDNIGHT
        self._logins = 0
        self._told: dict[str, list[Reply | Answering]] = defaultdict(list)
        self.tell(FIRST, self._view)
        self.tell(SECOND, self._trade)
        for path in (POSITIONS, ORDERS, TRADES):
            self.tell(path, NO_DATA)
        self.tell(LIMITS, {"stat": "Ok", "stCode": 200, "Net": "100000.00", "MarginUsed": "0.00"})
        self.tell(QUOTES, [])
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self._handle), timeout=5)

    def tell(self, path: str, *replies: Reply | Answering) -> None:
        """Say what a path answers from now on."""
        self._told[path] = list(replies)

    def count(self, path: str) -> int:
        """How often a path was asked."""
        return len(self.asked(path))

    def asked(self, path: str) -> list[httpx.Request]:
        """The requests to a path."""
        return [request for request in self.requests if path in request.url.path]

    def forms(self, path: str) -> list[dict[str, str]]:
        """The `jData` of the requests to a path."""
        return [json.loads(parse_qs(request.content.decode())["jData"][0]) for request in self.asked(path)]

    def _view(self, _request: httpx.Request) -> Reply:
        return {"data": {"token": "view-token", "sid": "view-sid", "kType": "View", "status": "success"}}

    def _trade(self, _request: httpx.Request) -> Reply:
        self._logins += 1
        return {
            "data": {
                "token": jwt(self._logins, self.expires_at), "sid": f"sid-{self._logins}", "kType": "Trade",
                "baseUrl": BASE, "dataCenter": "E43", "status": "success", "ucc": "AB123", "kId": "ABCDE1234F",
            }
        }  # fmt: skip

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = next((path for path in self._told if path in request.url.path), None)
        if path is None:
            return httpx.Response(404, text="<html>not here</html>")
        told = self._told[path]
        reply = told.pop(0) if len(told) > 1 else told[0]
        if callable(reply):
            found = reply(request)
            reply = await found if isinstance(found, Awaitable) else found
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, httpx.Response):
            # One told answer may be given again.
            return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)
        return httpx.Response(200, text=reply) if isinstance(reply, str) else httpx.Response(200, json=reply)


class Kept:
    """A keeper of sessions in memory."""

    def __init__(self, session: SavedSession | None = None) -> None:
        self.session = session

    def load(self, broker: str, account: str) -> SavedSession | None:
        return self.session

    def save(self, session: SavedSession) -> None:
        self.session = session

    def forget(self, broker: str, account: str) -> None:
        self.session = None


class Files:
    """A cache of files in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, date], bytes] = {}

    def load(self, broker: str, name: str, on: date) -> bytes | None:
        return self.kept.get((name, on))

    def last(self, broker: str, name: str, before: date) -> tuple[date, bytes] | None:
        days = [(day, body) for (kept, day), body in self.kept.items() if kept == name and day < before]
        return max(days, default=None)

    def save(self, broker: str, name: str, on: date, body: bytes) -> None:
        self.kept[name, on] = body


def abilities(**others: Truth) -> Capabilities:
    """Everything is there but what Kotak lacks, and what is said otherwise."""
    lacks = {"stop_market": Truth.FALSE, "logout_call": Truth.FALSE, "kill_switch_api": Truth.FALSE, **others}
    lines = {one: Ability(lacks.get(one.value, Truth.TRUE), "the test", note="as told") for one in Capability}
    return Capabilities("kotak", MappingProxyType(lines))


class Desk:
    """One account at a `Neo`, on a stepped clock."""

    def __init__(
        self, *, keeper: Kept | None = None, cache: Files | None = None, budget: Budget | None = None, **others: Any
    ) -> None:
        self.clock = others.pop("clock", None) or SimClock(START)
        self.neo = Neo(self.clock)
        self.broker = KotakBroker(
            "family-1",
            Credentials.of(SECRETS),
            others.pop("capabilities", abilities()),
            self.neo.http,
            self.clock,
            budget or Budget(self.clock),
            ContractFiles(cache),
            keeper,
            **others,
        )

    def run(self, work: Coroutine[Any, Any, _Returned]) -> _Returned:
        """Do some work, letting time go by only where everybody waits for it."""
        return self.run_all(lambda: work)

    def run_all(self, work: Callable[[], Coroutine[Any, Any, _Returned]]) -> _Returned:
        """As `run`, of work that is made inside the loop."""
        import asyncio

        return asyncio.run(self.clock.drive(work()))

    def passed(self) -> timedelta:
        """How much time has gone by."""
        return self.clock.now() - START


def contract(symbol: str = "NIFTY26NOV24000CE", token: str | None = "61000") -> Instrument:
    """A contract in Kotak's spelling."""
    return Instrument("nse_fo", symbol, InstrumentKind.OPTION, "NIFTY", token=token)


def order(**changes: Any) -> NewOrder:
    """A limit order that makes sense."""
    told: dict[str, Any] = {
        "instrument": contract(), "product": "NRML", "side": Side.BUY, "quantity": exact("75"),
        "type": OrderType.LIMIT, "tag": "RABC234", "price": exact("12.50"),
    }  # fmt: skip
    return NewOrder(**(told | changes))


def order_row(**changes: Any) -> dict[str, Any]:
    """A row of the order book."""
    return {
        "nOrdNo": "261124000000001", "GuiOrdId": "RABC234", "ordSt": "open", "stat": "open", "rejRsn": "--",
        "exSeg": "nse_fo", "trdSym": "NIFTY26NOV24000CE", "sym": "NIFTY", "tok": "61000", "optTp": "CE",
        "stkPrc": "24000.00", "expDt": "24 Nov, 2026", "it": "OPTIDX", "trnsTp": "B", "prcTp": "L", "prod": "NRML",
        "vldt": "DAY", "qty": 75, "fldQty": 0, "unFldSz": 75, "prc": "12.50", "trgPrc": "0.00", "avgPrc": "0.00",
        "ordDtTm": "24-Nov-2026 09:30:00", "updRecvTm": 1795494600000000000, "ordGenTp": "NA", "ordModNo": "",
        **changes,
    }  # fmt: skip


def position_row(**changes: Any) -> dict[str, Any]:
    """A row of the position book: a short call of one lot, sold today."""
    return {
        "exSeg": "nse_fo", "trdSym": "NIFTY26NOV24000CE", "sym": "NIFTY", "tok": "61000", "prod": "NRML",
        "optTp": "CE", "stkPrc": "24000.00", "type": "OPTIDX", "expDt": "24 Nov, 2026", "cfBuyQty": "0",
        "cfSellQty": "0", "cfBuyAmt": "0.00", "cfSellAmt": "0.00", "flBuyQty": "0", "flSellQty": "75",
        "buyAmt": "0.00", "sellAmt": "937.50", "brdLtQty": 75, "lotSz": "75", "multiplier": "1", "precision": "2",
        "genNum": "1", "genDen": "1", "prcNum": "1", "prcDen": "1", "hsUpTm": "2026/11/24 09:30:00", **changes,
    }  # fmt: skip


def book(*rows: dict[str, Any], stat: str = "ok") -> dict[str, Any]:
    """A book with rows."""
    return {"stat": stat, "stCode": 200, "data": list(rows)}
