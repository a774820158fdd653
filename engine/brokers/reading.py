"""One reading of one account from the bodies of a broker's replies; who fetched them is no business of this module."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeVar

from engine.brokers.history import History
from engine.brokers.joins import (
    ContractFile,
    Trades,
    contract_file,
    joined,
    trades_of,
    with_contract,
    with_cost,
    with_history,
)
from engine.brokers.kept import Kept, symbols_of
from engine.brokers.typed_rows import Contracts, Rows, Table, read_rows
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Book, Fill, Funds, Leg, Missing, Order, Quote, Snapshot
from engine.errors import BrokerDataError

Part = TypeVar("Part")
Row = TypeVar("Row")

NOT_READ = Missing("not asked for")
# An account sees some hundred contracts in a day; what a symbol tells costs little to find again.
_MOST_CONTRACTS = 5_000
_WITH_CONTRACTS = frozenset({"positions", "orders", "trades"})
_NO_CONTRACTS: Mapping[tuple[str, str], Instrument] = MappingProxyType({})

_Books = tuple[Book[Leg] | Missing, Book[Order] | Missing, Book[Fill] | Missing]


@dataclass(frozen=True, slots=True)
class Bodies:
    """
    The bodies of a broker's replies as they came; None is a call that was not made. histories: one per order.

    contracts: the day's contract file read already, which goes before `instruments`. times: when each body came, by
    name, where that is not when the reading was complete. causes: why one that was asked for did not come.
    """

    positions: bytes | None = None
    orders: bytes | None = None
    trades: bytes | None = None
    histories: tuple[bytes, ...] = ()
    funds: bytes | None = None
    quotes: bytes | None = None
    instruments: bytes | None = None
    contracts: ContractFile | None = None
    times: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    causes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Reading:
    """
    A snapshot and what could not be read for it.

    failures: (name of the body, error). A live engine goes on with the part Missing; a person who named a wrong file
    must be told. kept: what the next reading may use again; it says nothing of its own.
    """

    snapshot: Snapshot
    failures: tuple[tuple[str, BrokerDataError], ...] = ()
    kept: Kept | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Parsers:
    """
    How one broker's replies are read: the careful parsers, which say what a reply means, and the tables of the fast
    way, which says the same of what is as usual and nothing of the rest.

    contract: makes the contract of the fields the tables ask by. names_by_token: quotes need the books' symbols.
    """

    positions: Callable[[bytes, datetime], Book[Leg]]
    orders: Callable[[bytes, datetime], Book[Order]]
    trades: Callable[[bytes, datetime], Book[Fill]]
    history: Callable[[bytes], History]
    funds: Callable[[bytes, datetime], Funds]
    quotes: Callable[[bytes, datetime, Iterable[Instrument]], Book[Quote]]
    instruments: Callable[[bytes], tuple[Instrument, ...]]
    tables: Mapping[str, Table[Any]]
    contract: Callable[[tuple[Any, ...]], Instrument]
    names_by_token: bool = False


def read_with(
    parsers: Parsers, broker: str, account_id: str, bodies: Bodies, taken_at: datetime, before: Reading | None = None
) -> Reading:
    """
    Return the snapshot the replies of a broker make, and what failed.

    Contracts of the day's file take the place of what symbols tell; histories join their orders; an entry price comes
    from the trade book where that explains a leg fully. A part that was not given or not readable is Missing.
    before: the last reading of this account, which saves work and changes nothing: rows that came byte for byte the
    same are the same objects, and the tuple of a book's rows is the same where all of them are.
    """
    last = before.kept if before is not None else None
    known = last if last is not None and last.broker == broker else Kept(broker)
    reader = _Reader(parsers, known, taken_at, bodies)
    return Reading(reader.snapshot(account_id, bodies), tuple(reader.failures), reader.kept)


class _Reader:
    """One reading while it is put together. last: what the one before has kept, kept: what this one keeps."""

    def __init__(self, parsers: Parsers, last: Kept, taken_at: datetime, bodies: Bodies) -> None:
        self.failures: list[tuple[str, BrokerDataError]] = []
        self.kept = replace(last, books={**last.books}, joins={**last.joins})
        self._parsers = parsers
        self._last = last
        self._listed: ContractFile | None = None
        self._taken_at = taken_at
        self._times = bodies.times
        self._causes = bodies.causes

    def snapshot(self, account_id: str, bodies: Bodies) -> Snapshot:
        """Return the snapshot of the bodies; what could not be read stands in `failures`."""
        parsers = self._parsers
        file = self._listed = self._file(bodies)
        if file is not self._last.file:
            # Rows carry the contracts of the file they were read with; with another they are read anew.
            self.kept.books = {name: rows for name, rows in self.kept.books.items() if name not in _WITH_CONTRACTS}
        positions = self._book("positions", bodies.positions, parsers.positions)
        orders = self._book("orders", bodies.orders, parsers.orders)
        fills = self._book("trades", bodies.trades, parsers.trades)
        funds = self._funds(bodies.funds)
        histories = self._read_histories(bodies.histories)
        self.failures += _strangers(self.kept.broker, orders, histories)
        quotes = self._quotes(bodies.quotes, file, (positions, orders, fills))
        fills = self._joined("trades", fills, (file,), lambda fill: with_contract(fill, file))
        trades = self._trades(fills)
        states = {history.order_id: history for history in histories}
        return Snapshot(
            account=account_id,
            taken_at=self._taken_at,
            positions=self._joined(
                "positions", positions, (file, trades), lambda leg: with_cost(with_contract(leg, file), trades)
            ),
            orders=self._joined(
                "orders", orders, (file, *histories), lambda order: with_history(with_contract(order, file), states)
            ),
            fills=fills,
            funds=funds,
            quotes=quotes,
        )

    def _attempt(self, name: str, parse: Callable[[], Part]) -> Part | None:
        try:
            return parse()
        except BrokerDataError as error:
            self.failures.append((name, error))
            return None

    def _missing(self, name: str) -> Missing:
        return Missing(str(self.failures[-1][1]).removeprefix(f"{name}: "))

    def _not_read(self, name: str) -> Missing:
        return Missing(self._causes[name]) if name in self._causes else NOT_READ

    def _at(self, name: str) -> datetime:
        return self._times.get(name, self._taken_at)

    def _file(self, bodies: Bodies) -> ContractFile | None:
        body = bodies.instruments
        if body is None or bodies.contracts is not None:
            self.kept.file = bodies.contracts
            return self.kept.file
        if self._last.file is None or self._last.file.body != body:
            listed = self._attempt("instruments", lambda: self._parsers.instruments(body))
            if listed is None:
                self.kept.file = None
                return None
            self.kept.file = contract_file(body, listed)
        return self.kept.file

    def _book(
        self, name: str, body: bytes | None, careful: Callable[[bytes, datetime], Book[Row]]
    ) -> Book[Row] | Missing:
        return self._rows(name, body, self.kept.books.get(name), self._contracts, careful)

    def _quotes(self, body: bytes | None, file: ContractFile | None, books: _Books) -> Book[Quote] | Missing:
        symbols = symbols_of(file, books) if body is not None and self._parsers.names_by_token else None
        before = self._last.books.get("quotes") if symbols == self._last.symbols else None
        listed = () if file is None else file.listed
        seen = chain((row.instrument for book in books if isinstance(book, Book) for row in book.rows), listed)
        read = self._rows(
            "quotes", body, before, lambda: symbols, lambda body, at: self._parsers.quotes(body, at, seen)
        )
        if isinstance(read, Book):
            self.kept.symbols = symbols
        return read

    def _rows(
        self,
        name: str,
        body: bytes | None,
        before: Rows[Row] | None,
        context: Callable[[], object],
        careful: Callable[[bytes, datetime], Book[Row]],
    ) -> Book[Row] | Missing:
        if body is None:
            return self._not_read(name)
        found = before
        if found is None or found.body != body:
            found = read_rows(self._parsers.tables[name], body, before, context())
        if found is None:
            book = self._attempt(name, lambda: careful(body, self._at(name)))
            if book is None:
                return self._missing(name)
            found = Rows(body, book.rows, book.as_of)
        self.kept.books[name] = found
        return Book(found.rows, self._at(name), found.as_of)

    def _contracts(self) -> Contracts:
        # The first book that needs them makes a copy to fill; those of the reading before stay as they are.
        found, last = self.kept.contracts, self._last.contracts
        if found is None or found is last:
            listed = _NO_CONTRACTS if self._listed is None else self._listed.contracts
            is_usable = last is not None and len(last) < _MOST_CONTRACTS and last.listed is listed
            known = last if last is not None and is_usable else {}
            found = self.kept.contracts = Contracts(self._parsers.contract, known, listed)
        return found

    def _funds(self, body: bytes | None) -> Funds | Missing:
        if body is None:
            return self._not_read("funds")
        at = self._at("funds")
        if self._last.funds is not None and self._last.funds[0] == body:
            return replace(self._last.funds[1], taken_at=at)
        found = self._attempt("funds", lambda: self._parsers.funds(body, at))
        if found is None:
            return self._missing("funds")
        self.kept.funds = body, found
        return found

    def _read_histories(self, bodies: tuple[bytes, ...]) -> list[History]:
        found: list[tuple[bytes, History]] = []
        for body in bodies:
            history = self._last.histories.get(body) or self._attempt("histories", partial(self._parsers.history, body))
            if history is not None:
                found.append((body, history))
        if bodies:
            self.kept.histories = dict(found)
        return [history for _, history in found]

    def _trades(self, fills: Book[Fill] | Missing) -> Trades | None:
        if isinstance(fills, Missing):
            return None
        if self._last.trades is None or self._last.trades.rows is not fills.rows:
            self.kept.trades = trades_of(fills.rows)
        return self.kept.trades

    def _joined(
        self, name: str, book: Book[Row] | Missing, inputs: tuple[object, ...], join: Callable[[Row], Row]
    ) -> Book[Row] | Missing:
        if isinstance(book, Missing) or not any(inputs):
            return book
        done = self.kept.joins[name] = joined(book.rows, inputs, join, self._last.joins.get(name))
        return book if done.after is book.rows else replace(book, rows=done.after)


def _strangers(
    broker: str, orders: Book[Order] | Missing, histories: Sequence[History]
) -> Iterator[tuple[str, BrokerDataError]]:
    if isinstance(orders, Missing) or not histories:
        return
    known = {order.id for order in orders.rows}
    for history in histories:
        if history.order_id not in known:
            problem = f"orders: no order {history.order_id} is in the book, whose history was given"
            yield "orders", BrokerDataError(problem, broker=broker)
