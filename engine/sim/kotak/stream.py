"""The socket that tells of orders and positions as they change: a hint to read again, repeated after each reconnect."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.sim.clock import SimClock
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.words import Call, Entry, Position, SimOrder
from engine.sim.faults import FaultKind, Faults
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.books import position_rows
from engine.sim.kotak.forms import read_object
from engine.sim.kotak.listing import Listing
from engine.sim.kotak.order_book import Row, order_row
from engine.sim.kotak.sessions import Kind, Session, Sessions

PATH: Final = "/realtime"

_ACKNOWLEDGED: Final = {"ak": "ok", "type": "cn", "task": "cn", "msg": "connected"}
_REFUSED: Final = {"ak": "nk", "type": "failed to process request", "task": "nk", "msg": "invalid request format"}
_ORDER_FIELDS: Final = (
    "nOrdNo", "exOrdId", "GuiOrdId", "ordSt", "rejRsn", "avgPrc", "prc", "trgPrc", "qty", "fldQty", "unFldSz",
    "trnsTp", "prcTp", "prod", "exSeg", "sym", "trdSym", "tok", "ordDtTm", "exCfmTm", "boeSec", "updRecvTm",
)  # fmt: skip
_POSITION_FIELDS: Final = (
    "actId", "sym", "exSeg", "prod", "flBuyQty", "flSellQty", "buyAmt", "sellAmt", "posFlg", "sqrFlg", "lotSz",
    "multiplier", "hsUpTm",
)  # fmt: skip
_INVALID_FORMAT: Final = 1003
_SESSION_ENDED: Final = 1008


@dataclass(eq=False)
class _Listener:
    """One open socket, what it was told last, and what it has still to be told; None ends it."""

    session: Session
    told: dict[str, SimOrder | Position] = field(default_factory=dict)
    frames: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)


class Stream:
    """
    Every open socket of the broker. The clock carries it: whenever time moved, what changed is told.

    A socket whose tokens open nothing, and any socket while the fault SILENT holds, hears nothing at all.
    """

    def __init__(
        self, exchange: Exchange, listing: Listing, sessions: Sessions, faults: Faults, clock: SimClock
    ) -> None:
        self._exchange = exchange
        self._listing = listing
        self._sessions = sessions
        self._faults = faults
        self._clock = clock
        self._listeners: list[_Listener] = []

    def advance(self, to: datetime) -> None:
        """Tell every socket what has changed."""
        for listener in self._listeners:
            self._tell(listener, to)

    def next_event_at(self) -> datetime | None:
        """Return None: nothing happens here by itself."""
        return None

    async def serve(self, socket: WebSocket) -> None:
        """Answer one socket until either end closes it."""
        await socket.accept()
        asked = None
        try:
            asked = _handshake(await socket.receive_text())
        except (WebSocketDisconnect, KeyError):
            return
        if asked is None:
            await socket.send_text(json.dumps(_REFUSED))
            await socket.close(_INVALID_FORMAT)
            return
        now = self._clock.now()
        session = self._sessions.find(Kind.TRADE, asked["Authorization"], asked["Sid"], now)
        owner = self._sessions.owner(asked["Authorization"])
        self._write_down("" if owner is None else owner.account, socket, session is not None, now)
        listener = None if session is None else _Listener(session)
        try:
            await self._talk(socket, listener)
        except asyncio.CancelledError:
            # Only the host's end cancels; the client finds the connection closed.
            return
        finally:
            if listener in self._listeners:
                self._listeners.remove(listener)

    async def _talk(self, socket: WebSocket, listener: _Listener | None) -> None:
        if listener is not None:
            if not self._is_silent(listener, self._clock.now()):
                listener.frames.put_nowait(json.dumps(_ACKNOWLEDGED))
            self._listeners.append(listener)
            self._tell(listener, self._clock.now())
        sending = asyncio.ensure_future(_send(socket, listener))
        try:
            # Heartbeats are heard and not answered.
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def _tell(self, listener: _Listener, now: datetime) -> None:
        session = listener.session
        if self._sessions.find(Kind.TRADE, session.token, session.sid, now) is None:
            listener.frames.put_nowait(None)
            return
        if self._is_silent(listener, now):
            return
        ask = Ask(self._exchange, self._listing, session.account, now)
        for order in self._exchange.orders(session.account):
            if listener.told.get(order.id) != order:
                listener.told[order.id] = order
                listener.frames.put_nowait(_frame("order", order_row(ask, order), _ORDER_FIELDS))
        for position, row in zip(self._exchange.positions(session.account), position_rows(ask), strict=True):
            key = f"{row['exSeg']}|{row['tok']}|{position.product}"
            if listener.told.get(key) != position:
                listener.told[key] = position
                listener.frames.put_nowait(_frame("position", row, _POSITION_FIELDS))

    def _is_silent(self, listener: _Listener, now: datetime) -> bool:
        holding = self._faults.holding(FaultKind.SILENT, listener.session.account, Call.STREAM, now)
        return next(holding, None) is not None

    def _write_down(self, account: str, socket: WebSocket, authenticated: bool, now: datetime) -> None:
        self._exchange.ledger.append(
            now, account, Entry.CALL,
            call=Call.STREAM.value, method="GET", path=socket.url.path, status=101, authenticated=authenticated,
        )  # fmt: skip


async def _send(socket: WebSocket, listener: _Listener | None) -> None:
    while listener is not None:
        frame = await listener.frames.get()
        if frame is None:
            await socket.close(_SESSION_ENDED)
            return
        await socket.send_text(frame)


def _frame(kind: str, row: Row, fields: tuple[str, ...]) -> str:
    return json.dumps({"type": kind, "data": {name: row[name] for name in fields}})


def _handshake(text: str) -> Mapping[str, str] | None:
    """Return the fields of the first frame, in JSON or in the SDK's own spelling without quotes."""
    found = read_object(text)
    if found is None and text.startswith("{") and text.endswith("}"):
        parts = (part.partition(":") for part in text[1:-1].split(","))
        found = {name.strip(): value.strip() for name, _, value in parts}
    if found is None or found.get("type") != "cn":
        return None
    told = {name: str(found.get(name, "")) for name in ("Authorization", "Sid")}
    return told if all(told.values()) else None
