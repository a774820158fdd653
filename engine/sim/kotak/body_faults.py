"""The faults of a bad day that only who knows the rows can make: a word nobody knows, a row twice, a row missing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from types import MappingProxyType

from engine.sim.exchange.words import Call
from engine.sim.faults import Fault, FaultKind, Faults
from engine.sim.kotak.order_book import Row
from engine.sim.kotak.replies import EMPTY, Answer

UNKNOWN_WORD = "awaiting gateway"


def spoiled(answer: Answer, faults: Faults, account: str, call: Call, now: datetime) -> Answer:
    """
    Return a book's answer as the faults in force leave it; any other answer as it is.

    A fault's `symbol` or `order` names the row, else it is the first; `text` is the word nobody knows.
    """
    body = answer.body
    if not isinstance(body, dict) or not isinstance(rows := body.get("data"), list) or not rows:
        return answer
    for kind, strike in _STRIKES.items():
        if kind is FaultKind.UNKNOWN_STATUS and call not in (Call.ORDERS, Call.ORDER, Call.HISTORY):
            continue
        fault = faults.strike(kind, account, call, now)
        if fault is not None:
            rows = [row for before in _marked(rows, fault) for row in strike(*before, fault)]
    return Answer({**body, "data": rows}, answer.status) if rows else EMPTY


def _marked(rows: list[Row], fault: Fault) -> Iterable[tuple[Row, bool]]:
    symbol, order = fault.details.get("symbol"), fault.details.get("order")
    meant = [
        (symbol is None or row.get("trdSym") in (symbol, f"{symbol}-EQ"))
        and (order is None or row.get("nOrdNo") == order)
        for row in rows
    ]
    if symbol is None and order is None:
        meant[1:] = [False] * len(meant[1:])
    return zip(rows, meant, strict=True)


def _unknown(row: Row, is_meant: bool, fault: Fault) -> list[Row]:
    word = str(fault.details.get("text", UNKNOWN_WORD))
    told: Row = {name: word for name in ("ordSt", "stat") if name in row}
    return [{**row, **told} if is_meant else row]


def _twice(row: Row, is_meant: bool, _fault: Fault) -> list[Row]:
    return [row, row] if is_meant else [row]


def _dropped(row: Row, is_meant: bool, _fault: Fault) -> list[Row]:
    return [] if is_meant else [row]


_Strike = Callable[[Row, bool, Fault], list[Row]]
_STRIKES: MappingProxyType[FaultKind, _Strike] = MappingProxyType(
    {FaultKind.UNKNOWN_STATUS: _unknown, FaultKind.DUPLICATE: _twice, FaultKind.ROW_DROPPED: _dropped}
)
