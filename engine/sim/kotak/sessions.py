"""The tokens of the two steps of a login: who holds one, and until when it is good."""

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from engine.sim.kotak.words import IST


class Kind(Enum):
    """A view token opens the second step of a login, a trade token everything after it."""

    VIEW = "View"
    TRADE = "Trade"


@dataclass(frozen=True, slots=True)
class Session:
    """One token with its session id; `expires_at` stands in the token too."""

    account: str
    kind: Kind
    token: str
    sid: str
    expires_at: datetime


class Sessions:
    """The sessions of the day; an ended one is remembered, so that a stale caller can be named."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._made = 0
        self._all: dict[str, Session] = {}
        self._ended: set[str] = set()

    def begin(self, account: str, kind: Kind, now: datetime) -> Session:
        """Return a new session; it dies at the next midnight in India, earlier ones of the account live on."""
        expires_at = _next_midnight(now)
        claims = {
            "aud": "API" if kind is Kind.TRADE else "View",
            "sub": account,
            "jti": self._draw().hex,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "iss": "login-service",
        }
        header = {"alg": "RS256", "typ": "JWT"}
        signed = f"{_part(header)}.{_part(claims)}"
        token = f"{signed}.{_encoded(hashlib.sha512(f'{self._seed}/{signed}'.encode()).digest() * 4)}"
        session = Session(account, kind, token, str(self._draw()), expires_at)
        self._all[token] = session
        return session

    def owner(self, token: str) -> Session | None:
        """Return the session a token was given for, whether it still holds or not."""
        return self._all.get(token)

    def find(self, kind: Kind, token: str, sid: str, now: datetime) -> Session | None:
        """Return the session that a token and its own session id open now."""
        session = self._all.get(token)
        if session is None or session.kind is not kind or session.sid != sid or token in self._ended:
            return None
        return session if now < session.expires_at else None

    def end(self, account: str) -> None:
        """Make every token of an account stale."""
        self._ended |= {token for token, session in self._all.items() if session.account == account}

    def new_id(self) -> str:
        """Return an identifier nobody had before."""
        return str(self._draw())

    def _draw(self) -> uuid.UUID:
        self._made += 1
        return uuid.UUID(bytes=hashlib.sha256(f"{self._seed}/session/{self._made}".encode()).digest()[:16], version=4)


def _next_midnight(now: datetime) -> datetime:
    local = now.astimezone(IST)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _part(claims: Mapping[str, object]) -> str:
    return _encoded(json.dumps(claims, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
