"""
The connections of a broker's accounts: aiohttp under httpx's face, for a tenth of the work a call takes otherwise.

What went wrong is told in httpx's words, and whether anything can have been sent is never told wrongly.
"""

from collections.abc import AsyncIterator

import aiohttp
import httpx
from yarl import URL

# Raised by aiohttp before a connection stands; a server that hangs up later may have done what it was asked.
_NO_CONNECTION = (aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError)
# A ValueError is a header that no message can carry; it is found before anything is sent.
_REASONS = (aiohttp.ClientError, OSError, TimeoutError, ValueError)


class Connections(httpx.AsyncBaseTransport):
    """
    Fills httpx's transport with one pool of connections; opened with the first call, in that call's event loop.

    As many as are asked for at once: calls of one account that hang must not hold up another's.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer, its body unread. Raises: httpx.TransportError of the kind that tells what can be known."""
        timeout = request.extensions.get("timeout", {})
        try:
            answer = await self._opened().request(
                request.method,
                _address(request),
                headers=request.headers.multi_items(),
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None,
                    connect=timeout.get("pool"),
                    sock_connect=timeout.get("connect"),
                    sock_read=timeout.get("read"),
                ),
            )
        except _REASONS as error:
            raise _told(error, request) from error
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer, request), request=request)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # The certificates httpx would trust, whatever the environment names.
            pool = aiohttp.TCPConnector(limit=0, ssl=httpx.create_ssl_context(trust_env=False))
            self._session = aiohttp.ClientSession(
                connector=pool,
                # Accounts share these connections, and must share nothing else.
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                trust_env=False,
            )
        return self._session


class _Body(httpx.AsyncByteStream):
    """The bytes of an answer as they come."""

    def __init__(self, answer: aiohttp.ClientResponse, request: httpx.Request) -> None:
        self._answer = answer
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.content.iter_any():
                yield piece
        except _REASONS as error:
            raise _told(error, self._request) from error

    async def aclose(self) -> None:
        # A connection whose answer was not read to its end cannot be used again; the library closes it.
        self._answer.release()


def _address(request: httpx.Request) -> URL:
    """Return the address as it is meant to go over the wire, encoded no further than it is."""
    target = request.extensions.get("target", request.url.raw_path)
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    return URL(origin + target.decode("ascii"), encoded=True)


def _told(error: Exception, request: httpx.Request) -> httpx.TransportError:
    # Its text may hold the address; the kind is all that is told of it.
    kind: type[httpx.TransportError] = httpx.RemoteProtocolError
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        kind = httpx.ConnectTimeout
    elif isinstance(error, _NO_CONNECTION):
        kind = httpx.ConnectError
    elif isinstance(error, aiohttp.NonHttpUrlClientError | aiohttp.InvalidURL):
        kind = httpx.UnsupportedProtocol
    elif isinstance(error, ValueError):
        kind = httpx.LocalProtocolError
    elif isinstance(error, TimeoutError):
        kind = httpx.ReadTimeout
    elif isinstance(error, OSError):
        kind = httpx.ReadError
    return kind(type(error).__name__, request=request)
