"""Seeded accounts at some moment of one trading day, and what the catalogue says of them; no measuring here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

from bench.books import Loaded
from engine.core.env import AccountEnv
from engine.core.evaluate import AccountState, perceive
from engine.domain.account import Account
from engine.domain.enums import InstrumentKind, OrderStatus, OrderType, Right, Side
from engine.domain.instrument import Expiry, Instrument
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Book, Fill, Funds, Leg, Order, Snapshot
from engine.domain.values import Unknown, Value, unknown
from engine.facts.catalogue import CATALOGUE
from engine.facts.memory import DayMemory
from engine.policy import ir
from engine.runtime.calendars import calendar_for

LEGS = 20
_ORDERS_A_LEG = 5
_IST = timezone(timedelta(hours=5, minutes=30))
_MONDAY = datetime(2026, 11, 16, 9, 20, tzinfo=_IST)
_LOT = Decimal(75)
_TICK = Decimal("0.05")
_ACCOUNT = Account("A1", calendar=calendar_for("NSE"))


@dataclass(frozen=True, slots=True)
class Row:
    """One position with the fields the conditions read."""

    name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What every subject of a measurement is given: facts by name and rows, computed once by the catalogue."""

    now: datetime
    facts: Mapping[str, Any]
    all_rows: Mapping[str, tuple[Row, ...]]
    values: Mapping[str, ir.Node]

    def fact(self, name: str) -> Value:
        """Return a fact."""
        value: Value = self.facts[name]
        return value

    def rows(self, plural: str) -> tuple[Row, ...]:
        """Return the rows of a kind."""
        return self.all_rows[plural]

    def field(self, plural: str, row: Row, field: str) -> Value:
        """Return a field of a row."""
        value: Value = row.fields[field]
        return value

    def key(self, plural: str, row: Row) -> str:
        """Return a row's name."""
        return row.name

    def value(self, name: str) -> ir.Node:
        """Return the expression of a desk value."""
        return self.values[name]

    def call(self, function: str, arguments: tuple[Any, ...]) -> Value:
        raise KeyError(function)

    def past(self, function: str, series: str, row: Any, text: str, current: Value) -> Value:
        raise KeyError(series)

    def read_at(self, name: str) -> datetime | None:
        """Return when a fact was read: now."""
        return self.now

    def without(self, name: str) -> "Seen":
        """Return the same day with one fact unknown, and no bounds for it."""
        return replace(self, facts={**self.facts, name: unknown(f"{name} was not told")})


def seen_days(loaded: Loaded, count: int, legs: int = LEGS) -> list[Seen]:
    """Return so many days with what a book reads, the seeds counted from 0. Raises: ValueError as `seen_day`."""
    return [seen_day(seed, loaded, legs) for seed in range(count)]


def seen_day(seed: int, loaded: Loaded, legs: int = LEGS) -> Seen:
    """
    Return one account of a seeded day with the facts and fields a book reads.

    legs: how many contracts it trades, give or take a fifth; it has five orders for each.
    Raises: ValueError when a fact is unknown; what is measured is conditions, not missing data.
    """
    random = Random(seed)
    now = _MONDAY + timedelta(days=random.randrange(5), seconds=random.randrange(6 * 3600))
    peak = Decimal(random.choice((0, 0, 5_000, 15_000, 40_000, 80_000)))
    memory = DayMemory(trading_date=now.date(), mtm_peak=peak)
    _, view = perceive(_ACCOUNT, snapshot_of(random, now, legs), AccountState(memory=memory), now)
    env = AccountEnv(view, CATALOGUE, {})
    rows: dict[str, tuple[Row, ...]] = {}
    for plural, names in loaded.fields.items():
        found = env.rows(plural)
        if isinstance(found, Unknown):
            raise ValueError(f"seed {seed}: {plural} are unknown: {found.cause}")
        rows[plural] = tuple(
            Row(
                env.key(plural, row), {name: _known(env.field(plural, row, name), name, seed) for name in sorted(names)}
            )
            for row in found
        )
    facts = {name: _known(env.fact(name), name, seed) for name in sorted(loaded.facts)}
    return Seen(now, facts, rows, loaded.program.values)


def _known(value: Value, name: str, seed: int) -> Value:
    if isinstance(value, Unknown):
        raise ValueError(f"seed {seed}: {name} is unknown: {value.cause}")
    return value


def start_of(now: datetime) -> datetime:
    """Return when the day of an instant began to trade."""
    return now.replace(hour=_MONDAY.hour, minute=_MONDAY.minute, second=0)


def snapshot_of(random: Random, now: datetime, legs: int) -> Snapshot:
    """Return a complete reading of an account that trades about so many contracts."""
    count = random.randint(legs - legs // 5, legs + legs // 5)
    traded: list[Leg] = []
    orders: list[Order] = []
    fills: list[Fill] = []
    for index in range(count):
        _trade(random, index, now, traded, orders, fills)
    missing = max(0, count * _ORDERS_A_LEG - len(orders))
    orders += [_entry(random, f"R{index}", _contract(random, index + count), now) for index in range(missing)]
    capital = Decimal(random.randint(300, 700)) * 10_000
    used = capital * random.randint(20, 95) / 100
    money = Funds(now, capital - used, used, capital)
    return Snapshot(
        "A1", now, Book(tuple(traded), now), Book(tuple(orders), now), Book(tuple(fills), now), money,
        Book((), now),
    )  # fmt: skip


def _trade(random: Random, index: int, now: datetime, legs: list[Leg], orders: list[Order], fills: list[Fill]) -> None:
    """One contract opened today, the order it was opened with, and for most sold options a stop."""
    contract = _future(index) if index % 10 == 9 else _contract(random, index)
    product = random.choice(("NRML", "NRML", "MIS"))
    units = _LOT * random.randint(1, 6)
    opened = _price(random, 60, 200)
    last = _later_price(random, opened)
    short = random.random() < 0.6
    stopped = short and contract.is_option and random.random() < 0.06
    side = Side.SELL if short else Side.BUY
    start = start_of(now)
    legs.append(_leg(contract, product, units, opened, last, short=short, stopped=stopped))
    orders.append(_filled(f"E{index}", contract, product, side, units, opened, OrderType.LIMIT, start))
    fills.append(Fill(f"F{index}", f"E{index}", contract, product, side, units, opened, start))
    if stopped:
        orders.append(_filled(f"S{index}", contract, product, Side.BUY, units, last, OrderType.STOP, now))
        fills.append(Fill(f"G{index}", f"S{index}", contract, product, Side.BUY, units, last, now))
    elif short and contract.is_option and random.random() < 0.88:
        orders.append(_stop(random, f"S{index}", contract, product, units, now))


def _contract(random: Random, index: int) -> Instrument:
    right = random.choice((Right.CALL, Right.PUT))
    name, base, step = random.choice((("NIFTY", 23_000, 50), ("BANKNIFTY", 49_000, 100)))
    strike = base + step * index
    symbol = f"{name}26D01{strike}{'CE' if right is Right.CALL else 'PE'}"
    return Instrument(
        "NFO", symbol, InstrumentKind.OPTION, name, Expiry(2026, 12, 1), Decimal(strike), right, _LOT
    )  # fmt: skip


def _future(index: int) -> Instrument:
    name = f"STOCK{index}"
    return Instrument("NFO", f"{name}26DECFUT", InstrumentKind.FUTURE, name, Expiry(2026, 12, 29), None, None, _LOT)


def _price(random: Random, low: int, high: int) -> Decimal:
    return random.randint(low * 20, high * 20) * _TICK


def _later_price(random: Random, opened: Decimal) -> Decimal:
    if random.random() < 0.08:
        return opened * 2 + _price(random, 0, 40)
    return max(_TICK, opened + _price(random, -50, 48))


def _leg(
    contract: Instrument, product: str, units: Decimal, opened: Decimal, last: Decimal, *, short: bool, stopped: bool
) -> Leg:
    """A contract bought or sold today; stopped: sold and bought back at the last price."""
    traded = (units, units * opened)
    if not short:
        return Leg(contract, product, units, ZERO, ZERO, *traded, ZERO, ZERO, last_price=last, entry_price=opened)
    back = (units, units * last) if stopped else (ZERO, ZERO)
    return Leg(
        contract, product, back[0] - units, ZERO, ZERO, *back, *traded, last_price=last, entry_price=opened
    )  # fmt: skip


def _filled(
    id_: str, contract: Instrument, product: str, side: Side, units: Decimal, price: Decimal, kind: OrderType,
    at: datetime,
) -> Order:  # fmt: skip
    trigger = price if kind.is_stop else None
    return Order(
        id_, contract, product, side, kind, OrderStatus.FILLED, units, units, price=price, trigger_price=trigger,
        average_price=price, placed_at=start_of(at), updated_at=at,
    )  # fmt: skip


def _stop(random: Random, id_: str, contract: Instrument, product: str, units: Decimal, now: datetime) -> Order:
    status = OrderStatus.NEW if random.random() < 0.03 else OrderStatus.TRIGGER_PENDING
    return Order(
        id_, contract, product, Side.BUY, OrderType.STOP, status, units, ZERO, trigger_price=Decimal(250),
        placed_at=start_of(now), updated_at=min(now, start_of(now) + timedelta(minutes=1)),
    )  # fmt: skip


def _entry(random: Random, id_: str, contract: Instrument, now: datetime) -> Order:
    status = random.choice((OrderStatus.REJECTED, OrderStatus.CANCELED, OrderStatus.CANCELED, OrderStatus.NEW))
    placed = now - timedelta(seconds=random.randrange(900))
    return Order(
        id_, contract, "NRML", Side.SELL, OrderType.LIMIT, status, _LOT * random.randint(1, 12), ZERO,
        price=Decimal(90), placed_at=placed, updated_at=placed,
    )  # fmt: skip
