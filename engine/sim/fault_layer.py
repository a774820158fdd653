"""Stands before a broker's wire: writes every call down and lets the faults that need no knowledge of bodies strike."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from engine.sim.asgi import App, Message, Receive, Scope, Send, hang_up
from engine.sim.clock import SimClock
from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.words import Call, Entry
from engine.sim.faults import Fault, FaultKind, Faults

_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Called:
    """What a call is. account: empty when it does not tell. authenticated: whether its tokens are good now."""

    account: str
    call: Call
    authenticated: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; content-length is added."""

    status: int
    body: bytes
    content_type: str = "text/html"

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers as ASGI wants them."""
        return [
            (b"content-type", self.content_type.encode()),
            (b"content-length", str(len(self.body)).encode()),
        ]


# What the wire tells of a call before it answers; the scope is ASGI's.
Classify = Callable[[Scope], Called]

OUTAGE_ANSWER: Final = Answer(503, b"<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>")
LIMIT_ANSWER: Final = Answer(429, b"<html><body><h1>429 Too Many Requests</h1></body></html>")
GARBAGE_ANSWER: Final = Answer(200, b"<!DOCTYPE html><html><head><title>Request Rejected</title></head></html>")

_HANG = timedelta(seconds=60)
_SLOW = timedelta(seconds=5)
_CALLS_A_SECOND = 9


@dataclass(slots=True)
class _Caught:
    """An answer as the application gave it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def replace(self, answer: Answer) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers(), answer.body


class FaultLayer:
    """
    The ASGI application that is served in a wire's place.

    A fault that refuses (outage, rate limit) does no work; one that spoils (garbage, half an answer, a lost reply, a
    slow one) strikes when the work is done; after a burst the work itself waits. refusals: the broker's own words.
    Details of faults: `seconds` to wait (SLOW, HANG_AFTER_BURST), `burst`: calls a second that are not too many
    (HANG_AFTER_BURST), `text` of the body and its `status` (OUTAGE, GARBAGE, RATE_LIMITED).
    """

    def __init__(
        self,
        app: App,
        classify: Classify,
        *,
        clock: SimClock,
        faults: Faults,
        ledger: Ledger,
        refusals: Mapping[FaultKind, Answer] = MappingProxyType({}),
    ) -> None:
        self._app = app
        self._classify = classify
        self._clock = clock
        self._faults = faults
        self._ledger = ledger
        self._answers = {
            FaultKind.OUTAGE: OUTAGE_ANSWER,
            FaultKind.RATE_LIMITED: LIMIT_ANSWER,
            FaultKind.GARBAGE: GARBAGE_ANSWER,
            **refusals,
        }
        self._lately: MutableMapping[str, deque[datetime]] = defaultdict(deque)
        # Why and until when the calls of an account hang.
        self._hanging: dict[str, tuple[Fault | None, datetime]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call; what is no HTTP call goes on to the wire as it is, or is refused in an outage."""
        if scope["type"] != "http":
            if scope["type"] == "websocket" and self._strike(FaultKind.OUTAGE, self._classify(scope)) is not None:
                await send({"type": "websocket.close"})
                return
            await self._app(scope, receive, send)
            return
        # What was asked is done, however long it hangs and whoever has gone away meanwhile.
        asked = await _whole(receive)
        if asked is None:
            return
        now = self._clock.now()
        called = self._classify(scope)
        with self._clock.hold(called.call.value, lingers=called.call is Call.LOGIN or called.call.is_write):
            hung = await self._hang(called, now)
            caught = _Caught()
            refused = await self._work(called, scope, asked, caught)
            spoiled = self._spoil(called, caught)
            slow = self._strike(FaultKind.SLOW, called)
            self._write_down(called, scope, caught, spoiled or refused or slow or hung)
            if slow is not None:
                await self._clock.sleep(_seconds(slow, _SLOW))
            await self._answer(caught, spoiled, scope, send)

    async def _hang(self, called: Called, now: datetime) -> Fault | None:
        lately = self._lately[called.account]
        lately.append(now)
        while lately[0] <= now - _A_SECOND:
            lately.popleft()
        hangs = FaultKind.HANG_AFTER_BURST
        fault, until = self._hanging.get(called.account, (None, now))
        if until <= now:
            fault = next((one for one in self._faults.holding(hangs, called.account, called.call, now)), None)
            if fault is None or len(lately) <= int(str(fault.details.get("burst", _CALLS_A_SECOND))):
                return None
            self._faults.strike(hangs, called.account, called.call, now)
            until = now + _seconds(fault, _HANG)
            self._hanging[called.account] = fault, until
        await self._clock.sleep_until(until)
        return fault

    async def _work(self, called: Called, scope: Scope, receive: Receive, caught: _Caught) -> Fault | None:
        for kind in (FaultKind.OUTAGE, FaultKind.RATE_LIMITED):
            fault = self._strike(kind, called)
            if fault is not None:
                caught.replace(_worded(fault, self._answers[kind]))
                return fault
        await self._app(scope, receive, caught.send)
        return None

    def _spoil(self, called: Called, caught: _Caught) -> Fault | None:
        for kind in (FaultKind.REPLY_LOST, FaultKind.HALF_ANSWER, FaultKind.GARBAGE):
            fault = self._strike(kind, called)
            if fault is not None:
                if kind is FaultKind.GARBAGE:
                    caught.replace(_worded(fault, self._answers[kind]))
                return fault
        return None

    def _write_down(self, called: Called, scope: Scope, caught: _Caught, fault: Fault | None) -> None:
        told = {} if fault is None else {"fault": fault.kind.value}
        self._ledger.append(
            self._clock.now(),
            called.account,
            Entry.CALL,
            call=called.call.value,
            method=scope["method"],
            path=scope["path"],
            status=caught.status,
            authenticated=called.authenticated,
            **told,
        )

    async def _answer(self, caught: _Caught, fault: Fault | None, scope: Scope, send: Send) -> None:
        kind = None if fault is None else fault.kind
        if kind is FaultKind.REPLY_LOST:
            await hang_up(scope)
            return
        await send({"type": "http.response.start", "status": caught.status, "headers": caught.headers})
        if kind is FaultKind.HALF_ANSWER:
            half = caught.body[: len(caught.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await hang_up(scope)
            return
        await send({"type": "http.response.body", "body": caught.body})

    def _strike(self, kind: FaultKind, called: Called) -> Fault | None:
        return self._faults.strike(kind, called.account, called.call, self._clock.now())


async def _whole(receive: Receive) -> Receive | None:
    """Return what gives a request that is there as a whole; None when its client went away in the middle of it."""
    messages: deque[Message] = deque()
    while not messages or messages[-1].get("more_body", False):
        messages.append(await receive())
        if messages[-1]["type"] != "http.request":
            return None

    async def again() -> Message:
        return messages.popleft() if messages else await receive()

    return again


def _seconds(fault: Fault, default: timedelta) -> timedelta:
    told = fault.details.get("seconds")
    return default if told is None else timedelta(seconds=int(str(told)))


def _worded(fault: Fault, answer: Answer) -> Answer:
    text, status = fault.details.get("text"), fault.details.get("status")
    return Answer(
        answer.status if status is None else int(str(status)),
        answer.body if text is None else str(text).encode(),
        answer.content_type,
    )
