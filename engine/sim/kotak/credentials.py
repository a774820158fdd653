"""What a client of the simulated broker signs in with."""

import base64
import hashlib
from dataclasses import dataclass

from engine.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    One client's way in.

    ucc: the client code, by which the exchange knows the account. totp_secret: base32, as behind the QR code.
    access_token: the application's, shown on the API dashboard. web_password: the terminal's.
    """

    ucc: str
    mobile: Secret
    mpin: Secret
    totp_secret: Secret
    access_token: Secret
    web_password: Secret


def made_credentials(seed: int, ucc: str) -> Credentials:
    """Return the credentials of a client for whom none are written: the same for a seed and client code."""

    def drawn(what: str) -> bytes:
        return hashlib.sha256(f"{seed}/{ucc}/{what}".encode()).digest()

    def digits(what: str, count: int) -> str:
        return str(int.from_bytes(drawn(what), "big") % 10**count).zfill(count)

    token = drawn("access token").hex()
    return Credentials(
        ucc=ucc,
        mobile=Secret("+9198" + digits("mobile", 8)),
        mpin=Secret(digits("mpin", 6)),
        totp_secret=Secret(base64.b32encode(drawn("totp")[:20]).decode()),
        access_token=Secret("-".join((token[:8], token[8:12], token[12:16], token[16:20], token[20:32]))),
        web_password=Secret("Pw-" + drawn("web password").hex()[:10]),
    )
