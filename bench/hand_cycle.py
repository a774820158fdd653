"""The whole cycle as a programmer writes it by hand: replies to plain dicts, facts in floats; conditions elsewhere."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from io import StringIO
from typing import Any, Final, NamedTuple

from bench.bodies import Money, Poll

Row = dict[str, Any]
Loads = Callable[[bytes], Any]

_DEAD: Final = ("COMPLETE", "REJECTED", "CANCELLED")
_STOPS: Final = ("SL", "SL-M")
_WEEKDAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_CLOSES: Final = (15, 40)
_HELD: Final = timedelta(seconds=3)


class Memory(NamedTuple):
    """The day so far: the highest profit held for three seconds, and the polls of the last seconds."""

    peak: float = 0.0
    polls: tuple[tuple[datetime, float], ...] = ()

    def after(self, at: datetime, mtm: float) -> "Memory":
        """Return the day with one more poll."""
        polls = [*self.polls, (at, mtm)]
        while len(polls) > 1 and at - polls[1][0] >= _HELD:
            del polls[0]
        held = min(one for _, one in polls) if at - polls[0][0] >= _HELD else 0.0
        return Memory(max(self.peak, held), tuple(polls))


class Seen(NamedTuple):
    """The facts of an account and its open positions, by name, and the day with this poll in it."""

    account: Row
    positions: list[Row]
    memory: Memory


def contracts_in(body: bytes) -> dict[str, Row]:
    """Return the contract file by symbol, as it is read once in the morning."""
    return {
        row["tradingsymbol"]: {
            "name": row["name"],
            "strike": float(row["strike"]),
            "lot_size": int(row["lot_size"]),
            "right": row["instrument_type"],
        }
        for row in csv.DictReader(StringIO(body.decode()))
    }


def seen(loads: Loads, poll: Poll, contracts: Mapping[str, Row], money: Money, memory: Memory) -> Seen:
    """Return what one poll says. loads: `json.loads` or `orjson.loads`."""
    rows = [_position(row, contracts[row["tradingsymbol"]]) for row in loads(poll.positions)["data"]["net"]]
    orders = [_order(row) for row in loads(poll.orders)["data"]]
    positions = [row for row in rows if row["net_quantity"]]
    mtm = sum(row["mtm"] for row in rows)
    memory = memory.after(poll.at, mtm)
    closes = poll.at.replace(hour=_CLOSES[0], minute=_CLOSES[1], second=0, microsecond=0)
    midnight = poll.at.replace(hour=0, minute=0, second=0, microsecond=0)
    shorts = [row for row in positions if row["is_option"] and row["is_short"]]
    longs = [row for row in positions if row["is_option"] and not row["is_short"]]
    account = {
        "mtm": mtm,
        "loss": max(0.0, -mtm),
        "profit": max(0.0, mtm),
        "mtm_peak": memory.peak,
        "drawdown": max(0.0, memory.peak - mtm),
        "realized_pnl": sum(row["realized"] for row in rows),
        "capital": float(money.capital),
        "margin_used_pct": 100.0 * money.used / money.capital,
        "open_positions": len(positions),
        "short_option_legs": len(shorts),
        "long_option_legs": len(longs),
        "naked_short_legs": _naked(shorts, longs),
        "minutes_to_close": (closes - poll.at).total_seconds() / 60,
        "weekday": _WEEKDAYS[poll.at.weekday()],
        "time": (poll.at - midnight).total_seconds(),
    }
    account |= _of_orders(orders, rows, shorts, midnight)
    return Seen(account, positions, memory)


def _position(row: Row, contract: Row) -> Row:
    quantity, bought, sold = row["quantity"], row["day_buy_quantity"], row["day_sell_quantity"]
    paid, received = row["day_buy_value"], row["day_sell_value"]
    mtm = received - paid + quantity * row["last_price"] * row["multiplier"]
    matched = min(bought, sold)
    return {
        "symbol": row["tradingsymbol"],
        "product": row["product"],
        "underlying": contract["name"],
        "right": contract["right"],
        "strike": contract["strike"],
        "net_quantity": quantity,
        "lots": abs(quantity) / contract["lot_size"],
        "mark": row["last_price"],
        "entry_price": received / sold if quantity < 0 else paid / bought,
        "mtm": mtm,
        "loss": max(0.0, -mtm),
        "realized": matched * (received / sold - paid / bought) if matched else 0.0,
        "is_short": quantity < 0,
        "is_option": contract["right"] != "FUT",
        "was_sold": sold > 0,
    }


def _order(row: Row) -> Row:
    return {
        "key": (row["tradingsymbol"], row["product"]),
        "side": row["transaction_type"],
        "type": row["order_type"],
        "status": row["status"],
        "pending": row["pending_quantity"],
        "filled": row["filled_quantity"],
        "at": datetime.fromisoformat(row["order_timestamp"]),
    }


def _naked(shorts: Iterable[Row], longs: Iterable[Row]) -> int:
    """Return how many shorts the longs of the same underlying and right do not cover, nearest strikes first."""
    units: dict[tuple[str, str], float] = defaultdict(float)
    for row in longs:
        units[row["underlying"], row["right"]] += row["net_quantity"]
    naked = 0
    for row in sorted(shorts, key=lambda row: row["strike"] if row["right"] == "CE" else -row["strike"]):
        group = row["underlying"], row["right"]
        units[group] += row["net_quantity"]
        naked += units[group] < 0
    return naked


def _of_orders(orders: list[Row], rows: list[Row], shorts: list[Row], midnight: datetime) -> Row:
    sold = {(row["symbol"], row["product"]) for row in rows if row["is_option"] and row["was_sold"]}
    open_shorts = {(row["symbol"], row["product"]) for row in shorts}
    stops = [order for order in orders if order["side"] == "BUY" and order["type"] in _STOPS]
    waiting: dict[tuple[str, str], int] = defaultdict(int)
    for order in stops:
        if order["status"] not in _DEAD:
            waiting[order["key"]] += order["pending"]
    today = midnight.date()
    return {
        "unprotected_short_legs": sum(waiting[row["symbol"], row["product"]] < -row["net_quantity"] for row in shorts),
        "stop_loss_hit": any(order["status"] == "COMPLETE" and order["key"] in sold for order in stops),
        "stop_triggered_unfilled": any(order["status"] == "OPEN" and order["key"] in open_shorts for order in stops),
        "rejections": sum(order["status"] == "REJECTED" for order in orders),
        "open_orders": sum(order["status"] not in _DEAD for order in orders),
        "orders_today": sum(order["at"].date() == today for order in orders),
    }
