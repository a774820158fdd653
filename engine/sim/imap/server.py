"""The mail server's socket: loopback, plain text, one session a connection."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engine.sim.imap.session import Session
from engine.sim.post import PostOffice

_LITERAL = re.compile(r"\{(\d+)(\+?)\}\r?\n\Z")
_MOST = 64 * 1024


@asynccontextmanager
async def mail_server(post: PostOffice, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[tuple[str, int]]:
    """Serve the mailboxes until the block ends; yields host and port, which the system chooses for port 0."""
    talks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await _talk(Session(post), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass  # the client went away, the server ends, or a line is longer than any command
        finally:
            talks.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, host, port, limit=_MOST)
    try:
        yield server.sockets[0].getsockname()[:2]
    finally:
        server.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await server.wait_closed()


async def _talk(session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(session.greeting())
    while not session.is_over:
        if session.idling:
            line = await _idle(session, reader, writer)
        else:
            line = await _command(reader, writer)
        if not line:
            return
        writer.write(session.answer(line))
        await writer.drain()


async def _command(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    """Return one command line with its literals in quotes; nothing at the end of the connection."""
    text = ""
    while True:
        line = (await reader.readline()).decode("utf-8", errors="replace")
        found = _LITERAL.search(line)
        if not found:
            return text + line
        if not found[2]:
            writer.write(b"+ go on\r\n")
        body = (await reader.readexactly(min(int(found[1]), _MOST))).decode("utf-8", errors="replace")
        escaped = body.replace("\\", "\\\\").replace('"', '\\"')
        text += f'{line[: found.start()]}"{escaped}"'


async def _idle(session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    """Tell of each delivery until the client says something; returns what it said."""
    box = session.mailbox
    assert box is not None
    forget = box.watch(lambda: writer.write(session.news()))
    try:
        return (await reader.readline()).decode("utf-8", errors="replace")
    finally:
        forget()
