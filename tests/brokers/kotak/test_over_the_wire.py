"""Kotak's adapter against the simulated broker: what single bodies cannot show, and the ledger as the witness."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

import httpx
import pytest

from engine.brokers.budget import Budget, paces_of
from engine.brokers.kotak.adapter import KotakBroker
from engine.brokers.kotak.contracts import ContractFiles
from engine.brokers.kotak.tokens import Credentials
from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.requests import NewOrder, OrderChange, Urgency
from engine.domain.secret import Secret
from engine.domain.snapshot import Book, Fill, Leg, Order, Snapshot
from engine.errors import BrokerOutcomeUnknown
from engine.ports import Wanted
from engine.runtime.rulebooks import rulebook_for
from engine.sim.exchange.words import Call, Entry
from engine.sim.faults import Fault, FaultKind
from engine.sim.in_process import InProcess
from engine.sim.kotak.wire import Manner
from tests.brokers.kotak import neo
from tests.sim.kotak.day import CALL, ON, PUT, START, UCC, Day, carried, level, tick

_Returned = TypeVar("_Returned")
KOTAK = rulebook_for("kotak")
SHORTS = (carried(CALL, -65, "100"), carried(PUT, -65, "90"))
MARKET = (
    tick(CALL, "100", bids=(level("99.95"),), asks=(level("100.05"),)),
    tick(PUT, "90", bids=(level("89.95"),), asks=(level("90.05"),)),
    tick("NIFTY", "24010.05", exchange="NSE"),
)


class Line:
    """One account at the simulated broker, in one event loop with it, on its clock and within the rulebook's pace."""

    def __init__(self, **changes: Any) -> None:
        changes = {"ticks": MARKET, "positions": SHORTS, "manner": Manner(calls_per_second=10), **changes}
        self.day = Day(**changes)
        self.clock = self.day.clock
        self.http = httpx.AsyncClient(transport=InProcess(self.day.app))
        known = self.day.mine()
        self.broker = KotakBroker(
            "family-1",
            Credentials(known.mobile, Secret(known.ucc), known.mpin, known.totp_secret, known.access_token),
            KOTAK.capabilities,
            self.http,
            self.clock,
            Budget(self.clock, paces_of(KOTAK.calls), paces_of(KOTAK.limits)),
            ContractFiles(neo.Files()),
            address="http://127.0.0.1",
        )

    def run(self, work: Coroutine[Any, Any, _Returned]) -> _Returned:
        return asyncio.run(self.clock.drive(work))

    def told(self, kind: Entry) -> list[dict[str, Any]]:
        return [dict(entry.details) for entry in self.day.exchange.ledger.entries() if entry.kind is kind]


def legs(snapshot: Snapshot) -> dict[str, Leg]:
    assert isinstance(snapshot.positions, Book)
    return {leg.instrument.symbol: leg for leg in snapshot.positions.rows}


def orders(snapshot: Snapshot) -> tuple[Order, ...]:
    assert isinstance(snapshot.orders, Book)
    return snapshot.orders.rows


def fills(snapshot: Snapshot) -> tuple[Fill, ...]:
    assert isinstance(snapshot.fills, Book)
    return snapshot.fills.rows


def test_a_reading_has_contracts_of_the_file_quotes_with_depth_and_the_spot() -> None:
    line = Line()

    async def work() -> Snapshot:
        listed = await line.broker.fetch_contracts(ON)
        assert listed.on == ON
        assert {CALL, "SENSEX26N2681000CE", "TCS-EQ"} <= {one.symbol for one in listed.rows}
        return await line.broker.fetch_snapshot(Wanted(spots=("TCS",)))

    snapshot = line.run(work())
    leg = legs(snapshot)[CALL]
    assert (leg.net_quantity, leg.opening_value) == (Decimal(-65), Decimal(-6500))
    contract = leg.instrument
    assert (contract.lot_size, contract.freeze_quantity, contract.tick_size) == (65, 1800, Decimal("0.05"))
    assert isinstance(snapshot.quotes, Book)
    quotes = {quote.symbol: quote for quote in snapshot.quotes.rows}
    assert (quotes[CALL].bid, quotes[CALL].ask) == (Decimal("99.95"), Decimal("100.05"))
    assert quotes["Nifty 50"].last_price == Decimal("24010.05")


def test_a_stop_becomes_an_exit_that_fills_and_the_books_tell() -> None:
    line = Line()

    async def work() -> tuple[Snapshot, Snapshot]:
        before = await line.broker.fetch_snapshot()
        stop = NewOrder(
            legs(before)[CALL].instrument, "NRML", Side.BUY, Decimal(65), OrderType.STOP, "RSTOP1",
            price=Decimal("125.00"), trigger_price=Decimal("120.00"),
        )  # fmt: skip
        await line.broker.send_order(stop)
        await line.clock.sleep(timedelta(seconds=2))
        waiting = await line.broker.fetch_snapshot()
        exit_ = OrderChange(Decimal(65), OrderType.LIMIT, price=Decimal("100.05"))
        await line.broker.send_change(orders(waiting)[0], exit_, Urgency.EXIT)
        await line.clock.sleep(timedelta(seconds=2))
        return waiting, await line.broker.fetch_snapshot()

    waiting, after = line.run(work())
    assert [(order.status, order.tag) for order in orders(waiting)] == [(OrderStatus.TRIGGER_PENDING, "RSTOP1")]
    (order,) = orders(after)
    assert (order.status, order.filled_quantity, order.average_price) == (OrderStatus.FILLED, 65, Decimal("100.05"))
    # It is a limit order now; its past was read and tells that it was a stop.
    assert order.type is OrderType.LIMIT
    assert order.history is not None
    assert any(event.type is OrderType.STOP for event in order.history)
    assert legs(after)[CALL].net_quantity == 0
    assert [fill.order_id for fill in fills(after)] == [order.id]


def test_forty_exits_and_a_watch_meet_no_limit_of_the_broker() -> None:
    line = Line()

    async def watch() -> list[Snapshot]:
        return [await line.broker.fetch_snapshot(Wanted(urgency=Urgency.EXIT)) for _ in range(4)]

    async def work() -> list[Snapshot]:
        first = await line.broker.fetch_snapshot()
        one = legs(first)[CALL].instrument
        exits = [
            NewOrder(one, "NRML", Side.BUY, Decimal(65), OrderType.LIMIT, f"REXIT{n}", price=Decimal("80"))
            for n in range(40)
        ]
        seen, *_ = await asyncio.gather(watch(), *(line.broker.send_order(exit_, Urgency.EXIT) for exit_ in exits))
        return seen

    seen = line.run(work())
    assert all(snapshot.link.connected and isinstance(snapshot.positions, Book) for snapshot in seen)
    calls = [entry for entry in line.day.exchange.ledger.entries() if entry.kind is Entry.CALL]
    assert {entry.details["status"] for entry in calls} == {200}
    placed = [entry.at for entry in calls if entry.details["call"] == Call.PLACE.value]
    assert len(placed) == 40
    assert all(over - first >= timedelta(seconds=1) for first, over in zip(placed, placed[5:], strict=False))
    # Forty orders at five a second, and the watch went on meanwhile.
    assert line.clock.now() - START < timedelta(seconds=9)


def test_a_lost_reply_is_looked_up_and_not_sent_again() -> None:
    line = Line()

    async def work() -> tuple[Order, ...]:
        one = legs(await line.broker.fetch_snapshot())[CALL].instrument
        line.day.faults.add(Fault(FaultKind.REPLY_LOST, frozenset({UCC}), frozenset({Call.PLACE}), times=1))
        exit_ = NewOrder(one, "NRML", Side.BUY, Decimal(65), OrderType.LIMIT, "RLOST", price=Decimal("100.05"))
        with pytest.raises(BrokerOutcomeUnknown) as caught:
            await line.broker.send_order(exit_, Urgency.EXIT)
        await line.clock.sleep(timedelta(seconds=2))
        return await line.broker.fetch_by_tag(caught.value.tag)

    (order,) = line.run(work())
    assert (order.tag, order.status) == ("RLOST", OrderStatus.FILLED)
    assert len(line.told(Entry.ORDER)) == 1


def test_midnight_ends_the_session_and_the_next_reading_begins_another() -> None:
    line = Line()

    async def work() -> Snapshot:
        await line.broker.fetch_snapshot()
        await line.clock.sleep(timedelta(hours=14))
        return await line.broker.fetch_snapshot()

    assert line.run(work()).link.connected
    assert [step["step"] for step in line.told(Entry.LOGIN)] == ["totp", "mpin", "totp", "mpin"]
    assert {call["status"] for call in line.told(Entry.CALL)} == {200}


def test_nothing_secret_stands_in_what_goes_wrong() -> None:
    line = Line()
    known = line.day.mine()

    async def work() -> list[str]:
        said = []
        for kind in (FaultKind.OUTAGE, FaultKind.GARBAGE, FaultKind.HALF_ANSWER, FaultKind.SESSION_EXPIRED):
            line.day.faults.add(Fault(kind))
            snapshot = await line.broker.fetch_snapshot()
            said.append(repr(snapshot))
            line.day.faults.clear()
        return said

    said = " ".join(line.run(work()))
    secrets = (known.mpin, known.totp_secret, known.access_token, known.mobile)
    assert not [secret for secret in secrets if secret.reveal() in said]
    assert "eyJ" not in said
