"""Which secrets an account's broker asks for, and under which names the environment holds them."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from engine.domain.secret import Secret
from engine.errors import MisuseError

Credentials = Mapping[str, Secret]
"""An account's secrets by word, such as MPIN."""

# What a login takes, by broker; each word ends the name of an environment variable.
WANTED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"kotak": ("MOBILE", "UCC", "MPIN", "TOTP_SECRET", "ACCESS_TOKEN")}
)


def prefix_of(account: str) -> str:
    """Return what the names of an account's variables begin with: `kotak-1` → `REKHA_KOTAK_1_`."""
    return f"REKHA_{re.sub('[^A-Z0-9]', '_', account.upper())}_"


def variables_of(account: str, broker: str) -> tuple[str, ...]:
    """Return the environment variables that hold an account's secrets; none for a broker that asks for none."""
    return tuple(prefix_of(account) + word for word in WANTED.get(broker, ()))


def read_credentials(accounts: Iterable[tuple[str, str]], environment: Mapping[str, str]) -> Mapping[str, Credentials]:
    """
    Return each account's secrets, of (account, broker) pairs.

    Raises: MisuseError naming every variable that is not set, all accounts together.
    """
    accounts = tuple(accounts)
    missing = [name for one in accounts for name in variables_of(*one) if not environment.get(name, "").strip()]
    if missing:
        them = "it" if len(missing) == 1 else "them"
        raise MisuseError(f"not set in the environment: {', '.join(missing)}; a login takes {them}")
    return MappingProxyType({account: _of(account, broker, environment) for account, broker in accounts})


def _of(account: str, broker: str, environment: Mapping[str, str]) -> Credentials:
    prefix = prefix_of(account)
    return MappingProxyType({word: Secret(environment[prefix + word].strip()) for word in WANTED.get(broker, ())})
