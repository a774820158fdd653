"""A small trading day for tests of the simulator: two option legs with hedges, a future, an index, one account."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engine.domain.enums import InstrumentKind, OrderType, Right, Side
from engine.sim.exchange.setup import Account, Latencies, SessionTimes, Setup, Span, Tick
from engine.sim.exchange.words import Contract, Level, Ticket

ON = date(2026, 11, 23)
START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 09:30 in India
OPENS, CLOSES = datetime(2026, 11, 23, 3, 45, tzinfo=UTC), datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
EXPIRY = date(2026, 12, 1)
SECOND = timedelta(seconds=1)
AT_ONCE = Latencies(*[Span(0, 0)] * 5)
STEADY = Latencies(*[Span(100, 100)] * 5)

SPOT = Contract(
    "NSE",
    "NIFTY 50",
    "26000",
    InstrumentKind.INDEX,
    "NIFTY",
    Decimal(1),
    Decimal("0.05"),
    Decimal(1),
    Decimal(24000),
    Decimal(0),
    Decimal(99999),
)


def option(strike: int, right: Right, close: str, token: str) -> Contract:
    letter = "C" if right is Right.CALL else "P"
    return Contract(
        "NFO",
        f"NIFTY26D01{strike}{letter}E",
        token,
        InstrumentKind.OPTION,
        "NIFTY",
        Decimal(65),
        Decimal("0.05"),
        Decimal(1800),
        Decimal(close),
        Decimal("0.05"),
        Decimal(close) * 10,
        EXPIRY,
        Decimal(strike),
        right,
    )


CE = option(24200, Right.CALL, "100", "50001")
CE_HEDGE = option(24600, Right.CALL, "20", "50002")
PE = option(23800, Right.PUT, "90", "50003")
PE_HEDGE = option(23400, Right.PUT, "15", "50004")
FUT = Contract(
    "NFO",
    "NIFTY26DECFUT",
    "50005",
    InstrumentKind.FUTURE,
    "NIFTY",
    Decimal(65),
    Decimal("0.05"),
    Decimal(1800),
    Decimal(24050),
    Decimal(21645),
    Decimal(26455),
    date(2026, 12, 29),
)
SHARE = Contract(
    "NSE",
    "RELIANCE",
    "2885",
    InstrumentKind.EQUITY,
    "RELIANCE",
    Decimal(1),
    Decimal("0.1"),
    Decimal(100000),
    Decimal(1400),
    Decimal(1260),
    Decimal(1540),
)

SETUP = Setup(
    start=START,
    trading_date=ON,
    contracts=(SPOT, CE, CE_HEDGE, PE, PE_HEDGE, FUT, SHARE),
    accounts=(Account("AB123", Decimal(1000000)), Account("CD456", Decimal(1000000))),
    sessions={name: SessionTimes(OPENS, CLOSES) for name in ("NSE", "NFO")},
)


def with_rules(setup: Setup = SETUP, **rules: object) -> Setup:
    return replace(setup, rules=replace(setup.rules, **rules))


def tick(contract: Contract, last: str, seconds: int = 0, **depth: tuple[tuple[str, int], ...]) -> Tick:
    """A tick so many seconds after the start; bids and asks as (price, quantity)."""
    levels = {
        side: tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in rows)
        for side, rows in depth.items()
    }
    return Tick(START + seconds * SECOND, contract.key, Decimal(last), **levels)


def ticket(contract: Contract, side: Side, quantity: int, price: str | None = None, **more: object) -> Ticket:
    """A limit order, or a market order without a price, of the product NRML."""
    words = {
        "product": "NRML",
        "type": OrderType.MARKET if price is None else OrderType.LIMIT,
        "price": None if price is None else Decimal(price),
        **more,
    }
    return Ticket(contract.exchange, contract.symbol, side, Decimal(quantity), **words)


def buy(contract: Contract, quantity: int, price: str | None = None, **more: object) -> Ticket:
    return ticket(contract, Side.BUY, quantity, price, **more)


def sell(contract: Contract, quantity: int, price: str | None = None, **more: object) -> Ticket:
    return ticket(contract, Side.SELL, quantity, price, **more)


def stop(side: Side, contract: Contract, quantity: int, trigger: str, price: str, **more: object) -> Ticket:
    """A stop-limit order."""
    return ticket(contract, side, quantity, price, type=OrderType.STOP, trigger_price=Decimal(trigger), **more)
