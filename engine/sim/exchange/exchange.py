"""The exchange: takes orders, moves simulated time on, and tells what became of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from engine.domain.numbers import CONTEXT, ZERO
from engine.sim.exchange.account_book import AccountBook
from engine.sim.exchange.changes import ask_cancel, ask_change
from engine.sim.exchange.floor import Floor
from engine.sim.exchange.hours import act, match_all, watch, write_down
from engine.sim.exchange.intake import book_done, receive, show_earlier, take_unchecked
from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.live_order import LiveOrder
from engine.sim.exchange.matching import meet_market
from engine.sim.exchange.setup import FillRule, Hand, Setup, Tick
from engine.sim.exchange.words import (
    Change,
    Contract,
    Entry,
    Key,
    Margin,
    Market,
    Money,
    Position,
    Refusal,
    SimOrder,
    Source,
    Stage,
    Ticket,
    Trade,
)


class Refused(Exception):  # noqa: N818 - what the exchange says, not what went wrong here
    """What the exchange refuses at the door, before there is an order; later refusals are rejected orders."""

    def __init__(self, refusal: Refusal, text: str = "") -> None:
        super().__init__(text or refusal.value)
        self.refusal = refusal


class Exchange:
    """
    One simulated exchange with the accounts of one scenario.

    Everything happens at `now`, which only `advance` moves; equal setups, seeds and calls give equal ledgers, however
    the way is cut into steps. Clients meet the scenario's depth, never each other.
    """

    def __init__(self, setup: Setup, seed: int = 0) -> None:
        self._floor = Floor(setup, seed)
        self._ticks = sorted(setup.ticks, key=lambda tick: tick.at)
        self._next_tick = 0
        self._begin(setup)

    def _begin(self, setup: Setup) -> None:
        """Let what was before the start have been: prices, fills, resting orders, which then meet the market."""
        for account in setup.accounts:
            for earlier in account.earlier:
                show_earlier(self._floor, account.code, earlier)
        done = ((one, account.code) for account in setup.accounts for one in account.done)
        for one, code in sorted(done, key=lambda pair: pair[0].at):
            book_done(self._floor, code, one)
        self._floor.now = setup.start
        while self._next_tick < len(self._ticks) and self._ticks[self._next_tick].at <= setup.start:
            self._floor.markets.apply(self._ticks[self._next_tick])
            self._next_tick += 1
        for account in setup.accounts:
            for ticket in account.resting:
                take_unchecked(self._floor, account.code, ticket)
        for key in sorted(self._floor.alive):
            meet_market(self._floor, key)
        write_down(self._floor)
        self.advance(setup.start)

    @property
    def now(self) -> datetime:
        """The exchange's instant."""
        return self._floor.now

    @property
    def ledger(self) -> Ledger:
        """What happened so far."""
        return self._floor.ledger

    @property
    def setup(self) -> Setup:
        """What the exchange started from."""
        return self._floor.setup

    def advance(self, to: datetime) -> None:
        """Let everything happen that is due until an instant, in order of time; an earlier one changes nothing."""
        floor = self._floor
        while (at := self.next_event_at()) is not None and at <= to:
            floor.now = max(floor.now, at)
            tick = self._ticks[self._next_tick] if self._next_tick < len(self._ticks) else None
            if tick is not None and tick.at == at:
                self._next_tick += 1
                floor.markets.apply(tick)
                meet_market(floor, tick.key)
            else:
                floor.agenda.take()()
        floor.now = max(floor.now, to)

    def next_event_at(self) -> datetime | None:
        """Return when something happens next by itself; None when nothing is due."""
        at = self._floor.agenda.next_at()
        if self._next_tick == len(self._ticks):
            return at
        tick_at = self._ticks[self._next_tick].at
        return tick_at if at is None else min(at, tick_at)

    def accounts(self) -> tuple[str, ...]:
        """Return the accounts' client codes."""
        return tuple(self._floor.accounts)

    def contracts(self) -> tuple[Contract, ...]:
        """Return the contracts of the day."""
        return tuple(self._floor.contracts.values())

    def contract(self, key: Key) -> Contract | None:
        """Return a contract, None when it is not listed."""
        return self._floor.contracts.get(key)

    def market(self, key: Key) -> Market | None:
        """Return the market of a contract or index; None when it is not listed."""
        return self._floor.markets.market(key)

    def place(self, account: str, ticket: Ticket) -> SimOrder:
        """Return the order received; whether it is taken shows later. Raises: Refused for an unknown account."""
        self._known(account)
        return receive(self._floor, account, ticket)

    def modify(self, account: str, order_id: str, change: Change, by: Source = Source.API) -> SimOrder:
        """
        Return the order with the change received.

        Raises: Refused when it is finished, not there, or was changed as often as the broker allows.
        """
        live = self._alive(account, order_id)
        most = self._floor.rules.most_changes
        if most is not None and live.order.modified + live.changes >= most:
            raise Refused(Refusal.TOO_MANY_CHANGES, f"an order can be modified {most} times")
        ask_change(self._floor, live, change, by)
        return live.order

    def cancel(self, account: str, order_id: str, by: Source = Source.API) -> SimOrder:
        """Return the order with the cancel received; a fill may win. Raises: Refused when finished or not there."""
        live = self._alive(account, order_id)
        ask_cancel(self._floor, live, by)
        return live.order

    def order(self, account: str, order_id: str) -> SimOrder | None:
        """Return one order."""
        live = self._floor.orders.get(order_id)
        return live.order if live is not None and live.order.account == account else None

    def orders(self, account: str) -> Sequence[SimOrder]:
        """Return the day's orders, oldest first."""
        self._known(account)
        return tuple(live.order for live in self._floor.orders_of[account])

    def trades(self, account: str) -> Sequence[Trade]:
        """Return the day's fills, oldest first."""
        return tuple(self._known(account).trades)

    def positions(self, account: str) -> Sequence[Position]:
        """Return the day's rows; closed ones stay."""
        return self._known(account).positions()

    def money(self, account: str) -> Money:
        """Return the account's money."""
        return self._known(account).money(self._floor.markets.last_price)

    def margin(self, account: str, ticket: Ticket) -> Margin:
        """
        Return what an order would need now.

        Raises: Refused for an unknown account or contract.
        """
        book = self._known(account)
        self._listed(ticket.key)
        price = self._floor.markets.last_price(ticket.key) if ticket.price is None else ticket.price
        free = book.money(self._floor.markets.last_price).available
        return book.margin(book.required(ticket, price), free)

    def lock(self, account: str, segments: frozenset[str], by: str) -> None:
        """
        Disable segments (exchanges) for the account, as its terminal's kill switch does; told in the ledger.

        Raises: Refused where the broker asks for a flat book and it is not.
        """
        book = self._known(account)
        if self._floor.rules.lock_needs_flat and self._is_busy(account, segments):
            raise Refused(Refusal.NOT_FLAT)
        book.locked |= segments
        self.ledger.append(self.now, account, Entry.LOCK, segments=sorted(book.locked), by=by)

    def locked(self, account: str) -> frozenset[str]:
        """Return the segments that are disabled."""
        return self._known(account).locked

    def act(self, hand: Hand) -> None:
        """Let a trader's hand do something now, whatever instant it names."""
        self._known(hand.account)
        act(self._floor, hand)

    def quote(self, tick: Tick) -> None:
        """
        Let a tick be the market now, whatever instant it names; the setup's next tick says otherwise.

        Raises: Refused for a contract or index that is not listed.
        """
        self._listed(tick.key)
        self._floor.markets.quote(replace(tick, at=self.now))
        meet_market(self._floor, tick.key)

    def gap(self, key: Key, by: Decimal) -> None:
        """
        Move a market, and all that the setup still says of it, by so much.

        Raises: Refused for a contract or index that is not listed.
        """
        self._listed(key)
        markets = self._floor.markets
        markets.move(key, by)
        self.quote(Tick(self.now, key, CONTEXT.add(markets.last_price(key), by)))

    def rule_fills(self, rule: FillRule) -> None:
        """Put a FillRule in force, before all others."""
        self._floor.fills.append(rule)
        watch(self._floor, rule)
        match_all(self._floor, rule)

    def _known(self, account: str) -> AccountBook:
        book = self._floor.books.get(account)
        if book is None:
            raise Refused(Refusal.UNKNOWN_ACCOUNT, f"no account {account}")
        return book

    def _listed(self, key: Key) -> None:
        if key not in self._floor.contracts:
            raise Refused(Refusal.UNKNOWN_CONTRACT, f"no contract {key[1]} on {key[0]}")

    def _alive(self, account: str, order_id: str) -> LiveOrder:
        self._known(account)
        live = self._floor.orders.get(order_id)
        if live is None or live.order.account != account:
            raise Refused(Refusal.UNKNOWN_ORDER, f"no order {order_id}")
        if live.order.stage.is_terminal:
            raise Refused(Refusal.FINISHED)
        return live

    def _is_busy(self, account: str, segments: frozenset[str]) -> bool:
        rows = self._floor.books[account].positions()
        orders = self.orders(account)
        has_position = any(row.net != ZERO and row.contract.exchange in segments for row in rows)
        return has_position or any(
            not order.stage.is_terminal and order.ticket.exchange in segments and order.stage is not Stage.PARKED
            for order in orders
        )
