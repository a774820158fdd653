"""Calls over HTTP as every broker's client makes them, and the one place that knows the HTTP library's exceptions."""

import asyncio
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from engine.brokers.messages import Answer, Request
from engine.brokers.transport import Connections
from engine.errors import BrokerOutcomeUnknown, BrokerUnavailable

CONNECT_SECONDS = 5
READ_SECONDS = 10
# Before a connection stands nothing can have been sent; after that nobody knows what has arrived.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


def open_http() -> httpx.AsyncClient:
    """
    Return the connections all accounts of a broker share; who opens them closes them.

    Proxies and certificates that the environment names are not used, and redirects are not followed: tokens go where
    they are meant to and nowhere else. No cookie is taken: what one account was given must not go out with another's
    call. As many connections as calls are on their way: one account's hanging calls hold up nobody's.
    """
    return httpx.AsyncClient(
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": "rekha", "Accept": "application/json"},
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        transport=Connections(),
    )


async def send(http: httpx.AsyncClient, request: Request) -> Answer:
    """
    Return the whole answer to a request, whatever it says.

    Raises: BrokerUnavailable when nothing was sent, BrokerOutcomeUnknown when it may have arrived and no whole answer
    came back.
    """
    try:
        # An answer that comes in drops is never late for a single read.
        async with asyncio.timeout(request.most_seconds):
            return await _whole(http, request)
    except TimeoutError as error:
        raise BrokerOutcomeUnknown(f"{request.what}: no whole answer in {request.most_seconds} s") from error
    except (httpx.InvalidURL, UnicodeError) as error:
        # An address or header that a broker's reply gave us and that no request can carry.
        raise BrokerUnavailable(f"{request.what}: it cannot be sent ({type(error).__name__})") from error
    except _NEVER_SENT as error:
        raise BrokerUnavailable(f"{request.what}: no connection ({_kind(error)})") from error
    except httpx.HTTPError as error:
        raise BrokerOutcomeUnknown(f"{request.what}: no whole answer ({_kind(error)})") from error


async def _whole(http: httpx.AsyncClient, request: Request) -> Answer:
    async with http.stream(
        request.method, request.url, headers=dict(request.headers), data=request.form, json=request.json,
        extensions={"target": _target(request.url)},
    ) as response:  # fmt: skip
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > request.most_bytes:
                raise BrokerOutcomeUnknown(
                    f"{request.what}: the answer is larger than {request.most_bytes} bytes and was not read on"
                )
        told = response.headers
        return Answer(response.status_code, bytes(body), _retry_after(told.get("Retry-After")), _date(told.get("Date")))


def _target(url: str) -> bytes:
    # The library would encode what a broker wants literally, such as a pipe.
    return b"/" + url.encode("ascii").split(b"/", 3)[3]


def _kind(error: httpx.HTTPError) -> str:
    # Its text may hold the address, and an address may hold what is not for a log.
    return type(error).__name__


def _date(told: str | None) -> datetime | None:
    if not told:
        return None
    try:
        found = parsedate_to_datetime(told)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _retry_after(told: str | None) -> timedelta | None:
    return timedelta(seconds=int(told)) if told and told.isascii() and told.isdigit() and len(told) < 6 else None
