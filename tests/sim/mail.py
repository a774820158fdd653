"""A mail server on loopback in a thread of its own, so that a blocking client can talk to it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from engine.sim.imap.server import mail_server
from engine.sim.post import PostOffice


class MailServer:
    """A running server: its port, and a way to do things in its loop."""

    def __init__(self, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.port = port
        self._loop = loop

    def call(self, function, *arguments):
        """Call a function in the server's loop and return what it returns."""

        async def called():
            return function(*arguments)

        return asyncio.run_coroutine_threadsafe(called(), self._loop).result(timeout=10)


@contextmanager
def serving(post: PostOffice) -> Iterator[MailServer]:
    """Serve the mailboxes while the block runs."""
    started, ready = threading.Event(), []

    async def serve() -> None:
        over = asyncio.Event()
        async with mail_server(post) as (_, port):
            ready.append((MailServer(port, asyncio.get_running_loop()), over))
            started.set()
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert started.wait(timeout=10)
    server, over = ready[0]
    try:
        yield server
    finally:
        server.call(over.set)
        thread.join(timeout=10)
