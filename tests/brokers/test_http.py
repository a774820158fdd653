"""What goes wrong between us and a broker is one of our errors, and whether anything was sent is told apart."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from engine.brokers.http import open_http, send
from engine.brokers.messages import Answer, Request, safe_base
from engine.errors import BrokerDataError, BrokerOutcomeUnknown, BrokerUnavailable

# Raised before there is a connection; nothing can have arrived.
NEVER_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"}


def foreign(kind: type[Exception] = httpx.HTTPError) -> Iterator[type[Exception]]:
    """All the HTTP library says of a request, from its tree of exceptions."""
    yield kind
    for below in kind.__subclasses__():
        yield from foreign(below)


def made(kind: type[Exception]) -> Exception:
    needs = inspect.signature(kind).parameters
    if "response" in needs:
        request = httpx.Request("GET", "https://neo.test")
        return kind("secret text", request=request, response=httpx.Response(500, request=request))  # type: ignore[call-arg]
    return kind("secret text")


def ask(reply: httpx.Response | Exception, **more: int) -> Answer:
    def handle(_request: httpx.Request) -> httpx.Response:
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def work() -> Answer:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http:
            return await send(http, Request("orders", "GET", "https://neo.test/orders", {"Auth": "token"}, **more))

    return asyncio.run(work())


@pytest.mark.parametrize("kind", sorted(set(foreign()), key=lambda kind: kind.__name__))
def test_every_exception_of_the_library_is_one_of_ours(kind: type[Exception]) -> None:
    expected = BrokerUnavailable if kind.__name__ in NEVER_SENT else BrokerOutcomeUnknown
    with pytest.raises(expected) as caught:
        ask(made(kind))
    assert type(caught.value) is expected
    assert kind.__name__ in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://neo.test:x/x", "token"),
        ("https://neo.test/\u20b9", "token"),
        ("https://neo.test/x", "to\u20b9ken"),
    ],
)
def test_what_no_request_can_carry_is_not_sent(url: str, header: str) -> None:
    async def work() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as http:
            await send(http, Request("orders", "GET", url, {"Auth": header}))

    with pytest.raises(BrokerUnavailable, match="cannot be sent"):
        asyncio.run(work())


def test_an_answer_is_whole_whatever_it_says() -> None:
    found = ask(httpx.Response(503, headers={"Retry-After": "7"}, content=b"<html>"))
    assert found == Answer(503, b"<html>", timedelta(seconds=7))
    assert ask(httpx.Response(200, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})).retry_after is None


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(BrokerOutcomeUnknown, match="larger than 10 bytes"):
        ask(httpx.Response(200, content=b"x" * 11), most_bytes=10)


@asynccontextmanager
async def served(answer: bytes, drops: bytes = b"") -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that answers everything so, and then goes on in drops; with what it was asked."""
    heads: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            while drops and not writer.is_closing():
                await writer.drain()
                await asyncio.sleep(0.01)
                writer.write(drops)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads


def test_an_answer_that_comes_in_drops_is_not_waited_for_for_ever() -> None:
    async def work() -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        async with served(head, b"1\r\nx\r\n") as (url, _), open_http() as http:
            await send(http, Request("orders", "GET", f"{url}/orders", {}, most_seconds=1))

    with pytest.raises(BrokerOutcomeUnknown, match=r"no whole answer in 1 s"):
        asyncio.run(work())


def test_what_one_account_is_given_to_keep_does_not_go_out_with_anothers_call() -> None:
    async def work() -> list[bytes]:
        answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: session=of-the-first\r\nContent-Length: 0\r\n\r\n"
        async with served(answer) as (url, heads), open_http() as http:
            for token in ("first", "second"):
                await send(http, Request("orders", "GET", f"{url}/orders", {"Auth": token}))
            return heads

    heads = asyncio.run(work())
    assert len(heads) == 2
    assert not any(b"cookie" in head.lower() for head in heads)


def test_calls_that_hang_hold_up_no_other() -> None:
    async def work() -> int:
        async with served(b"", b" ") as (url, heads), open_http() as http:
            request = Request("orders", "GET", f"{url}/orders", {}, most_seconds=2)
            hanging = [asyncio.ensure_future(send(http, request)) for _ in range(80)]
            async with asyncio.timeout(20):
                while len(heads) < 80 and not any(one.done() for one in hanging):
                    await asyncio.sleep(0.01)
            found = len(heads)
            for one in hanging:
                one.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)
            return found

    assert asyncio.run(work()) == 80


def test_a_request_shows_neither_tokens_nor_body() -> None:
    request = Request("login", "POST", "https://neo.test", {"Auth": "token"}, json={"mpin": "654321"})
    assert "token" not in repr(request)
    assert "654321" not in repr(request)


def test_connections_trust_nothing_around_them() -> None:
    async def work() -> None:
        async with open_http() as http:
            assert not http.trust_env
            assert not http.follow_redirects

    asyncio.run(work())


@pytest.mark.parametrize(
    "url",
    [
        "https://e21.neo.test",
        "https://neo.test/gateway/xyz",
        "http://127.0.0.1:8000",
        "http://localhost:1",
        "http://[::1]:1",
    ],
)
def test_an_address_to_send_tokens_to(url: str) -> None:
    assert safe_base(f" {url}/ ") == url


@pytest.mark.parametrize(
    "url",
    [
        "", "neo.test", "http://neo.test", "http://127.0.0.1.neo.test", "ftp://neo.test", "https://user@neo.test",
        "https://neo.test/?to=x", "https://neo.test/#x", "https://neo.test/a b", "https:///path", "http://10.0.0.1",
        "https://néo.test", "https://neo.test:99999", "https://neo.test:0", "https://neo:test:1", "https://[::1",
    ],
)  # fmt: skip
def test_an_address_not_to_send_tokens_to(url: str) -> None:
    with pytest.raises(BrokerDataError, match="https"):
        safe_base(url)


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ("Mon, 23 Nov 2026 04:45:00 GMT", datetime(2026, 11, 23, 4, 45, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 04:45:00 -0000", None),
        ("yesterday", None),
        ("Mon, 99 Nov 2026 04:45:00 GMT", None),
        ("", None),
    ],
)
def test_the_time_a_server_tells_is_read_where_it_is_one(told: str, date: datetime | None) -> None:
    assert ask(httpx.Response(200, headers={"Date": told}, content=b"{}")).date == date
