"""Calls an ASGI application without a socket, as an httpx transport that fails as a socket would."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx

from engine.sim.asgi import HANG_UP, App, Message, Scope


class InProcess(httpx.AsyncBaseTransport):
    """
    Gives calls to an application in the same event loop.

    A connection the application drops is the transport error httpx knows for it; a read time-out leaves the application
    at work, as a server would be.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._at_work: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the application's answer. Raises: RemoteProtocolError, ReadTimeout."""
        call = _Call(request, await request.aread())
        task = asyncio.ensure_future(call.run(self._app))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        patience = request.extensions.get("timeout", {}).get("read")
        done, _ = await asyncio.wait({task}, timeout=patience)
        if not done:
            raise httpx.ReadTimeout("nobody answered in time", request=request)
        task.result()
        return call.answer(request)

    async def aclose(self) -> None:
        """End the calls whose client has gone."""
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)


class _Call:
    def __init__(self, request: httpx.Request, body: bytes) -> None:
        self._scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            # As a socket would carry it: the library encodes more of an address than a client may want.
            "raw_path": request.extensions.get("target", request.url.raw_path).split(b"?")[0],
            "query_string": request.url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("127.0.0.1", 0),
            "server": (request.url.host, request.url.port),
            "extensions": {HANG_UP: self._hang_up},
        }
        self._body = body
        self._is_read = False
        self._hung_up = False
        self._status: int | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._parts: list[bytes] = []

    async def run(self, app: App) -> None:
        await app(self._scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._is_read:
            return {"type": "http.disconnect"}
        self._is_read = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message.get("headers", []))
        else:
            self._parts.append(message.get("body", b""))

    async def _hang_up(self) -> None:
        self._hung_up = True

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self._status is None:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        stream: Any = _Torn(self._parts, request) if self._hung_up else httpx.ByteStream(b"".join(self._parts))
        return httpx.Response(self._status, headers=self._headers, stream=stream, request=request)


class _Torn(httpx.AsyncByteStream):
    def __init__(self, parts: list[bytes], request: httpx.Request) -> None:
        self._parts = parts
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part
        message = "peer closed connection without sending complete message body"
        raise httpx.RemoteProtocolError(message, request=self._request)
