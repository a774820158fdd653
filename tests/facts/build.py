"""Builders of small books for the fact tests: a Monday in session, quantities and prices given as plain numbers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.account import Account, Profile
from engine.domain.enums import InstrumentKind, MarkBasis, OrderStatus, OrderType, Right, Side
from engine.domain.instrument import Expiry, Instrument
from engine.domain.session import Session
from engine.domain.snapshot import Book, Fill, Funds, Leg, Missing, Order, OrderEvent, Quote, Snapshot
from engine.domain.values import Unknown, Value
from engine.facts.base import Demands, View
from engine.facts.catalogue import CATALOGUE
from engine.facts.memory import DayMemory
from engine.facts.observe import observe

ZONE = ZoneInfo("Asia/Kolkata")
DAY = date(2026, 11, 23)
EXPIRY = Expiry(2026, 11, 24)
NOT_READ = Missing("the call timed out")


def at(clock: str, day: date = DAY) -> datetime:
    """An instant of the day given as exchange time, as UTC."""
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}").replace(tzinfo=ZONE).astimezone(UTC)


NOW = at("11:00:00")
SESSION = Session(DAY, at("09:15:00"), at("15:30:00"), known=True)
DEPTH = Account("A1", profile=Profile(mark_basis=MarkBasis.DEPTH))
LAST = Account("A1")


def d(number: Any) -> Decimal:
    return Decimal(str(number))


def option(
    strike: int = 24000,
    right: Right | None = Right.CALL,
    *,
    underlying: str | None = "NIFTY",
    expiry: Expiry | None = EXPIRY,
    lot: int | None = 75,
) -> Instrument:
    tag = f"{expiry.year % 100}{expiry.month:02}{expiry.day:02}" if expiry else "000000"
    symbol = f"{underlying or 'X'}{tag}{strike}{'CE' if right is Right.CALL else 'PE'}"
    return Instrument(
        "NFO", symbol, InstrumentKind.OPTION, underlying, expiry, d(strike), right, None if lot is None else d(lot)
    )


def future(underlying: str = "NIFTY") -> Instrument:
    return Instrument("NFO", f"{underlying}26NOVFUT", InstrumentKind.FUTURE, underlying, EXPIRY, lot_size=d(75))


CE = option()
NAME = f"NFO:{CE.symbol}"


def leg(
    instrument: Instrument = CE,
    *,
    bought: tuple[Any, Any] = (0, 0),
    sold: tuple[Any, Any] = (0, 0),
    opening: Any = 0,
    settled: Any = None,
    last: Any = None,
    product: str = "NRML",
    factor: Any = 1,
    **more: Any,
) -> Leg:
    """A row whose day trades are (quantity, average price) and whose carried quantity is valued at `settled`."""
    factor_ = d(factor)
    return Leg(
        instrument,
        product,
        net_quantity=d(opening) + d(bought[0]) - d(sold[0]),
        opening_quantity=d(opening),
        opening_value=None if settled is None else d(opening) * d(settled) * factor_,
        day_buy_quantity=d(bought[0]),
        day_buy_value=d(bought[0]) * d(bought[1]) * factor_,
        day_sell_quantity=d(sold[0]),
        day_sell_value=d(sold[0]) * d(sold[1]) * factor_,
        factor=factor_,
        last_price=None if last is None else d(last),
        **more,
    )


def order(
    id_: str = "S1",
    instrument: Instrument = CE,
    *,
    side: Side = Side.BUY,
    type_: OrderType = OrderType.STOP,
    status: OrderStatus = OrderStatus.FILLED,
    quantity: Any = 75,
    filled: Any = None,
    placed: str | datetime | None = "09:21:00",
    updated: str | datetime | None = "10:30:00",
    product: str = "NRML",
    history: Iterable[tuple[OrderStatus, OrderType]] | None = None,
    **more: Any,
) -> Order:
    if filled is None:
        filled = quantity if status is OrderStatus.FILLED else 0
    return Order(
        id_,
        instrument,
        product,
        side,
        type_,
        status,
        d(quantity),
        d(filled),
        placed_at=at(placed) if isinstance(placed, str) else placed,
        updated_at=at(updated) if isinstance(updated, str) else updated,
        history=None if history is None else tuple(OrderEvent(status, type_) for status, type_ in history),
        **more,
    )


def fill(
    order_id: str,
    side: Side,
    quantity: Any,
    price: Any,
    clock: str | datetime | None,
    instrument: Instrument = CE,
    *,
    product: str = "NRML",
    id_: str | None = None,
) -> Fill:
    filled_at = at(clock) if isinstance(clock, str) else clock
    return Fill(id_ or f"T-{order_id}-{clock}", order_id, instrument, product, side, d(quantity), d(price), filled_at)


def quote(
    instrument: Instrument = CE, last: Any = None, bid: Any = None, ask: Any = None, *, depth: bool = True, **more: Any
) -> Quote:
    one, two, three = (None if price is None else d(price) for price in (last, bid, ask))
    return Quote(instrument.exchange, instrument.symbol, one, depth, two, three, **more)


def funds(taken_at: datetime = NOW, **figures: Any) -> Funds:
    given = {name: None if value is None else d(value) for name, value in figures.items()}
    return Funds(taken_at, **({"margin_available": None, "margin_used": None, "capital": None} | given))


def book(rows: Any, taken_at: datetime) -> Any:
    return rows if isinstance(rows, Missing | Book) else Book(tuple(rows), taken_at)


def snapshot(
    legs: Any = (),
    orders: Any = (),
    fills: Any = (),
    quotes: Any = (),
    money: Funds | Missing | None = None,
    taken_at: datetime = NOW,
    **more: Any,
) -> Snapshot:
    return Snapshot(
        "A1",
        taken_at,
        book(legs, taken_at),
        book(orders, taken_at),
        book(fills, taken_at),
        money or funds(taken_at),
        book(quotes, taken_at),
        **more,
    )


def view(
    reading: Snapshot,
    account: Account = LAST,
    *,
    memory: DayMemory | None = None,
    session: Session = SESSION,
    now: datetime | None = None,
    **demands: Any,
) -> View:
    """The view of a reading, folded into the day's memory as the evaluation does it."""
    now = now or reading.taken_at
    day = observe(memory or DayMemory(), account, reading, session, now)
    return View(account, reading, day, session, now, Demands(**demands))


def after(reading: Snapshot, seconds: Any) -> Snapshot:
    """The same books read again some seconds later."""
    taken_at = reading.taken_at + timedelta(milliseconds=int(d(seconds) * 1000))

    def again(part: Any) -> Any:
        return part if isinstance(part, Missing) else replace(part, taken_at=taken_at)

    parts = {name: again(getattr(reading, name)) for name in ("positions", "orders", "fills", "funds", "quotes")}
    return replace(reading, taken_at=taken_at, **parts)


def fact(name: str, seen: View) -> Value:
    return CATALOGUE.facts[name].compute(seen)


def field(name: str, seen: View, row: Any, plural: str = "legs") -> Value:
    return CATALOGUE.rows[plural].fields[name].compute(seen, row)


def one_leg(seen: View) -> Leg:
    rows = CATALOGUE.rows["legs"].rows(seen)
    assert not isinstance(rows, Unknown)
    return rows[0]


def bounds(value: Value) -> tuple[Any, Any]:
    assert isinstance(value, Unknown), value
    return value.low, value.high
