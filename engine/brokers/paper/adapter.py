"""
The paper broker: `engine.ports.Broker` over the simulated exchange, in process; read it before you write an adapter.

Three rules shape it. A read may be asked again, a write never. A part that was not read is Missing and says why. What
is not declared in its capabilities is refused before anything is sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, TypeVar

from engine.brokers.budget import Budget
from engine.brokers.checks import check_change, check_order, need
from engine.brokers.paper.house import BROKER, OrderRow, PaperHouse
from engine.brokers.paper.line import Line
from engine.brokers.paper.profile import CALLS, PAPER
from engine.brokers.paper.rows import (
    Contracts,
    contracts_of,
    fills_of,
    funds_of,
    history_of,
    orders_of,
    positions_of,
    quotes_of,
    row_of,
)
from engine.domain.capabilities import Capabilities, Capability
from engine.domain.instrument import Instrument
from engine.domain.requests import NewOrder, OrderChange, Receipt, Urgency
from engine.domain.secret import Secret
from engine.domain.snapshot import Book, Fill, Funds, Leg, Link, Missing, Order, OrderEvent, Quote, Snapshot
from engine.errors import BrokerAuthError, BrokerError, BrokerUnavailable, CapabilityMissing
from engine.ports import EVERYTHING, Clock, ContractList, SessionState, Wanted
from engine.sim.exchange import words as sim
from engine.sim.exchange.exchange import Refused
from engine.sim.exchange.words import Call, Key, Market, Refusal, State

_NOT_ASKED: Final = Missing("not asked for")
_Part = TypeVar("_Part", Book[Leg], Book[Order], Book[Fill], Book[Quote], Funds)


class PaperBroker:
    """
    One account at the paper broker; fills `engine.ports.Broker`, whose docstrings say what each call promises.

    budget: of this account; of the house's own pace when none is given. code: the account's name at the house, where it
    is another than the desk's.
    """

    def __init__(
        self,
        account: str,
        house: PaperHouse,
        password: Secret,
        clock: Clock,
        budget: Budget | None = None,
        *,
        capabilities: Capabilities = PAPER,
        code: str | None = None,
    ) -> None:
        self._account = account
        self._code = account if code is None else code
        self._exchange = house.exchange
        self._clock = clock
        self._capabilities = capabilities
        self._line = Line(account, self._code, house, password, clock, budget or Budget(clock, CALLS))
        self._contracts: Contracts = MappingProxyType({})
        self._contracts_on: date | None = None
        self._one_file = asyncio.Lock()
        self._histories: dict[str, tuple[datetime | None, tuple[OrderEvent, ...]]] = {}

    @property
    def account(self) -> str:
        """The account's name in the desk."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What is declared; the conformance scenarios of each word are run."""
        return self._capabilities

    @property
    def clock_ahead(self) -> timedelta | None:
        """As the port: it lives by our own clock."""
        return None

    @property
    def session(self) -> SessionState:
        """Whether the account may be asked."""
        return self._line.state

    async def login(self) -> None:
        """Begin a session unless one is open."""
        await self._line.open()

    async def logout(self) -> None:
        """End the session for good."""
        await self._line.end()

    async def close(self) -> None:
        """Give connections back: in process there are none."""

    # --- reading

    async def fetch_snapshot(self, wanted: Wanted = EVERYTHING) -> Snapshot:
        """Return one reading: the books at once, then the past of orders and the markets of what is in the books."""
        reading, urgency = _Reading(), wanted.urgency
        positions, orders, fills, funds = await asyncio.gather(
            reading.part(wanted.positions, lambda: self._positions(urgency)),
            reading.part(wanted.orders, lambda: self._orders(urgency)),
            reading.part(wanted.fills, lambda: self._fills(urgency)),
            reading.part(wanted.funds, lambda: self._funds(urgency)),
        )
        if wanted.histories and isinstance(orders, Book):
            orders = await self._with_histories(orders, urgency)
        quotes = await reading.part(wanted.quotes, lambda: self._quotes(positions, orders, wanted))
        link = Link(connected=reading.somebody_answered)
        return Snapshot(self._account, self._clock.now(), positions, orders, fills, funds, quotes, link)

    async def fetch_history(self, order_id: str) -> tuple[OrderEvent, ...]:
        """Return an order's states, oldest first."""
        return await self._history(order_id, Urgency.ROUTINE)

    async def fetch_by_tag(self, tag: str, urgency: Urgency = Urgency.EXIT) -> tuple[Order, ...]:
        """Return today's orders with a tag, from a fresh order book."""
        need(self._capabilities, Capability.TAG_LOOKUP)
        book = await self._orders(urgency)
        return tuple(order for order in book.rows if order.tag == tag)

    async def fetch_contracts(self, on: date) -> ContractList:
        """Return the contracts of the house's day, asked for once a date; the house keeps no other day's."""
        need(self._capabilities, Capability.CONTRACT_FILE)
        async with self._one_file:
            if self._contracts_on != on:
                self._contracts = contracts_of(await self._line.read(Call.CONTRACTS, self._exchange.contracts))
                self._contracts_on = on
            return ContractList(on, tuple(self._contracts.values()))

    async def _history(self, order_id: str, urgency: Urgency) -> tuple[OrderEvent, ...]:
        need(self._capabilities, Capability.HISTORY)
        return history_of(await self._line.read(Call.HISTORY, lambda: self._states(order_id), urgency))

    async def _positions(self, urgency: Urgency) -> Book[Leg]:
        rows = await self._line.read(Call.POSITIONS, lambda: tuple(self._exchange.positions(self._code)), urgency)
        return positions_of(rows, self._clock.now())

    async def _orders(self, urgency: Urgency) -> Book[Order]:
        rows = await self._line.read(Call.ORDERS, self._order_rows, urgency)
        return orders_of(rows, self._contracts, self._clock.now())

    async def _fills(self, urgency: Urgency) -> Book[Fill]:
        need(self._capabilities, Capability.TRADES)
        rows = await self._line.read(Call.TRADES, lambda: tuple(self._exchange.trades(self._code)), urgency)
        return fills_of(rows, self._contracts, self._clock.now())

    async def _funds(self, urgency: Urgency) -> Funds:
        need(self._capabilities, Capability.FUNDS)
        money = await self._line.read(Call.FUNDS, lambda: self._exchange.money(self._code), urgency)
        return funds_of(money, self._clock.now())

    async def _quotes(
        self, positions: Book[Leg] | Missing, orders: Book[Order] | Missing, wanted: Wanted
    ) -> Book[Quote]:
        need(self._capabilities, Capability.QUOTES)
        traded = _traded(positions, orders)
        names = {one.underlying for one in traded if one.underlying is not None} | set(wanted.spots)
        if not names and isinstance(positions, Missing):
            raise BrokerUnavailable("no book was read that names a contract", broker=BROKER)
        if not names:
            return Book((), self._clock.now())
        keys = [one.key for one in traded]
        rows = await self._line.read(Call.QUOTES, lambda: tuple(self._markets(keys, names)), wanted.urgency)
        return quotes_of(rows, self._clock.now())

    async def _with_histories(self, book: Book[Order], urgency: Urgency) -> Book[Order]:
        """Return the orders with the past of those that are or were stops, each asked for once a change."""
        if not self._capabilities.has(Capability.HISTORY):
            return book
        return replace(book, rows=tuple([await self._with_history(order, urgency) for order in book.rows]))

    async def _with_history(self, order: Order, urgency: Urgency) -> Order:
        if not (order.type.is_stop or order.modified):
            return order
        known = self._histories.get(order.id)
        if known is None or known[0] != order.updated_at:
            try:
                known = order.updated_at, await self._history(order.id, urgency)
            except BrokerError:
                return order
            self._histories[order.id] = known
        return replace(order, history=known[1])

    # --- acting

    async def send_order(self, order: NewOrder, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """Ask for an order, once."""
        check_order(order, self._capabilities)
        ticket = sim.Ticket(
            exchange=order.instrument.exchange,
            symbol=order.instrument.symbol,
            side=order.side,
            quantity=order.quantity,
            product=order.product,
            type=order.type,
            price=order.price,
            trigger_price=order.trigger_price,
            validity=sim.Validity[order.validity.name],
            after_market=order.after_market,
            tag=order.tag,
        )
        return await self._line.write(Call.PLACE, lambda: self._exchange.place(self._code, ticket), urgency, order.tag)

    async def send_change(self, order: Order, change: OrderChange, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """Ask for a change of a working order, once."""
        check_change(change, self._capabilities)
        wish = sim.Change(
            type=change.type,
            quantity=change.quantity,
            price=change.price,
            trigger_price=change.trigger_price,
            validity=sim.Validity[change.validity.name],
        )
        return await self._line.write(
            Call.MODIFY, lambda: self._exchange.modify(self._code, order.id, wish), urgency, order.tag or ""
        )

    async def send_cancel(self, order: Order, urgency: Urgency = Urgency.ROUTINE) -> Receipt:
        """Ask for a cancel, once."""
        return await self._line.write(
            Call.CANCEL, lambda: self._exchange.cancel(self._code, order.id), urgency, order.tag or ""
        )

    # --- what the house does for us

    def _order_rows(self) -> tuple[OrderRow, ...]:
        return tuple(row_of(order) for order in self._exchange.orders(self._code))

    def _states(self, order_id: str) -> tuple[State, ...]:
        order = self._exchange.order(self._code, order_id)
        if order is None:
            raise Refused(Refusal.UNKNOWN_ORDER)
        return order.history

    def _markets(self, keys: Iterable[Key], names: Set[str]) -> Iterator[tuple[Key, Market]]:
        """Yield the markets of contracts, and of what underlyings of these names trade at themselves."""
        spots = [one.key for one in self._exchange.contracts() if one.expiry is None and one.underlying in names]
        for key in dict.fromkeys((*keys, *spots)):
            market = self._exchange.market(key)
            if market is not None:
                yield key, market


class _Reading:
    """One reading on its way: what could not be read is Missing, and whether anything answered."""

    def __init__(self) -> None:
        self.somebody_answered = False

    async def part(self, is_wanted: bool, fetch: Callable[[], Awaitable[_Part]]) -> _Part | Missing:
        if not is_wanted:
            return _NOT_ASKED
        try:
            part = await fetch()
        except (BrokerUnavailable, BrokerAuthError, CapabilityMissing) as failed:
            return Missing(str(failed))
        except BrokerError as failed:
            self.somebody_answered = True
            return Missing(str(failed))
        self.somebody_answered = True
        return part


def _traded(positions: Book[Leg] | Missing, orders: Book[Order] | Missing) -> list[Instrument]:
    held = [leg.instrument for leg in positions.rows if leg.is_open] if isinstance(positions, Book) else []
    worked = [order.instrument for order in orders.rows if order.is_working] if isinstance(orders, Book) else []
    return [*held, *worked]
