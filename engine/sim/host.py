"""Serves ASGI applications on loopback addresses in one event loop, and ends them without a word."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from engine.sim.asgi import HANG_UP, App, Receive, Scope, Send

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Served:
    """An application and its port. port: 0 lets the system choose one. It is bound to loopback, never elsewhere."""

    app: App = field(repr=False)
    port: int = 0


@asynccontextmanager
async def host(
    apps: Mapping[str, App | Served], beside: Callable[[], Coroutine[Any, Any, object]] | None = None
) -> AsyncIterator[Mapping[str, str]]:
    """
    Serve applications inside a block and give the address of each, such as `http://127.0.0.1:40123`.

    beside: what runs until the block ends, such as `SimClock.run`. Raises: OSError when a port is taken.
    """
    servers: list[tuple[Server, socket.socket]] = []
    addresses: dict[str, str] = {}
    with ExitStack() as sockets:
        for name, given in apps.items():
            served = given if isinstance(given, Served) else Served(given)
            bound = sockets.enter_context(_bind(served.port))
            servers.append((_server(served.app), bound))
            addresses[name] = f"http://{LOOPBACK}:{bound.getsockname()[1]}"
        try:
            for server, bound in servers:
                await server.startup(sockets=[bound])
            async with _running(beside):
                yield addresses
        finally:
            await asyncio.gather(*(_stop(server, bound) for server, bound in servers if server.started))


@asynccontextmanager
async def _running(beside: Callable[[], Coroutine[Any, Any, object]] | None) -> AsyncIterator[None]:
    task = None if beside is None else asyncio.ensure_future(beside())
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _bind(port: int) -> socket.socket:
    # Named so that the event loop knows it for TCP and sends small answers at once: they wait 40 ms otherwise.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((LOOPBACK, port))
    except OSError:
        bound.close()
        raise
    return bound


def _server(app: App) -> Server:
    config = Config(
        app,
        http=_Protocol,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=60,
    )
    # What `Server.serve` does, but for its signal handlers: who hosts decides when to end.
    config.load()
    server = Server(config)
    server.lifespan = config.lifespan_class(config)
    return server


async def _stop(server: Server, bound: socket.socket) -> None:
    for task in list(server.server_state.tasks):
        task.cancel()
    await server.shutdown(sockets=[bound])


class _Protocol(H11Protocol):
    """Lets an application hang up: what is written goes out, then the connection closes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app: Any = self.app

        async def with_hang_up(scope: Scope, receive: Receive, send: Send) -> None:
            async def hang_up() -> None:
                self.transport.close()
                while (await receive())["type"] != "http.disconnect":
                    pass

            scope.setdefault("extensions", {})[HANG_UP] = hang_up
            try:
                await app(scope, receive, send)
            except asyncio.CancelledError:
                # Only the host's end cancels a call; the client finds the connection closed.
                self.transport.abort()
                await hang_up()

        self.app = with_hang_up


class Hosting:
    """What is served from a thread of its own: its addresses, and a way to do something inside its event loop."""

    def __init__(self, addresses: Mapping[str, str], portal: BlockingPortal) -> None:
        self.addresses = addresses
        self._portal = portal

    def __getitem__(self, name: str) -> str:
        """Return the address of an application."""
        return self.addresses[name]

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function, or await a coroutine function, in the event loop that serves, and return what it returns."""
        return self._portal.call(function, *arguments)


@contextmanager
def hosted(
    apps: Mapping[str, App | Served], beside: Callable[[], Coroutine[Any, Any, object]] | None = None
) -> Iterator[Hosting]:
    """
    Serve applications from a thread inside a block, for code without an event loop.

    beside: what runs in the same event loop until the block ends, such as `SimClock.run`. Raises: as `host`.
    """
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(host(apps, beside)) as addresses:
        yield Hosting(addresses, portal)
