"""What goes wrong between us and a broker is one of our errors, and whether anything was sent is told apart."""

import asyncio
import inspect
from collections.abc import Iterator
from datetime import timedelta

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
