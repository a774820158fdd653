"""A small day at the simulated Kotak Neo, called in process, without an event loop in the tests."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import httpx
import pyotp

from engine.domain.enums import InstrumentKind, Right
from engine.sim.clock import SimClock
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.setup import Account, Carried, Done, SessionTimes, Setup, Tick
from engine.sim.exchange.words import Contract, Level
from engine.sim.fault_layer import FaultLayer
from engine.sim.faults import Fault, FaultKind, Faults
from engine.sim.in_process import InProcess
from engine.sim.kotak.credentials import Credentials, made_credentials
from engine.sim.kotak.wire import KotakWire, Manner

ON = date(2026, 11, 23)
# 10:00 in India.
START = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
UCC = "AB123"
OTHER = "XY987"
CALL, PUT = "NIFTY26NOV24000CE", "NIFTY26NOV24000PE"
SECOND = timedelta(seconds=1)
# The clock stands still in most tests: whatever they ask is asked in the same second.
UNLIMITED = Manner(calls_per_second=None)


def option(symbol: str, token: str, right: Right, **changes: Any) -> Contract:
    plainly = Contract(
        exchange="NFO", symbol=symbol, token=token, kind=InstrumentKind.OPTION, underlying="NIFTY",
        lot_size=Decimal(65), tick_size=Decimal("0.05"), freeze_quantity=Decimal(1800), previous_close=Decimal(100),
        low=Decimal("0.05"), high=Decimal(900), expiry=date(2026, 11, 24), strike=Decimal(24000), right=right,
    )  # fmt: skip
    return replace(plainly, **changes)


def plain(exchange: str, symbol: str, token: str, kind: InstrumentKind, close: str, **changes: Any) -> Contract:
    plainly = Contract(
        exchange=exchange, symbol=symbol, token=token, kind=kind, underlying=symbol, lot_size=Decimal(1),
        tick_size=Decimal("0.05"), freeze_quantity=Decimal(100_000), previous_close=Decimal(close),
        low=Decimal(close) / 2, high=Decimal(close) * 2,
    )  # fmt: skip
    return replace(plainly, **changes)


CONTRACTS = (
    option(CALL, "43125", Right.CALL),
    option(PUT, "43126", Right.PUT),
    plain(
        "NFO", "TCS26NOVFUT", "61304", InstrumentKind.FUTURE, "2112", underlying="TCS", lot_size=Decimal(225),
        expiry=date(2026, 11, 24),
    ),
    plain("BFO", "SENSEX26N2681000CE", "860001", InstrumentKind.OPTION, "120", underlying="SENSEX",
          lot_size=Decimal(20), expiry=date(2026, 11, 26), strike=Decimal(81000), right=Right.CALL),
    plain("NSE", "TCS", "11536", InstrumentKind.EQUITY, "2100"),
    plain("NSE", "NIFTY", "26000", InstrumentKind.INDEX, "24010"),
)  # fmt: skip
SESSION = SessionTimes(datetime(2026, 11, 23, 3, 45, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC))


def level(price: str, quantity: int = 6500) -> Level:
    return Level(Decimal(price), Decimal(quantity), 4)


def tick(symbol: str, last: str, after: int = 0, exchange: str = "NFO", **depth: Any) -> Tick:
    return Tick(START + after * SECOND, (exchange, symbol), Decimal(last), **depth)


def carried(symbol: str, quantity: int, price: str, product: str = "NRML") -> Carried:
    return Carried(("NFO", symbol), product, Decimal(quantity), Decimal(price))


class Reply:
    """What came back."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.text = response.text
        self.headers = response.headers
        self.content = response.content

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.body["data"]

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.rows
        return row


class Day:
    """One wire over one exchange; `session` is what an account sends after its login."""

    def __init__(
        self,
        *,
        ticks: tuple[Tick, ...] = (),
        positions: tuple[Carried, ...] = (),
        done: tuple[Done, ...] = (),
        cash: str = "5000000",
        manner: Manner = UNLIMITED,
        setup: Setup | None = None,
        **changes: Any,
    ) -> None:
        accounts = (
            Account(UCC, Decimal(cash), positions, done, **changes.pop("account", {})),
            Account(OTHER, Decimal(cash)),
        )
        sessions = MappingProxyType(dict.fromkeys(("NFO", "BFO", "NSE"), SESSION))
        small = Setup(START, ON, CONTRACTS, accounts, sessions, (tick(CALL, "100"), *ticks), **changes)
        self.exchange = Exchange(small if setup is None else setup, 7)
        self.clock = SimClock(self.exchange.setup.start)
        self.clock.carry(self.exchange)
        self.faults = Faults()
        self.credentials = {ucc: made_credentials(7, ucc) for ucc in self.exchange.accounts()}
        self.wire = KotakWire(
            self.exchange, self.credentials.values(), clock=self.clock, faults=self.faults, seed=7, manner=manner,
        )  # fmt: skip
        self.app = FaultLayer(
            self.wire.app, self.wire.classify, clock=self.clock, faults=self.faults, ledger=self.exchange.ledger,
            refusals=self.wire.refusals,
        )  # fmt: skip
        self.base = ""
        self.session: dict[str, str] = {}

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any) -> Reply:
        async def go() -> Reply:
            async with httpx.AsyncClient(transport=InProcess(self.app), base_url="http://kotak.test") as client:
                return Reply(await client.request(method, path, headers=headers or {}, **body))

        return asyncio.run(go())

    # --- the login

    def mine(self, ucc: str = UCC) -> Credentials:
        return self.credentials[ucc]

    def opening(self, ucc: str = UCC) -> dict[str, str]:
        return {"Authorization": self.mine(ucc).access_token.reveal(), "neo-fin-key": "neotradeapi"}

    def code(self, ucc: str = UCC) -> str:
        return pyotp.TOTP(self.mine(ucc).totp_secret.reveal()).at(self.clock.now())

    def first_step(self, client: str = UCC, headers: dict[str, str] | None = None, **changes: Any) -> Reply:
        body = {"mobileNumber": self.mine(client).mobile.reveal(), "ucc": client, "totp": self.code(client), **changes}
        said = {name: value for name, value in body.items() if value is not None}
        return self.request("POST", "/login/1.0/tradeApiLogin", headers or self.opening(client), json=said)

    def second_step(self, view: dict[str, Any], ucc: str = UCC, mpin: str | None = None, **changes: str) -> Reply:
        headers = {**self.opening(ucc), "sid": view["sid"], "Auth": view["token"], **changes}
        body = {"mpin": mpin or self.mine(ucc).mpin.reveal()}
        return self.request("POST", "/login/1.0/tradeApiValidate", headers, json=body)

    def sign_in(self, ucc: str = UCC) -> "Day":
        data = self.second_step(self.first_step(ucc).body["data"], ucc).body["data"]
        self.base = httpx.URL(data["baseUrl"]).path.rstrip("/")
        self.session = {
            "Sid": data["sid"], "Auth": data["token"], "neo-fin-key": "neotradeapi", "accept": "application/json",
            "Authorization": self.mine(ucc).access_token.reveal(),
        }  # fmt: skip
        return self

    # --- what comes after it

    def get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        return self.request("GET", f"{self.base}/{path}", self.session if headers is None else headers)

    def post(self, path: str, form: dict[str, Any], headers: dict[str, str] | None = None) -> Reply:
        sent = self.session if headers is None else headers
        return self.request("POST", f"{self.base}/{path}", sent, data={"jData": json.dumps(form)})

    def place(self, **changes: str) -> Reply:
        form = {
            "am": "NO", "dq": "0", "es": "nse_fo", "mp": "0", "pc": "NRML", "pf": "N", "pr": "100", "pt": "L",
            "qt": "65", "rt": "DAY", "tp": "0", "ts": CALL, "tt": "B", "ig": "R1", **changes,
        }  # fmt: skip
        return self.post("quick/order/rule/ms/place", form)

    def placed(self, **changes: str) -> str:
        """Place an order, let the exchange have it, and return its number."""
        number = self.place(**changes).body["nOrdNo"]
        self.passes()
        return str(number)

    def passes(self, seconds: float = 1) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    def orders(self) -> Reply:
        return self.get("quick/user/orders")

    def order(self, number: str) -> dict[str, Any]:
        (row,) = (row for row in self.orders().rows if row["nOrdNo"] == number)
        return row

    def strike(self, kind: FaultKind, times: int | None = 1, **changes: Any) -> None:
        details = changes.pop("details", {})
        self.faults.add(Fault(kind, times=times, details=MappingProxyType(details), **changes))

    def told(self, kind: str) -> list[dict[str, object]]:
        """The ledger's entries of a kind."""
        return [entry.as_json() for entry in self.exchange.ledger.entries() if entry.kind.value == kind]
