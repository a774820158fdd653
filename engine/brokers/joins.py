"""Rows completed from other replies (contract file, trades, histories), each again only when something changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_
from typing import Generic, TypeVar

from engine.brokers.cost import entry_from_fills
from engine.brokers.history import History
from engine.brokers.stamps import oldest
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Fill, Leg, Order

Row = TypeVar("Row")
_Traded = TypeVar("_Traded", Leg, Order, Fill)


@dataclass(frozen=True, slots=True)
class ContractFile:
    """The day's contract file: contracts as listed and by (exchange, symbol), symbols by (exchange, token)."""

    body: bytes
    listed: tuple[Instrument, ...]
    contracts: Mapping[tuple[str, str], Instrument]
    symbols: Mapping[tuple[str, str | None], str]


@dataclass(frozen=True, slots=True)
class Trades:
    """The fills of a trade book, also by the leg they moved."""

    rows: tuple[Fill, ...]
    by_leg: Mapping[tuple[str, str, str], Sequence[Fill]]


@dataclass(frozen=True, slots=True)
class Join(Generic[Row]):
    """Rows before and after a join, and what they were joined with, compared by identity."""

    inputs: tuple[object, ...]
    before: tuple[Row, ...]
    after: tuple[Row, ...]


def joined(
    rows: tuple[Row, ...], inputs: tuple[object, ...], join: Callable[[Row], Row], last: Join[Row] | None
) -> Join[Row]:
    """
    Return the rows each joined with the inputs; what `last` tells of a row and the same inputs is told again.

    A row the join leaves alone stays the same object, and so does the tuple when every row does.
    """
    if last is not None and not _same(inputs, last.inputs):
        last = None
    if last is not None and last.before is rows:
        return last
    # By identity: the rows before are alive in `last`, so that no new row can have the number of one of them.
    known = {} if last is None else {id(row): done for row, done in zip(last.before, last.after, strict=True)}
    after = tuple([known[id(row)] if id(row) in known else join(row) for row in rows])
    for same in (rows, () if last is None else last.after):
        if _same(after, same):
            return Join(inputs, rows, same)
    return Join(inputs, rows, after)


def contract_file(body: bytes, listed: tuple[Instrument, ...]) -> ContractFile:
    """Return the contracts of a file in the forms the joins ask for."""
    symbols = {(one.exchange, one.token): one.symbol for one in listed}
    return ContractFile(body, listed, {one.key: one for one in listed}, symbols)


def trades_of(rows: tuple[Fill, ...]) -> Trades:
    """Return the fills, also by the leg they moved."""
    by_leg: dict[tuple[str, str, str], list[Fill]] = {}
    for fill in rows:
        by_leg.setdefault(fill.key, []).append(fill)
    return Trades(rows, by_leg)


def with_contract(row: _Traded, file: ContractFile | None) -> _Traded:
    """Return the row with the contract the day's file has for it."""
    found = None if file is None else file.contracts.get(row.instrument.key)
    return row if found is None or found is row.instrument else replace(row, instrument=found)


def with_cost(leg: Leg, trades: Trades | None) -> Leg:
    """Return the leg with the entry price its own trades give, where they explain it fully."""
    return leg if trades is None else entry_from_fills(leg, trades.by_leg.get(leg.key, ()))


def with_history(order: Order, histories: Mapping[str, History]) -> Order:
    """Return the order with its states, and dated by the first of them."""
    history = histories.get(order.id)
    if history is None:
        return order
    placed = oldest((order.placed_at, *(event.at for event in history.events)))
    return replace(order, history=history.events, placed_at=placed)


def _same(some: Sequence[object], others: Sequence[object]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))
