"""
Where a broker is tried: a stage for each scenario, with an exchange behind it that tells what truly happened.

A bench belongs to one broker. REKHA_BENCH names a module whose BENCHES stand in the place of this project's; see
docs/adapters.md.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from engine.domain.capabilities import Capabilities
from engine.domain.enums import OrderType, Side
from engine.domain.instrument import Instrument
from engine.ports import Broker
from engine.sim.clock import SimClock
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.ledger import LedgerEntry
from engine.sim.exchange.setup import Hand
from engine.sim.exchange.words import SimOrder, Source, Ticket
from engine.sim.faults import Fault, Faults
from tests.conformance.world import CODES, PRODUCT, Market, World, key_of

T = TypeVar("T")


class Stage(Protocol):
    """One scenario's broker, exchange and time."""

    product: str
    calls_a_second: int

    def broker(self, account: str) -> Broker:
        """The account's broker; a new object for each call of this."""
        ...

    def spelled(self, contract: str) -> Instrument:
        """A contract of the scenario (`24000 CE`) as the broker spells it."""
        ...

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work; whoever waits for an instant meanwhile has it."""
        ...

    def wait(self, span: timedelta) -> None:
        """Let time go by."""
        ...

    def now(self) -> datetime: ...

    def price(self, contract: str, market: Market) -> None:
        """Give a contract another market, now."""
        ...

    def hand(self, account: str, contract: str, side: Side, quantity: Decimal, price: Decimal) -> None:
        """Let the account's owner place a limit order at a terminal, now."""
        ...

    def lock(self, account: str, contract: str) -> None:
        """Let the account's owner disable the contract's segment."""
        ...

    def strike(self, fault: Fault) -> None:
        """Put a fault in force; its accounts are client codes."""
        ...

    def heal(self) -> None:
        """End all faults."""
        ...

    def ledger(self, account: str) -> Sequence[LedgerEntry]:
        """What the exchange tells of the account, oldest first."""
        ...

    def reason(self, account: str, order_id: str) -> str:
        """What the broker itself says of a refused order, word for word."""
        ...

    def logins(self, account: str, outcome: str) -> int:
        """How many logins were `ok` or `refused`, whatever steps one takes."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class Bench(Protocol):
    """One broker's benches stand in `BENCHES`. capabilities: what its adapter declares."""

    capabilities: Capabilities

    def __call__(self, world: World) -> Stage: ...


class SimStage:
    """The part of a stage that is the same for every broker tried over the simulated exchange."""

    product = PRODUCT

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = SimClock(world.start)
        self.exchange = Exchange(world.setup(), seed=1)
        self.clock.carry(self.exchange)
        self.faults = Faults()
        self._runner = asyncio.Runner()
        self._brokers: list[Broker] = []

    def broker(self, account: str) -> Broker:
        broker = self.connect(account, is_right=self.world.clients[account].knows_secret)
        self._brokers.append(broker)
        return broker

    def connect(self, account: str, *, is_right: bool) -> Broker:
        """The account's broker, with the right secret or a wrong one."""
        raise NotImplementedError

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work at this instant; nobody in it may wait for another."""
        return self._runner.run(work)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.do(self.clock.drive(work))

    def wait(self, span: timedelta) -> None:
        self.do(self.clock.step(span))

    def now(self) -> datetime:
        return self.clock.now()

    def price(self, contract: str, market: Market) -> None:
        self.exchange.quote(market.tick(key_of(contract), self.now()))

    def hand(self, account: str, contract: str, side: Side, quantity: Decimal, price: Decimal) -> None:
        exchange, symbol = key_of(contract)
        ticket = Ticket(exchange, symbol, side, quantity, PRODUCT, OrderType.LIMIT, price, source=Source.TERMINAL)
        self.exchange.act(Hand(self.now(), CODES[account], ticket))

    def lock(self, account: str, contract: str) -> None:
        self.exchange.lock(CODES[account], frozenset({key_of(contract)[0]}), by="client")

    def strike(self, fault: Fault) -> None:
        self.faults.add(replace(fault, since=self.now()))

    def heal(self) -> None:
        self.faults.clear()

    def ledger(self, account: str) -> Sequence[LedgerEntry]:
        return [entry for entry in self.exchange.ledger.entries() if entry.account == CODES[account]]

    def reason(self, account: str, order_id: str) -> str:
        return self.order(account, order_id).reason

    def order(self, account: str, order_id: str) -> SimOrder:
        """An order as the exchange has it."""
        order = self.exchange.order(CODES[account], order_id)
        assert order is not None, f"the exchange knows no order {order_id}"
        return order

    def close(self) -> None:
        for broker in self._brokers:
            self.run(broker.close())
        self._runner.close()
