"""Who may sign in at the web terminal, and where the broker's letters and text messages reach them."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from engine.domain.secret import Secret


class Channel(Enum):
    """How a one-time password travels."""

    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Member:
    """
    One client of the web terminal.

    account: the client code. mobile: ten digits or with +91 before them. email, mail_password: of the mailbox.
    """

    account: str
    name: str
    mobile: Secret
    password: Secret
    email: str
    mail_password: Secret
    otp_by: Channel = Channel.MAIL


def made_member(seed: int, account: str, mobile: Secret, password: Secret, otp_by: Channel = Channel.MAIL) -> Member:
    """Return a member whose name and mailbox are made from the seed: the same for a seed and client code."""
    drawn = hashlib.sha256(f"{seed}/{account}/mailbox".encode()).hexdigest()
    return Member(
        account=account,
        name=f"CLIENT {account}",
        mobile=mobile,
        password=password,
        email=f"{account.lower()}@mail.test",
        mail_password=Secret(f"Mb-{drawn[:12]}"),
        otp_by=otp_by,
    )


def ten_digits(mobile: str) -> str:
    """Return the last ten digits of a mobile number as typed: spaces, dashes and +91 do not count."""
    return "".join(sign for sign in mobile if sign.isdigit())[-10:]
