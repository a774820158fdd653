"""Readings of one account at Kotak Neo: which calls make one, side by side, and what goes on to the next."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from engine.brokers.joins import ContractFile
from engine.brokers.kotak import calls
from engine.brokers.kotak.calls import Call, Quoted
from engine.brokers.kotak.client import Client, Received
from engine.brokers.kotak.parse import PARSERS
from engine.brokers.kotak.reply import BROKER
from engine.brokers.reading import Bodies, Reading, read_with
from engine.domain.enums import OrderStatus, OrderType, Side
from engine.domain.instrument import Instrument
from engine.domain.requests import Urgency
from engine.domain.snapshot import Book, Link, Missing, Order, Snapshot
from engine.errors import BrokerDataError, BrokerError
from engine.ports import Clock, Wanted

# How many contracts one call asks for, and how many orders' histories one reading does; the rest come next time.
_MOST_QUOTES = 50
_MOST_HISTORIES = 4
_UNCLEAR = frozenset({OrderStatus.UNKNOWN, OrderStatus.PENDING_REPLACE})
_QUOTES = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(slots=True)
class _Came:
    """What came of the calls of one reading, by the names `Bodies` has for its parts."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, got: Received | BrokerError) -> None:
        if isinstance(got, BrokerError):
            self.causes[name] = str(got)
        else:
            self.bodies[name], self.times[name] = got.body, got.at


class Snapshots:
    """Makes one reading after the other of an account."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._before: Reading | None = None
        # By order, with the row they were read for: they are read again when it has changed.
        self._histories: dict[str, tuple[tuple[object, ...], bytes]] = {}

    async def fetch(self, wanted: Wanted, contracts: ContractFile | None) -> Snapshot:
        """Return a reading; what did not come is Missing with the cause. contracts: of the day, where they are read."""
        came = _Came()
        await self._collect(came, wanted)
        reading = self._read(came, contracts)
        histories = await self._fetch_histories(reading.snapshot.orders, wanted) if wanted.histories else False
        if wanted.quotes or wanted.spots:
            await self._fetch_quotes(came, reading.snapshot, wanted, contracts)
        if histories or wanted.quotes or wanted.spots:
            reading = self._read(came, contracts)
        return _linked(reading.snapshot, connected=bool(came.bodies) or not came.causes)

    async def _collect(self, came: _Came, wanted: Wanted) -> None:
        parts = _parts(wanted)
        for name, got in zip(parts, await self._get(parts.values(), wanted), strict=True):
            came.add(name, got)

    async def _get(self, asked: Iterable[Call], wanted: Wanted) -> list[Received | BrokerError]:
        return await asyncio.gather(*(self._one(call, wanted.urgency) for call in asked))

    async def _one(self, call: Call, urgency: Urgency) -> Received | BrokerError:
        try:
            return await self._client.read(call, urgency)
        except BrokerError as error:
            return error

    def _read(self, came: _Came, contracts: ContractFile | None) -> Reading:
        histories = tuple(body for _, body in self._histories.values())
        bodies = Bodies(
            positions=came.bodies.get("positions"),
            orders=came.bodies.get("orders"),
            trades=came.bodies.get("trades"),
            histories=histories if "orders" in came.bodies else (),
            funds=came.bodies.get("funds"),
            quotes=came.bodies.get("quotes"),
            contracts=contracts,
            times=came.times,
            causes=came.causes,
        )
        self._before = read_with(PARSERS, BROKER, self._client.account, bodies, self._clock.now(), self._before)
        return self._before

    async def _fetch_histories(self, orders: Book[Order] | Missing, wanted: Wanted) -> bool:
        """Return whether a history was added or dropped."""
        if isinstance(orders, Missing):
            return False
        states = {order.id: state for order in orders.rows if (state := _past_of(order)) is not None}
        gone = [id_ for id_ in self._histories if id_ not in states]
        for id_ in gone:
            del self._histories[id_]
        new = [id_ for id_, state in states.items() if self._histories.get(id_, (None,))[0] != state]
        asked = new[-_MOST_HISTORIES:]
        got = await self._get(map(calls.history, asked), wanted)
        for id_, one in zip(asked, got, strict=True):
            if isinstance(one, Received):
                self._histories[id_] = (states[id_], one.body)
        return bool(gone or asked)

    async def _fetch_quotes(
        self, came: _Came, snapshot: Snapshot, wanted: Wanted, contracts: ContractFile | None
    ) -> None:
        traded = tuple(_traded(snapshot)) if wanted.quotes else ()
        held = dict.fromkeys((one.exchange, one.token) for one in traded if one.token is not None)
        named = dict.fromkeys((*(one.underlying for one in traded if one.underlying is not None), *wanted.spots))
        spots = dict.fromkeys(spot for name in named if (spot := _spot(name, contracts)) is not None)
        # Spots go by themselves: where a name is not taken, the contracts are quoted all the same.
        of_held, of_spots = _runs(held), _runs(spot for spot in spots if spot not in held)
        got = await self._get(map(calls.quotes, (*of_held, *of_spots)), wanted)
        failed = next((one for one in got[: len(of_held)] or got if isinstance(one, BrokerError)), None)
        if failed is not None:
            came.add("quotes", failed)
        elif not got and isinstance(snapshot.positions, Missing):
            came.causes["quotes"] = "no book was read that names a contract"
        else:
            came.add("quotes", _together([one for one in got if isinstance(one, Received)], self._clock.now()))


def _parts(wanted: Wanted) -> dict[str, Call]:
    asked = {
        "positions": calls.POSITIONS if wanted.positions else None,
        "orders": calls.ORDERS if wanted.orders else None,
        "trades": calls.TRADES if wanted.fills else None,
        "funds": calls.LIMITS if wanted.funds else None,
    }
    return {name: call for name, call in asked.items() if call is not None}


def _together(got: list[Received], now: datetime) -> Received | BrokerError:
    """Return several answers as one, of the time of the first: no quote in it is older than that says."""
    if len(got) == 1:
        return got[0]
    try:
        rows = [row for one in got for row in _QUOTES(one.body)]
    except msgspec.MsgspecError:
        return BrokerDataError("quotes: the reply is no list of quotes", broker=BROKER)
    return Received(msgspec.json.encode(rows), min((one.at for one in got), default=now))


def _runs(asked: Iterable[Quoted]) -> list[tuple[Quoted, ...]]:
    listed = tuple(asked)
    return [listed[start : start + _MOST_QUOTES] for start in range(0, len(listed), _MOST_QUOTES)]


def _traded(snapshot: Snapshot) -> Iterator[Instrument]:
    """Yield the contract of each open leg and working order."""
    if isinstance(snapshot.positions, Book):
        yield from (leg.instrument for leg in snapshot.positions.rows if leg.is_open)
    if isinstance(snapshot.orders, Book):
        yield from (order.instrument for order in snapshot.orders.rows if order.is_working)


def _spot(underlying: str, contracts: ContractFile | None) -> Quoted | None:
    listed = None if contracts is None else contracts.contracts.get(calls.share_of(underlying))
    return calls.spot_of(underlying, None if listed is None else listed.token)


def _past_of(order: Order) -> tuple[object, ...] | None:
    """Return the state in which an order's past is worth reading, None where its row tells enough."""
    is_plain = not order.type.is_stop and order.type is not OrderType.UNKNOWN and order.status not in _UNCLEAR
    if is_plain and order.trigger_price is None and not order.modified:
        # Kotak does not say that a stop was changed into a limit order: a purchase that filled may have been one. What
        # it was when it began to fill it stays.
        return (order.id,) if order.side is Side.BUY and order.filled_quantity else None
    if order.type.is_stop and order.status not in _UNCLEAR:
        return None
    return order.status_text, order.type, order.filled_quantity, order.price, order.trigger_price, order.updated_at


def _linked(snapshot: Snapshot, *, connected: bool) -> Snapshot:
    return snapshot if connected == snapshot.link.connected else replace(snapshot, link=Link(connected=connected))
