"""Seeded accounts at some moment of one trading day, and what the catalogue says of them; no measuring here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

from engine.core.env import AccountEnv
from engine.core.evaluate import AccountState, perceive
from engine.domain.account import Account, Profile
from engine.domain.enums import InstrumentKind, MarkBasis, OrderStatus, OrderType, Right, Side
from engine.domain.instrument import Expiry, Instrument
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Book, Fill, Funds, Leg, Order, Quote, Snapshot
from engine.domain.values import Unknown, Value
from engine.facts.catalogue import CATALOGUE
from engine.facts.memory import DayMemory
from engine.policy import ir
from engine.runtime.calendars import calendar_for

_IST = timezone(timedelta(hours=5, minutes=30))
_DAY = date(2026, 11, 23)
_OPEN = datetime(2026, 11, 23, 9, 20, tzinfo=_IST)
_LOT = Decimal(75)
_TICK = Decimal("0.05")
_ACCOUNT = Account("A1", calendar=calendar_for("NSE"), profile=Profile(mark_basis=MarkBasis.DEPTH))


@dataclass(frozen=True, slots=True)
class Row:
    """One position or order with the fields the conditions read."""

    name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What both sides of the measurement are given: facts by name and rows, computed once, all of them known."""

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

    def read_at(self, name: str) -> datetime | None:
        """Return when a fact was read: now."""
        return self.now


def seen_day(
    seed: int, facts: frozenset[str], fields: Mapping[str, frozenset[str]], values: Mapping[str, ir.Node]
) -> Seen:
    """
    Return one account of a seeded day with the named facts and fields.

    Raises: ValueError when one of them is unknown; the measurement is about conditions, not about missing data.
    """
    random = Random(seed)
    now = _OPEN + timedelta(seconds=random.randrange(6 * 3600))
    memory = DayMemory(trading_date=_DAY, mtm_peak=Decimal(random.choice((0, 0, 2_000, 9_000, 20_000))))
    _, view = perceive(_ACCOUNT, _snapshot(random, now), AccountState(memory=memory), now)
    env = AccountEnv(view, CATALOGUE, {})
    rows: dict[str, tuple[Row, ...]] = {}
    for plural, names in fields.items():
        found = env.rows(plural)
        if isinstance(found, Unknown):
            raise ValueError(f"seed {seed}: {plural} are unknown: {found.cause}")
        rows[plural] = tuple(
            Row(
                env.key(plural, row), {name: _known(env.field(plural, row, name), name, seed) for name in sorted(names)}
            )
            for row in found
        )
    return Seen(now, {name: _known(env.fact(name), name, seed) for name in sorted(facts)}, rows, values)


def _known(value: Value, name: str, seed: int) -> Value:
    if isinstance(value, Unknown):
        raise ValueError(f"seed {seed}: {name} is unknown: {value.cause}")
    return value


def _snapshot(random: Random, now: datetime) -> Snapshot:
    legs: list[Leg] = []
    quotes: list[Quote] = []
    orders: list[Order] = []
    fills: list[Fill] = []
    for index in range(random.randint(2, 8)):
        contract = _contract(random, index)
        units = _LOT * random.randint(1, 6)
        opened, last = _price(random, 60, 200), _price(random, 40, 240)
        short = random.random() < 0.6
        bought_back = units if short and random.random() < 0.12 else ZERO
        legs.append(_leg(contract, units, opened, last, bought_back if short else None))
        quotes.append(
            Quote(
                contract.exchange, contract.symbol, last, has_depth=True, bid=last - _TICK, ask=last + _TICK, as_of=now
            )
        )
        fills.append(
            Fill(f"F{index}", f"E{index}", contract, "NRML", Side.SELL if short else Side.BUY, units, opened, _OPEN)
        )
        if bought_back:
            orders.append(_filled_stop(f"S{index}", contract, units, last, now))
            fills.append(Fill(f"G{index}", f"S{index}", contract, "NRML", Side.BUY, units, last, now))
        elif short and random.random() < 0.85:
            orders.append(_stop(random, f"S{index}", contract, units, now))
    orders += [
        _entry(random, f"R{index}", _contract(random, index + 40), now)
        for index in range(random.choice((0, 0, 1, 2, 3, 4, 4, 9, 12)))
    ]
    used = Decimal(random.randint(100_000, 900_000))
    money = Funds(now, Decimal(1_000_000) - used, used, Decimal(1_000_000))
    return Snapshot(
        "A1", now, Book(tuple(legs), now), Book(tuple(orders), now), Book(tuple(fills), now), money,
        Book(tuple(quotes), now),
    )  # fmt: skip


def _contract(random: Random, index: int) -> Instrument:
    right = random.choice((Right.CALL, Right.PUT))
    strike = 23_000 + 50 * index
    symbol = f"NIFTY26D01{strike}{'CE' if right is Right.CALL else 'PE'}"
    expiry = Expiry(2026, 12, 1)
    return Instrument("NFO", symbol, InstrumentKind.OPTION, "NIFTY", expiry, Decimal(strike), right, _LOT)


def _price(random: Random, low: int, high: int) -> Decimal:
    return random.randint(low * 20, high * 20) * _TICK


def _leg(contract: Instrument, units: Decimal, opened: Decimal, last: Decimal, bought_back: Decimal | None) -> Leg:
    """A leg bought today; with `bought_back` one sold today, of which so much was bought at the last price."""
    traded = (units, units * opened)
    if bought_back is None:
        return Leg(contract, "NRML", units, ZERO, ZERO, *traded, ZERO, ZERO, last_price=last, entry_price=opened)
    back = (bought_back, bought_back * last)
    return Leg(
        contract, "NRML", bought_back - units, ZERO, ZERO, *back, *traded, last_price=last, entry_price=opened
    )  # fmt: skip


def _filled_stop(id_: str, contract: Instrument, units: Decimal, price: Decimal, now: datetime) -> Order:
    return Order(
        id_, contract, "NRML", Side.BUY, OrderType.STOP, OrderStatus.FILLED, units, units, trigger_price=price,
        average_price=price, placed_at=_OPEN, updated_at=now,
    )  # fmt: skip


def _stop(random: Random, id_: str, contract: Instrument, units: Decimal, now: datetime) -> Order:
    status = OrderStatus.NEW if random.random() < 0.05 else OrderStatus.TRIGGER_PENDING
    return Order(
        id_, contract, "NRML", Side.BUY, OrderType.STOP, status, units, ZERO, trigger_price=Decimal(250),
        placed_at=_OPEN, updated_at=min(now, _OPEN + timedelta(minutes=1)),
    )  # fmt: skip


def _entry(random: Random, id_: str, contract: Instrument, now: datetime) -> Order:
    status = random.choice((OrderStatus.REJECTED, OrderStatus.CANCELED, OrderStatus.NEW))
    placed = now - timedelta(seconds=random.randrange(900))
    return Order(
        id_, contract, "NRML", Side.SELL, OrderType.LIMIT, status, _LOT * random.randint(1, 12), ZERO,
        price=Decimal(90), placed_at=placed, updated_at=placed,
    )  # fmt: skip
