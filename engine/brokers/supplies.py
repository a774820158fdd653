"""What each broker's answers never hold, whatever an account does: a table beside the parsers, held true by a test."""

from collections.abc import Mapping, Set
from types import MappingProxyType
from typing import Final

from engine.domain.enums import MarkBasis
from engine.facts.base import Part

# By broker, fields of our rows that no answer of it fills.
NEVER_TOLD: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "kite": frozenset({"Funds.as_of"}),
        "kotak": frozenset({"Leg.last_price", "Leg.reported_mtm", "Order.parent_id", "Quote.traded_at"}),
    }
)

# Fields of the language that are nothing but one of these.
_READ_FROM: Final[Mapping[str, str]] = MappingProxyType(
    {"positions.trade_age": "Quote.traded_at", "legs.trade_age": "Quote.traded_at"}
)
_WORDS: Final[Mapping[str, str]] = MappingProxyType({"Quote.traded_at": "when a contract last traded"})


def why_never_known(name: str, needs: Set[Part], broker: str, basis: MarkBasis) -> str | None:
    """
    Return why a fact or a field of rows (`positions.bid`) is never known on an account, or None when it can be.

    needs: what it is read from. An account without a broker is one whose answers nobody knows.
    """
    never = NEVER_TOLD.get(broker)
    if never is None:
        return None
    if basis is MarkBasis.LAST and Part.QUOTES in needs:
        return "its quotes are not read (mark_basis: last)"
    if basis is MarkBasis.LAST and Part.PRICES in needs and "Leg.last_price" in never:
        return f"{broker} tells no price in its positions, and its quotes are not read (mark_basis: last)"
    field = _READ_FROM.get(name, "")
    return f"{broker} does not tell {_WORDS[field]}" if field in never else None
