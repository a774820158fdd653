"""The small market of the conformance scenarios: what a scenario says of it, as an exchange's setup."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engine.domain.enums import InstrumentKind, Right
from engine.sim.exchange.setup import Account, Carried, Latencies, Rules, SessionTimes, Setup, Span, Tick
from engine.sim.exchange.words import Contract, Key, Level

ON = date(2026, 11, 23)
OPENS = datetime(2026, 11, 23, 3, 45, tzinfo=UTC)
CLOSES = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
START = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
AFTER = CLOSES + timedelta(hours=1)
EXPIRY = date(2026, 12, 1)
PRODUCT = "NRML"
LOT, TICK_SIZE, FREEZE = Decimal(65), Decimal("0.05"), Decimal(1800)
LOWEST, HIGHEST = Decimal(10), Decimal(300)
PLENTY = Decimal(650_000)
CODES = {"A": "AB123", "B": "CD456"}
RULES = Rules(latencies=Latencies(*[Span(100, 100)] * 5))

NIFTY = Contract(
    "NSE", "NIFTY 50", "26000", InstrumentKind.INDEX, "NIFTY", Decimal(1), TICK_SIZE, Decimal(1), Decimal(24_000),
    Decimal(0), Decimal(99_999),
)  # fmt: skip
TCS = Contract(
    "NSE", "TCS-EQ", "11536", InstrumentKind.EQUITY, "TCS", Decimal(1), TICK_SIZE, Decimal(99_999), Decimal("3100.50"),
    Decimal(2_800), Decimal(3_400),
)  # fmt: skip
# A day on which one exchange lists nothing at all is none that an adapter has to believe.
SENSEX_CALL = Contract(
    "BFO", "SENSEX26D0380000CE", "850001", InstrumentKind.OPTION, "SENSEX", Decimal(20), TICK_SIZE, Decimal(1000),
    Decimal("210.40"), LOWEST, Decimal(2_100), date(2026, 12, 3), Decimal(80_000), Right.CALL,
)  # fmt: skip


def key_of(name: str) -> Key:
    """The exchange's name of what a scenario calls `24000 CE`."""
    strike, right = name.split()
    return "NFO", f"NIFTY26D01{strike}{right}"


def contract(name: str, previous_close: Decimal, token: str = "59999") -> Contract:
    strike, right = name.split()
    return Contract(
        *key_of(name), token, InstrumentKind.OPTION, "NIFTY", LOT, TICK_SIZE, FREEZE, previous_close, LOWEST, HIGHEST,
        EXPIRY, Decimal(strike), Right.CALL if right == "CE" else Right.PUT,
    )  # fmt: skip


@dataclass
class Market:
    """One contract's market. None: nobody stands on that side."""

    bid: Decimal | None
    ask: Decimal | None
    last: Decimal

    def tick(self, key: Key, at: datetime, size: Decimal = PLENTY) -> Tick:
        sides = [() if price is None else (Level(price, size),) for price in (self.bid, self.ask)]
        return Tick(at, key, self.last, *sides)


@dataclass
class Client:
    """One account as a scenario describes it."""

    cash: Decimal
    carried: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    is_logged_in: bool = False
    knows_secret: bool = True


@dataclass
class World:
    """All that a scenario says before anything is asked."""

    markets: dict[str, Market] = field(default_factory=dict)
    sizes: dict[str, Decimal] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    start: datetime = START

    def contracts(self) -> Iterator[Contract]:
        yield from (NIFTY, TCS, SENSEX_CALL)
        for number, (name, market) in enumerate(self.markets.items(), start=50_001):
            settled = [client.carried[name][1] for client in self.clients.values() if name in client.carried]
            yield contract(name, settled[0] if settled else market.last, str(number))

    def setup(self) -> Setup:
        return Setup(
            start=self.start,
            trading_date=ON,
            contracts=tuple(self.contracts()),
            accounts=tuple(_account(CODES[name], client) for name, client in self.clients.items()),
            sessions={name: SessionTimes(OPENS, CLOSES) for name in ("NSE", "NFO", "BFO")},
            ticks=tuple(
                market.tick(key_of(name), OPENS, self.sizes.get(name, PLENTY)) for name, market in self.markets.items()
            ),
            rules=RULES,
        )


def _account(code: str, client: Client) -> Account:
    carried = tuple(
        Carried(key_of(name), PRODUCT, quantity, price) for name, (quantity, price) in client.carried.items()
    )
    return Account(code, client.cash, carried)
