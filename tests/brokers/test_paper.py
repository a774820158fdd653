"""What is the paper broker's own, beside the scenarios every broker is held to (tests/conformance)."""

import asyncio
from collections.abc import Coroutine, Iterator
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from engine.brokers.paper.adapter import PaperBroker
from engine.brokers.paper.house import PATIENCE, PaperHouse
from engine.brokers.paper.rows import STATUSES
from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.instrument import Instrument
from engine.domain.requests import NewOrder
from engine.domain.secret import Secret
from engine.domain.snapshot import Book, Missing
from engine.errors import BrokerOutcomeUnknown
from engine.ports import SessionState
from engine.sim.clock import SimClock
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.words import Call, Entry, Stage
from engine.sim.faults import Fault, FaultKind, Faults
from tests.sim.day import CE, SECOND, SETUP, START

T = TypeVar("T")
PASSWORD = Secret("open sesame")


class Desk:
    """One paper account on a stepped clock."""

    def __init__(self) -> None:
        self.clock = SimClock(START)
        self.exchange = Exchange(SETUP)
        self.clock.carry(self.exchange)
        self.faults = Faults()
        house = PaperHouse(self.exchange, self.clock, {"AB123": PASSWORD}, self.faults)
        self.broker = PaperBroker("family-1", house, PASSWORD, self.clock, code="AB123")
        self._runner = asyncio.Runner()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(self.clock.drive(work))

    def close(self) -> None:
        self._runner.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def order(symbol: str = CE.symbol) -> NewOrder:
    contract = Instrument(CE.exchange, symbol, CE.kind)
    return NewOrder(contract, "NRML", Side.BUY, Decimal(65), OrderType.LIMIT, "R1", price=Decimal("90.00"))


def test_every_stage_of_an_order_has_a_status() -> None:
    assert set(STATUSES) == {stage.value for stage in Stage}
    for stage in Stage:
        assert STATUSES[stage.value].is_terminal is stage.is_terminal


def test_a_reading_is_not_waited_for_longer_than_patience(desk: Desk) -> None:
    desk.faults.add(Fault(FaultKind.SLOW, calls=frozenset({Call.ORDERS}), details={"seconds": PATIENCE.seconds + 1}))
    told = desk.run(desk.broker.fetch_snapshot())
    assert told.orders == Missing("orders: no answer within 30 s")
    assert isinstance(told.positions, Book)
    assert told.positions.taken_at == START
    assert told.link.connected


def test_an_order_that_is_answered_too_late_may_have_been_taken(desk: Desk) -> None:
    slow = Fault(FaultKind.SLOW, calls=frozenset({Call.PLACE}), times=1, details={"seconds": PATIENCE.seconds + 1})
    desk.faults.add(slow)
    with pytest.raises(BrokerOutcomeUnknown, match="place: no answer within 30 s; it may have been done") as told:
        desk.run(desk.broker.send_order(order()))
    assert told.value.tag == "R1"
    assert [one.tag for one in desk.run(desk.broker.fetch_by_tag("R1"))] == ["R1"]


def test_a_house_that_does_not_hear_of_a_logout_changes_nothing(desk: Desk) -> None:
    desk.run(desk.broker.login())
    desk.faults.add(Fault(FaultKind.OUTAGE))
    desk.run(desk.broker.logout())
    desk.faults.clear()
    assert desk.broker.session is SessionState.LOGGED_OUT
    assert desk.run(desk.broker.fetch_snapshot()).positions == Missing("logged out; nothing is asked any more")
    calls = [entry.details["call"] for entry in desk.exchange.ledger.entries() if entry.kind is Entry.CALL]
    assert calls == ["login", "logout"]


def test_of_a_contract_that_is_not_listed_an_order_tells_what_the_symbol_does(desk: Desk) -> None:
    desk.run(desk.broker.send_order(order("NIFTY26D0199000CE")))
    desk.run(desk.clock.sleep(5 * SECOND))
    [row] = desk.run(desk.broker.fetch_by_tag("R1"))
    assert row.status is OrderStatus.REJECTED
    assert (row.instrument.underlying, row.instrument.strike) == ("NIFTY", Decimal(99000))


def test_the_desk_and_the_house_may_call_an_account_differently(desk: Desk) -> None:
    assert desk.run(desk.broker.fetch_snapshot()).account == desk.broker.account == "family-1"
    assert {entry.account for entry in desk.exchange.ledger.entries()} == {"AB123"}
