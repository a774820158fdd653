"""What the broker's books hold in a scenario, and the snapshot file they make; every reading goes through that file."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.domain.snapshot import Snapshot
from engine.runtime.snapshot_file import parse_snapshot

Row = dict[str, Any]
PARTS = ("positions", "orders", "fills", "funds", "quotes")
TICK = Decimal("0.05")

STATUS = {
    "waiting for its trigger": "TRIGGER_PENDING",
    "triggered, resting": "NEW",
    "resting": "NEW",
    "being changed": "PENDING_REPLACE",
    "partly filled": "PARTIALLY_FILLED",
    "filled": "FILLED",
    "cancelled": "CANCELED",
    "rejected": "REJECTED",
    "unheard-of": "UNKNOWN",
}
TYPE = {"stop": "STOP", "stop-market": "STOP_MARKET", "limit": "LIMIT", "market": "MARKET"}


def number(text: str) -> Decimal:
    """An amount as people write it: `-10,500.50`."""
    return Decimal(text.strip().replace(",", ""))


def trades(cell: str) -> list[tuple[Decimal, Decimal]]:
    """`500 @ 100, 500 @ 104` as pairs; an empty cell is no trade."""
    pairs = (part.split("@") for part in cell.split(",") if part.strip())
    return [(Decimal(units.strip()), Decimal(price.strip())) for units, price in pairs]


def exchange_of(symbol: str) -> str:
    if symbol.startswith("CRUDEOIL"):
        return "MCX"
    return "BFO" if symbol.startswith(("SENSEX", "BANKEX")) else "NFO"


def rows_of(table: list[list[str]]) -> list[dict[str, str]]:
    head, *body = table
    return [dict(zip(head, line, strict=True)) for line in body]


@dataclass
class Books:
    """
    The account as the broker holds it.

    day: of every time that names no date. cannot_be_read: parts the next readings miss, with the cause. read_at: parts
    that are older than the reading. shows_nothing: the broker answers with an empty position book, as brokers do.
    """

    day: date
    positions: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    fills: list[Row] = field(default_factory=list)
    quotes: list[Row] | None = None
    funds: Row = field(
        default_factory=lambda: {"margin_available": "500000", "margin_used": "500000", "capital": "1000000"}
    )
    link: Row = field(default_factory=dict)
    cannot_be_read: dict[str, str] = field(default_factory=dict)
    read_at: dict[str, datetime] = field(default_factory=dict)
    shows_nothing: bool = False

    def hold(self, table: list[list[str]]) -> None:
        """
        Read a table of positions: symbol, and any of carried, sold, bought, last, product, exchange, lot, bid, ask.

        What was sold or bought today stands in the order book and the trade book too, at 09:20, sales first.
        """
        for cells in rows_of(table):
            row: Row = {"symbol": cells["symbol"], "exchange": exchange_of(cells["symbol"])}
            row |= {key: cells[key] for key in ("product", "exchange") if cells.get(key)}
            row |= {"lot_size": number(cells["lot"])} if cells.get("lot") else {}
            row |= {key: trades(cells[key]) for key in ("carried", "sold", "bought") if cells.get(key)}
            for key, side in (("sold", "SELL"), ("bought", "BUY")):
                for units, price in row.get(key, []):
                    self._enter(side, cells["symbol"], units, price, cells.get("product"))
            row["last_price"] = number(cells["last"]) if cells.get("last") else None
            self.positions.append(row)
            if cells.get("bid") or cells.get("ask"):
                self.quote(cells["symbol"], cells.get("bid", ""), cells.get("ask", ""), cells.get("last", ""))

    def enter(self, table: list[list[str]]) -> None:
        """Read a table of orders: id, side, type, symbol, quantity, status, and any of filled, trigger, placed, …"""
        for cells in rows_of(table):
            row: Row = {
                "id": cells["id"],
                "symbol": cells["symbol"],
                "exchange": exchange_of(cells["symbol"]),
                "side": cells["side"].upper(),
                "type": TYPE[cells["type"]],
                "quantity": number(cells["quantity"]),
                "status": STATUS[cells["status"]],
            }
            columns = {
                "lot": "lot_size",
                "filled": "filled_quantity",
                "trigger": "trigger_price",
                "average": "average_price",
            }
            row |= {key: number(cells[column]) for column, key in columns.items() if cells.get(column)}
            stamps = {"placed": "placed_at", "updated": "updated_at"}
            row |= {key: self.stamp(cells[column]) for column, key in stamps.items() if cells.get(column)}
            row |= {
                key: cells[key]
                for key in ("product", "cancelled_by", "status_text", "tag", "source", "parent_id", "variety")
                if cells.get(key)
            }
            self.orders.append(row)

    def quote(self, symbol: str, bid: str, ask: str, last: str) -> None:
        """Set the market of a contract; an empty side is one nobody is on."""
        sides = {"bid": bid, "ask": ask, "last_price": last}
        row: Row = {"symbol": symbol, "exchange": exchange_of(symbol)}
        row |= {key: number(text) if text else None for key, text in sides.items()}
        self.quotes = [quote for quote in self.quotes or [] if quote["symbol"] != symbol] + [row]

    def index(self, symbol: str, price: Decimal) -> None:
        """Let the quotes show an index, or anything else that is no position of ours, at a price, without depth."""
        row: Row = {"symbol": symbol, "exchange": "NSE", "last_price": price}
        self.quotes = [quote for quote in self.quotes or [] if quote["symbol"] != symbol] + [row]

    def stamp(self, text: str) -> str:
        """A time of the day, or a whole date and time of another: `2026-11-17 15:20`."""
        return f"{text.replace(' ', 'T') if '-' in text else f'{self.day}T{text}'}+05:30"

    def next_day(self, day: date) -> None:
        """Let the clearing house settle: what is open is carried at its last price, the day's books are empty."""
        self.day = day
        held = [row for row in self.positions if _net(row)]
        kept = ("symbol", "exchange", "product", "last_price")
        self.positions = [
            {key: row[key] for key in kept if key in row} | {"carried": [(_net(row), row["last_price"])]}
            for row in held
        ]
        self.orders, self.fills = [], []

    def position(self, symbol: str) -> Row:
        return next(row for row in self.positions if row["symbol"] == symbol)

    def order(self, order_id: str) -> Row:
        return next(row for row in self.orders if row["id"] == order_id)

    def price(self, symbol: str, price: Decimal | None) -> None:
        """Let a contract trade at a price, bid and offer a tick around it; None: the price is missing."""
        self.position(symbol)["last_price"] = price
        for row in self.quotes or []:
            if row["symbol"] == symbol:
                sides = (None, None) if price is None else (price - TICK, price + TICK)
                row |= {"last_price": price, "bid": sides[0], "ask": sides[1]}

    def mtm(self, target: Decimal) -> None:
        """Move the price of the first open position until the day's result is exactly this."""
        mover = next(row for row in self.positions if _net(row))
        others = sum(
            (_net(row) * row["last_price"] for row in self.positions if row is not mover and _net(row)), Decimal()
        )
        price = (target - others - sum((_flow(row) for row in self.positions), Decimal())) / _net(mover)
        assert price > 0, f"{mover['symbol']} would have to trade at {price}"
        assert price * _net(mover) + others + sum(map(_flow, self.positions)) == target, "no price gives this exactly"
        self.price(mover["symbol"], price)

    def fill_order(self, order_id: str, quantity: Decimal | None, price: Decimal, at: datetime) -> None:
        """Let an order fill, wholly or in part: its row, the trade and the position all show it."""
        order = self.order(order_id)
        filled = order.get("filled_quantity", Decimal())
        quantity = order["quantity"] - filled if quantity is None else quantity
        order["filled_quantity"] = filled + quantity
        order["status"] = "FILLED" if order["filled_quantity"] == order["quantity"] else "PARTIALLY_FILLED"
        order |= {"average_price": price, "updated_at": at.isoformat()}
        self._fill(order_id, order["side"], order["symbol"], quantity, price, at.isoformat(), order.get("product"))
        self._move(order["symbol"], order["side"], quantity, price, order.get("product"))

    def traded(self, side: str, quantity: Decimal, symbol: str, price: Decimal, at: datetime) -> None:
        """Let the trader trade: the trade book and the position show it."""
        self._fill(f"M{len(self.fills) + 1}", side, symbol, quantity, price, at.isoformat())
        self._move(symbol, side, quantity, price, None)

    def change_order(self, order_id: str, status: str, at: datetime) -> None:
        self.order(order_id).update(status=STATUS[status], updated_at=at.isoformat())

    def reading(self, account: str, at: datetime) -> Snapshot:
        """Return what a poll at that instant reads, by way of a snapshot file."""
        given = {name: getattr(self, name) for name in PARTS if getattr(self, name) is not None}
        given["positions"] = [
            row | {"carried": row["carried"][0]} if "carried" in row else row
            for row in ([] if self.shows_nothing else self.positions)
        ]
        form: Row = {"account": account, "taken_at": at.isoformat(), "link": self.link}
        for name, part in given.items():
            if name in self.cannot_be_read:
                form[name] = {"missing": self.cannot_be_read[name]}
            else:
                block = dict(part) if name == "funds" else {"rows": part}
                form[name] = block | {"taken_at": self.read_at.get(name, at).isoformat()}
        return parse_snapshot(json.dumps(form, default=str), "reading.json")

    def _enter(self, side: str, symbol: str, quantity: Decimal, price: Decimal, product: str | None) -> None:
        entry, at = f"E{len(self.fills) + 1}", self.stamp("09:20:00")
        order = {"id": entry, "symbol": symbol, "exchange": exchange_of(symbol), "side": side, "type": "LIMIT"}
        order |= {"quantity": quantity, "status": "FILLED", "average_price": price, "placed_at": at, "updated_at": at}
        self.orders.append(order | ({"product": product} if product else {}))
        self._fill(entry, side, symbol, quantity, price, at, product)

    def _move(self, symbol: str, side: str, quantity: Decimal, price: Decimal, product: str | None) -> None:
        rows = [row for row in self.positions if row["symbol"] == symbol]
        if not rows:
            rows = [{"symbol": symbol, "exchange": exchange_of(symbol), "last_price": price}]
            rows[0] |= {"product": product} if product else {}
            self.positions += rows
        rows[0].setdefault("bought" if side == "BUY" else "sold", []).append((quantity, price))

    def _fill(
        self,
        order_id: str,
        side: str,
        symbol: str,
        quantity: Decimal,
        price: Decimal,
        at: str,
        product: str | None = None,
    ) -> None:
        row = {"id": f"T{len(self.fills) + 1}", "order_id": order_id, "symbol": symbol, "exchange": exchange_of(symbol)}
        row |= {"side": side, "quantity": quantity, "price": price, "filled_at": at}  # type: ignore[dict-item]
        self.fills.append(row | ({"product": product} if product else {}))


def span(text: str) -> timedelta:
    """`34s`, `2m`, `1m30s`."""
    minutes, _, rest = text.partition("m") if "m" in text else ("0", "", text)
    return timedelta(minutes=int(minutes), seconds=int(rest.removesuffix("s") or 0))


def _net(row: Row) -> Decimal:
    signed = ((Decimal(1), "carried"), (Decimal(1), "bought"), (Decimal(-1), "sold"))
    return sum((sign * units for sign, key in signed for units, _ in row.get(key, [])), Decimal())


def _flow(row: Row) -> Decimal:
    signed = ((Decimal(-1), "carried"), (Decimal(-1), "bought"), (Decimal(1), "sold"))
    return sum((sign * units * price for sign, key in signed for units, price in row.get(key, [])), Decimal())
