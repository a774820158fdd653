"""The faults of a bad day that only who knows the rows can make: a word nobody knows, a row twice, a row missing."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from types import MappingProxyType

from engine.sim.exchange.words import Call
from engine.sim.faults import Fault, FaultKind, Faults
from engine.sim.kotak.order_book import Row
from engine.sim.kotak.replies import EMPTY, Answer

UNKNOWN_WORD = "awaiting gateway"

# Which rows stand in the place of one.
_Make = Callable[[Row, Fault], list[Row]]


def spoiled(answer: Answer, faults: Faults, account: str, call: Call, now: datetime) -> Answer:
    """
    Return a book's answer as the faults in force leave it; any other answer as it is.

    A fault's `symbol` or `order` names the row, else it is the first; `text` is the word nobody knows.
    """
    body = answer.body
    if not isinstance(body, dict) or not isinstance(rows := body.get("data"), list) or not rows:
        return answer
    for kind, make in _KINDS.items():
        if kind is not FaultKind.UNKNOWN_STATUS or "ordSt" in rows[0]:
            fault = faults.strike(kind, account, call, now, hits=partial(_hits, rows))
            rows = rows if fault is None else _made(rows, fault, make)
    return Answer({**body, "data": rows}, answer.status) if rows else EMPTY


def _hits(rows: list[Row], fault: Fault) -> bool:
    return any(_meant(rows, fault))


def _made(rows: list[Row], fault: Fault, make: _Make) -> list[Row]:
    meant = _meant(rows, fault)
    return [
        made for row, is_meant in zip(rows, meant, strict=True) for made in (make(row, fault) if is_meant else [row])
    ]


def _meant(rows: list[Row], fault: Fault) -> list[bool]:
    """Return for each row whether the fault means it."""
    symbol, order = fault.details.get("symbol"), fault.details.get("order")
    if symbol is None and order is None:
        return [True] + [False] * (len(rows) - 1)
    return [
        (symbol is None or row.get("trdSym") in (symbol, f"{symbol}-EQ")) and order in (None, row.get("nOrdNo"))
        for row in rows
    ]


def _unknown(row: Row, fault: Fault) -> list[Row]:
    word = str(fault.details.get("text", UNKNOWN_WORD))
    return [{name: word if name in ("ordSt", "stat") else value for name, value in row.items()}]


_KINDS: MappingProxyType[FaultKind, _Make] = MappingProxyType(
    {
        FaultKind.UNKNOWN_STATUS: _unknown,
        FaultKind.DUPLICATE: lambda row, _fault: [row, row],
        FaultKind.ROW_DROPPED: lambda _row, _fault: [],
    }
)
