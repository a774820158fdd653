"""Seeded replies of Kite to the polls of one account, as the bytes it sends; nothing is read or measured here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any, Final, NamedTuple

LEGS: Final = 20
LOT: Final = 75
IST: Final = timezone(timedelta(hours=5, minutes=30))

# How the measured poll differs from the one before it.
ALL_NEW: Final = "all new"
FEW_ORDERS: Final = "at most 3 orders new"
SAME_ORDERS: Final = "orders identical"
SAME: Final = "both identical"

_WARM_UP = 3
_ORDERS_A_LEG = 5
_MONDAY = datetime(2026, 11, 16, 9, 16, tzinfo=IST)
_LATEST = timedelta(hours=6)
_OPENING = timedelta(minutes=4)
_SYMBOLS = (("NIFTY", 23_000, 50), ("BANKNIFTY", 49_000, 100))
_COMPANIES = ("RELIANCE", "INFY", "SBIN", "ITC")
_PEAKS = (0, 0, 5_000, 15_000, 40_000, 80_000)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
_TICKS = 20
_STAMP = "%Y-%m-%d %H:%M:%S"
_RISK = "Insufficient funds. Required margin is {:.2f} but available margin is {:.2f}. Check the orderbook."

Row = dict[str, Any]


class Poll(NamedTuple):
    """The replies to one poll, and when they were complete."""

    at: datetime
    positions: bytes
    orders: bytes


class Money(NamedTuple):
    """What GET /user/margins came to; it is asked for much less often than the books."""

    capital: int
    used: int


class Polls(NamedTuple):
    """
    One account of a seeded day.

    contracts: the day's contract file. peak: the day's peak before the first poll. before: the polls that went before;
    measured: the poll after these, by how it differs from the last of them.
    """

    contracts: bytes
    money: Money
    peak: int
    before: tuple[Poll, ...]
    measured: Mapping[str, Poll]


class _Contract(NamedTuple):
    symbol: str
    name: str
    expiry: str
    strike: int
    kind: str
    token: int


@dataclass
class _Leg:
    """A contract that was opened today and, when its stop filled, closed. Prices are in ticks of 0.05."""

    contract: _Contract
    product: str
    short: bool
    units: int
    value: int
    last: int
    closed_at: int | None = None
    stop: Row | None = None


@dataclass
class _Market:
    """One account while it is played. chain: contracts it does not hold."""

    random: Random
    at: datetime
    chain: list[_Contract]
    legs: list[_Leg] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)


def polls_of(seed: int, legs: int = LEGS) -> Polls:
    """
    Return one account's polls, 2 to 3 seconds apart.

    legs: how many contracts it has traded, give or take a fifth; there are five orders for each. What the orders say
    was filled is what the positions say was bought and sold; all of it was opened today.
    """
    random = Random(seed)
    moment = timedelta(days=random.randrange(5), seconds=random.randrange(int(_LATEST.total_seconds())))
    market = _opened(random, _MONDAY + moment + _OPENING, legs)
    before = [_poll(market)]
    for _ in range(_WARM_UP - 1):
        _prices_move(market)
        _orders_change(market)
        before.append(_poll(market))
    capital = random.randint(300, 700) * 10_000
    money = Money(capital, capital * random.randint(20, 95) // 100)
    measured = _measured(market, before[-1])
    contracts = _contract_file([*(leg.contract for leg in market.legs), *market.chain])
    return Polls(contracts, money, random.choice(_PEAKS), tuple(before), measured)


def _measured(market: _Market, last: Poll) -> dict[str, Poll]:
    # Other objects with the same bytes: what comes from a socket is never the very object of the poll before.
    old_positions, old_orders = bytes(bytearray(last.positions)), bytes(bytearray(last.orders))
    _later(market)
    same = Poll(market.at, old_positions, old_orders)
    _prices_move(market, later=False)
    same_orders = Poll(market.at, _positions(market), old_orders)
    _orders_change(market)
    few = Poll(market.at, _positions(market), _orders(market))
    for order in market.orders:
        # The price of the order, not of its fills: every row says something else, and nothing follows from it.
        order["guid"], order["price"] = _guid(market.random), _plain(order["price"] * _TICKS + 1)
    return {
        ALL_NEW: Poll(market.at, few.positions, _orders(market)),
        FEW_ORDERS: few,
        SAME_ORDERS: same_orders,
        SAME: same,
    }


# -- the account ---------------------------------------------------------------------------------------------------


def _opened(random: Random, at: datetime, legs: int) -> _Market:
    count = random.randint(legs - legs // 5, legs + legs // 5)
    market = _Market(random, at, [_contract(random, index) for index in range(count, 3 * count)])
    for index in range(count):
        _trade(market, _future(index) if index % 10 == 9 else _contract(random, index))
    while len(market.orders) < count * _ORDERS_A_LEG:
        _entry(market, random.choice(market.chain))
    market.orders.sort(key=lambda row: str(row["exchange_timestamp"] or row["order_timestamp"]))
    for number, order in enumerate(market.orders):
        _number(market, order, number)
    return market


def _trade(market: _Market, contract: _Contract) -> None:
    """Open a contract in one to three orders and, mostly, place a stop for what was sold."""
    random = market.random
    leg = _Leg(contract, random.choice(("NRML", "NRML", "MIS")), random.random() < 0.6, 0, 0, 0)
    price, at = random.randint(60 * _TICKS, 200 * _TICKS), _moment(market, share=0.8)
    slices = random.choice((1, 1, 2, 3))
    for _ in range(slices):
        units = LOT * random.randint(1, 6 // slices)
        row = _order(leg.contract, leg.product, "SELL" if leg.short else "BUY", "LIMIT", units, price, at)
        _fill(row, price, at)
        market.orders.append(row)
        leg.units, leg.value = leg.units + units, leg.value + units * price
        price, at = price + random.randint(-3, 3), at + timedelta(seconds=random.randint(1, 20))
    leg.last = _later_price(random, price)
    market.legs.append(leg)
    is_option = contract.kind != "FUT"
    if leg.short and is_option and random.random() < 0.94:
        _stop(market, leg, at + timedelta(seconds=random.randint(3, 40)))
    if leg.stop is not None and random.random() < 0.06:
        _stopped(leg, min(market.at, at + timedelta(seconds=random.randint(60, 600))))


def _stop(market: _Market, leg: _Leg, at: datetime) -> None:
    trigger = max(leg.last, leg.value // leg.units) * 2
    leg.stop = _order(leg.contract, leg.product, "BUY", "SL", leg.units, trigger + 20, at)
    leg.stop["trigger_price"] = _plain(trigger)
    leg.stop["status"] = "OPEN" if market.random.random() < 0.03 else "TRIGGER PENDING"
    market.orders.append(leg.stop)


def _stopped(leg: _Leg, at: datetime) -> None:
    assert leg.stop is not None
    leg.closed_at = leg.last
    _fill(leg.stop, leg.last, at)
    leg.stop = None


def _entry(market: _Market, contract: _Contract) -> None:
    """An order that filled nothing: rejected, cancelled, or still open."""
    random = market.random
    at = _moment(market, share=1)
    row = _order(contract, "NRML", "SELL", "LIMIT", LOT * random.randint(1, 12), 90 * _TICKS, at)
    kind = random.choice(("REJECTED", "REJECTED", "CANCELLED", "CANCELLED", "OPEN", "OPEN"))
    if kind == "REJECTED":
        told = _RISK.format(random.uniform(1e5, 9e5), random.uniform(1e3, 9e4))
        row |= {"status": kind, "status_message": told, "status_message_raw": f"RMS:Margin Exceeds, {told}"}
        row |= {"exchange_order_id": None, "exchange_timestamp": None, "exchange_update_timestamp": None}
    elif kind == "CANCELLED":
        _cancelled(row, min(market.at, at + timedelta(seconds=random.randint(5, 300))))
    market.orders.append(row)


def _moment(market: _Market, share: float) -> datetime:
    day = market.at.replace(hour=_MONDAY.hour, minute=_MONDAY.minute, second=0, microsecond=0)
    span = (market.at - day).total_seconds() - 120
    return day + timedelta(seconds=int(market.random.uniform(0, span * share)))


# -- what happens between two polls --------------------------------------------------------------------------------


def _later(market: _Market) -> None:
    market.at += timedelta(milliseconds=market.random.randint(2_000, 3_000))


def _prices_move(market: _Market, *, later: bool = True) -> None:
    if later:
        _later(market)
    for leg in market.legs:
        leg.last = max(1, leg.last + market.random.choice((-9, -4, -2, -1, 1, 2, 4, 9)))


def _orders_change(market: _Market) -> None:
    """At most three rows: a stop that fills, an entry that is cancelled, one that is placed."""
    random, waiting = market.random, [leg for leg in market.legs if leg.stop is not None]
    if waiting and random.random() < 0.15:
        _stopped(random.choice(waiting), market.at)
    resting = [row for row in market.orders if row["status"] == "OPEN" and row["order_type"] == "LIMIT"]
    if resting and random.random() < 0.7:
        _cancelled(random.choice(resting), market.at)
    if random.random() < 0.5:
        row = _order(random.choice(market.chain), "NRML", "SELL", "LIMIT", LOT, 90 * _TICKS, market.at)
        _number(market, row, len(market.orders))
        market.orders.append(row)


def _fill(row: Row, price: int, at: datetime) -> None:
    row |= {"status": "COMPLETE", "average_price": _plain(price), "filled_quantity": row["quantity"]}
    row |= {"pending_quantity": 0, "order_timestamp": at.strftime(_STAMP)}
    row["exchange_update_timestamp"] = row["order_timestamp"]


def _cancelled(row: Row, at: datetime) -> None:
    row |= {"status": "CANCELLED", "cancelled_quantity": row["quantity"], "order_timestamp": at.strftime(_STAMP)}
    row["exchange_update_timestamp"] = row["order_timestamp"]


# -- contracts -----------------------------------------------------------------------------------------------------


def _contract(random: Random, index: int) -> _Contract:
    right = random.choice(("CE", "PE"))
    name, base, step = random.choice(_SYMBOLS)
    strike = base + step * index
    return _Contract(f"{name}26D01{strike}{right}", name, "2026-12-01", strike, right, 12_000_000 + 256 * index)


def _future(index: int) -> _Contract:
    name = _COMPANIES[index // 10 % len(_COMPANIES)]
    return _Contract(f"{name}26DECFUT", name, "2026-12-29", 0, "FUT", 15_000_000 + 256 * index)


def _contract_file(contracts: Iterable[_Contract]) -> bytes:
    head = (
        "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
        "instrument_type,segment,exchange"
    )
    lines = [
        f'{one.token},{one.token // 256},{one.symbol},"{one.name}",0,{one.expiry},{one.strike},0.05,{LOT},{one.kind},'
        f"NFO-{'FUT' if one.kind == 'FUT' else 'OPT'},NFO"
        for one in contracts
    ]
    return "\n".join((head, *lines, "")).encode()


def _later_price(random: Random, opened: int) -> int:
    if random.random() < 0.06:
        return opened * 2 + random.randint(0, 40 * _TICKS)
    return max(1, opened + random.randint(-50 * _TICKS, 48 * _TICKS))


# -- the wire ------------------------------------------------------------------------------------------------------


def _poll(market: _Market) -> Poll:
    return Poll(market.at, _positions(market), _orders(market))


def _positions(market: _Market) -> bytes:
    return _reply({"net": [_position(leg) for leg in market.legs], "day": []})


def _orders(market: _Market) -> bytes:
    return _reply(market.orders)


def _reply(data: object) -> bytes:
    return json.dumps({"status": "success", "data": data}, separators=(",", ":")).encode()


def _plain(ticks: float) -> float:
    """Return a price or an amount as Kite spells it: 72, not 72.0."""
    number = ticks / _TICKS
    return int(number) if number == int(number) else number


def _position(leg: _Leg) -> Row:
    opened = (leg.units, leg.value)
    back = (0, 0) if leg.closed_at is None else (leg.units, leg.units * leg.closed_at)
    (bought, paid), (sold, received) = (back, opened) if leg.short else (opened, back)
    net = bought - sold
    mtm = _plain(received - paid + net * leg.last)
    average = _plain(leg.value / leg.units) if net else 0
    buy_price, sell_price = (_plain(paid / bought) if bought else 0), (_plain(received / sold) if sold else 0)
    return {
        "tradingsymbol": leg.contract.symbol, "exchange": "NFO", "instrument_token": leg.contract.token,
        "product": leg.product, "quantity": net, "overnight_quantity": 0, "multiplier": 1, "average_price": average,
        "close_price": 0, "last_price": _plain(leg.last), "value": _plain(received - paid), "pnl": mtm, "m2m": mtm,
        "unrealised": mtm, "realised": 0, "buy_quantity": bought, "buy_price": buy_price, "buy_value": _plain(paid),
        "buy_m2m": _plain(paid), "sell_quantity": sold, "sell_price": sell_price, "sell_value": _plain(received),
        "sell_m2m": _plain(received), "day_buy_quantity": bought, "day_buy_price": buy_price,
        "day_buy_value": _plain(paid), "day_sell_quantity": sold, "day_sell_price": sell_price,
        "day_sell_value": _plain(received),
    }  # fmt: skip


def _order(contract: _Contract, product: str, side: str, kind: str, units: int, price: int, at: datetime) -> Row:
    """Return an open order as it stands in the book; `_number` gives it its numbers."""
    stamp = at.strftime(_STAMP)
    return {
        "account_id": "AB1234", "placed_by": "AB1234", "order_id": "", "exchange_order_id": "",
        "parent_order_id": None, "status": "OPEN", "status_message": None, "status_message_raw": None,
        "order_timestamp": stamp, "exchange_update_timestamp": stamp, "exchange_timestamp": stamp,
        "variety": "regular", "modified": False, "exchange": "NFO", "tradingsymbol": contract.symbol,
        "instrument_token": contract.token, "order_type": kind, "transaction_type": side, "validity": "DAY",
        "validity_ttl": 0, "product": product, "quantity": units, "disclosed_quantity": 0, "price": _plain(price),
        "trigger_price": 0, "average_price": 0, "filled_quantity": 0, "pending_quantity": units,
        "cancelled_quantity": 0, "market_protection": 0, "meta": {}, "tag": None, "tags": [], "guid": "",
    }  # fmt: skip


def _number(market: _Market, row: Row, number: int) -> None:
    row["order_id"] = f"{market.at:%y%m%d}{100_000_000 + 137 * number}"
    row["guid"] = _guid(market.random)
    if row["exchange_order_id"] is not None:
        row["exchange_order_id"] = str(1_300_000_000_000_000 + 7919 * number)


def _guid(random: Random) -> str:
    return "".join(random.choices(_LETTERS, k=15))
