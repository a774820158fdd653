"""A snapshot as the one JSON text of it, from which it can be read back exactly."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from engine.brokers.indian_symbols import instrument
from engine.domain.instrument import LAST_OF_MONTH, Expiry, Instrument
from engine.domain.numbers import ONE, canonical
from engine.domain.snapshot import Book, Fill, Funds, Leg, Link, Missing, Order, OrderEvent, Quote, Snapshot
from engine.runtime.snapshot_keys import FULL_DAY

Row = TypeVar("Row")
Values = dict[str, Any]

LEG_KEY = ("exchange", "symbol", "product")


def render_snapshot(snapshot: Snapshot) -> str:
    """Return the one JSON text of a snapshot: numbers as text, instants in UTC; `parse_snapshot` gives it back."""
    taken_at = snapshot.taken_at
    out: Values = {"account": snapshot.account, "taken_at": _stamp(taken_at)}
    if snapshot.link != Link():
        out["link"] = _changed(snapshot.link, Link())
    out["positions"] = _book_out(snapshot.positions, taken_at, _leg_out)
    out["orders"] = _book_out(snapshot.orders, taken_at, _order_out)
    out["fills"] = _book_out(snapshot.fills, taken_at, _fill_out)
    out["funds"] = _funds_out(snapshot.funds, taken_at)
    out["quotes"] = _book_out(snapshot.quotes, taken_at, _quote_out)
    if snapshot.doubted:
        out["doubted"] = [{**dict(zip(LEG_KEY, key, strict=True)), "reason": why} for key, why in snapshot.doubted]
    return json.dumps(out, indent=2) + "\n"


def _book_out(book: Book[Row] | Missing, taken_at: datetime, row: Callable[[Row], Values]) -> Any:
    if isinstance(book, Missing):
        return {"missing": book.cause}
    rows = [row(one) for one in book.rows]
    if book.taken_at == taken_at and book.as_of is None:
        return rows
    return {"taken_at": _stamp(book.taken_at), **_known(as_of=book.as_of), "rows": rows}


def _funds_out(funds: Funds | Missing, taken_at: datetime) -> Values:
    if isinstance(funds, Missing):
        return {"missing": funds.cause}
    times = _known(taken_at=None if funds.taken_at == taken_at else funds.taken_at, as_of=funds.as_of)
    return {
        **_known(
            margin_available=funds.margin_available,
            margin_used=funds.margin_used,
            capital=funds.capital,
            reported_mtm=funds.reported_mtm,
        ),
        **times,
    }


def _contract_out(contract: Instrument) -> Values:
    told = instrument(contract.exchange, contract.symbol)
    return {"symbol": contract.symbol, "exchange": contract.exchange, **_changed(contract, told)}


def _leg_out(leg: Leg) -> Values:
    return {
        **_contract_out(leg.instrument),
        "product": leg.product,
        "net_quantity": _plain(leg.net_quantity),
        **{key: _plain(getattr(leg, key)) for key in FULL_DAY},
        **({} if leg.factor == ONE else {"factor": _plain(leg.factor)}),
        **_known(last_price=leg.last_price, entry_price=leg.entry_price, reported_mtm=leg.reported_mtm),
        **({} if leg.number == 1 else {"number": str(leg.number)}),
    }


def _order_out(order: Order) -> Values:
    bare = Order(
        order.id, order.instrument, order.product, order.side, order.type, order.status, order.quantity,
        order.filled_quantity,
    )  # fmt: skip
    history = {} if order.history is None else {"history": [_event_out(event) for event in order.history]}
    return {
        "id": order.id,
        **_contract_out(order.instrument),
        **{key: _plain(getattr(order, key)) for key in ("product", "side", "type", "status")},
        "quantity": _plain(order.quantity),
        "filled_quantity": _plain(order.filled_quantity),
        **_changed(replace(order, history=None), bare),
        **history,
    }


def _event_out(event: OrderEvent) -> Values:
    return {
        "status": event.status.value,
        "type": event.type.value,
        **_known(at=event.at, trigger_price=event.trigger_price, filled_quantity=event.filled_quantity),
    }


def _fill_out(fill: Fill) -> Values:
    return {
        "id": fill.id,
        "order_id": fill.order_id,
        **_contract_out(fill.instrument),
        **{key: _plain(getattr(fill, key)) for key in ("product", "side", "quantity", "price")},
        **_known(filled_at=fill.filled_at),
    }


def _quote_out(quote: Quote) -> Values:
    sides = {"bid": _plain(quote.bid), "ask": _plain(quote.ask)} if quote.has_depth else {}
    odd = {} if quote.has_depth or (quote.bid is None and quote.ask is None) else {"has_depth": False}
    return {
        "symbol": quote.symbol,
        "exchange": quote.exchange,
        **_known(last_price=quote.last_price),
        **(sides or {**odd, **_known(bid=quote.bid, ask=quote.ask)}),
        **_known(as_of=quote.as_of, traded_at=quote.traded_at),
    }


def _known(**values: Any) -> Values:
    return {key: _plain(value) for key, value in values.items() if value is not None}


def _changed(row: Any, plain: Any) -> Values:
    """Return the fields of a frozen value that differ from another of its kind."""
    names = type(row).__dataclass_fields__
    return {key: _plain(getattr(row, key)) for key in names if getattr(row, key) != getattr(plain, key)}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return canonical(value)
        case datetime():
            return _stamp(value)
        case Expiry():
            month = f"{value.year:04d}-{value.month:02d}"
            return month if value.day == LAST_OF_MONTH else f"{month}-{value.day:02d}"
        case Enum():
            return value.value
        case _:
            return value


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
