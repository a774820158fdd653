"""What the steps of the conformance scenarios do: one scenario's accounts, orders and readings on a broker's stage."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from engine.core.reconcile import ReconcileState, reconcile
from engine.domain.capabilities import Capability
from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.requests import NewOrder, OrderChange, Receipt, Urgency, Validity
from engine.domain.snapshot import Book, Leg, Order, Quote, Snapshot
from engine.domain.spots import underlying_of_spot
from engine.errors import EngineError
from engine.ports import EVERYTHING, Broker, Wanted
from engine.sim.exchange.ledger import LedgerEntry
from engine.sim.exchange.words import Call, Entry
from engine.sim.faults import Fault, FaultKind
from tests.conformance.bench import Bench, Stage
from tests.conformance.world import CODES, ON, World

# What a scenario calls the parts of a snapshot and the calls of a ledger.
PARTS = {"positions": "positions", "orders": "orders", "trades": "fills", "funds": "funds", "quotes": "quotes"}
OPTIONAL = {"trades": Capability.TRADES, "funds": Capability.FUNDS, "quotes": Capability.QUOTES}
CALLS = {
    "positions": Call.POSITIONS,
    "orders": Call.ORDERS,
    "trades": Call.TRADES,
    "funds": Call.FUNDS,
    "quotes": Call.QUOTES,
    "contracts": Call.CONTRACTS,
    "placing": Call.PLACE,
    "changing": Call.MODIFY,
    "cancelling": Call.CANCEL,
    "logging out": Call.LOGOUT,
}


async def turns() -> None:
    """Let whatever is on its way arrive."""
    for _ in range(200):
        await asyncio.sleep(0)


@dataclass
class Sent:
    """An order by the tag a scenario gives it."""

    account: str
    order: NewOrder
    receipt: Receipt | None = None


@dataclass
class Reading:
    """One reading and how long it took."""

    asked_at: datetime
    snapshot: Snapshot


@dataclass
class Trial:
    """One scenario's run."""

    bench: Bench
    world: World = field(default_factory=World)
    sent: dict[str, Sent] = field(default_factory=dict)
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    # What went wrong and is not yet told by a step; a scenario may not end with something in it.
    errors: list[EngineError] = field(default_factory=list)
    found: tuple[Any, ...] = ()
    watched_since: dict[str, int] = field(default_factory=dict)
    asked_at: datetime | None = None
    _stage: Stage | None = None
    _brokers: dict[str, Broker] = field(default_factory=dict)

    # --- the stage

    @property
    def stage(self) -> Stage:
        """The stage, set up at its first use, with those logged in who shall be."""
        if self._stage is None:
            self._stage = self.bench(self.world)
            for name, client in self.world.clients.items():
                self._brokers[name] = self._stage.broker(name)
                if client.is_logged_in:
                    self._stage.run(self._brokers[name].login())
        return self._stage

    def broker(self, account: str) -> Broker:
        assert self.stage
        return self._brokers[account]

    def close(self) -> None:
        if self._stage is not None:
            self._stage.close()

    def strike(
        self, kind: FaultKind, account: str, about: str = "", times: int | None = None, **details: object
    ) -> None:
        calls = frozenset({CALLS[about]}) if about else frozenset()
        fault = Fault(kind, frozenset({CODES[account]}), calls, times=times, details=MappingProxyType(details))
        self.stage.strike(fault)

    # --- what is asked

    def attempt(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something that may be refused; what it raises waits for a step that tells of it."""
        stage = self.stage
        self.asked_at = stage.now()
        try:
            return stage.run(work)
        except EngineError as error:
            self.errors.append(error)
            return None

    def told(self, *kinds: type[EngineError]) -> EngineError:
        """The oldest error nobody told of, which must be of one of these kinds."""
        assert self.errors, f"nothing was refused, and {' or '.join(kind.__name__ for kind in kinds)} was expected"
        error = self.errors.pop(0)
        assert isinstance(error, kinds), f"{type(error).__name__}: {error}"
        return error

    def read(self, account: str, wanted: Wanted = EVERYTHING, times: int = 1) -> None:
        asked_at = self.stage.now()

        async def all_at_once() -> list[Snapshot]:
            broker = self.broker(account)
            return await asyncio.gather(*(broker.fetch_snapshot(wanted) for _ in range(times)))

        for snapshot in self.stage.run(all_at_once()):
            self.readings.setdefault(account, []).append(Reading(asked_at, snapshot))

    def send(self, account: str, tag: str, contract: str, side: Side, units: Decimal, **terms: Any) -> None:
        order = self.order(tag, contract, side, units, **terms)
        self.sent[tag] = Sent(account, order)
        self.sent[tag].receipt = self.attempt(self.broker(account).send_order(order))

    def order(self, tag: str, contract: str, side: Side, units: Decimal, **terms: Any) -> NewOrder:
        kind = terms.pop("type", OrderType.LIMIT)
        return NewOrder(self.stage.spelled(contract), self.stage.product, side, units, kind, tag, **terms)

    def cancel(self, account: str, tag: str) -> None:
        self.attempt(self.broker(account).send_cancel(self._as_booked(tag)))

    def change(self, account: str, tag: str, units: Decimal, price: Decimal) -> None:
        change = OrderChange(units, OrderType.LIMIT, price, validity=Validity.DAY)
        self.attempt(self.broker(account).send_change(self._as_booked(tag), change))

    def past(self, tag: str) -> None:
        sent = self.sent[tag]
        self.found = self.attempt(self.broker(sent.account).fetch_history(self._as_booked(tag).id)) or ()

    def fetch_contracts(self, account: str) -> None:
        told = self.attempt(self.broker(account).fetch_contracts(ON))
        self.found = () if told is None else told.rows

    def read_and_leave(self, account: str, times: int) -> None:
        """Log out while readings wait for their turn, and watch the ledger from when what was sent has arrived."""
        broker = self.broker(account)

        async def all_at_once() -> None:
            readings = [asyncio.ensure_future(broker.fetch_snapshot()) for _ in range(times)]
            await turns()
            await broker.logout()
            await turns()
            self.watch()
            await asyncio.gather(*readings)

        self.stage.run(all_at_once())

    def read_before_others(self, account: str, times: int, wanted: Wanted) -> None:
        """Read once more while readings wait for their turn; that reading is told last, with when it was asked for."""
        broker = self.broker(account)

        async def all_at_once() -> Reading:
            readings = [asyncio.ensure_future(broker.fetch_snapshot()) for _ in range(times)]
            await turns()
            asked_at = self.stage.now()
            snapshot = await broker.fetch_snapshot(wanted)
            await asyncio.gather(*readings)
            return Reading(asked_at, snapshot)

        self.readings.setdefault(account, []).append(self.stage.run(all_at_once()))

    def read_and_exit(self, account: str, tag: str, times: int, order: NewOrder) -> None:
        broker = self.broker(account)
        self.sent[tag] = Sent(account, order)

        async def all_at_once() -> Receipt:
            readings = [asyncio.ensure_future(broker.fetch_snapshot()) for _ in range(times)]
            await turns()
            self.asked_at = self.stage.now()
            receipt = await broker.send_order(order, Urgency.EXIT)
            await asyncio.gather(*readings)
            return receipt

        self.sent[tag].receipt = self.attempt(all_at_once())

    def _as_booked(self, tag: str) -> Order:
        """The order as whoever sent it knows it without reading a book, which may be out of reach."""
        sent = self.sent[tag]
        assert sent.receipt is not None, f"{tag} has no receipt: {self.errors}"
        order = sent.order
        return Order(
            id=sent.receipt.order_id,
            instrument=order.instrument,
            product=order.product,
            side=order.side,
            type=order.type,
            status=OrderStatus.UNKNOWN,
            quantity=order.quantity,
            filled_quantity=Decimal(0),
            price=order.price,
            trigger_price=order.trigger_price,
            tag=order.tag,
            variety="amo" if order.after_market else "regular",
        )

    # --- what is told

    def last(self, account: str) -> Snapshot:
        return self.readings[account][-1].snapshot

    def told_parts(self) -> dict[str, str]:
        """The parts of a snapshot that this broker tells, by what a scenario calls them."""
        told = self.bench.capabilities
        return {part: name for part, name in PARTS.items() if part not in OPTIONAL or told.has(OPTIONAL[part])}

    def part(self, account: str, part: str) -> Any:
        return getattr(self.last(account), PARTS[part])

    def rows(self, account: str, part: str) -> Sequence[Any]:
        book = self.part(account, part)
        assert isinstance(book, Book), f"{part} of {account}: {book}; before: {self.errors}"
        return book.rows

    def found_order(self, tag: str) -> Order:
        sent = self.sent[tag]
        rows = self.rows(sent.account, "orders")
        wanted = None if sent.receipt is None else sent.receipt.order_id
        found = [row for row in rows if (row.id == wanted if wanted is not None else row.tag == tag)]
        assert len(found) == 1, f"{tag} stands {len(found)} times in {rows}; {self.errors}"
        order: Order = found[0]
        return order

    def leg(self, account: str, contract: str) -> Leg | None:
        wanted = self.stage.spelled(contract)
        found = [leg for leg in self.rows(account, "positions") if leg.instrument.key == wanted.key]
        assert len(found) <= 1
        return found[0] if found else None

    def quote(self, account: str, market: str) -> Quote | None:
        """The quote of a contract, or of an underlying by its name."""
        key = self.stage.spelled(market).key if " " in market else None
        found = [
            quote
            for quote in self.rows(account, "quotes")
            if (quote.key == key if key is not None else underlying_of_spot(quote.symbol) == market)
        ]
        assert len(found) <= 1
        return found[0] if found else None

    def entries(self, account: str, kind: Entry, since: int = 0) -> list[LedgerEntry]:
        return [entry for entry in self.stage.ledger(account) if entry.kind is kind and entry.seq > since]

    def calls(self, account: str, about: str) -> list[LedgerEntry]:
        calls = self.entries(account, Entry.CALL)
        return [entry for entry in calls if entry.details["call"] == CALLS[about].value]

    def watch(self) -> None:
        for name in self.world.clients:
            entries = self.stage.ledger(name)
            self.watched_since[name] = entries[-1].seq if entries else 0

    def believed(self, account: str) -> tuple[Snapshot, Snapshot]:
        """The last two readings as `reconcile` leaves them, the first of them trusted."""
        before, last = (reading.snapshot for reading in self.readings[account][-2:])
        first, state = reconcile(None, before, ReconcileState())
        second, _ = reconcile(first, last, state)
        return first, second
