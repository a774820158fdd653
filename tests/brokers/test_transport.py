"""What is known of a call when its connection fails: told as httpx would tell it, and never too well."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx
import pytest

from engine.brokers.http import open_http, send
from engine.brokers.messages import Answer, Request
from engine.brokers.transport import Connections
from engine.errors import BrokerOutcomeUnknown, BrokerUnavailable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: who=A\r\n\r\n{}"


def asking(
    serve: Serve, *paths: str, method: str = "POST", read: float = 10
) -> tuple[list[Answer | Exception], list[bytes]]:
    """What comes of calls in a row over shared connections, and the heads of the requests that arrived."""
    heads: list[bytes] = []

    connections: list[asyncio.Task[None]] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.append(task)
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                await serve(reader, writer)
                await writer.drain()
                if writer.is_closing():
                    return

    async def work() -> list[Answer | Exception]:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        found: list[Answer | Exception] = []
        async with open_http() as http, server:
            http.timeout = httpx.Timeout(read)
            for path in paths:
                request = Request("order", method, f"http://127.0.0.1:{port}/{path}", {"Auth": "token"})
                try:
                    found.append(await send(http, request))
                except (BrokerOutcomeUnknown, BrokerUnavailable) as error:
                    found.append(error)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        return found

    return asyncio.run(work()), heads


async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK)


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def half(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK.replace(b"Length: 2", b"Length: 200"))
    writer.close()


async def silence(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0)


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def test_an_address_goes_out_as_it_is_written_and_nothing_is_kept_between_accounts() -> None:
    found, heads = asking(answer, "quotes/nse_cm|26000,nse_fo|1/all", "orders?x=%7C", method="GET")
    assert found == [Answer(200, b"{}"), Answer(200, b"{}")]
    first, second = (head.decode() for head in heads)
    assert first.startswith("GET /quotes/nse_cm|26000,nse_fo|1/all HTTP/1.1\r\n")
    assert second.startswith("GET /orders?x=%7C HTTP/1.1\r\n")
    assert "cookie" not in second.lower()
    assert {line.split(":")[0].lower() for line in first.splitlines()[1:] if line} == {
        "host", "user-agent", "accept", "accept-encoding", "connection", "auth",
    }  # fmt: skip


@pytest.mark.parametrize("serve", [hang_up, half, reset, silence])
def test_what_may_have_arrived_is_never_told_as_unsent(serve: Serve) -> None:
    found, heads = asking(serve, "place", read=0.3)
    assert [type(one) for one in found] == [BrokerOutcomeUnknown]
    assert len(heads) == 1


def test_an_order_is_not_sent_again_by_itself_when_the_kept_connection_is_gone() -> None:
    calls = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await (answer(reader, writer) if calls == 1 else hang_up(reader, writer))

    found, heads = asking(once, "place", "place")
    assert found[0] == Answer(200, b"{}")
    assert isinstance(found[1], BrokerOutcomeUnknown)
    assert len(heads) == 2


def test_where_nobody_listens_nothing_was_sent() -> None:
    async def work() -> None:
        server = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with open_http() as http:
            await send(http, Request("order", "POST", f"http://127.0.0.1:{port}/x", {}))

    with pytest.raises(BrokerUnavailable, match="no connection"):
        asyncio.run(work())


def test_a_header_no_message_can_carry_is_not_sent() -> None:
    async def work() -> bytes:
        arrived: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got = await reader.read()
            writer.close()
            await writer.wait_closed()
            arrived.set_result(got)

        async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with httpx.AsyncClient(transport=Connections()) as http:
                with pytest.raises(httpx.LocalProtocolError):
                    await http.get(f"http://127.0.0.1:{port}/", headers={"Auth": "a\r\nb: c"})
            return await arrived

    assert asyncio.run(work()) == b""
