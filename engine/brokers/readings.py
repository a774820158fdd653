"""One reading of one account from the texts of a broker's replies; who fetched them is no business of this module."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeVar

from engine.brokers.cost import entry_from_fills
from engine.brokers.history import History
from engine.brokers.kite import parse as kite
from engine.brokers.kotak import parse as kotak
from engine.brokers.stamps import newest, oldest
from engine.domain.instrument import Instrument
from engine.domain.snapshot import Book, Fill, Funds, Leg, Missing, Order, Quote, Snapshot
from engine.errors import BrokerDataError, SettingsError

Part = TypeVar("Part")
Row = TypeVar("Row", Leg, Order, Fill)

NOT_READ = Missing("not asked for")
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bodies:
    """The texts of a broker's replies; None is a call that was not made. histories: one text per order."""

    positions: str | None = None
    orders: str | None = None
    trades: str | None = None
    histories: tuple[str, ...] = ()
    funds: str | None = None
    quotes: str | None = None
    instruments: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """
    A snapshot and what could not be read for it.

    failures: (name of the body, error). A live engine goes on with the part Missing; a person who named a wrong file
    must be told.
    """

    snapshot: Snapshot
    failures: tuple[tuple[str, BrokerDataError], ...] = ()


@dataclass(frozen=True, slots=True)
class Parsers:
    """How one broker's replies are read."""

    positions: Callable[[str, datetime], Book[Leg]]
    orders: Callable[[str, datetime], Book[Order]]
    trades: Callable[[str, datetime], Book[Fill]]
    history: Callable[[str], History]
    funds: Callable[[str, datetime], Funds]
    quotes: Callable[[str, datetime, Iterable[Instrument]], Book[Quote]]
    instruments: Callable[[str], tuple[Instrument, ...]]


def _kite_quotes(body: str, taken_at: datetime, _known: Iterable[Instrument]) -> Book[Quote]:
    return kite.parse_quotes(body, taken_at)


BROKERS = MappingProxyType(
    {
        "kite": Parsers(
            kite.parse_positions, kite.parse_orders, kite.parse_trades, kite.parse_order_history, kite.parse_margins,
            _kite_quotes, kite.parse_instruments,
        ),
        "kotak": Parsers(
            kotak.parse_positions, kotak.parse_orders, kotak.parse_trades, kotak.parse_order_history,
            kotak.parse_limits, kotak.parse_quotes, kotak.parse_instruments,
        ),
    }
)  # fmt: skip


def read(broker: str, account_id: str, bodies: Bodies, taken_at: datetime) -> Reading:
    """
    Return the snapshot the replies make, and what failed.

    Contracts of the day's file take the place of what symbols tell; histories join their orders; an entry price comes
    from the trade book where that explains a leg fully. A part that was not given or not readable is Missing.
    Raises: SettingsError for a broker nobody wrote a parser for.
    """
    parsers, failures = _parsers(broker), _Failures()
    known = failures.attempt("instruments", bodies.instruments, parsers.instruments) or ()
    positions = failures.part("positions", bodies.positions, lambda body: parsers.positions(body, taken_at))
    orders = failures.part("orders", bodies.orders, lambda body: parsers.orders(body, taken_at))
    fills = failures.part("trades", bodies.trades, lambda body: parsers.trades(body, taken_at))
    funds = failures.part("funds", bodies.funds, lambda body: parsers.funds(body, taken_at))
    histories = [failures.attempt("histories", body, parsers.history) for body in bodies.histories]
    failures.found += _strangers(broker, orders, [one for one in histories if one is not None])
    seen = (*_contracts_of(positions), *_contracts_of(orders), *_contracts_of(fills), *known)
    quotes = failures.part("quotes", bodies.quotes, lambda body: parsers.quotes(body, taken_at, seen))
    contracts = {one.key: one for one in known}
    fills = _with_contracts(fills, contracts)
    return Reading(
        Snapshot(
            account=account_id,
            taken_at=taken_at,
            positions=_with_costs(_with_contracts(positions, contracts), fills),
            orders=_with_histories(_with_contracts(orders, contracts), [one for one in histories if one is not None]),
            fills=fills,
            funds=funds,
            quotes=quotes,
        ),
        tuple(failures.found),
    )


def newest_stamp(broker: str, bodies: Bodies) -> datetime | None:
    """Return the newest stamp of the broker's own in any of the replies; None when none carries one."""
    return newest(_stamps(read(broker, "", bodies, _ANY_TIME).snapshot))


class _Failures:
    def __init__(self) -> None:
        self.found: list[tuple[str, BrokerDataError]] = []

    def attempt(self, name: str, body: str | None, parse: Callable[[str], Part]) -> Part | None:
        if body is None:
            return None
        try:
            return parse(body)
        except BrokerDataError as error:
            self.found.append((name, error))
            return None

    def part(self, name: str, body: str | None, parse: Callable[[str], Part]) -> Part | Missing:
        parsed = self.attempt(name, body, parse)
        if parsed is not None:
            return parsed
        return NOT_READ if body is None else Missing(str(self.found[-1][1]).removeprefix(f"{name}: "))


def _parsers(broker: str) -> Parsers:
    if broker not in BROKERS:
        raise SettingsError(f"no broker {broker!r} is known; known are {', '.join(sorted(BROKERS))}")
    return BROKERS[broker]


def _contracts_of(book: Book[Leg] | Book[Order] | Book[Fill] | Missing) -> Iterator[Instrument]:
    if isinstance(book, Book):
        yield from (row.instrument for row in book.rows)


def _with_contracts(book: Book[Row] | Missing, contracts: dict[tuple[str, str], Instrument]) -> Book[Row] | Missing:
    if isinstance(book, Missing) or not contracts:
        return book
    rows = tuple(
        replace(row, instrument=contracts.get(row.instrument.key, row.instrument)) for row in book.rows
    )  # fmt: skip
    return replace(book, rows=rows)


def _with_costs(positions: Book[Leg] | Missing, fills: Book[Fill] | Missing) -> Book[Leg] | Missing:
    if isinstance(positions, Missing) or isinstance(fills, Missing):
        return positions
    return replace(positions, rows=tuple(entry_from_fills(leg, fills.rows) for leg in positions.rows))


def _with_histories(orders: Book[Order] | Missing, histories: list[History]) -> Book[Order] | Missing:
    if isinstance(orders, Missing):
        return orders
    events = {history.order_id: history.events for history in histories}
    rows = tuple(
        replace(
            order,
            history=events[order.id],
            placed_at=oldest((order.placed_at, *(event.at for event in events[order.id]))),
        )
        if order.id in events
        else order
        for order in orders.rows
    )
    return replace(orders, rows=rows)


def _strangers(
    broker: str, orders: Book[Order] | Missing, histories: list[History]
) -> Iterator[tuple[str, BrokerDataError]]:
    known = None if isinstance(orders, Missing) else {order.id for order in orders.rows}
    for history in histories:
        if known is not None and history.order_id not in known:
            problem = f"orders: no order {history.order_id} is in the book, whose history was given"
            yield "orders", BrokerDataError(problem, broker=broker)


def _stamps(snapshot: Snapshot) -> Iterator[datetime | None]:
    for part in (snapshot.positions, snapshot.orders, snapshot.fills, snapshot.funds, snapshot.quotes):
        if not isinstance(part, Missing):
            yield part.as_of
    if isinstance(snapshot.quotes, Book):
        yield from (quote.traded_at for quote in snapshot.quotes.rows)
    if isinstance(snapshot.orders, Book):
        yield from (event.at for order in snapshot.orders.rows for event in order.history or ())
