"""What a login at Kotak Neo gives: read from its replies, and kept as a saved session; who asks stands elsewhere."""

import hmac
from base64 import b32decode, urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from engine.brokers.kotak.reply import BROKER
from engine.brokers.messages import safe_base
from engine.brokers.stamps import from_epoch
from engine.brokers.wire import Fields, decode, decode_reply, object_of, text_of
from engine.domain.secret import Secret
from engine.errors import BrokerDataError, SettingsError
from engine.ports import SavedSession

# Where a reply does not tell whose a session is.
NOBODY = Secret("")


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    What a login takes.

    access_token: the application's, from the API dashboard. mobile: with its country code. totp_secret: in base32, as
    the dashboard shows it once.
    """

    mobile: Secret
    ucc: Secret
    mpin: Secret
    totp_secret: Secret
    access_token: Secret

    @classmethod
    def of(cls, secrets: Mapping[str, Secret]) -> "Credentials":
        """Return an account's secrets by word (`MPIN`). Raises: SettingsError for words not there or no base32."""
        missing = [one.name.upper() for one in fields(cls) if not secrets.get(one.name.upper())]
        if missing:
            raise SettingsError(f"a login at Kotak takes {', '.join(missing)} too")
        found = cls(**{one.name: secrets[one.name.upper()] for one in fields(cls)})
        found.code_at(0)
        return found

    def code_at(self, step: int) -> str:
        """Return the code of a step of 30 s since 1970, by RFC 6238. Raises: SettingsError when the secret is none."""
        plain = "".join(self.totp_secret.reveal().split()).upper()
        try:
            key = b32decode(plain + "=" * (-len(plain) % 8))
        except ValueError:
            raise SettingsError("TOTP_SECRET is no secret in base32: letters A to Z and digits 2 to 7") from None
        # pyotp refuses keys below 112 bits, and brokers give out shorter ones.
        digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
        start = digest[-1] & 0xF
        return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass(frozen=True, slots=True)
class Pass:
    """The token and session id of one step of the login."""

    token: Secret
    sid: Secret


@dataclass(frozen=True, slots=True)
class Tokens:
    """
    A session. base: where everything is asked for. expires_at: by the token itself, None when it does not tell.

    ucc: whose it is, as far as the reply tells.
    """

    session: Pass
    base: str
    expires_at: datetime | None = None
    data_center: str = ""
    ucc: Secret = NOBODY

    def hold_at(self, now: datetime) -> bool:
        """Return whether they may be used at an instant, as far as they tell."""
        return self.expires_at is None or now < self.expires_at

    def saved(self, account: str, credentials: Credentials) -> SavedSession:
        """Return them as a session to keep, with whose it is."""
        return SavedSession(
            broker=BROKER,
            account=account,
            secrets={"token": self.session.token, "sid": self.session.sid, "ucc": credentials.ucc},
            details={"base": self.base, "data_center": self.data_center},
            expires_at=self.expires_at,
        )


def taken_up(saved: SavedSession, credentials: Credentials) -> Tokens | None:
    """Return the tokens of a saved session; None when it lacks something or is another client's."""
    token, sid, base = saved.secrets.get("token"), saved.secrets.get("sid"), saved.details.get("base")
    if not token or not sid or not base or saved.secrets.get("ucc") != credentials.ucc:
        return None
    try:
        return Tokens(Pass(token, sid), safe_base(base), saved.expires_at, saved.details.get("data_center", ""))
    except BrokerDataError:
        return None


def parse_pass(body: bytes, step: str) -> Pass:
    """Return the token and session id a step gives. Raises: BrokerDataError when either is missing."""
    return _pass(_data(body, step))


def parse_tokens(body: bytes, step: str, fallback: str) -> Tokens:
    """
    Return the session the second step gives.

    fallback: the base address where the reply names none. Raises: BrokerDataError when something is missing, or the
    base address is not one to send tokens to.
    """
    data = _data(body, step)
    found = _pass(data)
    return Tokens(
        session=found,
        base=safe_base(data.text_or_empty("baseUrl") or fallback),
        expires_at=expiry_of(found.token),
        data_center=data.text_or_empty("dataCenter"),
        ucc=Secret(data.text_or_empty("ucc")),
    )


def expiry_of(token: Secret) -> datetime | None:
    """Return when a token says it expires; None when it is no readable JWT or does not tell."""
    parts = token.reveal().split(".")
    if len(parts) != 3:
        return None
    try:
        payload = decode(text_of(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))))
    except ValueError:
        return None
    return from_epoch(Fields(payload, "token", BROKER).number_or_none("exp")) if isinstance(payload, dict) else None


def _data(body: bytes, step: str) -> Fields:
    reply = object_of(decode_reply(body, BROKER, step), BROKER, step)
    data = Fields(reply, step, BROKER).child("data")
    status = data.text_or_empty("status").lower()
    if status != "success":
        data.fail(f"the login's 'status' is {status!r}, not 'success'")
    return data


def _pass(data: Fields) -> Pass:
    return Pass(Secret(data.text("token")), Secret(data.text("sid")))
