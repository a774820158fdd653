"""Contracts as a trader writes them (`NIFTY 24000 CE 01DEC`) and as the exchange lists them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from engine.domain.enums import InstrumentKind, Right
from engine.domain.numbers import canonical
from engine.policy.findings import suggestion
from engine.sim.exchange.words import Contract, Key
from engine.sim.scenario.day import EXPIRY, Day

# Where the contracts on a share or index of an exchange trade.
DERIVATIVES: Final[Mapping[str, str]] = {"NSE": "NFO", "BSE": "BFO"}
CONTRACT: Final = rf"[A-Z][A-Z0-9&-]*( +(\d+(\.\d+)? +(CE|PE) +{EXPIRY}|FUT +{EXPIRY}))?"
_RIGHTS: Final[Mapping[str, Right]] = {"CE": Right.CALL, "PE": Right.PUT}
_WEEKLY_MONTHS = "123456789OND"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract's name says. expiry, strike, right: None where it has none."""

    underlying: str
    kind: InstrumentKind
    expiry: date | None = None
    strike: Decimal | None = None
    right: Right | None = None


def terms_of(text: str, day: Day, exchange: str) -> Terms:
    """
    Return what `NIFTY 24000 CE 01DEC` or `NIFTY FUT 29DEC` says; exchange: of the underlying.

    Raises: ValueError for anything else, a share or an index among it.
    """
    words = text.split()
    if len(words) == 3 and words[1] == "FUT":
        return Terms(words[0], InstrumentKind.FUTURE, day.expiry(words[2], words[0], exchange))
    if len(words) == 4 and words[2] in _RIGHTS and re.fullmatch(r"\d+(\.\d+)?", words[1], re.ASCII):
        ends = day.expiry(words[3], words[0], exchange)
        return Terms(words[0], InstrumentKind.OPTION, ends, Decimal(words[1]), _RIGHTS[words[2]])
    raise ValueError(f"'{text}' is not a contract; write it like NIFTY 24000 CE 01DEC or NIFTY FUT 29DEC")


def symbol_of(terms: Terms, day: Day, exchange: str) -> str:
    """Return the exchange's spelling: NIFTY26DEC24000CE for a month's last contract, else NIFTY26D0124000CE."""
    assert terms.expiry is not None
    ends = terms.expiry
    if day.is_monthly(ends, terms.underlying, exchange):
        when = f"{ends:%y%b}".upper()
    else:
        when = f"{ends:%y}{_WEEKLY_MONTHS[ends.month - 1]}{ends:%d}"
    if terms.strike is None:
        return f"{terms.underlying}{when}FUT"
    return f"{terms.underlying}{when}{canonical(terms.strike)}{'CE' if terms.right is Right.CALL else 'PE'}"


class Listing:
    """The contracts of a scenario, found by the words they are written in."""

    def __init__(self, contracts: Iterable[tuple[str, Contract]] = ()) -> None:
        self._by_name = {_plain(name): contract for name, contract in contracts}

    def add(self, name: str, contract: Contract) -> None:
        """List a contract."""
        self._by_name[_plain(name)] = contract

    def find(self, name: str) -> Contract:
        """Return a listed contract. Raises: ValueError with the nearest that is."""
        plain = _plain(name)
        found = self._by_name.get(plain)
        if found is None:
            meant = suggestion(plain, self._by_name)
            hint = meant or "list it under contracts, or under underlyings"
            raise ValueError(f"no contract '{plain}' is listed; {hint}")
        return found

    def of(self, key: Key) -> Contract:
        """Return the listed contract of a key."""
        return next(one for one in self._by_name.values() if one.key == key)

    def contracts(self) -> tuple[Contract, ...]:
        """Return all contracts in the order listed."""
        return tuple(self._by_name.values())


def _plain(name: str) -> str:
    return " ".join(name.upper().split())
