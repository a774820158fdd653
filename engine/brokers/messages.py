"""A request to a broker and its answer as plain values; who sends them stands elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.errors import BrokerDataError

# A user, a query or a fragment has no place in a base address.
_SAFE = re.compile(
    r"(https://([a-z0-9.-]+|\[[0-9a-f:]+\])|http://(127(\.[0-9]{1,3}){3}|localhost|\[::1\]))"
    r"(:(?P<port>[0-9]{1,5}))?(/[^?#\s]*)?",
    re.ASCII | re.IGNORECASE,
)
_SCHEME_AND_HOST = re.compile(r"[^/]*//[^/?#@\s]{0,60}")


@dataclass(frozen=True, slots=True)
class Request:
    """
    One request. headers: they carry tokens, and so nothing prints them. form, json: the body, one of them or none.

    what: how a message names it. url: encoded already, it goes out as it is written. most_bytes,
    most_seconds: of a whole answer.
    """

    what: str
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    json: Mapping[str, str] | None = field(default=None, repr=False)
    most_bytes: int = 8_000_000
    most_seconds: int = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A whole answer.

    retry_after: how long the server asks to wait, when it says so in seconds. date: the server's time as it began to
    answer, in whole seconds, when it tells.
    """

    status: int
    body: bytes
    retry_after: timedelta | None = None
    date: datetime | None = None


def safe_base(url: str) -> str:
    """Return a base address without its last slash. Raises: BrokerDataError unless https, or http to this machine."""
    plain = url.strip()
    safe = _SAFE.fullmatch(plain) if plain.isascii() else None
    if safe is None or int(safe["port"] or 1) not in range(1, 65536):
        found = _SCHEME_AND_HOST.match(plain)
        begin = f" beginning with {found[0]!r}" if found else ""
        raise BrokerDataError(f"the address{begin} is not one to send tokens to; it must be https")
    return plain.rstrip("/")
