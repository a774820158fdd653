"""Rekha's own snapshot file, for users, tests and features: text to snapshot and back, nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from engine.brokers.cost import with_entry_price
from engine.brokers.indian_symbols import instrument
from engine.domain.enums import CancelledBy, OrderStatus, OrderType
from engine.domain.instrument import Instrument
from engine.domain.numbers import CONTEXT, ONE, ZERO
from engine.domain.snapshot import (
    Book,
    Fill,
    Funds,
    Leg,
    Link,
    Missing,
    Order,
    OrderEvent,
    Quote,
    Snapshot,
)
from engine.runtime.snapshot_keys import CONTRACT_KEYS, DEFAULTS, FULL_DAY, SHORT_DAY, row_id
from engine.runtime.snapshot_reader import read_values
from engine.runtime.snapshot_render import LEG_KEY, render_snapshot

Row = TypeVar("Row")
Values = dict[str, Any]

__all__ = ["parse_snapshot", "render_snapshot"]

NOT_IN_FILE = Missing("not in the file")


def parse_snapshot(text: str, name: str) -> Snapshot:
    """
    Return the snapshot a file spells; `name` stands in messages. The file's form is `schemas/snapshot.schema.json`.

    A part that is left out is Missing. What a contract's keys leave out is read from its symbol.
    Raises: SettingsError with every problem and its place.
    """
    values = read_values(text, name)
    taken_at: datetime = values["taken_at"]
    snapshot = Snapshot(
        account=values["account"],
        taken_at=taken_at,
        positions=_book(values, "positions", taken_at, _leg),
        orders=_book(values, "orders", taken_at, _order),
        fills=_book(values, "fills", taken_at, _fill),
        funds=_funds(values.get("funds"), taken_at),
        quotes=_book(values, "quotes", taken_at, _quote),
        link=Link(**values.get("link", {})),
    )
    doubts = ((tuple(row[key] for key in LEG_KEY), row["reason"]) for row in values.get("doubted", []))
    return replace(snapshot, doubted=tuple(doubts))


def _book(values: Values, part: str, taken_at: datetime, row: Callable[[Values, int], Row]) -> Book[Row] | Missing:
    given = values.get(part)
    if given is None:
        return NOT_IN_FILE
    block: Values = {"rows": given} if isinstance(given, list) else given
    if "missing" in block:
        return Missing(block["missing"])
    made = tuple(row(item, number) for number, item in enumerate(block["rows"], start=1))
    return Book(made, block.get("taken_at") or taken_at, block.get("as_of"))


def _funds(block: Values | None, taken_at: datetime) -> Funds | Missing:
    if block is None:
        return NOT_IN_FILE
    if "missing" in block:
        return Missing(block["missing"])
    return Funds(
        taken_at=block.get("taken_at") or taken_at,
        margin_available=block.get("margin_available"),
        margin_used=block.get("margin_used"),
        capital=block.get("capital"),
        reported_mtm=block.get("reported_mtm"),
        as_of=block.get("as_of"),
    )


def _contract(values: Values) -> Instrument:
    told = instrument(values.get("exchange", DEFAULTS["exchange"]), values["symbol"])
    return replace(told, **{key: values[key] for key in CONTRACT_KEYS if key in values})


def _rest(values: Values, *done: str) -> Values:
    """Return the values that carry the names of a row's own fields."""
    return {key: value for key, value in values.items() if key not in CONTRACT_KEYS and key not in done}


def _leg(values: Values, _number: int) -> Leg:
    short = any(key in values for key in SHORT_DAY)
    figures = _short_figures(values) if short else _full_figures(values)
    moved = CONTEXT.subtract(figures["day_buy_quantity"], figures["day_sell_quantity"])
    net = values.get("net_quantity")
    if net is None:
        net = CONTEXT.add(figures["opening_quantity"], moved)
    elif not short and not any(key in values for key in FULL_DAY):
        # Only what is held: carried, at a settlement nobody told.
        figures |= {"opening_quantity": net, "opening_value": None if net else ZERO}
    others = _rest(values, *SHORT_DAY, *FULL_DAY, "net_quantity", "product", "number")
    leg = Leg(
        instrument=_contract(values),
        product=values.get("product", DEFAULTS["product"]),
        net_quantity=net,
        number=int(values.get("number", ONE)),
        **figures,
        **others,
    )
    return with_entry_price(leg) if short and "entry_price" not in values else leg


def _full_figures(values: Values) -> Values:
    figures: Values = {}
    for quantity, value in (FULL_DAY[:2], FULL_DAY[2:4], FULL_DAY[4:]):
        figures[quantity] = values.get(quantity, ZERO)
        figures[value] = values.get(value, None if figures[quantity] else ZERO)
    return figures


def _short_figures(values: Values) -> Values:
    factor = values.get("factor", ONE)
    carried = values.get("carried", (ZERO, ZERO))
    bought, sold = _together(values.get("bought", []), factor), _together(values.get("sold", []), factor)
    opening = _together([carried], factor)
    return dict(zip(FULL_DAY, (*opening, *bought, *sold), strict=True))


def _together(trades: list[tuple[Decimal, Decimal]], factor: Decimal) -> tuple[Decimal, Decimal | None]:
    units, value = ZERO, ZERO
    for quantity, price in trades:
        units = CONTEXT.add(units, quantity)
        value = CONTEXT.add(value, CONTEXT.multiply(CONTEXT.multiply(quantity, price), factor))
    # A price of 0 is one that is not there, as in the brokers' books.
    return units, None if any(quantity and not price for quantity, price in trades) else value


def _order(values: Values, _number: int) -> Order:
    history = values.get("history")
    filled = values["quantity"] if values["status"] is OrderStatus.FILLED else ZERO
    given = {
        "product": DEFAULTS["product"],
        "type": OrderType.LIMIT,
        "filled_quantity": filled,
        "cancelled_by": CancelledBy.UNKNOWN,
        **_rest(values, "history"),
    }
    events = None if history is None else tuple(OrderEvent(**event) for event in history)
    return Order(instrument=_contract(values), history=events, **given)


def _fill(values: Values, number: int) -> Fill:
    given = {"id": row_id(number), "order_id": "", "product": DEFAULTS["product"], **_rest(values)}
    return Fill(instrument=_contract(values), **given)


def _quote(values: Values, _number: int) -> Quote:
    depth = "bid" in values or "ask" in values
    return Quote(**{"exchange": DEFAULTS["exchange"], "last_price": None, "has_depth": depth, **values})
